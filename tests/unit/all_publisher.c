// SPDX-License-Identifier: BSD-2-Clause
/* A disk that stalls stops nothing but evidence. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/log.h"
#include "session/publisher.h"
#include "patience.h"
#include "tap.h"

#define PATIENCE_MS 120000 /* a busy machine is slow, not wrong */

/* A disk that answers when it is told to. */
static struct disk {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool stalls;
	unsigned proved;
} disk = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, 0 };

static char directory[] = "/tmp/skua-publisher-XXXXXX";
static struct vault *vault;
static const struct sink_envelope envelope = { .host = "test", .mode = "live" };
static unsigned made;

static const char *prove(void *arg, const char *path, const struct finding *finding)
{
	(void)arg;
	(void)path;
	(void)finding;
	pthread_mutex_lock(&disk.lock);
	while (disk.stalls)
		pthread_cond_wait(&disk.changed, &disk.lock);
	disk.proved++;
	pthread_mutex_unlock(&disk.lock);
	return "packets";
}

int fdatasync(int fd)
{
	return -(fd < 0);
}

static void stall(bool stalls)
{
	hasty = stalls;
	pthread_mutex_lock(&disk.lock);
	disk.stalls = stalls;
	pthread_cond_broadcast(&disk.changed);
	pthread_mutex_unlock(&disk.lock);
}

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static struct publisher *begin(void)
{
	const struct publish publish = { .vault = vault, .envelope = &envelope, .prove = prove };
	struct publisher *publisher = NULL;

	if (publisher_open(&publisher, &publish))
		abort();
	return publisher;
}

static bool put(struct publisher *publisher, size_t length, struct finding *finding)
{
	struct evidence_item item = { .part = 1,
				      .length = length,
				      .begun_ns = 1767225600000000000 };

	item.bytes = calloc(1, length);
	item.finding.kind = FINDING_BEACON;
	item.finding.trigger_ns = item.begun_ns;
	snprintf(item.finding.id, sizeof(item.finding.id), "%032x", ++made);
	return publisher_put(publisher, &item, finding);
}

static unsigned take_all(struct publisher *publisher, bool *in_order)
{
	struct finding finding;
	unsigned taken = 0, last = 0;

	for (; publisher_take(publisher, &finding); taken++) {
		unsigned number = strtoul(finding.id, NULL, 16);

		*in_order &= number > last && finding.snapshot.file[0] && finding.snapshot.proof;
		last = number;
	}
	return taken;
}

static void test_works(void)
{
	struct publisher *publisher = begin();
	struct publisher_counts counts;
	struct finding finding;
	bool good = true;

	for (int i = 0; i < 20; i++)
		good &= put(publisher, 1000, &finding);
	publisher_tick(publisher, 1767225600000000000);
	ok(good && publisher_drain(publisher, PATIENCE_MS) && take_all(publisher, &good) == 20 &&
		   good,
	   "what was put comes back in its order, with its file");
	publisher_counts(publisher, &counts);
	ok(!counts.waiting && !counts.waiting_bytes && !counts.refused && !counts.failed,
	   "then nothing waits, and nothing was refused");
	ok(!put(publisher, 1000, &finding) && finding.snapshot.error == -ENOBUFS,
	   "what comes after the end is refused, not lost in silence");
	ok(publisher_close(publisher), "and the thread ends");
	publisher = begin();
	put(publisher, 1000, &finding);
	ok(publisher_close(publisher), "closing without a drain writes what is left");
}

static void test_stall(void)
{
	struct publisher *publisher = begin();
	struct publisher_counts counts;
	struct finding finding;
	unsigned accepted = 0, refused = 0;
	double begun, longest = 0;
	bool good = true;

	stall(true);
	waits_begun = 0;
	for (int i = 0; i < 400; i++) {
		begun = now_s();
		if (put(publisher, 1000, &finding))
			accepted++;
		else
			refused += finding.snapshot.error == -ENOBUFS && !finding.snapshot.file[0];
		publisher_tick(publisher, i + 1);
		good &= !publisher_take(publisher, &finding);
		if (now_s() - begun > longest)
			longest = now_s() - begun;
	}
	publisher_counts(publisher, &counts);
	printf("# figure: longest put, tick and take beside a disk that stalls: %.3f ms\n",
	       longest * 1e3);
	ok(good && accepted == PUBLISHER_ITEMS && refused == 400 - PUBLISHER_ITEMS &&
		   counts.refused == refused && counts.waiting == PUBLISHER_ITEMS,
	   "while the disk stalls 256 wait, and the others are refused and counted");
	ok(!waits_begun && longest < 10, "and nobody waited for the disk");
	begun = now_s();
	ok(!publisher_drain(publisher, 300) && now_s() - begun >= 0.29 && now_s() - begun < 60,
	   "a drain in vain takes as long as it was told");
	stall(false);
	ok(publisher_drain(publisher, PATIENCE_MS) &&
		   take_all(publisher, &good) == PUBLISHER_ITEMS && good,
	   "when the disk answers again, all that waited is written");
	ok(publisher_close(publisher), "and the thread ends");
}

static void test_bytes(void)
{
	struct publisher *publisher = begin();
	struct publisher_counts counts;
	struct finding finding;

	stall(true);
	ok(put(publisher, PUBLISHER_BYTES / 2, &finding) &&
		   put(publisher, PUBLISHER_BYTES / 2, &finding) && !put(publisher, 1, &finding) &&
		   finding.snapshot.error == -ENOBUFS,
	   "as many bytes wait as are allowed, and not one more");
	stall(false);
	ok(publisher_drain(publisher, PATIENCE_MS), "then they are written");
	publisher_counts(publisher, &counts);
	ok(!counts.waiting_bytes && counts.refused == 1, "and no longer count");
	publisher_close(publisher);
}

/* The recorder had nothing, or there was no time. */
static void test_unmade(void)
{
	const struct evidence_item item = { .part = 1, .finding.snapshot.error = -ENOENT };
	struct publisher *publisher = begin();
	struct publisher_counts counts;
	struct finding finding;
	bool good = true;

	stall(true);
	for (int i = 0; i < 2 * PUBLISHER_ITEMS; i++)
		good &= !publisher_put(publisher, &item, &finding) &&
			finding.snapshot.error == -ENOENT;
	publisher_counts(publisher, &counts);
	ok(good && counts.unmade == 2 * PUBLISHER_ITEMS && !counts.refused && !counts.waiting,
	   "what could not be made waits for no disk, and is not counted as its fault");
	stall(false);
	publisher_close(publisher);
}

static unsigned proved(void)
{
	unsigned count;

	pthread_mutex_lock(&disk.lock);
	count = disk.proved;
	pthread_mutex_unlock(&disk.lock);
	return count;
}

static void test_hang(void)
{
	unsigned before = proved();
	struct publisher *publisher = begin();
	struct publisher_counts counts;
	struct finding finding;
	double begun;

	stall(true);
	put(publisher, 1000, &finding);
	put(publisher, PUBLISHER_BYTES - 1000, &finding);
	begun = now_s();
	ok(!publisher_wait(publisher, 1, 200) && now_s() - begun >= 0.19,
	   "for room on it nobody waits for ever");
	ok(!publisher_drain(publisher, 200), "of a disk that never answers a drain gives up");
	publisher_give_up(publisher);
	publisher_counts(publisher, &counts);
	ok(publisher_take(publisher, &finding) && finding.snapshot.error == -ETIMEDOUT &&
		   !finding.snapshot.file[0] && counts.refused == 2 &&
		   publisher_take(publisher, &finding) && !publisher_take(publisher, &finding),
	   "what it did not write comes back with an error, and is counted");
	longest_wait_ms = 0;
	ok(!publisher_close(publisher) && longest_wait_ms <= 0,
	   "close does not wait again, and leaves what the thread uses");
	stall(false);
	/* The thread goes on in memory that is still its own, and ends. */
	ok(publisher_drain(publisher, PATIENCE_MS) && proved() == before + 1,
	   "the thread that woke up late did no harm");
	ok(publisher_close(publisher), "and what it used can go");
}

int main(void)
{
	struct vault_options options = { .directory = directory };
	char error[VAULT_ERROR_SIZE], command[64];

	alarm(600); /* who waits for the stalled disk waits for ever */
	log_set_level(LOG_ERROR);
	if (!mkdtemp(directory) || vault_open(&vault, &options, error))
		abort();
	test_works();
	test_stall();
	test_bytes();
	test_unmade();
	test_hang();
	vault_close(vault);
	snprintf(command, sizeof(command), "rm -r %s", directory);
	return system(command) || done();
}
