// SPDX-License-Identifier: BSD-2-Clause
/* How long one turn of the agent's loop takes when a thousand findings come at once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/log.h"
#include "run/run_state.h"
#include "skua/packet.h"

#define START (1767225600 * SKUA_SECOND_NS)
#define FINDINGS 1000u
#define SERVERS 60u /* of each host */
#define SAMPLES 400000u
#define FRAME 100u
#define TURN_US 15000 /* between two turns of an idle loop */
#define TURNS_MAX 2000u
#define MS 1e6

static char directory[] = "/tmp/skua-bench-XXXXXX";
static struct run_evidence evidence;
static unsigned files, errors;

static int on_record(struct sink *sink, const struct record *record)
{
	(void)sink;
	if (record->kind == RECORD_FINDING) {
		files += record->finding->snapshot.file[0] != '\0';
		errors += record->finding->snapshot.error != 0;
	}
	return 0;
}

static void open_all(void)
{
	static struct sink sink = { .write = on_record };
	static struct run_capture capture;
	static volatile sig_atomic_t stopped;
	static struct run_settings settings = { .snapshots = directory, .snapshots_mb = 1000 };
	struct pipeline_options options = PIPELINE_OPTIONS_DEFAULT;
	const struct privs_account account = { .change = false };

	evidence.stopped = &stopped;
	if (!mkdtemp(directory) || run_evidence_prepare(&evidence, &settings, &capture, &account))
		exit(1);
	evidence.options.recorder = (struct recorder_options)RECORDER_OPTIONS_DEFAULT;
	evidence.options.lost = NULL;
	evidence.options.arm = NULL;
	options.evidence = &evidence.options;
	options.sinks[0] = &sink;
	if (pipeline_open(&evidence.pipeline, &options) || run_evidence_open(&evidence))
		exit(1);
}

static struct address host(uint32_t net, uint32_t number)
{
	const uint8_t last[4] = { net, number >> 16, number >> 8, number };
	struct address address = { .bytes = { [10] = 0xff, [11] = 0xff } };

	memcpy(address.bytes + 12, last, sizeof(last));
	return address;
}

static void say(unsigned n)
{
	static const uint8_t bytes[FRAME];
	const struct address client = host(10, n % FINDINGS),
			     server = host(198, n / FINDINGS % SERVERS);
	struct skua_flow_key key = { .low_port = 1000, .high_port = 443, .proto = SKUA_TCP };
	struct skua_sample_event event = { .length = FRAME,
					   .captured = FRAME,
					   .payload = FRAME - 54,
					   .offset = 54,
					   .tcp_flags = SKUA_ACK,
					   .ours = true,
					   .from_client = true };

	memcpy(key.low, &client, 16);
	memcpy(key.high, &server, 16);
	skua_event_init(&event.head, SKUA_EVENT_SAMPLE, &key, 1, START + n);
	evidence_sample(pipeline_evidence(evidence.pipeline), &event, bytes);
}

static void find(unsigned number)
{
	struct finding finding = { .kind = FINDING_SCAN,
				   .src = host(10, number),
				   .score = 0.5,
				   .first_ns = START,
				   .trigger_ns = START };

	snprintf(finding.id, sizeof(finding.id), "%032x", number + 1);
	evidence_finding(pipeline_evidence(evidence.pipeline), &finding, START + EVIDENCE_POST_NS);
}

struct cost {
	double ms, processor_ms;
};

/* One turn, as the loop makes them: what came is read, a second judged. */
static struct cost turn(unsigned findings, uint64_t tick_ns)
{
	uint64_t begun_ns = run_clock_ns(CLOCK_MONOTONIC);
	uint64_t processor_ns = run_clock_ns(CLOCK_THREAD_CPUTIME_ID);

	run_evidence_turn(&evidence);
	for (unsigned i = 0; i < findings; i++)
		find(i);
	if (tick_ns) {
		pipeline_tick(evidence.pipeline, tick_ns);
		run_evidence_tick(&evidence, tick_ns);
	}
	return (struct cost){ (run_clock_ns(CLOCK_MONOTONIC) - begun_ns) / MS,
			      (run_clock_ns(CLOCK_THREAD_CPUTIME_ID) - processor_ns) / MS };
}

/* Seconds are judged behind them; until all files are made. */
static void turns(const char *name, unsigned findings, uint64_t tick_ns, unsigned wanted)
{
	uint64_t begun_ns = run_clock_ns(CLOCK_MONOTONIC);
	struct cost longest = {}, most = {};
	unsigned n = 0;

	while (n < TURNS_MAX && (!n || files + errors < wanted)) {
		struct cost cost = turn(n ? 0 : findings, n && n % 20 ? 0 : tick_ns);

		longest = cost.ms > longest.ms ? cost : longest;
		most = cost.processor_ms > most.processor_ms ? cost : most;
		n++;
		usleep(TURN_US);
	}
	printf("%-26s longest turn %8.1f ms, of a processor at most %8.1f; %u turns, %.1f s\n",
	       name, longest.ms, most.processor_ms, n,
	       (run_clock_ns(CLOCK_MONOTONIC) - begun_ns) / 1e9);
}

int main(void)
{
	struct stats stats = {};
	char command[64];

	log_set_level(LOG_ERROR);
	open_all();
	for (unsigned n = 0; n < SAMPLES; n++)
		say(n);
	printf("\nA flood of findings, the recorder full: turns of the agent's loop\n");
	turns("1,000 findings at once", FINDINGS, START + SKUA_SECOND_NS,
	      FINDINGS - EVIDENCE_WAITING);
	turns("those that waited are due", 0, START + 40 * SKUA_SECOND_NS, FINDINGS);
	run_evidence_ending(&evidence);
	pipeline_finish(evidence.pipeline);
	run_evidence_finish(&evidence);
	run_evidence_stats(&evidence, &stats);
	printf("%u files, %u without", files, errors);
	for (unsigned i = 0; i < stats.table_count; i++)
		printf("; %s %llu", stats.tables[i].name,
		       (unsigned long long)stats.tables[i].packets);
	printf("\n");
	run_evidence_close(&evidence);
	pipeline_close(evidence.pipeline);
	snprintf(command, sizeof(command), "rm -r %s", directory);
	return system(command) != 0;
}
