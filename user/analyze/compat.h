/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The three simple rules that analysts know from a written recipe, to the
 * letter, beside our own scores (--compat).  They ask no context and weigh
 * nothing: twenty SYNs in a day are a busy client, sixty characters are a CDN
 * name.  For those who compare, or have alarms built on the names.
 *
 *	PORT_SCAN	  HIGH	  20 or more packets whose TCP flags are exactly SYN, to one address
 *	DNS_EXFILTRATION  HIGH	  a DNS query for a name of more than 60 characters
 *	SUSPICIOUS_PORTS  MEDIUM  any packet from or to one of ten ports
 *
 * Each rule counts in a table of fixed size; when that is full the entry with
 * the lowest count gives way, is counted, and the output says so.
 */
#ifndef SKUA_ANALYZE_COMPAT_H
#define SKUA_ANALYZE_COMPAT_H

#include <stdio.h>
#include "base/table.h"
#include "report/sink.h"
#include "skua/event.h"
#include "skua/packet.h"

#define COMPAT_SYNS 20        /* packets to one destination */
#define COMPAT_NAME 60        /* characters of a name that are still fine, last dot not counted */
#define COMPAT_CAPACITY 16384 /* entries per rule, chosen by --compat; tests use fewer */
#define COMPAT_NAME_ROOM 256

struct compat {
	struct table targets; /* destination -> SYNs */
	struct table askers;  /* client -> long names */
	struct table talks;   /* (source, destination, port) -> packets */
	uint64_t frame;       /* number of the one that is shown next, where somebody counts them */
};

/* 0 or -ENOMEM; compat_fini() takes one that was never made, if it is zero. */
int compat_init(struct compat *compat, uint32_t capacity);
void compat_fini(struct compat *compat);

/* Every packet that was parsed, in the order of the capture. */
void compat_packet(struct compat *compat, const struct skua_packet *pkt, uint64_t time_ns);
/* Every DNS event; responses are not counted. */
void compat_dns(struct compat *compat, const struct skua_dns_event *event);

/* A query for this name, of a client (16 bytes): labels as sent, uncompressed, at most 255 octets.
 */
void compat_query(struct compat *compat, const __u64 client[2], const uint8_t *name, size_t length,
		  uint64_t time_ns);

/*
 * What the rules found: by rule, then by falling count, then by address.  JSON
 * lines have event_type "compat" and an object of that name: finding,
 * severity, target | source, name, length | source, destination, port; count
 * in packets or queries; the timestamp is that of the packet that met the
 * rule.  Entries that were lost make one warning.  0 or -ENOMEM.
 */
int compat_write_json(const struct compat *compat, FILE *stream,
		      const struct sink_envelope *envelope);
/* The same as rows: SEVERITY FINDING WHO WHAT. */
int compat_write_table(const struct compat *compat, FILE *stream);

#endif /* SKUA_ANALYZE_COMPAT_H */
