/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What a run is told at start: constants of the kernel programs, a plain struct in replay. */
#ifndef SKUA_CONFIG_H
#define SKUA_CONFIG_H

#include <linux/types.h>

#define SKUA_MS_NS 1000000ull
#define SKUA_SECOND_NS 1000000000ull

struct skua_config {
	__u64 exchange_gap_ns;    /* silence after which the client opens a new exchange */
	__u64 report_ns;          /* a living flow is reported at least this often */
	__u64 contact_timeout_ns; /* an attempt without an outcome is unanswered after this */
	__u64 hash_seed;          /* of the sketches; secret if it is set, fixed in replay */
	__u32 pending_budget;  /* undecided attempts a source may have within contact_timeout_ns */
	__u32 event_budget;    /* contacts, echoes and ARP requests said per source and second */
	__u32 sample_cutoff;   /* payload bytes sampled per direction from a flow's beginning */
	__u32 sample_exchange; /* payload bytes sampled per direction from each exchange's */
	__u32 sample_snaplen;  /* bytes kept of a sampled packet */
	__u32 sample_rate;     /* bytes of samples per source and second */
	__u8 look_through;     /* tunnels */
	__u8 one_way;          /* captures and taps: three segments one way admit a stream */
	__u8 reserved[6];
};
_Static_assert(sizeof(struct skua_config) == 64, "skua_config is ABI");

/* clang-format off */
#define SKUA_CONFIG_DEFAULT                                                                        \
	{                                                                                          \
		.exchange_gap_ns = 500 * SKUA_MS_NS,                                               \
		.report_ns = 60 * SKUA_SECOND_NS,                                                  \
		.contact_timeout_ns = 5 * SKUA_SECOND_NS,                                          \
		.pending_budget = 256,                                                             \
		.event_budget = 2048,                                                               \
		.sample_cutoff = 32768,                                                            \
		.sample_exchange = 4096,                                                           \
		.sample_snaplen = 1514,                                                            \
		.sample_rate = 4 << 20,                                                            \
		.look_through = 1,                                                                 \
	}
/* clang-format on */

#endif /* SKUA_CONFIG_H */
