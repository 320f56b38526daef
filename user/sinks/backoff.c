// SPDX-License-Identifier: BSD-2-Clause
/* How long to wait before another try. */
#include "sinks/backoff.h"

uint32_t backoff_next(struct backoff *backoff, uint32_t random)
{
	uint32_t step = BACKOFF_FIRST_MS;

	for (unsigned i = 0; i < backoff->failures && step < BACKOFF_LAST_MS; i++)
		step *= 2;
	if (step > BACKOFF_LAST_MS)
		step = BACKOFF_LAST_MS;
	backoff->failures++;
	return step / 2 + (uint32_t)((uint64_t)random * (step - step / 2 + 1) >> 32);
}

void backoff_reset(struct backoff *backoff)
{
	backoff->failures = 0;
}
