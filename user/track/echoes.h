/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ICMP echo between two hosts: does each reply repeat its request, as genuine
 * ping does, and how much do the requests carry?  Requests are remembered for
 * the requester twice: by whom it asked, and by what it said, so an answer to a
 * broadcast or from another address of the same host is genuine, too.  Only
 * the hash of the first 64 bytes is compared: some hosts cut long replies.
 */
#ifndef SKUA_TRACK_ECHOES_H
#define SKUA_TRACK_ECHOES_H

#include "skua/event.h"
#include "base/address.h"
#include "base/table.h"
#include "track/subject.h"

#define ECHO_WINDOW_NS (600 * SKUA_SECOND_NS)
#define ECHO_LARGE_BYTES 128 /* payload beyond which no ordinary ping goes by default */
#define ECHO_SIZES 4

/* One requester and one responder.  Counts are of one day, the window's of ten minutes. */
struct echo {
	struct address requester, responder;
	uint64_t first_ns, last_ns;
	uint64_t day_ns; /* the day began */
	uint32_t requests, replies;
	uint32_t mismatches;  /* replies that repeat no request, but answer one */
	uint32_t unsolicited; /* replies to nothing that was asked */
	uint64_t request_bytes, reply_bytes;
	uint64_t window_ns;   /* the window began */
	uint64_t bytes;       /* of payload that is no genuine echo */
	uint64_t large_bytes; /* of these in packets beyond ECHO_LARGE_BYTES */
	uint32_t asked;       /* requests in the window */
	uint32_t breaks;      /* of these that do not continue the one before: other id or seq */
	uint32_t size_count;  /* valid entries of sizes: different ones, at most ECHO_SIZES */
	uint32_t sizes[ECHO_SIZES];
	uint16_t last_id, last_seq;
	uint32_t judged_odd; /* mismatches and unsolicited, when it was last judged */
	uint64_t judged_bytes;
};

struct echoes_options {
	uint32_t echoes;   /* 0.25 kB each; when full, the longest unused goes */
	uint32_t requests; /* 70 B each, two for each request; likewise */
};
#define ECHOES_OPTIONS_DEFAULT                                                                     \
	{                                                                                          \
		.echoes = 8192, .requests = 16384                                                  \
	}

struct echoes {
	struct table echoes;
	struct table requests;
	uint64_t crowded_ns; /* until then unknown requests may have been forgotten by us */
	uint64_t now_ns;
};

typedef void echoes_judge_fn(void *arg, const struct subject *subject);

/* 0 or -ENOMEM.  The struct must not move while it is in use. */
int echoes_init(struct echoes *echoes, const struct echoes_options *options);
void echoes_fini(struct echoes *echoes);

void echoes_message(struct echoes *echoes, const struct skua_icmp_event *event,
		    echoes_judge_fn *judge, void *arg);

#endif /* SKUA_TRACK_ECHOES_H */
