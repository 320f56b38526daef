// SPDX-License-Identifier: BSD-2-Clause
/* Messages that wait to be sent. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "sinks/waiting.h"

/* The one after before, or the first. */
static void remove_after(struct waiting *waiting, struct message *before)
{
	struct message *message = before ? before->next : waiting->first;

	if (before)
		before->next = message->next;
	else
		waiting->first = message->next;
	if (waiting->last == message)
		waiting->last = before;
	waiting->count--;
	waiting->bytes -= message->length;
	free(message);
}

static bool has_room(const struct waiting *waiting, size_t length)
{
	return waiting->count < waiting->max_count && waiting->bytes + length <= waiting->max_bytes;
}

unsigned waiting_push(struct waiting *waiting, const void *bytes, size_t length)
{
	struct message *message;
	unsigned dropped = 0;

	for (; !has_room(waiting, length) && waiting_peek(waiting); dropped++)
		remove_after(waiting, waiting->last_held);
	message = has_room(waiting, length) ? malloc(sizeof(*message) + length) : NULL;
	if (!message)
		return dropped + 1;
	message->next = NULL;
	message->length = length;
	memcpy(message->bytes, bytes, length);
	if (waiting->last)
		waiting->last->next = message;
	else
		waiting->first = message;
	waiting->last = message;
	waiting->count++;
	waiting->bytes += length;
	return dropped;
}

const struct message *waiting_peek(const struct waiting *waiting)
{
	return waiting->last_held ? waiting->last_held->next : waiting->first;
}

void waiting_hold(struct waiting *waiting)
{
	assert(waiting_peek(waiting));
	waiting->last_held = waiting->last_held ? waiting->last_held->next : waiting->first;
	waiting->held++;
}

void waiting_release(struct waiting *waiting, unsigned count)
{
	assert(count <= waiting->held);
	waiting->held -= count;
	if (!waiting->held)
		waiting->last_held = NULL;
	while (count--)
		remove_after(waiting, NULL);
}

void waiting_unhold(struct waiting *waiting)
{
	waiting->held = 0;
	waiting->last_held = NULL;
}

void waiting_fini(struct waiting *waiting)
{
	waiting_unhold(waiting);
	while (waiting->first)
		remove_after(waiting, NULL);
}
