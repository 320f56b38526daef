// SPDX-License-Identifier: BSD-2-Clause
/* Judges how much a host sends to one destination: at once, or slowly over a day. */
#include <inttypes.h>
#include <stdio.h>
#include "skua/log2.h"
#include "detect/detect.h"
#include "track/uploads.h"

#define LOG2_ONE 256.0 /* skua_log2_q8() of 2 */
#define DAY_S 86400.0
#define MEGABYTE 1000000

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

static bool judge_volume(const struct subject *subject, const struct detect_limits *limits,
			 struct finding *out)
{
	const struct upload *upload = subject->upload;
	uint64_t sent = upload_out(upload), received = upload_in(upload);
	bool cold = is_cold(&limits->exfil, sent, received);

	if (upload->internal && !limits->exfil.internal)
		return false;
	if (!cold && !is_slow(&limits->exfil, upload, sent, received))
		return false;
	fill(subject, sent, received, out);
	out->exfil.channel = cold ? EXFIL_VOLUME : EXFIL_SLOW;
	out->score_raw = cold ? cold_score(&limits->exfil, sent) : limits->exfil.slow_score;
	explain(out);
	return true;
}

const struct detector exfil_volume_detector = { .name = "exfil_volume",
						.subject = SUBJECT_UPLOAD,
						.judge = judge_volume };
