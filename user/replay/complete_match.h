/* SPDX-License-Identifier: BSD-2-Clause */
/* Which packets of a capture belong to a finding. */
#ifndef SKUA_REPLAY_COMPLETE_MATCH_H
#define SKUA_REPLAY_COMPLETE_MATCH_H

#include "capture/frame.h"
#include "pipeline/evidence.h"
#include "skua/parse.h"

#define COMPLETE_SERVERS 64 /* of one name; of more the first */

struct complete_packet {
	struct skua_parsed parsed;
	struct address src, dst;
	const struct frame *frame;
};

struct complete_server {
	struct address address;
	uint16_t port;
	uint8_t proto;
};

struct complete_match {
	struct recorder_selector selector;
	struct complete_server servers[COMPLETE_SERVERS]; /* RECORDER_NAME: that were called so */
	unsigned server_count;
};

void complete_match_init(struct complete_match *match, struct recorder *recorder,
			 const struct finding *finding);
/* false: no address can be read. */
bool complete_packet_parse(struct complete_packet *packet, const struct frame *frame,
			   bool look_through);
bool complete_match(const struct complete_match *match, const struct complete_packet *packet);

#endif /* SKUA_REPLAY_COMPLETE_MATCH_H */
