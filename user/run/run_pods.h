/* SPDX-License-Identifier: BSD-2-Clause */
/* From the command line to who names the pods of a live run's findings. */
#ifndef SKUA_RUN_RUN_PODS_H
#define SKUA_RUN_RUN_PODS_H

#include "kube/watcher.h"
#include "report/sink.h"
#include "report/stats_json.h"
#include "serve/view.h"

struct pod_settings {
	bool wanted;
	const char *server, *token, *ca, *node; /* NULL: as within a cluster */
};

/* While there is one thread.  0, or -errno, which has been logged. */
int run_pods_open(struct watcher *pods, const struct pod_settings *settings,
		  const struct privs_account *account);
/* Why no namespace of an address is known, and what helps; NULL: they are. */
const char *run_pods_unnamed(const struct pod_settings *settings);
/* Findings that are written with the envelope name pods. */
void run_pods_use(struct watcher *pods, struct sink_envelope *envelope);
/* A second has passed. */
void run_pods_tick(struct watcher *pods);
void run_pods_show(const struct watcher *pods, struct status_view *out);
/* What was given up. */
void run_pods_stats(const struct watcher *pods, struct stats *out);

#endif /* SKUA_RUN_RUN_PODS_H */
