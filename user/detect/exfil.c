// SPDX-License-Identifier: BSD-2-Clause
/* Judges how much a host sends to one destination: at once, or slowly over a day. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "skua/log2.h"
#include "detect/derive.h"
#include "detect/detect.h"
#include "base/text.h"
#include "track/baseline.h"
#include "track/uploads.h"

#define LOG2_ONE 256.0 /* skua_log2_q8() of 2 */
#define DAY_S 86400.0
#define MEGABYTE 1000000
#define NOTHING_BYTES 100 /* an hour: the mean of logarithms of mostly silent ones */

static double ratio(uint64_t out, uint64_t in)
{
	return (double)out / (in ? in : 1);
}

static bool is_cold(const struct exfil_limits *limits, uint64_t out, uint64_t in)
{
	return out >= limits->cold_bytes && ratio(out, in) >= limits->cold_ratio;
}

static bool is_slow(const struct exfil_limits *limits, const struct upload *upload, uint64_t out,
		    uint64_t in)
{
	return out >= limits->slow_bytes && ratio(out, in) >= limits->slow_ratio &&
	       upload_active_hours(upload) >= limits->slow_hours;
}

static double cold_score(const struct exfil_limits *limits, uint64_t out)
{
	double octaves = ((double)skua_log2_q8(out) - skua_log2_q8(limits->cold_bytes)) / LOG2_ONE;
	double score = limits->cold_score + limits->cold_octave * octaves;

	return score < 1 ? score : 1;
}

static void fill(const struct subject *subject, uint64_t out, uint64_t in, struct finding *finding)
{
	const struct upload *upload = subject->upload;
	double span_s = (upload->last_ns - upload->first_ns) / 1e9;

	finding->kind = FINDING_EXFIL;
	finding->src = upload->source;
	finding->dst = upload->destination;
	finding->has_dst = true;
	finding->dport = upload->port;
	finding->proto = upload->proto;
	finding->ifindex = subject->ifindex;
	finding->first_ns = upload->first_ns;
	finding->last_ns = upload->last_ns;
	finding->trigger_ns = subject->now_ns;
	finding->at_end = subject->at_end;
	finding->count = out;
	finding->exfil.bytes_out = out;
	finding->exfil.bytes_in = in;
	finding->exfil.ratio = ratio(out, in);
	finding->exfil.window_s = span_s < DAY_S ? span_s : DAY_S;
	finding->exfil.active_hours = upload_active_hours(upload);
}

static void explain(struct finding *finding)
{
	const struct exfil_numbers *n = &finding->exfil;
	uint64_t sent = n->bytes_out / MEGABYTE, received = n->bytes_in / MEGABYTE;

	if (n->channel == EXFIL_SLOW)
		snprintf(finding->reason, sizeof(finding->reason),
			 "%" PRIu64 " MB sent little by little, in %u hours of a day; %" PRIu64
			 " MB came back",
			 sent, n->active_hours, received);
	else
		snprintf(finding->reason, sizeof(finding->reason),
			 "%" PRIu64 " MB sent within %" PRIu64 " s; %" PRIu64 " MB came back", sent,
			 (uint64_t)n->window_s, received);
}

/* What the hour is compared with: NULL, nothing is known, or nothing is unusual. */
static const struct baseline *find_unusual(const struct exfil_limits *limits,
					   const struct subject *subject)
{
	const struct baseline *usual = subject->usual, *known = usual;

	if (!usual || usual->out < limits->unusual_bytes ||
	    ratio(usual->out, usual->in) < limits->unusual_ratio)
		return NULL;
	if (!baseline_is_mature(usual))
		known = subject->usual_of_source;
	if (!known || !baseline_is_mature(known) || baseline_is_usual(known, usual->out) ||
	    baseline_z(known, usual->out) < limits->unusual_z)
		return NULL;
	return known;
}

/* As much went there in an hour of two earlier days: a backup, not news. */
static bool is_explained(const struct baseline *usual)
{
	return usual && baseline_is_mature(usual) && baseline_is_usual(usual, usual->out);
}

static double unusual_score(const struct exfil_limits *limits, double z)
{
	double score = limits->unusual_score + limits->unusual_step * (z - limits->unusual_z);

	return score < 1 ? score : 1;
}

static void tell_unusual(const struct subject *subject, const struct baseline *known,
			 struct finding *finding)
{
	const struct baseline *usual = subject->usual;
	struct exfil_numbers *n = &finding->exfil;
	char sent[TEXT_NUMBER], usually[TEXT_NUMBER], z[TEXT_NUMBER], back[TEXT_NUMBER];

	n->channel = EXFIL_UNUSUAL;
	n->baseline.of_source = known != usual;
	n->baseline.mean = (double)known->mean / BASELINE_ONE;
	n->baseline.deviation = baseline_deviation(known);
	n->baseline.z = baseline_z(known, usual->out);
	n->baseline.hours = known->hours;
	snprintf(finding->reason, sizeof(finding->reason),
		 "%s sent within an hour, %s standard deviations above what usually %s (%s an "
		 "hour); %s came back",
		 text_bytes(sent, usual->out), text_fixed(z, n->baseline.z, 1),
		 known == usual ? "goes there" : "leaves this host",
		 baseline_bytes(known) < NOTHING_BYTES ? "next to nothing"
						       : text_bytes(usually, baseline_bytes(known)),
		 text_bytes(back, usual->in));
}

static bool judge_volume(const struct subject *subject, const struct detect_limits *limits,
			 struct finding *out)
{
	const struct upload *upload = subject->upload;
	uint64_t sent = upload_out(upload), received = upload_in(upload);
	const struct exfil_limits *l = &limits->exfil;
	const struct baseline *unusual = find_unusual(l, subject);
	bool cold = is_cold(l, sent, received) && !is_explained(subject->usual);
	double by_hour = 0;

	if (upload->internal && !l->internal)
		return false;
	if (!cold && !unusual && !is_slow(l, upload, sent, received))
		return false;
	fill(subject, sent, received, out);
	out->exfil.channel = cold ? EXFIL_VOLUME : EXFIL_SLOW;
	if (cold)
		out->score_raw = cold_score(l, sent);
	else if (is_slow(l, upload, sent, received))
		out->score_raw = l->slow_score;
	explain(out);
	if (unusual)
		by_hour = unusual_score(l, baseline_z(unusual, subject->usual->out));
	if (by_hour > out->score_raw) {
		out->score_raw = by_hour;
		tell_unusual(subject, unusual, out);
	}
	return true;
}

/* As much as came back asks for, and no less than the limit. */
static uint64_t least_bytes(uint64_t limit, double least_ratio, uint64_t received)
{
	uint64_t bytes = least_ratio * received + 0.999999;

	return bytes > limit ? bytes : limit;
}

/* By bisection, for more bytes never score less. */
static uint64_t fewest_bytes(const struct derive_call *call, uint64_t sent, uint64_t received)
{
	const struct exfil_limits *limits = &call->limits->exfil;
	uint64_t low = least_bytes(limits->cold_bytes, limits->cold_ratio, received), high = sent;

	if (low > high || !derive_shows(call, cold_score(limits, high)))
		return 0;
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (derive_shows(call, cold_score(limits, middle)))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static void derive_volume(const struct derive_call *call, struct derivation *out)
{
	const struct exfil_limits *limits = &call->limits->exfil;
	const struct upload *upload = call->subject->upload;
	uint64_t sent = upload_out(upload), received = upload_in(upload);
	bool cold = is_cold(limits, sent, received);
	const struct derivation_rule rules[] = {
		{ .name = "volume",
		  .of = "doublings of the least volume",
		  .horizon_s = DAY_S,
		  .measure = ((double)skua_log2_q8(sent) - skua_log2_q8(limits->cold_bytes)) /
			     LOG2_ONE,
		  .floor = limits->cold_score,
		  .step = limits->cold_octave,
		  .factor = 1,
		  .holds = cold },
		{ .name = "slow",
		  .of = "active hours",
		  .horizon_s = DAY_S,
		  .measure = upload_active_hours(upload),
		  .from = limits->slow_hours,
		  .floor = limits->slow_score,
		  .factor = 1,
		  .holds = is_slow(limits, upload, sent, received) },
	};
	const struct derivation_test tests[] = {
		{ "bytes", sent, cold ? limits->cold_bytes : limits->slow_bytes, 0, false },
		{ "ratio", ratio(sent, received), cold ? limits->cold_ratio : limits->slow_ratio, 0,
		  false },
		{ "active_hours", upload_active_hours(upload), limits->slow_hours, 0, false },
	};

	derive_rule(call, out, &rules[0]);
	derive_rule(call, out, &rules[1]);
	memcpy(out->tests, tests, sizeof(tests));
	out->test_count = cold ? 2 : 3; /* hours are of the slow rule alone */
	for (unsigned i = 0; i < out->test_count; i++)
		out->tests[i].holds = tests[i].value >= tests[i].limit;
	out->smallest_of = "bytes";
	out->smallest = cold ? fewest_bytes(call, sent, received)
			: derive_shows(call, limits->slow_score)
				? least_bytes(limits->slow_bytes, limits->slow_ratio, received)
				: 0;
}

const struct detector exfil_volume_detector = { .name = "exfil_volume",
						.subject = SUBJECT_UPLOAD,
						.judge = judge_volume,
						.derive = derive_volume };
