// SPDX-License-Identifier: BSD-2-Clause
/* The side of the process that sends: takes messages in, and knows when to end. */
#include <errno.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "sinks/sender.h"

uint64_t sender_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void sender_receive(struct sender_end *end)
{
	ssize_t length = 0;

	while (!end->over) {
		length = recv(end->channel, end->message, sizeof(end->message), MSG_DONTWAIT);
		if (length <= 0)
			break;
		sender_drop(end, SENDER_QUEUE_FULL,
			    waiting_push(&end->waiting, end->message, length));
	}
	end->counts->waiting = end->waiting.count;
	if (end->over || (length < 0 && (errno == EAGAIN || errno == EINTR)))
		return;
	end->over = true;
	end->until_ms = sender_now_ms() + SENDER_FLUSH_MS;
	/* Should a resolver hang: nobody waits for it. */
	alarm(SENDER_FLUSH_MS / 1000 + 1);
}

bool sender_is_done(const struct sender_end *end)
{
	return end->over && (!end->waiting.count || sender_now_ms() >= end->until_ms);
}

int sender_timeout(const struct sender_end *end, int ms)
{
	uint64_t now = sender_now_ms();

	if (!end->over)
		return ms;
	if (now >= end->until_ms)
		return 0;
	return ms < 0 || end->until_ms - now < (uint64_t)ms ? (int)(end->until_ms - now) : ms;
}

uint32_t sender_pause_ms(struct sender_end *end, struct backoff *backoff)
{
	uint32_t random = 0;

	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
		random = sender_now_ms() * 2654435761u;
	end->counts->retries++;
	if (end->over && backoff->failures > 1)
		backoff->failures = 1;
	return backoff_next(backoff, random);
}

void sender_drop(struct sender_end *end, enum sender_cause cause, unsigned count)
{
	end->counts->dropped[cause] += count;
}

void sender_delivered(struct sender_end *end, unsigned count)
{
	waiting_release(&end->waiting, count);
	end->counts->delivered += count;
	end->counts->waiting = end->waiting.count;
}
