/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How the score of a finding came about, number by number, so that a reader
 * can compute it again.  Made on demand for a finding that is being said, and
 * borrowed by the sinks for that call: a finding itself does not grow by it.
 * Names are constant text.
 */
#ifndef SKUA_REPORT_DERIVATION_H
#define SKUA_REPORT_DERIVATION_H

#include "report/finding.h"

#define DERIVATION_BINS 144 /* as many as a pair's histogram has */
#define DERIVATION_PARTS 6
#define DERIVATION_RULES 8
#define DERIVATION_TESTS 6
#define DERIVATION_DECIMALS 6 /* of what is multiplied: what comes of it is right to 4 */

struct derivation_bin {
	double from_s, to_s;
	uint32_t count;
};

/*
 * value = min(most, weight * factor * max(0, (wilson - null) / (1 - null))); the largest counts.
 * wilson is that of k and n, but of by_mixture it is 1.
 */
struct derivation_part {
	const char *name;
	double from_s, to_s; /* of the window; both 0: it has none */
	double k, n, wilson, null, weight, factor, most, value;
};

/*
 * How much better a beacon explains the gaps than chance.  most = allowed + (nats - at) / per,
 * 0..1, and 0 without evidence; the factor of by_mixture = (nats / gaps - none) / (full - none),
 * 0..1.
 */
struct derivation_evidence {
	double nats, at, allowed, per, most, none, full;
	/* Of the gaps from there on alone, if by_time asked for them; else all 0. */
	double time_from_s, time_nats, time_most;
	/* Of the beacon that explains them best; an interval of 0: none does. */
	double interval_s;
	uint32_t jitter_percent, missed_percent;
};

/* score = min(1, floor + step * (measure - from)) * factor when it holds; the largest counts. */
struct derivation_rule {
	const char *name, *of; /* of what the measure is: "failures", "octaves" */
	double horizon_s;      /* 0: it has none */
	double measure, from, floor, step, factor, score;
	uint32_t failed, contacts, targets, ports; /* scans: not booked; distinct */
	bool holds;
};

/* A condition, and what it adds to the score when it holds. */
struct derivation_test {
	const char *name;
	double value, limit, bonus;
	bool holds;
};

struct derivation_beacon {
	unsigned bin_count; /* not empty ones */
	struct derivation_bin bins[DERIVATION_BINS];
	double bursts_below_s; /* shorter gaps are part of a burst and left out; 0: none are */
	double median_s;
	uint32_t missed;
	bool by_flow; /* of the longest-lived connection alone */
	struct derivation_evidence evidence;
	double tail_ratio; /* 95th percentile of gaps to their median; 0: too few to tell */
	double size_from_bytes, size_to_bytes, size_k, size_n, size;
	uint32_t slots_held, slots;
	double slot_s, coverage;
	double regularity, base, size_weight, coverage_weight;
	uint32_t jitter_percent; /* with gaps spread evenly by so much it is still found; 0: none */
};

/* What a host usually sends in an hour, of log2(1 + bytes), and the hour that was compared. */
struct derivation_usual {
	bool known, of_source; /* at all; to any destination */
	uint32_t hours;        /* learnt */
	uint64_t hour_bytes;
	double octaves, mean, deviation, z; /* z = (octaves - mean) / deviation */
	double peak, slack; /* octaves up to peak + slack were seen on two days, and are no news */
};

struct derivation_dns {
	uint64_t bytes, floor_bytes;
	double octaves, full_octaves, base; /* base = clamp(octaves / full_octaves) */
};

struct derivation {
	double score;     /* before context, by the numbers here */
	double threshold; /* that score_raw must reach */
	double shown;     /* and the score after context */
	/* By the same state made smaller, with context as it is; 0: it is not found as it is. */
	uint64_t smallest;
	const char *smallest_of; /* "exchanges", "bytes"; NULL: not computed */
	unsigned part_count, rule_count, test_count;
	struct derivation_part parts[DERIVATION_PARTS];
	struct derivation_rule rules[DERIVATION_RULES];
	struct derivation_test tests[DERIVATION_TESTS];
	union {
		struct derivation_beacon beacon;
		struct derivation_dns dns;
		struct derivation_usual usual; /* uploads */
	};
};

#endif /* SKUA_REPORT_DERIVATION_H */
