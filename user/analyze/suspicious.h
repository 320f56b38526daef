/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * skua suspicious: what stands out by simple rules.  Each rule is one file
 * that sees frames and items as an analyst does, within a bound of its own,
 * and says what it found, at once or when the input is over.
 */
#ifndef SKUA_ANALYZE_SUSPICIOUS_H
#define SKUA_ANALYZE_SUSPICIOUS_H

#include "analyze/analyst.h"
#include "base/lists.h"

/* When it was seen first and last: frames count from 1 over the whole input. */
struct suspicion_span {
	uint64_t first_frame, last_frame;
	uint64_t first_ns, last_ns;
};

/* One row of the answer; what a rule does not know is zero. */
struct suspicion {
	struct suspicion_span span;
	const char *finding, *severity;  /* "PORT_SCAN", "HIGH" */
	const struct address *src, *dst; /* NULL: nobody, or many */
	uint16_t port;
	uint64_t count;
	const char *trigger; /* what of, in words: "SYN packets" */
	const char *why;     /* one sentence: what it may mean, and what else */
	const void *what;    /* a name or the like, hostile bytes */
	size_t what_length;
};

typedef void suspicion_fn(void *arg, const struct suspicion *suspicion);

struct suspicious_options {
	const struct lists *lists; /* outlive the rules */
};

struct suspicious_rule {
	int (*open)(void **state, const struct suspicious_options *options); /* 0 or -ENOMEM */
	/* Each may be NULL; say may be called from all three. */
	void (*frame)(void *state, const struct analyst_frame *frame, suspicion_fn *say, void *arg);
	void (*item)(void *state, const struct item *item, suspicion_fn *say, void *arg);
	void (*finish)(void *state, suspicion_fn *say, void *arg);
	void (*close)(void *state);
};

/* The three of the recipe (compat.h). */
extern const struct suspicious_rule suspicious_recipe;
/* Programs, scripts and documents with macros, by content, over HTTP, FTP and SMB2. */
extern const struct suspicious_rule suspicious_programs;
/* Shares and pipes of SMB2 that administrate a host. */
extern const struct suspicious_rule suspicious_shares;
/* Logins that were refused: FTP and SMB2 say so. */
extern const struct suspicious_rule suspicious_logins;
/* Logins that look refused: many small connections of SSH or RDP. */
extern const struct suspicious_rule suspicious_shapes;
/* Names below top-level domains that are known for abuse. */
extern const struct suspicious_rule suspicious_domains;

/* From the earlier beginning to the later end. */
void suspicion_span_join(struct suspicion_span *span, const struct suspicion_span *other);
/* Says that so many of these found no room, if any; what: their plural. */
void suspicious_say_lost(uint64_t count, const char *what);

/* 0 or -ENOMEM. */
int suspicious_open(struct analyst **out, const struct suspicious_options *options);

#endif /* SKUA_ANALYZE_SUSPICIOUS_H */
