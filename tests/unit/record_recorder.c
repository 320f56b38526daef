// SPDX-License-Identifier: BSD-2-Clause
/* What a recorder counts, how much of a sample it keeps, and which sizes and files it refuses. */
#include <errno.h>
#include <unistd.h>
#include "record_samples.h"
#include "skua/sample.h"
#include "tap.h"

#define START (1767225600 * SECOND)
#define HUGE_BYTES 5000 /* of a sample: nearly twice the room */

static const struct talk beacon = { 5, 9, 1000, 443, SKUA_TCP };
static const struct talk other = { 6, 9, 1000, 443, SKUA_TCP };

static struct recorder *open_with(uint64_t ring, uint64_t keep, uint32_t pairs)
{
	const struct recorder_options options = { .ring_bytes = ring,
						  .keep_bytes = keep,
						  .pairs = pairs };
	struct recorder *recorder;

	if (recorder_open(&recorder, &options))
		abort();
	return recorder;
}

static struct recorder_counts counts_of(const struct recorder *recorder)
{
	struct recorder_counts counts;

	memset(&counts, 0xff, sizeof(counts));
	recorder_counts(recorder, &counts);
	return counts;
}

static void say(struct recorder *recorder, const struct talk *talk, uint64_t time_ns,
		uint32_t length)
{
	static uint8_t bytes[HUGE_BYTES];
	const struct skua_sample_event event = sample_of(talk, time_ns, true, SKUA_ACK, length);

	for (uint32_t i = 0; i < length; i++)
		bytes[i] = i % 251;
	recorder_sample(recorder, &event, bytes, length);
}

/* The one sample of so many bytes, of which so many are kept, as they were. */
static bool keeps(uint64_t keep_bytes, uint32_t length, uint32_t wanted)
{
	struct recorder *recorder = open_with(0, keep_bytes, 4);
	struct recorder_selector all = { .what = RECORDER_ALL };
	struct recorder_selection got;
	bool good;

	say(recorder, &beacon, START, length);
	if (recorder_select(recorder, &all, &got))
		abort();
	good = got.count == 1 && got.rows[0].captured == wanted &&
	       got.rows[0].event->length == length;
	for (uint32_t i = 0; good && i < wanted; i++)
		good = got.rows[0].bytes[i] == i % 251;
	recorder_selection_fini(&got);
	recorder_close(recorder);
	return good;
}

static void test_room(void)
{
	ok(keeps(0, SKUA_SAMPLE_ROOM, SKUA_SAMPLE_ROOM) &&
		   keeps(1 << 20, SKUA_SAMPLE_ROOM, SKUA_SAMPLE_ROOM),
	   "a sample is kept up to its room");
	ok(keeps(0, SKUA_SAMPLE_ROOM + 1, SKUA_SAMPLE_ROOM) &&
		   keeps(1 << 20, HUGE_BYTES, SKUA_SAMPLE_ROOM),
	   "one that is longer is cut there, and says its length");
	ok(keeps(0, 0, 0), "one without bytes is one, too");
}

static void test_counts(void)
{
	struct recorder *recorder = open_with(0, 1 << 20, 2);
	struct recorder_counts counts = counts_of(recorder);

	ok(!counts.samples && !counts.overwritten && !counts.oldest_ns && !counts.pairs &&
		   !counts.pairs_evicted && !counts.ring_used && !counts.keep_used &&
		   !counts.thinned && !counts.shrunk && !counts.refused && !counts.totals_forgotten,
	   "in the beginning there is nothing");
	ok(counts.ring_size == 64 << 10 && counts.keep_size && counts.keep_size <= 1 << 20 &&
		   counts.pairs_capacity == 2,
	   "but room: a ring has 64 KiB at least");
	say(recorder, &beacon, START, 100);
	say(recorder, &other, START + 1, 100);
	say(recorder, &other, START + 2, 100);
	counts = counts_of(recorder);
	ok(counts.samples == 3 && counts.pairs == 2 && counts.oldest_ns == START &&
		   counts.ring_used >= 300 && counts.keep_used && !counts.overwritten &&
		   !counts.pairs_evicted,
	   "samples, pairs and bytes are counted");
	say(recorder, &(struct talk){ 7, 9, 1000, 443, SKUA_TCP }, START + 3, 100);
	counts = counts_of(recorder);
	ok(counts.pairs == 2 && counts.pairs_evicted == 1, "so are pairs that gave way");
	for (unsigned i = 0; i < 1000; i++)
		say(recorder, &beacon, START + 10 + i, 100);
	counts = counts_of(recorder);
	ok(counts.samples == 1004 && counts.overwritten && counts.ring_used <= counts.ring_size &&
		   counts.ring_used > counts.ring_size - 4096 && counts.oldest_ns > START + 3 &&
		   counts.oldest_ns <= START + 10 + 999,
	   "a full ring forgets the oldest, and says from when on it is whole");
	recorder_close(recorder);
	recorder = open_with((64 << 10) + 1, 1, 2);
	counts = counts_of(recorder);
	ok(counts.ring_size == (64 << 10) + 4096, "sizes are rounded up to pages");
	recorder_close(recorder);
}

static int open_file(const char *file, uint64_t ring, uint64_t keep)
{
	const struct recorder_options options = {
		.ring_bytes = ring, .keep_bytes = keep, .pairs = 2, .file = file
	};
	struct recorder *recorder = NULL;
	int err = recorder_open(&recorder, &options);

	if (!err)
		say(recorder, &beacon, START, 100);
	recorder_close(recorder);
	return err;
}

static void test_refused(void)
{
	const uint64_t most = 1ull << 44;
	const char *where = getenv("TMPDIR");
	char folder[200], file[256];

	ok(open_file(NULL, most + 1, 0) == -EFBIG && open_file(NULL, 0, most + 1) == -EFBIG,
	   "more than 16 TiB is refused");
	snprintf(folder, sizeof(folder), "%s/skua-recorder-XXXXXX", where ? where : "/tmp");
	if (!mkdtemp(folder))
		abort();
	snprintf(file, sizeof(file), "%s/recorder", folder);
	ok(!open_file(file, 0, 1 << 16) && access(file, F_OK) && errno == ENOENT,
	   "it may lie in a file, which nobody else sees");
	fclose(fopen(file, "w"));
	ok(open_file(file, 0, 1 << 16) == -EEXIST && !access(file, F_OK),
	   "one that is there is refused, and stays");
	unlink(file);
	if (symlink("elsewhere", file))
		abort();
	ok(open_file(file, 0, 1 << 16) == -EEXIST, "so is a link");
	unlink(file);
	rmdir(folder);
	recorder_close(NULL);
}

int main(void)
{
	test_room();
	test_counts();
	test_refused();
	return done();
}
