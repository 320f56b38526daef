// SPDX-License-Identifier: BSD-2-Clause
/* Judges a pair: is this client calling the same place with a rhythm? */
#include <stdio.h>
#include <stdlib.h>
#include "base/text.h"
#include "detect/detect.h"
#include "track/pairs.h"

#define KEEPALIVE_SHARE 0.9 /* of the exchanges, in one connection */
#define BIN_RATIO 1.1       /* a bin of gaps is that wide */
#define DENSE_MEDIAN_S 2    /* from there on a gap is far from PAIR_MERGE_NS */
#define DENSE_BIN 14        /* gaps below this bin (0.84 s) are close to it */

/* The last gaps exactly, ascending; those of the kept flow are not told apart. */
struct recent {
	double gaps_s[PAIR_MOMENTS];
	unsigned gaps;
	uint64_t outs[PAIR_MOMENTS];
	unsigned sizes;
};

static int by_double(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Gaps are taken from within an octave around the median's bin: bursts and misses are counted
 * elsewhere. */
static void recent_collect(const struct pair *pair, unsigned median, struct recent *out)
{
	const struct pair_moment *moment, *before;

	*out = (struct recent){ 0 };
	for (unsigned i = 0; (moment = pair_moment(pair, i)); i++) {
		uint64_t gap_ns;
		int off;

		if (moment->out != PAIR_SIZE_UNKNOWN)
			out->outs[out->sizes++] = moment->out;
		before = pair_moment(pair, i + 1);
		if (!before)
			continue;
		gap_ns = moment->time_ns - before->time_ns;
		off = (int)gap_bin(gap_ns) - (int)median;
		if (abs(off) <= GAP_BINS_PER_OCTAVE)
			out->gaps_s[out->gaps++] = gap_ns / 1e9;
	}
	qsort(out->gaps_s, out->gaps, sizeof(out->gaps_s[0]), by_double);
	qsort(out->outs, out->sizes, sizeof(out->outs[0]), by_size);
}

/* Of count > 0 ascending values. */
static double median_of(const double *values, unsigned count)
{
	return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

static void fill_interval(const struct recent *recent, unsigned median, struct beacon_numbers *out)
{
	double off[PAIR_MOMENTS];

	out->interval_s = gap_bin_centre_s(median);
	if (!recent->gaps)
		return;
	out->interval_s = median_of(recent->gaps_s, recent->gaps);
	for (unsigned i = 0; i < recent->gaps; i++) {
		double gap_s = recent->gaps_s[i];

		off[i] =
			gap_s > out->interval_s ? gap_s - out->interval_s : out->interval_s - gap_s;
	}
	qsort(off, recent->gaps, sizeof(off[0]), by_double);
	out->mad_s = median_of(off, recent->gaps);
}

/* Half of the gaps lie this close to the median, as far as their bins tell. */
static double spread_s(const uint16_t *gaps, const struct rhythm *rhythm)
{
	unsigned near = gaps[rhythm->median], off = 0;

	while (2 * near < rhythm->gaps && off < GAP_BINS) {
		off++;
		if (off <= rhythm->median)
			near += gaps[rhythm->median - off];
		if (rhythm->median + off < GAP_BINS)
			near += gaps[rhythm->median + off];
	}
	return gap_bin_centre_s(rhythm->median + off) - gap_bin_centre_s(rhythm->median);
}

/* Between the exchanges of the kept flow lie others, so the last moments say nothing of it. */
static void fill_flow_interval(const struct pair *pair, const struct rhythm *rhythm,
			       struct beacon_numbers *out)
{
	double centre_s = gap_bin_centre_s(rhythm->median);
	double mean_s =
		(pair->flow_last_ns - pair->flow_from_ns) / 1e9 / (rhythm->gaps + rhythm->missed);
	bool plausible = mean_s > centre_s / BIN_RATIO && mean_s < centre_s * BIN_RATIO;

	out->interval_s = plausible ? mean_s : centre_s;
	out->mad_s = spread_s(pair->flow.gaps, rhythm);
}

static void fill_numbers(const struct pair *pair, const struct beacon_score *score,
			 const struct recent *recent, struct beacon_numbers *out)
{
	out->exchanges = score->by_flow ? pair->flow_exchanges : pair->exchanges;
	if (score->by_flow)
		fill_flow_interval(pair, &score->rhythm, out);
	else
		fill_interval(recent, score->rhythm.median, out);
	out->span_s = score->span_s;
	out->regularity = score->rhythm.regularity;
	out->size = score->size;
	out->coverage = score->coverage;
	out->by_count = score->rhythm.by_count;
	out->by_time = score->rhythm.by_time;
	out->by_tail = score->rhythm.by_tail;
	out->by_mixture = score->rhythm.by_mixture;
	out->evidence = score->rhythm.evidence;
	out->missed = score->rhythm.missed;
	out->failed = pair->failed;
	out->keepalive =
		score->by_flow || pair->flow_exchanges >= KEEPALIVE_SHARE * pair->exchanges;
	if (recent->sizes)
		out->bytes_out_median = recent->outs[recent->sizes / 2];
}

/* "request sizes within 1 %": how far the middle nine tenths of the last ones lie apart. */
static void describe_sizes(const struct recent *recent, char *to, size_t size)
{
	uint64_t low, high;

	to[0] = 0;
	if (!recent->sizes)
		return;
	low = recent->outs[recent->sizes / 16];
	high = recent->outs[recent->sizes - 1 - recent->sizes / 16];
	if (low == high)
		snprintf(to, size, ", each request %llu B", (unsigned long long)low);
	else if (high < 2 * low)
		snprintf(to, size, ", request sizes within %llu %%",
			 (unsigned long long)((high - low) * 100 / low + 1));
	else
		snprintf(to, size, ", request sizes vary");
}

static void fill_reason(const struct pair *pair, const struct recent *recent, struct finding *out)
{
	const struct beacon_numbers *numbers = &out->beacon;
	char interval[TEXT_NUMBER], mad[TEXT_NUMBER], span[TEXT_NUMBER], sizes[64], more[96] = "";

	describe_sizes(recent, sizes, sizeof(sizes));
	if (2 * numbers->failed >= numbers->exchanges && numbers->failed)
		snprintf(more, sizeof(more), "; %u attempts failed", numbers->failed);
	else if (numbers->missed)
		snprintf(more, sizeof(more), "; %u did not come when due", numbers->missed);
	snprintf(out->reason, sizeof(out->reason), "%u %s every %s s (MAD %s s) for %s%s%s%s",
		 numbers->exchanges, pair->key.kind == PAIR_DOMAIN ? "lookups" : "exchanges",
		 text_fixed(interval, numbers->interval_s, 1), text_fixed(mad, numbers->mad_s, 1),
		 text_duration(span, numbers->span_s),
		 numbers->keepalive ? " inside one connection" : "", sizes, more);
}

void beacon_entities(const struct pair_key *key, struct finding *finding)
{
	finding->src = key->client;
	finding->dst = key->server;
	finding->has_dst = key->kind == PAIR_SERVER;
	finding->dport = key->port;
	finding->proto = key->proto;
}

bool beacon_long_enough(const struct beacon_score *score, const struct beacon_limits *limits)
{
	double span_ns = score->span_s * 1e9;

	return span_ns >= limits->min_span_ns ||
	       (score->rhythm.gaps + 1 >= limits->many && span_ns >= limits->min_span_many_ns);
}

/*
 * Of traffic without a rhythm but without pauses either, merging leaves gaps
 * a little above PAIR_MERGE_NS, which look regular.  Then most arrivals were
 * merged or nearly so.
 */
static bool is_dense(const struct pair *pair, const struct beacon_score *score)
{
	const uint16_t *gaps = score->by_flow ? pair->flow.gaps : pair->gaps;
	uint64_t merged = score->by_flow ? 0 : pair->merged, close = merged, all = merged;

	if (gap_bin_centre_s(score->rhythm.median) >= DENSE_MEDIAN_S)
		return false;
	for (unsigned i = 0; i < GAP_BINS; i++) {
		all += gaps[i];
		close += i < DENSE_BIN ? gaps[i] : 0;
	}
	return 2 * close >= all;
}

static bool beacon_judge(const struct subject *subject, const struct detect_limits *limits,
			 struct finding *out)
{
	const struct pair *pair = subject->pair;
	struct beacon_score score;
	struct recent recent;

	if (!beacon_score(pair, &score) || score.score < limits->beacon.threshold ||
	    !beacon_long_enough(&score, &limits->beacon) || is_dense(pair, &score))
		return false;
	recent_collect(pair, score.rhythm.median, &recent);
	out->kind = FINDING_BEACON;
	beacon_entities(&pair->key, out);
	out->ifindex = subject->ifindex;
	out->first_ns = score.by_flow ? pair->flow_from_ns : pair->first_ns;
	out->last_ns = pair->last_ns;
	out->trigger_ns = subject->now_ns;
	out->at_end = subject->at_end;
	out->score = out->score_raw = score.score;
	fill_numbers(pair, &score, &recent, &out->beacon);
	out->count = out->beacon.exchanges;
	fill_reason(pair, &recent, out);
	return true;
}

const struct detector beacon_detector = {
	.name = "beacon",
	.subject = SUBJECT_PAIR,
	.judge = beacon_judge,
	.derive = beacon_derive,
};
