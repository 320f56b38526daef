/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The middle of the house, and the only place that wires it: events in,
 * names, state, judgement, records out.  It cannot tell a live source from a
 * file: its clock is that of the packets.  Events and ticks come in by their
 * two doors, pipeline_event() and pipeline_tick(); pipeline_fact() is a third,
 * for names that a journal kept in place of the bytes they were read from.
 * What the tap was given goes in there, and judgement is the same.  One thread.
 */
#ifndef SKUA_PIPELINE_PIPELINE_H
#define SKUA_PIPELINE_PIPELINE_H

#include "skua/event.h"
#include "base/address.h"
#include "detect/detect.h"
#include "dissect/fact.h"
#include "pipeline/evidence.h"
#include "report/sink.h"
#include "track/domain.h"
#include "track/pairs.h"

#define PIPELINE_SINKS 8

struct indicators;
struct sighting;
struct memory;
struct prevalence;
struct suppressions;

/* Somebody who draws what is judged: told each exchange of a pair, and each query for a domain
 * after it was counted. */
struct pipeline_watch {
	pairs_watch_fn *pair;
	void (*domain)(void *arg, const struct domain *domain, const struct skua_dns_event *event);
	void *arg;
};

struct pipeline_options {
	uint32_t pairs;    /* of our clients, 1.25 kB each; a quarter more for strangers */
	uint32_t sources;  /* 3 kB each */
	uint32_t census;   /* servers, networks and names */
	uint32_t heads;    /* beginnings of streams, 8 KiB each */
	uint32_t findings; /* that live at a time */
	uint32_t part;     /* tables without a number here hold so many times less; 0: as 1 */
	uint64_t hash_seed;
	struct detect_limits limits;
	double min_score;             /* findings below it are counted, not shown */
	bool every_update;            /* findings are said each time they are judged */
	bool derive;                  /* findings that are said tell how their scores came about */
	const char *lists;            /* directory of list files; NULL: the built-in ones */
	const struct network *locals; /* our side; the caller's */
	unsigned local_count;
	struct sink *sinks[PIPELINE_SINKS];  /* borrowed; NULL ends them */
	const struct indicators *indicators; /* borrowed; NULL: none */
	const char *const *trigger_filters;  /* expressions of libpcap, borrowed */
	unsigned trigger_filter_count;
	fact_fn *tap; /* told each fact that samples gave, before it is used; may be NULL */
	void *tap_arg;
	const struct pipeline_watch *watch; /* borrowed; NULL: nobody does */
	const char *const *without_rules;   /* of context: names of those to pass over, borrowed */
	unsigned without_rule_count;
	const struct evidence_options *evidence; /* borrowed; NULL: no packets are kept */
	struct memory *memory;               /* what outlives the run, borrowed; NULL: nothing */
	const struct prevalence *prevalence; /* of a fleet, borrowed; NULL: none is told */
	struct suppressions *suppressions;   /* borrowed; NULL: none */
	bool show_suppressed;                /* say what they keep back, marked, without evidence */
};

#define PIPELINE_OPTIONS_DEFAULT                                                                   \
	{                                                                                          \
		.pairs = 65536, .sources = 16384, .census = 32768, .heads = 2048,                  \
		.findings = 4096, .limits = DETECT_LIMITS_DEFAULT, .min_score = 0.5                \
	}

/* What became of what. */
struct pipeline_counts {
	uint64_t events;
	uint64_t flows;                   /* conversations that are over */
	uint64_t alien;                   /* events of a version or kind that is not known */
	uint64_t hidden;                  /* findings below min_score */
	uint64_t unsunk;                  /* records that a sink refused */
	int sink_error;                   /* why the last of them was: -errno */
	uint64_t excluded;                /* exchanges that are no pair's: multicast and such */
	uint64_t late;                    /* exchanges behind a later one of their pair */
	uint64_t pairs, sources, domains; /* present */
	uint64_t pairs_capacity, sources_capacity, domains_capacity;
	uint64_t findings[5];
};

struct pipeline;

/* 0 or -errno; what cannot be read has been logged. */
int pipeline_open(struct pipeline **out, const struct pipeline_options *options);
void pipeline_close(struct pipeline *pipeline);

/* bytes: those of a SKUA_EVENT_SAMPLE. */
void pipeline_event(struct pipeline *pipeline, const struct skua_event *event, const __u8 *bytes);
/* Learnt from samples that are not shown: between the events where the tap told it. */
void pipeline_fact(struct pipeline *pipeline, const struct fact *fact);
/* Somebody else has seen something: a trigger (pipeline/triggers.h). */
void pipeline_meet(struct pipeline *pipeline, const struct sighting *sighting);
/* The clock has reached the whole second now_ns. */
void pipeline_tick(struct pipeline *pipeline, uint64_t now_ns);
/* What comes from now on is decided by the end of the input. */
void pipeline_ending(struct pipeline *pipeline);
/* The last event was delivered: judge what is left. */
void pipeline_finish(struct pipeline *pipeline);
/*
 * Somebody asks for the packets of finding->src, or, with has_dst, of what it
 * says to dst (and dport and proto, unless 0), from before and for so long from
 * now on: said like a finding.  reason and entity say who asks.
 */
void pipeline_trigger(struct pipeline *pipeline, struct finding *finding, uint64_t post_ns);
/* The file for a finding was published, or could not be: says so as an update of it. */
void pipeline_published(struct pipeline *pipeline, const struct finding *finding);
/* Makes the files for which there was no time when they were due. */
void pipeline_catch_up(struct pipeline *pipeline);
/* NULL: none are kept. */
struct evidence *pipeline_evidence(const struct pipeline *pipeline);
/* Judges by other lists from now on: 0, or -errno, which has been logged, and the old ones stay. */
int pipeline_reload_lists(struct pipeline *pipeline);
/* Where they are read from next time; NULL: built in.  Borrowed. */
void pipeline_name_lists(struct pipeline *pipeline, const char *directory);
/* Findings from this score on are said from now on, and all that rules keep back, or not. */
void pipeline_show_from(struct pipeline *pipeline, double min_score, bool show_suppressed);
/* NULL: none. */
void pipeline_set_prevalence(struct pipeline *pipeline, const struct prevalence *prevalence);
/* To every sink. */
void pipeline_record(struct pipeline *pipeline, const struct record *record);
void pipeline_counts(const struct pipeline *pipeline, struct pipeline_counts *out);

/* Fills in what suppressions kept back; their ids are borrowed until they are read again. */
void pipeline_suppressed(const struct pipeline *pipeline, struct stats *out);

/* What was given up, each under its own name: up to room rows; returns how many. */
unsigned pipeline_losses(const struct pipeline *pipeline, struct stats_cause *out, unsigned room);

#endif /* SKUA_PIPELINE_PIPELINE_H */
