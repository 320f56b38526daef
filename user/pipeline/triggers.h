/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What people said to look out for: indicators from lists and expressions of
 * libpcap, held against what passes, and findings of kind FINDING_TRIGGER for
 * what matches.  Nothing is weighed: the score is 1, and context has no say.
 * A list's entry gives one finding for each of our sides that met it (names:
 * for each port, for DNS is asked and TLS goes there), an expression one for
 * each conversation (source, destination, port, protocol).
 *
 * Who tried to reach us in vain is not told: lists are full of scanners.
 */
#ifndef SKUA_PIPELINE_TRIGGERS_H
#define SKUA_PIPELINE_TRIGGERS_H

#include "skua/event.h"
#include "skua/link.h"
#include "base/indicators.h"
#include "base/table.h"
#include "capture/file_filter.h"
#include "dissect/fact.h"
#include "report/finding.h"
#include "track/talk.h"

#define TRIGGER_FILTERS 16
#define TRIGGER_LINKS (SKUA_LINK_SLL2 + 1)
#define TRIGGER_SCORE 1.0 /* somebody else has judged */

typedef void trigger_fn(void *arg, const struct finding *finding);

struct triggers_options {
	const struct indicators *indicators; /* borrowed; NULL: none */
	const char *const *filters;          /* borrowed */
	unsigned filter_count;
	uint32_t capacity; /* findings that are remembered */
	trigger_fn *say;   /* told of each match that is news */
	void *say_arg;
};

struct triggers {
	struct triggers_options options;
	struct table met; /* what matched, and how often */
	struct file_filter *filters[TRIGGER_FILTERS];
};

/* Where something was met.  Texts are copied. */
struct sighting {
	struct talk talk; /* client: our side, or who asks; server: whom it is about */
	enum trigger_match matched;
	const char *how;       /* "contact with", constant text */
	const char *seen;      /* what follows it: an address, a name */
	const char *indicator; /* the entry, or the expression */
	const char *source;    /* file; NULL: none */
	unsigned line;
	const char *label; /* may be NULL */
	uint64_t first_ns, now_ns;
	uint32_t ifindex;
	bool echo; /* says again what another event says: counts only if that was missed */
	bool of_conversation;
};

/* 0, -ENOMEM, or -EINVAL; which has been logged. */
int triggers_init(struct triggers *triggers, const struct triggers_options *options);
void triggers_fini(struct triggers *triggers);

/* What files call a link layer of samples, an enum skua_link. */
uint16_t triggers_linktype(unsigned link);
/* Something was met, however it was found. */
void triggers_meet(struct triggers *triggers, const struct sighting *sighting);

void triggers_exchange(struct triggers *triggers, const struct skua_exchange_event *event);
void triggers_contact(struct triggers *triggers, const struct skua_contact_event *event);
void triggers_icmp(struct triggers *triggers, const struct skua_icmp_event *event);
void triggers_dns(struct triggers *triggers, const struct skua_dns_event *event);
void triggers_hello(struct triggers *triggers, const struct fact_hello *hello, uint64_t now_ns);
void triggers_sample(struct triggers *triggers, const struct skua_sample_event *event,
		     const __u8 *bytes);
/* Says what has been counted but not said: now and then, and at the end. */
void triggers_review(struct triggers *triggers);

#endif /* SKUA_PIPELINE_TRIGGERS_H */
