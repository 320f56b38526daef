// SPDX-License-Identifier: BSD-2-Clause
/*
 * The sweep of the kernel engine: reads its maps on ticks, says what silence
 * decided, deletes what it has said.  The programs write, the sweep deletes.
 */
#include <errno.h>
#include <bpf/bpf.h>
#include "skua/sighting.h"
#include "capture/testrun_state.h"

static int read_table(struct testrun *testrun, enum skua_table which)
{
	return map_copy_read(&testrun->copies[which], testrun_map_fd(testrun, which));
}

static int forget_entry(struct testrun *testrun, enum skua_table which, size_t i)
{
	const void *key = map_copy_key(&testrun->copies[which], i);

	return bpf_map_delete_elem(testrun_map_fd(testrun, which), key) ? -errno : 0;
}

/* An entry that stays will be due then. */
static void look_at(struct testrun *testrun, uint64_t deadline_ns)
{
	uint64_t second = (deadline_ns + SKUA_SECOND_NS - 1) / SKUA_SECOND_NS;

	if (second < testrun->look_s)
		testrun->look_s = second;
}

static int sweep_pending(struct testrun *testrun, uint64_t now_ns)
{
	const struct skua_config *config = &testrun->options.engine.config;
	const struct map_copy *copy = &testrun->copies[SKUA_TABLE_PENDING];
	int err = read_table(testrun, SKUA_TABLE_PENDING);

	for (size_t i = 0; !err && i < copy->count; i++) {
		const struct skua_pending *pending = map_copy_value(copy, i);

		if (skua_contact_expired(pending, config, now_ns)) {
			sweep_say_timeout(&testrun->sweep, map_copy_key(copy, i), pending, now_ns);
			err = forget_entry(testrun, SKUA_TABLE_PENDING, i);
		} else {
			look_at(testrun, pending->first_ns + config->contact_timeout_ns);
		}
	}
	return err;
}

static int sweep_source(struct testrun *testrun, size_t i, uint64_t now_ns)
{
	const struct skua_config *config = &testrun->options.engine.config;
	const struct map_copy *copy = &testrun->copies[SKUA_TABLE_SOURCES];
	const struct skua_source *source = map_copy_value(copy, i);
	uint64_t idle_ns = sweep_source_last_ns(source) + SWEEP_SOURCE_IDLE_NS;

	if (skua_source_slot_expires(source, config, testrun->last_tick_ns, now_ns))
		sweep_say_timeout(&testrun->sweep, &source->slot_key, &source->slot, now_ns);
	else if (source->slot.stage != SKUA_STAGE_NONE &&
		 source->slot.first_ns + config->contact_timeout_ns > now_ns)
		look_at(testrun, source->slot.first_ns + config->contact_timeout_ns);
	if (skua_source_overflowed(source, testrun->last_tick_ns, now_ns))
		sweep_say_overflow(&testrun->sweep, map_copy_key(copy, i), source, now_ns);
	else if (source->overflow_ns >= now_ns)
		look_at(testrun, source->overflow_ns + 1);
	if (idle_ns <= now_ns)
		return forget_entry(testrun, SKUA_TABLE_SOURCES, i);
	look_at(testrun, idle_ns);
	return 0;
}

static int sweep_sources(struct testrun *testrun, uint64_t now_ns)
{
	int err = read_table(testrun, SKUA_TABLE_SOURCES);

	for (size_t i = 0; !err && i < testrun->copies[SKUA_TABLE_SOURCES].count; i++)
		err = sweep_source(testrun, i, now_ns);
	return err;
}

/* Flows that are over, or at the end all of them. */
static int sweep_flows(struct testrun *testrun, enum skua_table which, enum skua_flow_reason reason,
		       uint64_t now_ns)
{
	const struct map_copy *copy = &testrun->copies[which];
	int err = read_table(testrun, which);

	for (size_t i = 0; !err && i < copy->count; i++) {
		const struct skua_flow_key *key = map_copy_key(copy, i);
		const struct skua_flow *flow = map_copy_value(copy, i);
		uint64_t deadline_ns = skua_flow_deadline(flow, key->proto);

		if (reason == SKUA_FLOW_IDLE && deadline_ns > now_ns) {
			look_at(testrun, deadline_ns);
			continue;
		}
		sweep_say_flow(&testrun->sweep, key, flow, reason, which == SKUA_TABLE_OUT, now_ns);
		err = forget_entry(testrun, which, i);
	}
	return err;
}

/* latest_s: when to look again, should nothing be due before. */
static int sweep_all(struct testrun *testrun, uint64_t now_s, uint64_t latest_s)
{
	uint64_t now_ns = now_s * SKUA_SECOND_NS;
	int err;

	testrun->look_s = latest_s;
	err = sweep_pending(testrun, now_ns);
	if (!err)
		err = sweep_sources(testrun, now_ns);
	testrun->last_tick_ns = now_ns;
	if (!err)
		err = sweep_flows(testrun, SKUA_TABLE_OUT, SKUA_FLOW_IDLE, now_ns);
	if (!err)
		err = sweep_flows(testrun, SKUA_TABLE_IN, SKUA_FLOW_IDLE, now_ns);
	return err;
}

int testrun_tick(struct testrun *testrun, uint64_t now_s)
{
	uint64_t overflow = testrun_counters(testrun)[SKUA_COUNT_OVERFLOW];
	/* No entry made from now on is due earlier. */
	uint64_t latest_s =
		now_s + testrun->options.engine.config.contact_timeout_ns / SKUA_SECOND_NS;
	bool look = now_s >= testrun->look_s || overflow != testrun->overflow;

	testrun->overflow = overflow;
	armed_tick(&testrun->armed, now_s * SKUA_SECOND_NS);
	if (look)
		return sweep_all(testrun, now_s, latest_s);
	testrun->last_tick_ns = now_s * SKUA_SECOND_NS;
	if (testrun->look_s > latest_s)
		testrun->look_s = latest_s;
	return 0;
}

uint64_t testrun_next(struct testrun *testrun)
{
	/* At a second that has been swept, a sweep only finds out what is due next. */
	if (sweep_all(testrun, testrun->last_tick_ns / SKUA_SECOND_NS, UINT64_MAX))
		return testrun->last_tick_ns / SKUA_SECOND_NS + 1;
	return testrun->look_s;
}

int testrun_stop(struct testrun *testrun, uint64_t now_ns)
{
	int err = sweep_flows(testrun, SKUA_TABLE_OUT, SKUA_FLOW_STOP, now_ns);

	return err ? err : sweep_flows(testrun, SKUA_TABLE_IN, SKUA_FLOW_STOP, now_ns);
}
