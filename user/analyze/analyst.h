/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An analyst answers one question about a capture in one pass: he is shown each
 * frame, and what the conversations in them say (dissect/dissector.h), and
 * writes rows.  He keeps as little as his question needs, within a bound.
 */
#ifndef SKUA_ANALYZE_ANALYST_H
#define SKUA_ANALYZE_ANALYST_H

#include "analyze/answers.h"
#include "dissect/dissector.h"

/* One frame; everything is borrowed for the call. */
struct analyst_frame {
	uint64_t number; /* in the whole input, from 1 */
	uint64_t time_ns;
	const uint8_t *bytes;
	uint32_t captured, length;
	uint16_t linktype;
	int link;                      /* enum skua_link; < 0: it is not followed */
	enum skua_verdict verdict;     /* SKUA_PARSED: pkt is complete */
	const struct skua_packet *pkt; /* what a tunnel carries, if it could be looked through */
	const uint8_t *payload;        /* behind the transport header */
	uint32_t payload_captured;
};

struct analyst {
	const char *name;
	const struct answers_column *columns;
	/* Each may be NULL. */
	void (*frame)(struct analyst *analyst, const struct analyst_frame *frame);
	void (*item)(struct analyst *analyst, const struct item *item);
	void (*finish)(struct analyst *analyst); /* the input is over: the last rows */
	void (*close)(struct analyst *analyst);
	struct answers *answers; /* set before the first frame */
	bool failed; /* what was asked for beside rows could not be done, which has been logged */
};

/* Who sent an item, and to whom. */
struct analyst_ends {
	struct address src, dst;
	uint16_t sport, dport;
};
struct analyst_ends analyst_ends_of(const struct item_place *place);
/* Four values of a row: both addresses, both ports. */
void analyst_put_ends(struct answers *to, const struct analyst_ends *ends);
/* Six: time and frame before those. */
void analyst_put_place(struct answers *to, const struct item_place *place);

#endif /* SKUA_ANALYZE_ANALYST_H */
