/* SPDX-License-Identifier: BSD-2-Clause */
/* A stage for tests of the scan detector: plays contacts on a clock, keeps what was found. */
#ifndef TESTS_SCAN_STAGE_H
#define TESTS_SCAN_STAGE_H

#include <stdlib.h>
#include "contacts.h"
#include "detect/detect.h"

#define SCANNER "10.0.0.9"
#define VICTIM "10.0.0.20"

/* A stage: sources, a clock, and the finding with the highest score so far. */
struct stage {
	struct sources sources;
	struct detect_limits limits;
	uint64_t now_s; /* after START_S */
	struct finding best, latest;
	double found_s; /* of the first finding of score 0.5 */
};

static inline void judge(void *arg, const struct tracked_source *source)
{
	struct stage *stage = arg;
	struct finding finding;
	struct subject subject = { .kind = SUBJECT_SOURCE,
				   .now_ns = (START_S + stage->now_s) * SECOND,
				   .source = source };

	memset(&finding, 0, sizeof(finding));
	if (!scan_detector.judge(&subject, &stage->limits, &finding))
		return;
	stage->latest = finding;
	if (finding.score_raw >= 0.5 && stage->found_s < 0)
		stage->found_s = stage->now_s;
	if (finding.score_raw > stage->best.score_raw)
		stage->best = finding;
}

static inline struct stage *begin(void)
{
	struct sources_options options = SOURCES_OPTIONS_DEFAULT;
	struct stage *stage = calloc(1, sizeof(*stage));

	assert(stage);
	options.capacity = 64;
	stage->limits = (struct detect_limits){ .scan = SCAN_LIMITS_DEFAULT };
	stage->found_s = -1;
	if (sources_init(&stage->sources, &options))
		abort();
	return stage;
}

static inline void run_to(struct stage *stage, uint64_t second)
{
	while (stage->now_s < second) {
		stage->now_s++;
		sources_tick(&stage->sources, (START_S + stage->now_s) * SECOND, judge, stage);
	}
}

static inline void end(struct stage *stage)
{
	sources_fini(&stage->sources);
	free(stage);
}

static inline bool found(const struct stage *stage)
{
	return stage->found_s >= 0;
}

/* Runs the clock up to when the outcome is known, then tells it. */
static inline void say(struct stage *stage, struct contact contact)
{
	run_to(stage, (uint64_t)(contact.at_s + contact.took_s));
	if (!contact.source_port)
		contact.source_port = 40000;
	contact_say(&stage->sources, &contact);
}

static inline struct contact syn(uint32_t target, uint16_t port, uint8_t outcome, double at_s)
{
	return (struct contact){ .from = address_of(SCANNER),
				 .to = address_plus(VICTIM, target),
				 .port = port,
				 .proto = SKUA_TCP,
				 .flags = SKUA_SYN,
				 .outcome = outcome,
				 .at_s = at_s,
				 .took_s = outcome == SKUA_UNANSWERED ? 5 : 0.001 };
}

static inline struct contact odd(uint16_t port, uint8_t flags, uint8_t outcome, double at_s)
{
	struct contact contact = syn(0, port, outcome, at_s);

	contact.flags = flags;
	return contact;
}

static inline struct contact udp(uint32_t target, uint16_t port, uint8_t outcome, double at_s)
{
	struct contact contact = syn(target, port, outcome, at_s);

	contact.flags = 0;
	contact.proto = SKUA_UDP;
	contact.icmp_code = outcome == SKUA_UNREACHABLE ? 3 : 0;
	return contact;
}

static inline struct contact ping(uint32_t target, uint8_t outcome, double at_s)
{
	struct contact contact = syn(target, 4711, outcome, at_s);

	contact.flags = 0;
	contact.proto = SKUA_ICMP;
	return contact;
}

#endif /* TESTS_SCAN_STAGE_H */
