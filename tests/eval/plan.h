/* SPDX-License-Identifier: BSD-2-Clause */
/* What one simulated pair does, and what became of it. */
#ifndef TESTS_EVAL_PLAN_H
#define TESTS_EVAL_PLAN_H

#include "law.h"

enum list { LIST_TUNE, LIST_REPORT, LISTS };
enum view { VIEW_HOST, VIEW_NODE, VIEW_TAP, VIEWS };
enum sizes { SIZES_CONSTANT, SIZES_PADDED, SIZES_RANDOM, SIZES };

/* At so many exchanges recall is asked for. */
#define MARKS 5
extern const unsigned marks[MARKS];
extern const char *const view_names[VIEWS], *const sizes_names[SIZES], *const list_names[LISTS];

struct plan {
	uint64_t seed;
	uint32_t interval_s; /* of noise: ms */
	uint32_t count;      /* exchanges at most; 0: to the end of its world */
	uint32_t hours;      /* of its world */
	uint8_t list, law, shape, loss, view, sizes;
	bool keepalive;
	bool named;  /* says SNI, and its name was looked up */
	bool tasked; /* gets orders now and then */
	bool small;  /* a quarter of the bytes: those of a keep-alive, when they are constant */
	bool dead;   /* nobody answers; reconnects */
	bool sparse; /* in a world of few: counted for precision alone */
};

struct mark {
	bool reached;
	bool too_short;     /* the span is below that of a finding */
	float raw, context; /* scores; 0: no finding */
};

/* Scores are those of findings: 0 where there was none. */
struct outcome {
	struct mark marks[MARKS];
	uint32_t exchanges;
	uint32_t found_at[2]; /* exchanges when the score first sufficed: raw, in context; 0: never
			       */
	float found_s[2];
	float best[2]; /* over its life: raw, in context */
	float end_raw; /* at the end, whatever the threshold */
	float rita;    /* at the end */
	bool simple;   /* the rule's verdict at the end */
};

#endif /* TESTS_EVAL_PLAN_H */
