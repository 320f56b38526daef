// SPDX-License-Identifier: BSD-2-Clause
/* Puts samples where they can be found again. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "record/recorder_state.h"
#include "skua/sample.h"

#define PAGE 4096ull
#define RING_MIN (64u << 10)    /* so that each sample fits into it */
#define SIZE_BOUND (1ull << 44) /* 16 TiB: sums of two do not overflow */

/* A file nobody else sees: it is removed at once, and gone when we are. */
static int map_file(const char *path, uint64_t size, void **out)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600), err = 0;

	if (fd < 0)
		return -errno;
	unlink(path);
	err = -posix_fallocate(fd, 0, size);
	if (!err) {
		*out = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		err = *out == MAP_FAILED ? -errno : 0;
	}
	close(fd);
	return err;
}

static int map_memory(uint64_t size, void **out)
{
	*out = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
		    -1, 0);
	if (*out == MAP_FAILED)
		return -errno;
	madvise(*out, size, MADV_HUGEPAGE); /* refused: slower, no harm */
	return 0;
}

static uint64_t to_pages(uint64_t size)
{
	return (size + PAGE - 1) & ~(PAGE - 1);
}

int recorder_open(struct recorder **out, const struct recorder_options *options)
{
	struct recorder *recorder = calloc(1, sizeof(*recorder));
	uint64_t ring = to_pages(options->ring_bytes < RING_MIN ? RING_MIN : options->ring_bytes);
	uint64_t keep = to_pages(options->keep_bytes);
	void *memory;
	int err;

	if (!recorder)
		return -ENOMEM;
	if (options->ring_bytes > SIZE_BOUND || options->keep_bytes > SIZE_BOUND) {
		err = -EFBIG;
		goto out;
	}
	err = options->file ? map_file(options->file, ring + keep, &memory)
			    : map_memory(ring + keep, &memory);
	if (err)
		goto out;
	recorder->memory = memory;
	recorder->memory_size = ring + keep;
	ring_init(&recorder->ring, memory, ring);
	err = keep_init(&recorder->keep, options->pairs, (uint8_t *)memory + ring, keep);
	if (!err)
		err = volume_init(&recorder->flows, VOLUME_FLOWS);
	if (err)
		goto out;
	recorder->opening = opening_open();
	if (!recorder->opening)
		err = -ENOMEM;
out:
	if (err)
		recorder_close(recorder);
	else
		*out = recorder;
	return err;
}

void recorder_close(struct recorder *recorder)
{
	if (!recorder)
		return;
	opening_close(recorder->opening);
	volume_fini(&recorder->flows);
	keep_fini(&recorder->keep);
	if (recorder->memory)
		munmap(recorder->memory, recorder->memory_size);
	free(recorder);
}

void recorder_sample(struct recorder *recorder, const struct skua_sample_event *event,
		     const uint8_t *bytes, uint32_t captured)
{
	const struct keep_key key = keep_key_of(event);
	struct keep_pair *pair = keep_get(&recorder->keep, &key);
	struct sample_row row = {
		.number = ++recorder->samples, .event = event, .bytes = bytes, .captured = captured
	};

	if (row.captured > SKUA_SAMPLE_ROOM)
		row.captured = SKUA_SAMPLE_ROOM;
	pair->chain = ring_put(&recorder->ring, &row, pair->chain);
	keep_sample(&recorder->keep, pair, &row, opening_sees(recorder->opening, event));
}

void recorder_name(struct recorder *recorder, const struct skua_flow_key *key, unsigned client,
		   uint64_t hash)
{
	const struct keep_key pair_key = keep_key_make(key, client);
	struct keep_pair *pair = keep_find(&recorder->keep, &pair_key);

	if (!pair || pair->names[0] == hash)
		return;
	pair->names[1] = pair->names[0];
	pair->names[0] = hash;
}

void recorder_flow(struct recorder *recorder, const struct skua_flow_event *event)
{
	const struct skua_flow_key *key = &event->head.key;
	const struct keep_key pair_key = keep_key_make(key, skua_flow_client(&event->flow));
	struct keep_pair *pair;

	if (key->proto == SKUA_TCP)
		return;
	pair = keep_find(&recorder->keep, &pair_key);
	volume_flow(&recorder->flows, event, pair ? &pair->totals : NULL);
}

void recorder_counts(const struct recorder *recorder, struct recorder_counts *out)
{
	const struct keep *keep = &recorder->keep;
	uint64_t oldest = ring_next(&recorder->ring, RING_NOWHERE), previous;
	struct sample_row row;

	*out = (struct recorder_counts){
		.samples = recorder->samples,
		.overwritten = recorder->ring.overwritten,
		.pairs = keep->pairs.used,
		.pairs_capacity = keep->pairs.options.capacity,
		.pairs_evicted = keep->pairs.evictions,
		.ring_used = recorder->ring.head - recorder->ring.tail,
		.ring_size = recorder->ring.size,
		.keep_used = (uint64_t)keep->shelf.used * SHELF_BLOCK,
		.keep_size = (uint64_t)keep->shelf.blocks * SHELF_BLOCK,
		.thinned = keep->counts.thinned,
		.shrunk = keep->counts.shrunk,
		.refused = keep->counts.refused,
		.totals_forgotten = recorder->flows.forgotten,
	};
	if (ring_get(&recorder->ring, oldest, &row, &previous))
		out->oldest_ns = row.event->head.time_ns;
}
