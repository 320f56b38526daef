// SPDX-License-Identifier: BSD-2-Clause
/* A disk that hangs holds nobody up for long, whatever somebody does to the clock meanwhile. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "base/log.h"
#include "session/state_keeper.h"
#include "patience.h"
#include "tap.h"

#define BOUND_S 40 /* of the four seconds that it may take, on a busy machine */

/* A disk that answers when it is told to. */
static struct disk {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool stalls;
	unsigned asked, written;
} disk = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, 0, 0 };

static char directory[] = "/tmp/skua-state-XXXXXX";

int fdatasync(int fd)
{
	(void)fd;
	pthread_mutex_lock(&disk.lock);
	disk.asked++;
	pthread_cond_broadcast(&disk.changed);
	while (disk.stalls)
		pthread_cond_wait(&disk.changed, &disk.lock);
	disk.written++;
	pthread_mutex_unlock(&disk.lock);
	return 0;
}

/* Somebody sets it back by an hour at once. */
int clock_gettime(clockid_t clock, struct timespec *now)
{
	int err = (int)syscall(SYS_clock_gettime, clock, now);

	now->tv_sec += clock == CLOCK_REALTIME ? 3600 : 0;
	return err;
}

static void stall(bool stalls)
{
	hasty = stalls;
	pthread_mutex_lock(&disk.lock);
	disk.stalls = stalls;
	pthread_cond_broadcast(&disk.changed);
	pthread_mutex_unlock(&disk.lock);
}

static unsigned wait_asked(unsigned times)
{
	unsigned written;

	pthread_mutex_lock(&disk.lock);
	while (disk.asked < times)
		pthread_cond_wait(&disk.changed, &disk.lock);
	written = disk.written;
	pthread_mutex_unlock(&disk.lock);
	return written;
}

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static struct state_keeper *begin(void)
{
	static char path[64];
	const struct state_options options = { .path = path, .uid = -1, .gid = -1 };
	struct state_keeper *keeper = NULL;

	snprintf(path, sizeof(path), "%s/state", directory);
	disk.asked = disk.written = 0;
	if (state_open(&keeper, &options) || state_start(keeper))
		abort();
	state_tick(keeper, 1);
	return keeper;
}

static off_t size_now(void)
{
	char path[64];
	struct stat status;

	snprintf(path, sizeof(path), "%s/state", directory);
	return stat(path, &status) ? -1 : status.st_size;
}

static bool has_written(unsigned times)
{
	char path[64];
	bool written;

	snprintf(path, sizeof(path), "%s/state.part", directory);
	pthread_mutex_lock(&disk.lock);
	written = disk.written == times;
	pthread_mutex_unlock(&disk.lock);
	return written && access(path, F_OK) && errno == ENOENT && size_now() > 0;
}

static void test_works(void)
{
	struct state_keeper *keeper = begin();

	ok(!state_finish(keeper) && disk.written == 1 && size_now() > 0,
	   "at the end it is written once");
	state_close(keeper);
}

/* One is on its way when the end comes: the last goes behind it. */
static void test_behind(void)
{
	struct state_keeper *keeper = begin();
	double begun;

	stall(true);
	state_tick(keeper, 1 + STATE_FIRST_NS);
	ok(wait_asked(1) == 0, "the disk stalls");
	waits_begun = 0;
	begun = now_s();
	state_end(keeper);
	ok(!waits_begun && now_s() - begun < BOUND_S, "handing over the last waits for nobody");
	stall(false);
	ok(!state_finish(keeper) && disk.written == 2, "and it is written behind the one before");
	state_close(keeper);
}

static void test_hangs(void)
{
	struct state_keeper *keeper = begin();
	double begun;

	stall(true);
	state_tick(keeper, 1 + STATE_FIRST_NS);
	wait_asked(1);
	begun = now_s();
	ok(state_finish(keeper) == -ETIMEDOUT && now_s() - begun > 3 && now_s() - begun < BOUND_S,
	   "a disk that never answers is given up");
	waits_begun = 0;
	begun = now_s();
	state_close(keeper);
	ok(!waits_begun && now_s() - begun < BOUND_S, "and not waited for once more");
	stall(false);
	/* The thread goes on in what is its own: the one that hung, and the last behind it. */
	for (int i = 0; i < 6000 && !has_written(2); i++)
		usleep(10000);
	ok(has_written(2), "the thread that woke up late wrote it");
}

int main(void)
{
	char command[64];

	alarm(600);
	if (!mkdtemp(directory))
		abort();
	test_works();
	test_behind();
	test_hangs();
	snprintf(command, sizeof(command), "rm -r %s", directory);
	return system(command) || done();
}
