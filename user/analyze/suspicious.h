/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * skua suspicious: what stands out by simple rules.  Each rule is one file
 * that sees frames and items as an analyst does, within a bound of its own,
 * and says what it found, at once or when the input is over.
 */
#ifndef SKUA_ANALYZE_SUSPICIOUS_H
#define SKUA_ANALYZE_SUSPICIOUS_H

#include "analyze/analyst.h"

/* One row of the answer; what a rule does not know is zero. */
struct suspicion {
	uint64_t time_ns;
	const char *finding, *severity;  /* "PORT_SCAN", "HIGH" */
	const struct address *src, *dst; /* NULL: nobody, or many */
	uint16_t port;
	uint64_t count;
	const char *trigger; /* what of, in words: "SYN packets" */
	const void *what;    /* a name or the like, hostile bytes */
	size_t what_length;
};

typedef void suspicion_fn(void *arg, const struct suspicion *suspicion);

struct suspicious_rule {
	int (*open)(void **state); /* 0 or -ENOMEM */
	/* Each may be NULL; say may be called from all three. */
	void (*frame)(void *state, const struct analyst_frame *frame, suspicion_fn *say, void *arg);
	void (*item)(void *state, const struct item *item, suspicion_fn *say, void *arg);
	void (*finish)(void *state, suspicion_fn *say, void *arg);
	void (*close)(void *state);
};

/* The three of the recipe (compat.h). */
extern const struct suspicious_rule suspicious_recipe;

/* 0 or -ENOMEM. */
int suspicious_open(struct analyst **out);

#endif /* SKUA_ANALYZE_SUSPICIOUS_H */
