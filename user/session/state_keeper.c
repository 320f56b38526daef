// SPDX-License-Identifier: BSD-2-Clause
/* Keeps what outlives a run in its file. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include "base/kept_file.h"
#include "base/log.h"
#include "base/remedy.h"
#include "base/privs.h"
#include "session/state_keeper.h"
#include "track/memory_file.h"

#define FINISH_S 4     /* for a disk that hangs */
#define FILE_MODE 0600 /* who sends how much is nobody's business */

struct state_keeper {
	const char *path;
	struct kept_file file;
	struct memory memory;
	uint64_t due_ns; /* when it is handed over next; 0: not known yet */
	bool started;
	pthread_t thread;
	pthread_mutex_t lock; /* of all that follows */
	pthread_cond_t changed;
	void *bytes; /* waits to be written, or is; NULL: nothing does */
	size_t size;
	void *last; /* comes behind it, and nothing after that */
	size_t last_size;
	int err; /* of the last time, not said yet */
	bool ending, confined;
	bool unpacked;         /* there was no memory for the last */
	bool hangs;            /* it was waited for in vain */
	struct timespec until; /* CLOCK_MONOTONIC: how long it is waited for, once it is ending */
};

static const char *why_refused(int err)
{
	switch (err) {
	case -EPROTO:
		return "it is no state of skua";
	case -ENOTSUP:
		return "it is of another version of skua";
	case -ENODATA:
		return "it is cut short";
	case -EBADMSG:
		return "it is damaged";
	case -EFBIG:
		return "it holds more than this skua has room for";
	default:
		return strerror(-err);
	}
}

/* Deadlines are on a clock that nobody sets. */
static void init_lock(struct state_keeper *keeper)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&keeper->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	pthread_mutex_init(&keeper->lock, NULL);
}

/* Nobody loses a file because this program cannot read it. */
static int refuse(struct state_keeper *keeper, int err)
{
	char aside[KEPT_FILE_NAME];
	int moved = kept_file_set_aside(&keeper->file, aside);

	if (moved)
		log_error("--state %s: %s, and it cannot be renamed: %s; move it away",
			  keeper->path, why_refused(err), strerror(-moved));
	else
		log_error("--state %s: %s; begins with nothing, the file is now %s beside it: give "
			  "it its name back to try again",
			  keeper->path, why_refused(err), aside);
	return moved;
}

static int load(struct state_keeper *keeper)
{
	void *bytes = NULL;
	size_t size = 0;
	int err = kept_file_read(&keeper->file, memory_size_max(&keeper->memory), &bytes, &size);

	if (err == -ENOENT)
		return 0;
	if (!err)
		err = memory_read(&keeper->memory, bytes, size);
	free(bytes);
	return err && err != -ENOMEM ? refuse(keeper, err) : err;
}

int state_open(struct state_keeper **out, const struct state_options *options)
{
	struct memory_options memory = MEMORY_OPTIONS_DEFAULT;
	struct state_keeper *keeper = calloc(1, sizeof(*keeper));
	int err;

	if (!keeper)
		return -ENOMEM;
	keeper->path = options->path;
	keeper->file.dir = -1;
	init_lock(keeper);
	if (options->secret && getrandom(&memory.seed, sizeof(memory.seed), 0) < 0)
		memory.seed = 0;
	err = kept_file_open(&keeper->file, options->path, options->uid, options->gid);
	if (err) {
		log_error("--state %s: %s; name a file in a folder that the account which runs it "
			  "may write to",
			  options->path, remedy_reason(err));
		goto out;
	}
	err = memory_init(&keeper->memory, &memory);
	if (!err)
		err = load(keeper);
	if (err == -ENOMEM)
		log_error("--state %s: out of memory for its tables", options->path);
out:
	if (err)
		state_close(keeper);
	else
		*out = keeper;
	return err;
}

struct memory *state_memory(struct state_keeper *keeper)
{
	return keeper ? &keeper->memory : NULL;
}

/* The lock is held, but not while the disk works. */
static void write_one(struct state_keeper *keeper)
{
	int err;

	pthread_mutex_unlock(&keeper->lock);
	err = kept_file_write(&keeper->file, keeper->bytes, keeper->size, FILE_MODE);
	pthread_mutex_lock(&keeper->lock);
	free(keeper->bytes);
	keeper->bytes = keeper->last;
	keeper->size = keeper->last_size;
	keeper->last = NULL;
	keeper->err = err;
	pthread_cond_broadcast(&keeper->changed);
}

static void *run(void *arg)
{
	struct state_keeper *keeper = arg;
	int err = privs_confine();

	pthread_mutex_lock(&keeper->lock);
	keeper->err = err;
	keeper->confined = true;
	pthread_cond_broadcast(&keeper->changed);
	while (!keeper->ending || keeper->bytes) {
		if (keeper->bytes)
			write_one(keeper);
		else
			pthread_cond_wait(&keeper->changed, &keeper->lock);
	}
	pthread_mutex_unlock(&keeper->lock);
	return NULL;
}

int state_start(struct state_keeper *keeper)
{
	int err;

	if (!keeper)
		return 0;
	err = -pthread_create(&keeper->thread, NULL, run, keeper);
	if (!err) {
		keeper->started = true;
		pthread_mutex_lock(&keeper->lock);
		while (!keeper->confined)
			pthread_cond_wait(&keeper->changed, &keeper->lock);
		err = keeper->err;
		keeper->err = 0;
		pthread_mutex_unlock(&keeper->lock);
	}
	if (err)
		log_error("--state %s: its thread cannot start: %s", keeper->path, strerror(-err));
	return err;
}

/* NULL: no memory. */
static void *pack(const struct state_keeper *keeper, size_t *size)
{
	void *bytes = malloc(memory_size(&keeper->memory));

	*size = memory_size(&keeper->memory);
	if (bytes)
		memory_write(&keeper->memory, bytes);
	return bytes;
}

void state_tick(struct state_keeper *keeper, uint64_t now_ns)
{
	int err;

	if (!keeper || !keeper->started)
		return;
	if (!keeper->due_ns)
		keeper->due_ns = now_ns + STATE_FIRST_NS;
	if (now_ns < keeper->due_ns)
		return;
	keeper->due_ns = now_ns + STATE_EVERY_NS;
	pthread_mutex_lock(&keeper->lock);
	err = keeper->err;
	keeper->err = 0;
	if (!keeper->bytes)
		keeper->bytes = pack(keeper, &keeper->size);
	pthread_cond_broadcast(&keeper->changed);
	pthread_mutex_unlock(&keeper->lock);
	if (err)
		log_warning("--state %s: cannot write it: %s; it is tried again in five minutes",
			    keeper->path, strerror(-err));
}

/* The lock is held.  From now on it has its time. */
static void begin_end(struct state_keeper *keeper)
{
	if (keeper->ending)
		return;
	keeper->ending = true;
	clock_gettime(CLOCK_MONOTONIC, &keeper->until);
	keeper->until.tv_sec += FINISH_S;
	pthread_cond_broadcast(&keeper->changed);
}

void state_end(struct state_keeper *keeper)
{
	void *bytes;
	size_t size;

	if (!keeper || !keeper->started || keeper->ending)
		return;
	bytes = pack(keeper, &size);
	pthread_mutex_lock(&keeper->lock);
	if (!bytes) {
		keeper->unpacked = true;
	} else if (keeper->bytes) {
		keeper->last = bytes;
		keeper->last_size = size;
	} else {
		keeper->bytes = bytes;
		keeper->size = size;
	}
	begin_end(keeper);
	pthread_mutex_unlock(&keeper->lock);
}

/* -ETIMEDOUT: it hangs, and is left alone. */
static int end_thread(struct state_keeper *keeper)
{
	int err = 0;

	if (!keeper->started)
		return 0;
	pthread_mutex_lock(&keeper->lock);
	begin_end(keeper);
	while (keeper->bytes && !err)
		err = keeper->hangs ? -ETIMEDOUT
				    : -pthread_cond_timedwait(&keeper->changed, &keeper->lock,
							      &keeper->until);
	keeper->hangs = err != 0;
	pthread_mutex_unlock(&keeper->lock);
	if (err)
		return err;
	pthread_join(keeper->thread, NULL);
	keeper->started = false;
	return keeper->unpacked ? -ENOMEM : keeper->err;
}

static int write_now(struct state_keeper *keeper)
{
	size_t size;
	void *bytes = pack(keeper, &size);
	int err = bytes ? kept_file_write(&keeper->file, bytes, size, FILE_MODE) : -ENOMEM;

	free(bytes);
	return err;
}

int state_finish(struct state_keeper *keeper)
{
	int err;

	if (!keeper)
		return 0;
	state_end(keeper);
	err = keeper->started ? end_thread(keeper) : write_now(keeper);
	if (err)
		log_error("--state %s: cannot write it: %s; the one written before is there",
			  keeper->path, strerror(-err));
	return err;
}

void state_close(struct state_keeper *keeper)
{
	if (!keeper)
		return;
	end_thread(keeper);
	if (keeper->hangs) /* it still uses all this */
		return;
	memory_fini(&keeper->memory);
	kept_file_close(&keeper->file);
	pthread_cond_destroy(&keeper->changed);
	pthread_mutex_destroy(&keeper->lock);
	free(keeper);
}
