/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interfaces that are watched now: attached when one that is wanted
 * appears, told to the programs and to the worker, let go when it disappears.
 * At most LINKS_MAX; part of the attacher.
 */
#ifndef SKUA_CAPTURE_WATCH_H
#define SKUA_CAPTURE_WATCH_H

#include "capture/attacher.h"
#include "capture/links.h"

struct watch;

/* 1 << enum loader_program: what the wanted ones of these take where nothing is refused. */
unsigned watch_programs(const struct attacher_options *options, const struct link *links,
			uint32_t count);
/* All but out are borrowed until watch_close().  0 or -errno. */
int watch_open(struct watch **out, struct loader *loader, struct links *links,
	       const struct attacher_options *options, int channel);
/* Detaches from all; keep: pinned attachments stay. */
void watch_close(struct watch *watch, bool keep);
/* A links_fn; arg is the watch. */
void watch_link(void *arg, enum link_change change, const struct link *link);
void watch_say_started(const struct watch *watch);
/* What each watched interface itself has counted. */
void watch_say_counters(const struct watch *watch);

#endif /* SKUA_CAPTURE_WATCH_H */
