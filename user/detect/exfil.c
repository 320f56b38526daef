// SPDX-License-Identifier: BSD-2-Clause
/* Judges how much a host sends to one destination: at once, or slowly over a day. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "skua/log2.h"
#include "detect/detect.h"
#include "detect/exfil_evidence.h"
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

double exfil_octaves(const struct exfil_limits *limits, uint64_t out)
{
	return ((double)skua_log2_q8(out) - skua_log2_q8(limits->cold_bytes)) / LOG2_ONE;
}

static double cold_score(const struct exfil_limits *limits, uint64_t out)
{
	double score = limits->cold_score + limits->cold_octave * exfil_octaves(limits, out);

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

const struct baseline *exfil_usual(const struct subject *subject)
{
	const struct baseline *known = subject->usual;

	if (known && !baseline_is_mature(known))
		known = subject->usual_of_source;
	return known && baseline_is_mature(known) ? known : NULL;
}

static bool is_unusual(const struct exfil_limits *limits, const struct subject *subject)
{
	const struct baseline *hour = subject->usual, *known = exfil_usual(subject);

	return known && hour->out >= limits->unusual_bytes &&
	       ratio(hour->out, hour->in) >= limits->unusual_ratio &&
	       !baseline_is_usual(known, hour->out) &&
	       baseline_z(known, hour->out) >= limits->unusual_z;
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

struct exfil_evidence exfil_weigh(const struct subject *subject, const struct exfil_limits *limits,
				  uint64_t sent)
{
	uint64_t received = upload_in(subject->upload);
	struct exfil_evidence found = {
		.cold = is_cold(limits, sent, received) && !is_explained(subject->usual),
		.slow = is_slow(limits, subject->upload, sent, received),
		.unusual = is_unusual(limits, subject),
	};

	if (found.cold)
		found.by_day = cold_score(limits, sent);
	else if (found.slow)
		found.by_day = limits->slow_score;
	if (found.unusual)
		found.by_hour = unusual_score(
			limits, baseline_z(exfil_usual(subject), subject->usual->out));
	return found;
}

static void tell_unusual(const struct subject *subject, struct finding *finding)
{
	const struct baseline *usual = subject->usual, *known = exfil_usual(subject);
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
	uint64_t sent = upload_out(upload);
	struct exfil_evidence found;

	if (upload->internal && !limits->exfil.internal)
		return false;
	found = exfil_weigh(subject, &limits->exfil, sent);
	if (!found.cold && !found.unusual && !found.slow)
		return false;
	fill(subject, sent, upload_in(upload), out);
	out->exfil.channel = found.cold ? EXFIL_VOLUME : EXFIL_SLOW;
	out->score_raw = found.by_day;
	explain(out);
	if (found.by_hour > found.by_day) {
		out->score_raw = found.by_hour;
		tell_unusual(subject, out);
	}
	return true;
}

const struct detector exfil_volume_detector = { .name = "exfil_volume",
						.subject = SUBJECT_UPLOAD,
						.judge = judge_volume,
						.derive = exfil_derive };
