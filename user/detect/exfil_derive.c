// SPDX-License-Identifier: BSD-2-Clause
/* Tells how the score of an upload came about, and how little would still be one. */
#include "detect/derive.h"
#include "detect/exfil_evidence.h"
#include "track/baseline.h"
#include "track/uploads.h"

#define DAY_S 86400.0
#define HOUR_S 3600.0

static double larger(double a, double b)
{
	return a > b ? a : b;
}

static double ratio(uint64_t out, uint64_t in)
{
	return (double)out / (in ? in : 1);
}

/* As if so much had been sent: by the hour that goes on, or before it within the day. */
static bool found_with(const struct derive_call *call, bool by_hour, uint64_t bytes)
{
	struct subject smaller = *call->subject;
	uint64_t sent = upload_out(smaller.upload);
	struct exfil_evidence found;
	struct baseline hour;

	if (!by_hour) {
		found = exfil_weigh(&smaller, &call->limits->exfil, bytes);
		return derive_shows(call, found.by_day);
	}
	hour = *smaller.usual;
	sent -= sent < hour.out - bytes ? sent : hour.out - bytes;
	hour.out = bytes;
	smaller.usual = &hour;
	found = exfil_weigh(&smaller, &call->limits->exfil, sent);
	return derive_shows(call, larger(found.by_day, found.by_hour));
}

/*
 * By bisection, for more bytes never score less; but where volume begins, it scores less than
 * little by little did.  0: it is not found as it is.
 */
static uint64_t fewest_bytes(const struct derive_call *call, bool by_hour, uint64_t high)
{
	uint64_t low = 1, cold = call->limits->exfil.cold_bytes;

	if (!found_with(call, by_hour, high))
		return 0;
	if (!by_hour && high >= cold && found_with(call, false, cold - 1))
		high = cold - 1;
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (found_with(call, by_hour, middle))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static void add_test(struct derivation *out, const char *name, double value, double limit)
{
	out->tests[out->test_count++] =
		(struct derivation_test){ name, value, limit, 0, value >= limit };
}

/* Hours are of the slow rule alone. */
static void tell_day(const struct derive_call *call, const struct exfil_evidence *found,
		     struct derivation *out)
{
	const struct exfil_limits *limits = &call->limits->exfil;
	const struct upload *upload = call->subject->upload;
	uint64_t sent = upload_out(upload);
	double times = ratio(sent, upload_in(upload));
	const struct derivation_rule rules[] = {
		{ .name = "volume",
		  .of = "doublings of the least volume",
		  .horizon_s = DAY_S,
		  .measure = exfil_octaves(limits, sent),
		  .floor = limits->cold_score,
		  .step = limits->cold_octave,
		  .factor = 1,
		  .holds = found->cold },
		{ .name = "slow",
		  .of = "active hours",
		  .horizon_s = DAY_S,
		  .measure = upload_active_hours(upload),
		  .from = limits->slow_hours,
		  .floor = limits->slow_score,
		  .factor = 1,
		  .holds = found->slow && !found->cold },
	};

	derive_rule(call, out, &rules[0]);
	derive_rule(call, out, &rules[1]);
	add_test(out, "bytes", sent, found->cold ? limits->cold_bytes : limits->slow_bytes);
	add_test(out, "ratio", times, found->cold ? limits->cold_ratio : limits->slow_ratio);
	if (!found->cold)
		add_test(out, "active_hours", upload_active_hours(upload), limits->slow_hours);
}

/* Of whom enough is known to say what is usual. */
static void tell_hour(const struct derive_call *call, const struct exfil_evidence *found,
		      const struct baseline *known, struct derivation *out)
{
	const struct exfil_limits *limits = &call->limits->exfil;
	const struct baseline *hour = call->subject->usual;
	double z = baseline_z(known, hour->out);
	const struct derivation_rule rule = { .name = "unusual",
					      .of = "deviations above the usual",
					      .horizon_s = HOUR_S,
					      .measure = z,
					      .from = limits->unusual_z,
					      .floor = limits->unusual_score,
					      .step = limits->unusual_step,
					      .factor = 1,
					      .holds = found->unusual };

	derive_rule(call, out, &rule);
	out->usual = (struct derivation_usual){
		.known = true,
		.of_source = known != hour,
		.hours = known->hours,
		.hour_bytes = hour->out,
		.octaves = (double)baseline_log2(hour->out) / BASELINE_ONE,
		.mean = (double)known->mean / BASELINE_ONE,
		.deviation = baseline_deviation(known),
		.z = z,
		.peak = (double)known->peaks[BASELINE_PEAKS - 1] / BASELINE_ONE,
		.slack = (double)BASELINE_PEAK_SLACK / BASELINE_ONE,
	};
	add_test(out, "hour_bytes", hour->out, limits->unusual_bytes);
	add_test(out, "hour_ratio", ratio(hour->out, hour->in), limits->unusual_ratio);
}

void exfil_derive(const struct derive_call *call, struct derivation *out)
{
	const struct subject *subject = call->subject;
	const struct baseline *known = exfil_usual(subject);
	uint64_t sent = upload_out(subject->upload);
	struct exfil_evidence found = exfil_weigh(subject, &call->limits->exfil, sent);
	bool by_hour = found.by_hour > found.by_day && !derive_shows(call, found.by_day);

	tell_day(call, &found, out);
	if (known)
		tell_hour(call, &found, known, out);
	out->smallest_of = by_hour ? "bytes within the hour" : "bytes";
	out->smallest = fewest_bytes(call, by_hour, by_hour ? subject->usual->out : sent);
}
