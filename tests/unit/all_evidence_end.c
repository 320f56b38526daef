// SPDX-License-Identifier: BSD-2-Clause
/* Selecting packets has its time, of each turn and at the end, and the disk has its own. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>
#include "base/log.h"
#include "run/run_state.h"
#include "skua/packet.h"
#include "patience.h"
#include "tap.h"

#define SECOND 1000000000ull
#define START (1767225600 * SECOND)
#define SELECT_S 2 /* as run_evidence.c has it */
#define TURN_NS (SECOND / 20)
#define FLOOD (EVIDENCE_WAITING + 50u)

static char directory[] = "/tmp/skua-end-XXXXXX";
static volatile sig_atomic_t stopped;
static struct run_evidence evidence;
static unsigned files, errors;
static uint64_t clock_ns, step_ns; /* each look at the clock takes so long */

uint64_t run_clock_ns(clockid_t which)
{
	(void)which;
	return clock_ns += step_ns;
}

/* A disk that works and has room, whatever else this machine's has to do. */
int fdatasync(int fd)
{
	return -(fd < 0);
}

int fstatvfs(int fd, struct statvfs *out)
{
	*out = (struct statvfs){ .f_frsize = 4096, .f_blocks = 1 << 30, .f_bavail = 1 << 30 };
	return -(fd < 0);
}

static int on_record(struct sink *sink, const struct record *record)
{
	(void)sink;
	if (record->kind == RECORD_FINDING) {
		files += record->finding->snapshot.file[0] != '\0';
		errors += record->finding->snapshot.error != 0;
	}
	return 0;
}

static struct sink sink = { .write = on_record };

static void begin(const char *name)
{
	struct pipeline_options options = PIPELINE_OPTIONS_DEFAULT;
	static struct run_capture capture;
	static struct run_settings settings;
	static char path[64];
	const struct privs_account account = { .change = false };

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	settings = (struct run_settings){ .snapshots = path, .snapshots_mb = 100 };
	stopped = 0;
	files = errors = 0;
	clock_ns = SECOND;
	step_ns = 0;
	evidence = (struct run_evidence){ .stopped = &stopped };
	if (run_evidence_prepare(&evidence, &settings, &capture, &account))
		abort();
	evidence.options.recorder.ring_bytes = evidence.options.recorder.keep_bytes = 1 << 20;
	evidence.options.lost = NULL;
	evidence.options.arm = NULL;
	options.evidence = &evidence.options;
	options.sinks[0] = &sink;
	if (pipeline_open(&evidence.pipeline, &options) || run_evidence_open(&evidence))
		abort();
}

static struct address host(uint32_t number)
{
	const uint8_t last[4] = { 10, number >> 16, number >> 8, number };
	struct address address = { .bytes = { [10] = 0xff, [11] = 0xff } };

	memcpy(address.bytes + 12, last, sizeof(last));
	return address;
}

/* One packet of a pair, and a finding about it. */
static void find(unsigned number)
{
	static const uint8_t bytes[100];
	struct skua_flow_key key = { .low_port = 1000, .high_port = 443, .proto = SKUA_TCP };
	struct skua_sample_event event = { .length = sizeof(bytes),
					   .captured = sizeof(bytes),
					   .payload = sizeof(bytes) - 54,
					   .offset = 54,
					   .tcp_flags = SKUA_ACK,
					   .ours = true,
					   .from_client = true };
	struct finding finding = { .kind = FINDING_BEACON,
				   .src = host(number),
				   .dst = host(100000),
				   .has_dst = true,
				   .dport = 443,
				   .proto = SKUA_TCP,
				   .first_ns = START,
				   .trigger_ns = START };

	memcpy(key.low, &finding.src, 16);
	memcpy(key.high, &finding.dst, 16);
	skua_event_init(&event.head, SKUA_EVENT_SAMPLE, &key, 1, START);
	snprintf(finding.id, sizeof(finding.id), "%032x", number + 1);
	evidence_sample(pipeline_evidence(evidence.pipeline), &event, bytes);
	evidence_finding(pipeline_evidence(evidence.pipeline), &finding, START + EVIDENCE_POST_NS);
}

static uint64_t loss(const char *name)
{
	struct stats stats = {};

	run_evidence_stats(&evidence, &stats);
	for (unsigned i = 0; i < stats.table_count; i++)
		if (!strcmp(stats.tables[i].name, name))
			return stats.tables[i].packets;
	return 0;
}

static void end(void)
{
	run_evidence_close(&evidence);
	pipeline_close(evidence.pipeline);
}

static void test_enough(void)
{
	begin("enough");
	for (unsigned i = 0; i < 200; i++)
		find(i);
	run_evidence_ending(&evidence);
	pipeline_tick(evidence.pipeline, START + 40 * SECOND);
	pipeline_finish(evidence.pipeline);
	/* The time for selecting is over, and what others did meanwhile took long. */
	clock_ns += 100 * SECOND;
	run_evidence_finish(&evidence);
	ok(files == 200 && !errors && !loss("snapshots_disk_slow") && !loss("snapshots_unmade"),
	   "a disk that works gets all that was selected, however long that took");
	end();
}

/* More than may wait for the disk, at once: as in the ticks behind the last packet. */
static void test_burst(void)
{
	begin("burst");
	run_evidence_ending(&evidence);
	for (unsigned i = 0; i < 3 * EVIDENCE_WAITING; i++)
		find(i);
	pipeline_tick(evidence.pipeline, START + 40 * SECOND);
	run_evidence_finish(&evidence);
	ok(files == 3 * EVIDENCE_WAITING && !errors && !loss("snapshots_disk_slow"),
	   "a burst at the end waits for the disk and is not refused");
	end();
}

static void test_slow(bool signal)
{
	unsigned made;

	begin(signal ? "told" : "slow");
	for (unsigned i = 0; i < EVIDENCE_WAITING; i++)
		find(i);
	if (signal)
		stopped = 1;
	else
		run_evidence_ending(&evidence);
	step_ns = SECOND / 50;
	pipeline_tick(evidence.pipeline, START + 40 * SECOND);
	run_evidence_finish(&evidence);
	made = files;
	printf("# %u of %u were made\n", made, EVIDENCE_WAITING);
	ok(made > 1 && made <= SELECT_S * 50 + 1,
	   signal ? "it counts from the moment somebody says so, though the loop is busy"
		  : "selecting ends when its time is over");
	ok(loss("snapshots_unmade") == EVIDENCE_WAITING - made && !loss("snapshots_disk_slow") &&
		   errors == EVIDENCE_WAITING - made,
	   "what it did not come to is said and counted as unmade, not as a disk's fault");
	end();
}

/* The disk is no part of it: all that was selected before is written. */
static void wait_for_disk(void)
{
	struct publisher_counts counts;

	do {
		usleep(1000);
		publisher_counts(evidence.publisher, &counts);
	} while (counts.waiting);
}

/* Of our clock, the time that this turn took; found: findings that come in it. */
static uint64_t turn(unsigned found, uint64_t tick_ns)
{
	uint64_t begun_ns = clock_ns;

	run_evidence_turn(&evidence);
	for (unsigned i = 0; i < found; i++)
		find(i);
	pipeline_tick(evidence.pipeline, tick_ns);
	run_evidence_tick(&evidence, tick_ns);
	return clock_ns - begun_ns;
}

static void test_flood(void)
{
	uint64_t longest_ns, ns;
	unsigned turns = 1;

	begin("flood");
	step_ns = SECOND / 100; /* that long takes a selection */
	longest_ns = turn(FLOOD, START + SECOND);
	for (; files + errors < FLOOD && turns < FLOOD; turns++) {
		wait_for_disk();
		ns = turn(0, START + 40 * SECOND);
		longest_ns = ns > longest_ns ? ns : longest_ns;
	}
	printf("# %u turns, the longest %.0f ms\n", turns, longest_ns / 1e6);
	/* Half of the time passes between selections: the clock moves at each look. */
	ok(longest_ns <= 2 * TURN_NS + 2 * step_ns,
	   "neither a flood of findings nor that they are due at once holds up a turn of the loop");
	ok(files == FLOOD && !errors && !loss("snapshots_unmade") && !loss("snapshots_crowded"),
	   "and each has its file");
	end();
}

/* More than may wait for time as well. */
static void test_crowd(void)
{
	const unsigned room = EVIDENCE_WAITING + EVIDENCE_DUE;

	begin("crowd");
	for (unsigned i = 0; i < room + 7; i++)
		find(i);
	ok(errors == 7 && loss("snapshots_crowded") == 7 && !loss("snapshots_unmade"),
	   "who goes without because of too many others is counted as such");
	end();
}

int main(void)
{
	char command[64];

	alarm(600);
	log_set_level(LOG_ERROR);
	if (!mkdtemp(directory))
		abort();
	test_enough();
	test_burst();
	test_flood();
	test_crowd();
	test_slow(false);
	test_slow(true);
	snprintf(command, sizeof(command), "rm -r %s", directory);
	return system(command) || done();
}
