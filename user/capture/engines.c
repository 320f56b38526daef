// SPDX-License-Identifier: BSD-2-Clause
/* Either engine behind one face. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "skua/sighting.h"
#include "capture/engines.h"
#include "capture/locals.h"

/* The sweep reads whole maps on ticks: these hold a capture's conversations at one time, not a
 * flood's. */
#define KERNEL_ENTRIES 65536

static uint32_t at_most(uint32_t entries)
{
	return entries < KERNEL_ENTRIES ? entries : KERNEL_ENTRIES;
}

static int open_kernel(struct engines *engines, bool all_through_tc, source_event_fn *deliver,
		       void *arg, char error[LOADER_ERROR_SIZE])
{
	struct testrun_options options = { .engine = engines->options,
					   .all_through_tc = all_through_tc };

	options.engine.flows = at_most(options.engine.flows);
	options.engine.pending = at_most(options.engine.pending);
	options.engine.sources = at_most(options.engine.sources);
	engines->seen = calloc(1, sizeof(*engines->seen));
	if (!engines->seen)
		return -ENOMEM;
	return testrun_open(&engines->kernel, &options, deliver, arg, error);
}

int engines_open(struct engines *engines, enum engine_choice choice,
		 const struct engine_options *options, source_event_fn *deliver, void *arg,
		 char error[LOADER_ERROR_SIZE])
{
	*engines = (struct engines){ .options = *options };
	locals_fill(&engines->locals, options->locals, options->local_count);
	snprintf(error, LOADER_ERROR_SIZE, "cannot reserve the flow tables: out of memory");
	if (choice == ENGINE_NATIVE)
		return engine_open(&engines->native, options, deliver, arg);
	return open_kernel(engines, choice == ENGINE_KERNEL_TC, deliver, arg, error);
}

void engines_close(struct engines *engines)
{
	engine_close(engines->native);
	testrun_close(engines->kernel);
	free(engines->seen);
}

static const struct skua_packet *show_kernel(struct engines *engines,
					     const struct engine_frame *told)
{
	struct skua_frame frame = { told->bytes, told->bytes + told->captured, told->captured };
	struct skua_parsed *parsed = &engines->seen->parsed;
	struct engine_frame shown = *told;
	enum skua_verdict v = skua_parse(&frame, told->length, told->link,
					 engines->options.config.look_through, parsed);

	if (shown.origin < 0)
		shown.origin = v == SKUA_PARSED ? engine_origin(&engines->locals, &parsed->pkt)
						: SKUA_EITHER;
	if (!engines->err)
		engines->err = testrun_frame(engines->kernel, &shown);
	return v == SKUA_PARSED ? &parsed->pkt : NULL;
}

const struct skua_packet *engines_frame(struct engines *engines, const struct engine_frame *frame)
{
	return engines->native ? engine_frame(engines->native, frame) : show_kernel(engines, frame);
}

void engines_skip(struct engines *engines)
{
	engines->skipped++;
}

void engines_tick(struct engines *engines, uint64_t now_s)
{
	if (engines->native)
		engine_tick(engines->native, now_s);
	else if (!engines->err)
		engines->err = testrun_tick(engines->kernel, now_s);
}

uint64_t engines_next(struct engines *engines)
{
	return engines->native ? engine_next(engines->native) : testrun_next(engines->kernel);
}

void engines_stop(struct engines *engines, uint64_t now_ns)
{
	if (engines->native)
		engine_stop(engines->native, now_ns);
	else if (!engines->err)
		engines->err = testrun_stop(engines->kernel, now_ns);
}

void engines_counters(const struct engines *engines, uint64_t out[SKUA_COUNTERS])
{
	memcpy(out,
	       engines->native ? engine_counters(engines->native)
			       : testrun_counters(engines->kernel),
	       SKUA_COUNTERS * sizeof(out[0]));
	out[SKUA_COUNT_LINK] += engines->skipped;
}

uint64_t engines_evictions(const struct engines *engines, enum skua_table which)
{
	return engines->native ? engine_table(engines->native, which)->evictions : 0;
}

uint64_t engines_samples_lost(const struct engines *engines)
{
	if (engines->native)
		return engine_counters(engines->native)[SKUA_COUNT_LOST_SAMPLE] +
		       engine_counters(engines->native)[SKUA_COUNT_SAMPLE_REFUSED];
	return testrun_counter(engines->kernel, SKUA_COUNT_LOST_SAMPLE) +
	       testrun_counter(engines->kernel, SKUA_COUNT_SAMPLE_REFUSED);
}

int engines_arm(struct engines *engines, const struct skua_armed_key *key, uint64_t until_ns)
{
	return engines->native ? engine_arm(engines->native, key, until_ns)
			       : testrun_arm(engines->kernel, key, until_ns);
}

uint64_t engines_arms_given_up(const struct engines *engines)
{
	return engines->native ? engine_arms_given_up(engines->native)
			       : testrun_arms_given_up(engines->kernel);
}
