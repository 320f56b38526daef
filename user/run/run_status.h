/* SPDX-License-Identifier: BSD-2-Clause */
/* What a live run shows of itself to whoever asks by the control socket. */
#ifndef SKUA_RUN_RUN_STATUS_H
#define SKUA_RUN_RUN_STATUS_H

#include "run/run_capture.h"
#include "run/run_evidence.h"
#include "run/run_reload.h"
#include "run/run_pods.h"
#include "run/run_sinks.h"
#include "serve/control.h"

struct run_status {
	struct run_capture *capture;
	const struct pipeline *pipeline;
	uint64_t started_ns, now_ns;                          /* Unix time */
	uint64_t before_packets, before_bytes, before_events; /* at the last whole second */
	uint64_t packets_per_s, bytes_per_s, events_per_s;
	uint64_t journal_bytes;
	struct run_evidence *evidence;
	const struct run_sinks *sinks;
	const struct run_reloads *reloads;
	const struct watcher *pods;
	const struct identities *identities;
};

/* A second has passed. */
void run_status_count(struct run_status *status, uint64_t now_ns);
/* For struct control_ops; arg is the struct run_status. */
void run_status_fill(void *arg, struct status_view *out);
/* All there is to add up, by the same sums as at the end. */
void run_stats(struct run_capture *capture, const struct pipeline *pipeline, uint64_t first_ns,
	       uint64_t now_ns, struct stats *out);

#endif /* SKUA_RUN_RUN_STATUS_H */
