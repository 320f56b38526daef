// SPDX-License-Identifier: BSD-2-Clause
/* Judges ICMP echo: replies that repeat no request, and requests that carry too much. */
#include <stdio.h>
#include "detect/derive.h"
#include "detect/detect.h"
#include "track/echoes.h"

/*
 * A plain ping counts up one stream of requests of one size, each of which
 * comes back as it went; tools to measure a path and to watch a host do just
 * that, with large packets, too.  Data sent by starting ping for each piece, or
 * by a tunnel, breaks the stream or changes the size.
 */
static bool is_plain_ping(const struct echo *echo, const struct exfil_limits *limits)
{
	return !echo->mismatches && !echo->unsolicited && echo->size_count == 1 &&
	       echo->breaks * 4 <= echo->asked && echo->bytes <= limits->plain_bytes;
}

static bool carries_much(const struct echo *echo, const struct exfil_limits *limits)
{
	bool much = echo->large_bytes > limits->icmp_bytes ||
		    (echo->size_count >= limits->icmp_sizes && echo->bytes > limits->icmp_bytes);

	return much && !is_plain_ping(echo, limits);
}

/* The rules in falling order of their scores; the first that holds counts. */
static double icmp_score(const struct echo *echo, const struct exfil_limits *limits,
			 struct finding *out)
{
	if (echo->mismatches >= limits->mismatches) {
		snprintf(out->reason, sizeof(out->reason),
			 "%u of %u echo replies carry other data than their requests",
			 echo->mismatches, echo->replies);
		return limits->mismatch_score;
	}
	if (echo->unsolicited >= limits->unsolicited) {
		snprintf(out->reason, sizeof(out->reason),
			 "%u of %u echo replies answer nothing that was asked", echo->unsolicited,
			 echo->replies);
		return limits->unsolicited_score;
	}
	if (carries_much(echo, limits)) {
		snprintf(out->reason, sizeof(out->reason),
			 "%.1f kB in echo requests within 10 minutes, %u of %u out of turn",
			 echo->bytes / 1e3, echo->breaks, echo->asked);
		return limits->icmp_score;
	}
	return 0;
}

static bool judge_icmp(const struct subject *subject, const struct detect_limits *limits,
		       struct finding *out)
{
	const struct echo *echo = subject->echo;
	bool asked = echo->requests > 0;

	out->score_raw = icmp_score(echo, &limits->exfil, out);
	if (out->score_raw <= 0)
		return false;
	out->kind = FINDING_EXFIL;
	out->src = asked ? echo->requester : echo->responder;
	out->dst = asked ? echo->responder : echo->requester;
	out->has_dst = true;
	out->proto = address_is_ipv4(&echo->requester) ? SKUA_ICMP : SKUA_ICMPV6;
	out->ifindex = subject->ifindex;
	out->first_ns = echo->first_ns;
	out->last_ns = echo->last_ns;
	out->trigger_ns = subject->now_ns;
	out->at_end = subject->at_end;
	out->exfil.channel = EXFIL_ICMP;
	out->exfil.bytes_out = asked ? echo->request_bytes : echo->reply_bytes;
	out->exfil.bytes_in = asked ? echo->reply_bytes : 0;
	out->exfil.ratio =
		(double)out->exfil.bytes_out / (out->exfil.bytes_in ? out->exfil.bytes_in : 1);
	out->exfil.window_s = (echo->last_ns - echo->day_ns) / 1e9;
	out->exfil.mismatches = echo->mismatches;
	out->exfil.unsolicited = echo->unsolicited;
	out->exfil.sizes = echo->size_count;
	out->count = echo->requests + echo->replies;
	return true;
}

/* Steps of nothing: each rule has one score. */
static void derive_icmp(const struct derive_call *call, struct derivation *out)
{
	const struct exfil_limits *limits = &call->limits->exfil;
	const struct echo *echo = call->subject->echo;
	bool much = carries_much(echo, limits);
	const struct derivation_rule rules[] = {
		{ .name = "mismatches",
		  .of = "replies that carry other data",
		  .measure = echo->mismatches,
		  .from = limits->mismatches,
		  .floor = limits->mismatch_score,
		  .holds = echo->mismatches >= limits->mismatches },
		{ .name = "unsolicited",
		  .of = "replies to nothing",
		  .measure = echo->unsolicited,
		  .from = limits->unsolicited,
		  .floor = limits->unsolicited_score,
		  .holds = echo->unsolicited >= limits->unsolicited },
		{ .name = "volume",
		  .of = "bytes in large or changing requests",
		  .horizon_s = 600,
		  .measure =
			  echo->large_bytes > limits->icmp_bytes ? echo->large_bytes : echo->bytes,
		  .from = limits->icmp_bytes + 1.0,
		  .floor = limits->icmp_score,
		  .holds = much },
	};

	for (unsigned i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		struct derivation_rule rule = rules[i];

		rule.factor = 1;
		derive_rule(call, out, &rule);
	}
}

const struct detector exfil_icmp_detector = {
	.name = "exfil_icmp", .subject = SUBJECT_ECHO, .judge = judge_icmp, .derive = derive_icmp
};
