/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One HTML file of what a run found: collects while the run goes on, in a
 * bounded state, and writes when it is over.  The collector is a sink for
 * records, a watcher of the pipeline, and is shown packets and events; it
 * judges nothing.  What it had to leave out it counts, and the page says so.
 * The same input gives the same bytes: no clock is asked.  One thread.
 */
#ifndef SKUA_PAGE_PAGE_H
#define SKUA_PAGE_PAGE_H

#include <stdio.h>
#include "skua/event.h"
#include "page/found.h"
#include "page/series.h"
#include "page/traffic.h"
#include "report/sink.h"
#include "track/domain.h"
#include "track/pairs.h"

#define PAGE_SAMPLES 8    /* names of a domain: the first half, and the last */
#define PAGE_DOMAINS 4096 /* with names; the one that was silent longest gives way */
#define PAGE_DETAILS 50   /* findings that get a section of their own */
#define PAGE_POINTS 2000  /* drawn of a series */

/* What one client asked of a domain; names as sent, without the length of the first label. */
struct page_names {
	uint64_t last_ns, bytes, sum; /* of information: when last told, and summed up over days */
	uint32_t fresh;               /* names that told something new */
	uint8_t lengths[PAGE_SAMPLES];
	uint8_t names[PAGE_SAMPLES][SKUA_DNS_NAME_MAX + 1];
};

struct page {
	struct sink sink; /* give it to the pipeline; its close() does nothing */
	struct series_log series;
	struct traffic traffic;
	struct table names; /* struct pair_key -> struct page_names */
	struct found_list found;
	struct stats stats;
};

struct page_about {
	const char *title;        /* NULL: made from the first path */
	const char *const *paths; /* of the captures */
	unsigned path_count;
	const char *filter; /* NULL: none */
	uint64_t hidden;    /* findings below the score shown */
	double min_score;
};

/* 0 or -ENOMEM. */
int page_open(struct page **out);
void page_close(struct page *page);
void page_packet(struct page *page, const struct skua_packet *pkt, uint64_t time_ns);
void page_event(struct page *page, const struct skua_event *event);
/* For struct pipeline_watch; arg is the page. */
void page_pair(void *arg, const struct pair *pair, const struct pair_moment *moment);
void page_domain(void *arg, const struct domain *domain, const struct skua_dns_event *event);
/* Errors stay in the stream. 0 or -ENOMEM. */
int page_write(struct page *page, FILE *stream, const struct page_about *about);

#endif /* SKUA_PAGE_PAGE_H */
