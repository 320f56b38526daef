/* SPDX-License-Identifier: BSD-2-Clause */
/* What the pipeline holds: for its own files only. */
#ifndef SKUA_PIPELINE_PIPELINE_STATE_H
#define SKUA_PIPELINE_PIPELINE_STATE_H

#include "skua/hash.h"
#include "base/lists.h"
#include "detect/context.h"
#include "dissect/dissect.h"
#include "pipeline/inbound.h"
#include "pipeline/ledger.h"
#include "pipeline/pipeline.h"
#include "pipeline/triggers.h"
#include "track/census.h"
#include "track/domains.h"
#include "track/echoes.h"
#include "track/origins.h"
#include "track/pairs.h"
#include "track/sources.h"
#include "track/uploads.h"

struct pipeline {
	struct pipeline_options options;
	struct pipeline_counts counts;
	struct lists *lists;
	struct dissect *dissect;
	struct census census;
	struct pairs pairs;
	struct sources sources;
	struct domains domains;
	struct uploads uploads;
	struct echoes echoes;
	struct origins origins;
	struct triggers triggers;
	struct ledger ledger;
	struct inbound inbound;
	struct context context;
	struct evidence *evidence; /* NULL: no packets are kept */
	uint64_t now_ns;
	uint64_t reviewed; /* minute since the epoch of the last review */
	uint32_t ifindex;
	bool at_end;
};

/* 0 or -errno, which has been logged. */
int pipeline_open_evidence(struct pipeline *pipeline);
/* Files that are due are made. */
void pipeline_evidence_tick(struct pipeline *pipeline, bool at_end);
/* The finding has its score: it is shown, counted, or nothing new.  subject: NULL if there is none.
 */
void pipeline_take(struct pipeline *pipeline, const struct subject *subject,
		   struct finding *finding);
/* A rule says that it need not be said: true, and it is counted; or it is marked, to be shown. */
bool pipeline_suppress(struct pipeline *pipeline, struct finding *finding);
/* What the memory is to know of events and facts, if there is one. */
void pipeline_meet_server(struct pipeline *pipeline, const struct skua_exchange_event *event);
void pipeline_meet_name(struct pipeline *pipeline, const struct fact_hello *hello, uint64_t now_ns);
void pipeline_meet_domain(struct pipeline *pipeline, const struct address *client,
			  const char *domain, uint64_t now_ns);
/* The pair has one exchange more.  arg: the pipeline. */
void pipeline_judge_pair(void *arg, const struct pair *pair);
/* One that was judged now, while its subject is at hand: with how its score came about if that is
 * wanted.  shown: the score from which such a one is said. */
void pipeline_say(struct pipeline *pipeline, const struct subject *subject,
		  const struct finding *finding, double shown);
/* A scan from outside that is summed up, or the sum itself. */
bool pipeline_is_summary(const struct finding *finding);
/* Scans from outside: one is summed up, the sum is told when there is news of it. */
void pipeline_take_noise(struct pipeline *pipeline, const struct finding *finding);
void pipeline_tell_inbound(struct pipeline *pipeline);
/* Was a stranger let in, and is it called back? */
void pipeline_note_entry(struct pipeline *pipeline, const struct skua_exchange_event *event);
void pipeline_note_spoken(struct pipeline *pipeline, const struct skua_flow_event *event);
/* 0, -ENOMEM or -EINVAL, which has been logged. */
int pipeline_open_triggers(struct pipeline *pipeline);

#endif /* SKUA_PIPELINE_PIPELINE_STATE_H */
