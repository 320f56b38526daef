// SPDX-License-Identifier: BSD-2-Clause
/* Waits, unless told to stop. */
#include <errno.h>
#include <poll.h>
#include <time.h>
#include "record/upload_http.h"

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool upload_stopped(const int stops[UPLOAD_STOPS], uint64_t wait_ms)
{
	uint64_t end = now_ms() + wait_ms;

	for (;;) {
		struct pollfd waits[UPLOAD_STOPS];
		uint64_t now = now_ms();
		int ready;

		for (int i = 0; i < UPLOAD_STOPS; i++)
			waits[i] = (struct pollfd){ .fd = stops[i], .events = POLLIN };
		ready = poll(waits, UPLOAD_STOPS, now < end ? (int)(end - now) : 0);
		if (ready > 0)
			return true;
		if (now >= end && !(ready < 0 && errno == EINTR))
			return false;
	}
}
