/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes pcapng: one section of whole blocks to any stream, in the byte order
 * of this machine, times in nanoseconds.  Only what Wireshark, libpcap and
 * their tools read without complaint and rewrite without damage is written: no
 * epb_verdict, no custom blocks, no secrets; all interfaces of a section share
 * link type and snapshot length.  The stream is the caller's; so is the order:
 * begin, then interfaces before their packets, then end.  One thread.
 * https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-02.html
 */
#ifndef SKUA_RECORD_PCAPNG_H
#define SKUA_RECORD_PCAPNG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>
#include "base/address.h"

#define PCAPNG_TEXT_MAX 65535     /* bytes of a text; longer ones are cut between characters */
#define PCAPNG_BLOCK_MAX 16777216 /* libpcap and Wireshark refuse larger blocks */

struct pcapng {
	FILE *stream;
	off_t section_at; /* < 0: the stream cannot seek, so the section's length stays unknown */
	uint32_t header_size;
	unsigned interfaces;
	uint32_t snaplen;
	uint16_t linktype;
	int error; /* of the stream, -errno; it stays */
	uint64_t packets;
};

/* In all of these, NULL and "" are left out. */
struct pcapng_section {
	const char *hardware, *os, *application;
	const char *const *comments;
	unsigned comment_count;
};

struct pcapng_interface {
	const char *name, *description, *os;
	const char *filter; /* a libpcap expression */
	uint16_t linktype;
	uint32_t snaplen; /* 0: no limit */
};

enum pcapng_direction { PCAPNG_INBOUND = 1, PCAPNG_OUTBOUND = 2 };

struct pcapng_packet {
	uint32_t interface;
	uint64_t time_ns;
	uint32_t captured, length; /* in the file, on the wire */
	const void *bytes;
	uint32_t flags; /* enum pcapng_direction; 0: not written */
	bool has_id, has_queue;
	uint32_t queue;
	uint64_t packet_id;
	uint64_t dropped; /* since the packet before; 0: not written */
	const char *const *comments;
	unsigned comment_count;
};

struct pcapng_name {
	struct address address;
	const char *name;
};

struct pcapng_statistics {
	uint32_t interface;
	uint64_t start_ns, end_ns;
	uint64_t received, dropped, delivered;
};

/*
 * All of these: 0 or -errno, and a block is written whole or, on -EINVAL and
 * -EMSGSIZE (beyond PCAPNG_BLOCK_MAX, or a packet beyond the snapshot length),
 * not at all.  An error of the stream is told again by every call after it.
 */
int pcapng_begin(struct pcapng *pcapng, FILE *stream, const struct pcapng_section *section);
/* Numbered from 0.  -EINVAL: link type or snapshot length differ from the first one's. */
int pcapng_add_interface(struct pcapng *pcapng, const struct pcapng_interface *interface);
/* One block with all of them; none, if count is 0. */
int pcapng_add_names(struct pcapng *pcapng, const struct pcapng_name *names, unsigned count);
/* -EINVAL: no such interface, or more captured than there was on the wire. */
int pcapng_add_packet(struct pcapng *pcapng, const struct pcapng_packet *packet);
int pcapng_add_statistics(struct pcapng *pcapng, const struct pcapng_statistics *statistics);
/* Writes the section's length into its header where the stream can seek (a file, open_memstream()),
 * and flushes. */
int pcapng_end(struct pcapng *pcapng);

#endif /* SKUA_RECORD_PCAPNG_H */
