// SPDX-License-Identifier: BSD-2-Clause
/* The pods of this node by their addresses, in shared memory. */
#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include "kube/board.h"

#define SECOND_NS 1000000000ull
#define TRIES 1000 /* a writer that dies within a change must not hold up a reader */

struct row {
	struct board_pod pod;
	bool used, listed;
	uint64_t since_ns; /* it has these addresses */
	uint64_t gone_ns;  /* 0: it lives */
};

struct board {
	_Atomic uint32_t generation; /* odd: a row is being changed */
	_Atomic uint64_t heard_ns;
	_Atomic bool lost;
	bool listing; /* the writer's */
	struct board_counts counts;
	struct row rows[BOARD_PODS];
};

int board_open(struct board **out)
{
	struct board *board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (board == MAP_FAILED)
		return -ENOMEM;
	*out = board;
	return 0;
}

void board_close(struct board *board)
{
	if (board)
		munmap(board, sizeof(*board));
}

/* Readers see the row before or after, or look again. */
static void change(struct board *board, struct row *row, const struct row *to)
{
	atomic_fetch_add_explicit(&board->generation, 1, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	*row = *to;
	atomic_fetch_add_explicit(&board->generation, 1, memory_order_release);
}

static struct row *find(struct board *board, const struct pod *pod)
{
	for (unsigned i = 0; i < BOARD_PODS; i++) {
		struct row *row = &board->rows[i];

		if (row->used && !row->gone_ns && !strcmp(row->pod.pod.name, pod->name) &&
		    !strcmp(row->pod.pod.namespace, pod->namespace))
			return row;
	}
	return NULL;
}

/* Who is gone makes room, then who has not been listed again; NULL: there is none. */
static struct row *room(struct board *board)
{
	struct row *longest = NULL, *unlisted = NULL;

	for (unsigned i = 0; i < BOARD_PODS; i++) {
		struct row *row = &board->rows[i];

		if (!row->used)
			return row;
		if (row->gone_ns && (!longest || row->gone_ns < longest->gone_ns))
			longest = row;
		if (board->listing && !row->listed)
			unlisted = row;
	}
	return longest ? longest : unlisted;
}

static void end(struct board *board, struct row *row, uint64_t now_ns)
{
	struct row to = *row;

	to.gone_ns = now_ns;
	change(board, row, &to);
}

static bool is_where_it_was(const struct board_pod *pod, const struct board_pod *before)
{
	unsigned count = pod->address_count;

	return count == before->address_count &&
	       !memcmp(pod->addresses, before->addresses, count * sizeof(pod->addresses[0]));
}

void board_put(struct board *board, const struct board_pod *pod, uint64_t now_ns)
{
	struct row *row = find(board, &pod->pod);
	struct row to = { .pod = *pod, .used = true, .listed = true, .since_ns = now_ns };

	if (!pod->address_count) {
		if (row)
			end(board, row, now_ns);
		return;
	}
	if (row && is_where_it_was(pod, &row->pod))
		to.since_ns = row->since_ns;
	if (!row)
		row = room(board);
	if (row)
		change(board, row, &to);
	else
		board->counts.refused++;
}

void board_remove(struct board *board, const struct pod *pod, uint64_t now_ns)
{
	struct row *row = find(board, pod);

	if (row)
		end(board, row, now_ns);
}

void board_begin_list(struct board *board)
{
	board->listing = true;
	for (unsigned i = 0; i < BOARD_PODS; i++)
		board->rows[i].listed = false;
}

void board_end_list(struct board *board, uint64_t now_ns)
{
	for (unsigned i = 0; i < BOARD_PODS; i++) {
		struct row *row = &board->rows[i];

		if (row->used && !row->gone_ns && !row->listed)
			end(board, row, now_ns);
	}
	board->listing = false;
	board->counts.lists++;
}

void board_heard(struct board *board, uint64_t now_ns)
{
	atomic_store(&board->heard_ns, now_ns);
	atomic_store(&board->lost, false);
}

void board_lost(struct board *board)
{
	atomic_store(&board->lost, true);
}

struct board_counts *board_counting(struct board *board)
{
	return &board->counts;
}

static bool has(const struct row *row, const struct address *address)
{
	for (unsigned i = 0; i < row->pod.address_count && i < BOARD_ADDRESSES; i++)
		if (address_equal(&row->pod.addresses[i], address))
			return true;
	return false;
}

/* Who lives goes before who is gone, and of these who went last. */
static const struct row *search(const struct board *board, const struct address *address)
{
	const struct row *best = NULL;

	for (unsigned i = 0; i < BOARD_PODS; i++) {
		const struct row *row = &board->rows[i];

		if (!row->used || !has(row, address))
			continue;
		if (!row->gone_ns)
			return row;
		if (!best || row->gone_ns > best->gone_ns)
			best = row;
	}
	return best;
}

static uint64_t age_s(const struct board *board, uint64_t gone_ns, uint64_t now_ns)
{
	uint64_t heard_ns = atomic_load(&board->heard_ns), since_ns = gone_ns ? gone_ns : heard_ns;
	uint64_t age = now_ns > since_ns ? (now_ns - since_ns) / SECOND_NS : 0;

	if (gone_ns || atomic_load(&board->lost) || age > BOARD_SILENT_S)
		return age ? age : 1;
	return 0;
}

bool board_find(const struct board *board, const struct address *address, uint64_t now_ns,
		struct pod *out)
{
	for (int i = 0; i < TRIES; i++) {
		uint32_t before = atomic_load_explicit(&board->generation, memory_order_acquire);
		const struct row *row = before & 1 ? NULL : search(board, address);
		struct row found;

		if (row)
			found = *row;
		atomic_thread_fence(memory_order_acquire);
		if (before & 1 ||
		    before != atomic_load_explicit(&board->generation, memory_order_relaxed))
			continue;
		if (!row || (found.gone_ns && now_ns > found.gone_ns + BOARD_GONE_S * SECOND_NS))
			return false;
		*out = found.pod.pod;
		out->age_s = age_s(board, found.gone_ns, now_ns);
		out->known_s = now_ns > found.since_ns ? (now_ns - found.since_ns) / SECOND_NS : 0;
		return true;
	}
	return false;
}

uint32_t board_generation(const struct board *board)
{
	return atomic_load_explicit(&board->generation, memory_order_acquire);
}

void board_counts(const struct board *board, struct board_counts *out)
{
	*out = board->counts;
	out->pods = 0;
	for (unsigned i = 0; i < BOARD_PODS; i++)
		out->pods += board->rows[i].used;
}
