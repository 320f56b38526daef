/* SPDX-License-Identifier: BSD-2-Clause */
/* The view of an agent that has seen something of everything. */
#ifndef TESTS_SERVE_SAMPLE_H
#define TESTS_SERVE_SAMPLE_H

#include <string.h>
#include "serve/view.h"

/* An interface as it is described, with so many packets of 1,000 bytes. */
static inline void sample_interface(struct status_view *view, const char *name, const char *role,
				    const char *hook, const char *state, uint64_t packets)
{
	struct status_interface *to = view_add_interface(view, name);

	if (!to)
		return;
	view_text(to->role, sizeof(to->role), role);
	view_text(to->hook, sizeof(to->hook), hook);
	view_text(to->state, sizeof(to->state), state);
	to->ifindex = view->interface_count + 1;
	to->packets = packets;
	to->bytes = packets * 1000;
	to->packets_per_s = packets / 100;
	to->bytes_per_s = packets * 10;
}

static inline void sample_view(struct status_view *view)
{
	const struct stats stats = { .packets = 1204316,
				     .bytes = 1204316000,
				     .accounted = 1203998,
				     .source_only = 7,
				     .ignored = { { "arp", 300 }, { "lldp", 13 } },
				     .ignored_count = 2,
				     .lost = { { "table", 5 } },
				     .lost_count = 1,
				     .tables = { { "pairs_evicted", 1200 } },
				     .table_count = 1,
				     .events = 45678,
				     .backwards = 1,
				     .findings = { 0, 3, 2, 0, 1 } };

	memset(view, 0, sizeof(*view));
	view_text(view->version, sizeof(view->version), "0.1.0");
	view_text(view->source, sizeof(view->source), "kernel");
	view->pid = 4711;
	view->started_ns = 1795219323000000000ull; /* 2026-11-21T00:02:03Z */
	view->now_ns = view->started_ns + 3 * 3600000000000ull;
	view_add_stats(view, &stats);
	view->packets_per_s = 12345;
	view->bytes_per_s = 12345678;
	view->events_per_s = 120;
	view->journal_bytes = 34000000;
	sample_interface(view, "eth0", "uplink", "xdp", "watching", 1200000);
	sample_interface(view, "veth1f2a3b4c", "workload", "tcx", "blind", 4316);
	sample_interface(view, "tap0", "tap", "clsact", "down", 0);
	view_add_table(view, "flows_out", 12345, 65536);
	view_add_table(view, "attempts", 3, 16384);
	view_add_ring(view, "events", 1200000, 16777216);
}

#endif /* TESTS_SERVE_SAMPLE_H */
