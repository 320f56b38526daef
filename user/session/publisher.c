// SPDX-License-Identifier: BSD-2-Clause
/* A thread that writes what others have ready. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/log.h"
#include "base/privs.h"
#include "session/publisher.h"

#define CLOSE_MS 1000 /* for what is left to write, unless it was drained */

/* From put to take a place is used: first waiting, then done. */
struct place {
	struct evidence_item item;
	struct finding done;
};

struct publisher {
	struct publish publish;
	pthread_t thread;
	pthread_mutex_t lock; /* of all that follows */
	pthread_cond_t changed;
	struct place places[PUBLISHER_ITEMS];
	uint64_t put, written, taken; /* places so far: taken <= written <= put */
	uint64_t bytes;
	uint64_t tick_ns; /* 0: nothing is due */
	bool ending, ended, confined;
	bool hangs;    /* it was waited for in vain */
	bool given_up; /* and is no longer waited for: what is not written never will be */
	struct publisher_counts counts;
};

static struct place *place_at(struct publisher *publisher, uint64_t i)
{
	return &publisher->places[i % PUBLISHER_ITEMS];
}

/* The vault is the thread's: asked without the lock, told with it. */
static void look(const struct publisher *publisher, struct publisher_counts *out)
{
	vault_counts(publisher->publish.vault, &out->vault);
	vault_head(publisher->publish.vault, &out->head.count, out->head.head);
}

static void tell(struct publisher *publisher, const struct publisher_counts *seen)
{
	publisher->counts.vault = seen->vault;
	publisher->counts.head = seen->head;
}

/* The lock is held, but not while the disk is asked. */
static void write_next(struct publisher *publisher)
{
	struct place *place = place_at(publisher, publisher->written);
	struct publisher_counts seen;

	pthread_mutex_unlock(&publisher->lock);
	publish_item(&publisher->publish, &place->item, &place->done);
	look(publisher, &seen);
	pthread_mutex_lock(&publisher->lock);
	tell(publisher, &seen);
	publisher->bytes -= place->item.length;
	publisher->counts.failed += place->done.snapshot.error != 0;
	publisher->written++;
	pthread_cond_broadcast(&publisher->changed);
}

static void do_tick(struct publisher *publisher)
{
	uint64_t now_ns = publisher->tick_ns;
	struct publisher_counts seen;

	publisher->tick_ns = 0;
	pthread_mutex_unlock(&publisher->lock);
	vault_tick(publisher->publish.vault, now_ns);
	look(publisher, &seen);
	pthread_mutex_lock(&publisher->lock);
	tell(publisher, &seen);
}

static void *run(void *arg)
{
	struct publisher *publisher = arg;
	int err = privs_confine();

	pthread_mutex_lock(&publisher->lock);
	publisher->confined = !err;
	publisher->ended = err != 0;
	pthread_cond_broadcast(&publisher->changed);
	while (!publisher->ended) {
		if (publisher->given_up)
			publisher->ended = true;
		else if (publisher->written < publisher->put)
			write_next(publisher);
		else if (publisher->tick_ns)
			do_tick(publisher);
		else if (publisher->ending)
			publisher->ended = true;
		else
			pthread_cond_wait(&publisher->changed, &publisher->lock);
	}
	pthread_cond_broadcast(&publisher->changed);
	pthread_mutex_unlock(&publisher->lock);
	return NULL;
}

/* Deadlines are on a clock that nobody sets. */
static void init_lock(struct publisher *publisher)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&publisher->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	pthread_mutex_init(&publisher->lock, NULL);
}

/* The thread is gone, or never was. */
static void release(struct publisher *publisher)
{
	for (uint64_t i = publisher->written; i < publisher->put; i++)
		free(place_at(publisher, i)->item.bytes);
	pthread_cond_destroy(&publisher->changed);
	pthread_mutex_destroy(&publisher->lock);
	free(publisher);
}

int publisher_open(struct publisher **out, const struct publish *publish)
{
	struct publisher *publisher = calloc(1, sizeof(*publisher));
	int err;

	if (!publisher)
		return -ENOMEM;
	publisher->publish = *publish;
	look(publisher, &publisher->counts);
	init_lock(publisher);
	err = -pthread_create(&publisher->thread, NULL, run, publisher);
	if (err) {
		release(publisher);
		return err;
	}
	pthread_mutex_lock(&publisher->lock);
	while (!publisher->confined && !publisher->ended)
		pthread_cond_wait(&publisher->changed, &publisher->lock);
	pthread_mutex_unlock(&publisher->lock);
	if (publisher->confined) {
		*out = publisher;
		return 0;
	}
	publisher_close(publisher);
	return -EPERM;
}

static void refuse(const struct evidence_item *item, int err, struct finding *finding)
{
	*finding = item->finding;
	memset(&finding->snapshot, 0, sizeof(finding->snapshot));
	finding->snapshot.error = err;
}

static bool has_room(const struct publisher *publisher, size_t length)
{
	return publisher->put - publisher->taken < PUBLISHER_ITEMS &&
	       publisher->bytes + length <= PUBLISHER_BYTES;
}

bool publisher_put(struct publisher *publisher, const struct evidence_item *item,
		   struct finding *finding)
{
	bool made = item->bytes != NULL, room;
	bool crowded = !made && item->finding.snapshot.error == -EXFULL;

	pthread_mutex_lock(&publisher->lock);
	room = made && !publisher->ended && has_room(publisher, item->length);
	if (room) {
		place_at(publisher, publisher->put++)->item = *item;
		publisher->bytes += item->length;
		pthread_cond_broadcast(&publisher->changed);
	}
	publisher->counts.refused += made && !room;
	publisher->counts.unmade += !made && !crowded;
	publisher->counts.crowded += crowded;
	pthread_mutex_unlock(&publisher->lock);
	if (room)
		return true;
	free(item->bytes);
	refuse(item, made ? -ENOBUFS : item->finding.snapshot.error, finding);
	return false;
}

bool publisher_take(struct publisher *publisher, struct finding *out)
{
	bool there = false;

	pthread_mutex_lock(&publisher->lock);
	while (!there &&
	       publisher->taken < (publisher->given_up ? publisher->put : publisher->written)) {
		const struct place *place = place_at(publisher, publisher->taken);

		there = place->item.part == 1;
		if (there && publisher->taken < publisher->written)
			*out = place->done;
		else if (there)
			refuse(&place->item, -ETIMEDOUT, out);
		publisher->taken++;
	}
	pthread_mutex_unlock(&publisher->lock);
	return there;
}

void publisher_tick(struct publisher *publisher, uint64_t now_ns)
{
	pthread_mutex_lock(&publisher->lock);
	publisher->tick_ns = now_ns;
	pthread_cond_broadcast(&publisher->changed);
	pthread_mutex_unlock(&publisher->lock);
}

void publisher_counts(struct publisher *publisher, struct publisher_counts *out)
{
	pthread_mutex_lock(&publisher->lock);
	*out = publisher->counts;
	out->waiting = publisher->put - publisher->written;
	out->waiting_bytes = publisher->bytes;
	pthread_mutex_unlock(&publisher->lock);
}

static struct timespec deadline(unsigned timeout_ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += timeout_ms / 1000;
	until.tv_nsec += timeout_ms % 1000 * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	return until;
}

bool publisher_wait(struct publisher *publisher, size_t length, unsigned timeout_ms)
{
	const struct timespec until = deadline(timeout_ms);
	bool room;
	int err = 0;

	pthread_mutex_lock(&publisher->lock);
	while (!(room = has_room(publisher, length)) && !publisher->ended && !err &&
	       publisher->taken == publisher->written)
		err = pthread_cond_timedwait(&publisher->changed, &publisher->lock, &until);
	pthread_mutex_unlock(&publisher->lock);
	return room;
}

bool publisher_drain(struct publisher *publisher, unsigned timeout_ms)
{
	const struct timespec until = deadline(timeout_ms);
	bool ended;
	int err = 0;

	pthread_mutex_lock(&publisher->lock);
	publisher->ending = true;
	pthread_cond_broadcast(&publisher->changed);
	while (!publisher->ended && !err)
		err = pthread_cond_timedwait(&publisher->changed, &publisher->lock, &until);
	ended = publisher->ended;
	publisher->hangs = !ended;
	pthread_mutex_unlock(&publisher->lock);
	return ended;
}

void publisher_give_up(struct publisher *publisher)
{
	pthread_mutex_lock(&publisher->lock);
	if (!publisher->ended && !publisher->given_up) {
		publisher->given_up = true;
		publisher->counts.refused += publisher->put - publisher->written;
	}
	pthread_mutex_unlock(&publisher->lock);
}

bool publisher_close(struct publisher *publisher)
{
	if (!publisher)
		return true;
	/* Only the caller writes it. */
	if (!publisher_drain(publisher, publisher->hangs ? 0 : CLOSE_MS))
		return false;
	pthread_join(publisher->thread, NULL);
	release(publisher);
	return true;
}
