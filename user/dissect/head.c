// SPDX-License-Identifier: BSD-2-Clause
/* The next bytes of one direction of a TCP stream, put in order. */
#include <assert.h>
#include <string.h>
#include "dissect/head.h"

/* The ranges that [from, to) overlaps or touches are first, first + 1 ... *end - 1. */
static uint32_t find_ranges(const struct head *head, uint32_t from, uint32_t to, uint32_t *end)
{
	uint32_t first = 0;

	while (first < head->ranges && head->range[first].to < from)
		first++;
	*end = first;
	while (*end < head->ranges && head->range[*end].from <= to)
		(*end)++;
	return first;
}

/* Copy only where nothing was received before. */
static void fill_holes(struct head *head, uint32_t first, uint32_t end, uint32_t from, uint32_t to,
		       const uint8_t *bytes)
{
	uint32_t at = from;

	for (uint32_t i = first; i < end; i++) {
		const struct head_range *known = &head->range[i];

		if (at < known->from)
			memcpy(head->bytes + at, bytes + (at - from), known->from - at);
		at = known->to;
	}
	if (at < to)
		memcpy(head->bytes + at, bytes + (at - from), to - at);
}

/* Ranges first to end - 1 become one, which covers [from, to) as well. */
static void merge_ranges(struct head *head, uint32_t first, uint32_t end, uint32_t from,
			 uint32_t to)
{
	struct head_range merged = { from, to };

	if (first < end) {
		if (head->range[first].from < merged.from)
			merged.from = head->range[first].from;
		if (head->range[end - 1].to > merged.to)
			merged.to = head->range[end - 1].to;
	}
	memmove(&head->range[first + 1], &head->range[end],
		(head->ranges - end) * sizeof(head->range[0]));
	head->ranges = head->ranges + 1 - (end - first);
	head->range[first] = merged;
}

bool head_add(struct head *head, uint32_t offset, const uint8_t *bytes, uint32_t length)
{
	uint32_t first, end, to;
	bool kept = true;

	if (offset >= HEAD_BYTES || !length)
		return true;
	to = length < HEAD_BYTES - offset ? offset + length : HEAD_BYTES;
	first = find_ranges(head, offset, to, &end);
	if (first == end && head->ranges == HEAD_RANGES) {
		kept = false;
		if (first == HEAD_RANGES)
			return kept;
		head->ranges--;
	}
	fill_holes(head, first, end, offset, to, bytes);
	merge_ranges(head, first, end, offset, to);
	return kept;
}

uint32_t head_ready(const struct head *head)
{
	return head->ranges && !head->range[0].from ? head->range[0].to : 0;
}

void head_drop(struct head *head, uint32_t count)
{
	uint32_t kept = 0;

	assert(count <= head_ready(head));
	if (!count)
		return;
	for (uint32_t i = 0; i < head->ranges; i++) {
		struct head_range range = head->range[i];

		if (range.to == count) /* only the first can end there */
			continue;
		head->range[kept++] = (struct head_range){
			range.from < count ? 0 : range.from - count,
			range.to - count,
		};
	}
	head->ranges = kept;
	memmove(head->bytes, head->bytes + count, HEAD_BYTES - count);
}
