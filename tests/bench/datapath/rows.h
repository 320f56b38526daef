/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of the table of costs: one kind of packet each, with its budget. */
#ifndef BENCH_ROWS_H
#define BENCH_ROWS_H

#include <stdbool.h>
#include "frames.h"

#define MANY_DNS 40000    /* so many DNS events fit into the ring */
#define MANY_SAMPLES 6000 /* and so many samples */

enum known { KNOWN_NOWHERE, KNOWN_OUT, KNOWN_IN };

struct row {
	const char *name;
	const char *hex;
	unsigned length;    /* the frame is padded up to it */
	unsigned budget;    /* ns; 0: none is set */
	enum known known;   /* where its flows are put before */
	unsigned flows;     /* how many; a power of two */
	unsigned spread_at; /* what tells them apart; without known ones: what changes */
	unsigned spread_mask;
	unsigned seq_at, seq_step;
	unsigned repeat;
	double to_yardstick, to_plain; /* goals */
	bool fresh;                    /* payload is sampled: the flow's beginning */
	bool full;                     /* the rings are kept full */
	bool egress;                   /* sent by our side: tc only */
};

static const struct row rows[] = {
	{ .name = "not IP", .budget = 12, .hex = ETH "88b5", .length = 60 },
	{ .name = "hit, flow of ours",
	  .to_yardstick = 0.8,
	  .budget = 65,
	  .known = KNOWN_OUT,
	  .hex = ETH "0800" IN4("0032", "06") REPLY BYTES10,
	  .seq_at = AT_SEQ4,
	  .seq_step = 10 },
	{ .name = "hit, flow of a stranger",
	  .budget = 90,
	  .known = KNOWN_IN,
	  .hex = ETH "0800" IN4("0032", "06") TCP("10") BYTES10,
	  .seq_at = AT_SEQ4,
	  .seq_step = 10 },
	{ .name = "hit, 32 k flows of ours",
	  .to_yardstick = 0.8,
	  .known = KNOWN_OUT,
	  .flows = 1 << 15,
	  .hex = ETH "0800" IN4("0032", "06") REPLY BYTES10,
	  .spread_at = AT_SRC4,
	  .seq_at = AT_SEQ4,
	  .seq_step = 10 },
	{ .name = "hit, 32 k flows of strangers",
	  .known = KNOWN_IN,
	  .flows = 1 << 15,
	  .hex = ETH "0800" IN4("0032", "06") TCP("10") BYTES10,
	  .spread_at = AT_SRC4,
	  .seq_at = AT_SEQ4,
	  .seq_step = 10 },
	{ .name = "hit, 512 k flows of ours",
	  .known = KNOWN_OUT,
	  .flows = 1 << 19,
	  .hex = ETH "0800" IN4("0032", "06") REPLY BYTES10,
	  .spread_at = AT_SRC4,
	  .seq_at = AT_SEQ4,
	  .seq_step = 10,
	  .repeat = 1 << 19 },
	{ .name = "hit, 1,448 B of a bulk transfer",
	  .known = KNOWN_OUT,
	  .hex = ETH "0800" IN4("05dc", "06") "01bbc001000000640000006480100000000000000101080a"
					      "0000000100000001",
	  .length = 1514,
	  .seq_at = AT_SEQ4,
	  .seq_step = 1448 },
	{ .name = "hit, two VLAN tags",
	  .budget = 70,
	  .known = KNOWN_OUT,
	  .hex = ETH "88a80007810000080800" IN4("0032", "06") REPLY BYTES10,
	  .seq_at = AT_SEQ4 + 8,
	  .seq_step = 10 },
	{ .name = "hit, IPv6",
	  .budget = 65,
	  .known = KNOWN_OUT,
	  .hex = ETH "86dd" IN6("001e", "06") REPLY BYTES10,
	  .seq_at = AT_SEQ4 + 20,
	  .seq_step = 10 },
	{ .name = "hit, inside VXLAN",
	  .budget = 85,
	  .known = KNOWN_OUT,
	  .hex = ETH "0800" IN4("0064", "11") "c00012b5005000000800000000002a00" ETH
					      "0800" IN4("0032", "06") REPLY BYTES10,
	  .seq_at = AT_SEQ4 + 50,
	  .seq_step = 10 },
	{ .name = "SYN again", .budget = 105, .hex = ETH "0800" IN4("0028", "06") TCP("02") },
	{ .name = "SYN scan from one source",
	  .to_plain = 0.35,
	  .budget = 135,
	  .hex = ETH "0800" IN4("0028", "06") TCP("02"),
	  .spread_at = AT_PORTS,
	  .spread_mask = 0xffffff },
	{ .name = "SYN flood, every source spoofed",
	  .to_plain = 0.35,
	  .budget = 320,
	  .hex = ETH "0800" IN4("0028", "06") TCP("02"),
	  .spread_at = AT_SRC4,
	  .spread_mask = 0xffffff },
	{ .name = "datagram of a stranger, new each time",
	  .hex = ETH "0800" IN4("0030", "11") UDP_HEAD("001c") "0000000000000000",
	  .length = 62,
	  .spread_at = AT_PORTS,
	  .spread_mask = 0xffffff,
	  .repeat = MANY_SAMPLES },
	{ .name = "datagram of ours, new each time (egress)",
	  .egress = true,
	  .hex = ETH "0800" OUT4("0030", "11") UDP_HEAD("001c") "0000000000000000",
	  .length = 62,
	  .spread_at = AT_SRC4,
	  .spread_mask = 0xffffff,
	  .repeat = MANY_SAMPLES },
	{ .name = "DNS query, name to the ring",
	  .budget = 130,
	  .known = KNOWN_IN, /* a stranger asks: his side's table */
	  .hex = ETH "0800" IN4("003d", "11") DNS,
	  .repeat = MANY_DNS },
	{ .name = "DNS query, ring full",
	  .budget = 105,
	  .known = KNOWN_IN, /* a stranger asks: his side's table */
	  .full = true,
	  .hex = ETH "0800" IN4("003d", "11") DNS },
	{ .name = "sampled, 60 B packet",
	  .known = KNOWN_OUT,
	  .fresh = true,
	  .hex = ETH "0800" IN4("0032", "06") REPLY BYTES10,
	  .repeat = MANY_SAMPLES },
	{ .name = "sampled, 1,514 B packet",
	  .known = KNOWN_OUT,
	  .fresh = true,
	  .hex = ETH "0800" IN4("05dc", "06") REPLY BYTES10,
	  .length = 1514,
	  .repeat = MANY_SAMPLES },
	{ .name = "sampled, 1,514 B packet, ring full",
	  .known = KNOWN_OUT,
	  .fresh = true,
	  .full = true,
	  .hex = ETH "0800" IN4("05dc", "06") REPLY BYTES10,
	  .length = 1514 },
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

#endif /* BENCH_ROWS_H */
