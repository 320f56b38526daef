/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a finding to the packets behind it: samples go to the flight recorder,
 * a new finding waits for what comes after it, then its packets are selected
 * and handed over as a complete pcapng file in memory.  Who publishes it, and
 * when, is not known here: disks may stall.  Used by the pipeline only.
 */
#ifndef SKUA_PIPELINE_EVIDENCE_H
#define SKUA_PIPELINE_EVIDENCE_H

#include "skua/armed.h"
#include "dissect/fact.h"
#include "record/policy.h"
#include "record/recorder.h"
#include "record/snapshot.h"
#include "report/finding.h"

#define EVIDENCE_WAITING 256 /* that wait for what follows; of more the first goes early */
#define EVIDENCE_DUE 768     /* that wait for time; of more the least goes without */
#define EVIDENCE_BACK_NS (60 * 1000000000ull) /* when everything is asked for */
#define EVIDENCE_POST_NS (30 * 1000000000ull)
#define EVIDENCE_POST_BYTES (8u << 20) /* armed, of one finding: then its file is made early */
#define EVIDENCE_BYTES_MAX (32u << 20) /* of packets in one file; its middle is left out */

/* A file that nobody has written yet. */
struct evidence_item {
	struct finding finding; /* as it is now, its snapshot filled as far as it is known */
	uint64_t begun_ns;      /* of its first trigger: the day of its id */
	unsigned part;          /* 1; files of further link types: 2, 3, ... */
	char *bytes;            /* malloc'ed; NULL: finding.snapshot.error says why */
	size_t length;
};

/* Takes item->bytes over.  Of the pipeline it may call pipeline_published() only. */
typedef void evidence_publish_fn(void *arg, const struct evidence_item *item);
/* Everything between two hosts, or of one when b is zero, is to be sampled until then. */
typedef void evidence_arm_fn(void *arg, const struct address *a, const struct address *b,
			     uint64_t until_ns);

/* To select packets there is time: */
enum evidence_time {
	EVIDENCE_NOW,
	EVIDENCE_LATER, /* evidence_catch_up() will be called */
	EVIDENCE_NEVER,
};

struct evidence_options {
	struct recorder_options recorder;
	const struct policy *policy; /* borrowed; NULL: everything may be recorded */
	uint64_t post_ns;
	uint64_t bytes_max;
	bool deferred;                    /* items are handed over at the end, and without bytes */
	const char *application, *os;     /* of the file's section; os may be NULL */
	snapshot_interface_fn *interface; /* may be NULL */
	void *interface_arg;
	/* What a server was called on the wire; "" or NULL: nobody said.  Set by the pipeline. */
	const char *(*name)(void *arg, const struct address *server);
	void *name_arg;
	uint64_t (*lost)(void *arg); /* samples lost or refused so far; may be NULL */
	void *lost_arg;
	evidence_arm_fn *arm; /* may be NULL */
	void *arm_arg;
	/* Asked before packets are selected; the highest score comes first.  NULL: always now, in
	 * the order of falling due. */
	enum evidence_time (*time)(void *arg);
	evidence_publish_fn *publish;
	void *publish_arg; /* of both */
};

#define EVIDENCE_OPTIONS_DEFAULT                                                                   \
	{                                                                                          \
		.recorder = RECORDER_OPTIONS_DEFAULT, .post_ns = EVIDENCE_POST_NS,                 \
		.bytes_max = EVIDENCE_BYTES_MAX                                                    \
	}

struct evidence;

/* What an engine knows them by; b is zero: everything of a. */
void evidence_armed_key(const struct address *a, const struct address *b,
			struct skua_armed_key *out);
/* 0 or -errno. */
int evidence_open(struct evidence **out, const struct evidence_options *options);
void evidence_close(struct evidence *evidence);
void evidence_sample(struct evidence *evidence, const struct skua_sample_event *event,
		     const uint8_t *bytes);
void evidence_flow(struct evidence *evidence, const struct skua_flow_event *event);
void evidence_fact(struct evidence *evidence, const struct fact *fact);
/* It is new; its file is made at due_ns. */
void evidence_finding(struct evidence *evidence, const struct finding *finding, uint64_t due_ns);
/* Asks for a finding as it is now: NULL when it was forgotten. */
typedef const struct finding *evidence_find_fn(void *arg, const struct finding *finding);
/* Hands over what has waited long enough, or at the end all, as far as there is time. */
void evidence_tick(struct evidence *evidence, uint64_t now_ns, bool at_end, evidence_find_fn *find,
		   void *arg);
/* Hands over what there was no time for before. */
void evidence_catch_up(struct evidence *evidence, evidence_find_fn *find, void *arg);
struct recorder *evidence_recorder(struct evidence *evidence);
uint64_t evidence_early(const struct evidence *evidence);

/* What belongs to a finding. */
void evidence_selector(const struct finding *finding, struct recorder_selector *out);
/* May somebody have this packet? */
typedef bool evidence_may_fn(void *arg, const struct skua_sample_event *event);
/* Some selection as a file in memory, for somebody who asked; may: NULL, they may have all.  0 or
 * -errno; *out is malloc'ed. */
int evidence_snapshot(struct evidence *evidence, const struct recorder_selector *selector,
		      evidence_may_fn *may, void *may_arg, const char *comment, char **out,
		      size_t *length);

#endif /* SKUA_PIPELINE_EVIDENCE_H */
