// SPDX-License-Identifier: BSD-2-Clause
/* Ticks of a pcapng interface to nanoseconds since 1970, without overflow. */
#include "capture/file_clock.h"

#define NS_PER_S 1000000000
#define BINARY 0x80
#define NS_DIGITS 9
#define UINT64_DIGITS 19 /* 10^19 is the largest power that fits */

static uint64_t power_of_ten(unsigned int digits)
{
	uint64_t power = 1;

	while (digits--)
		power *= 10;
	return power;
}

void file_clock_init(struct file_clock *clock)
{
	clock->offset_s = 0;
	file_clock_set_resolution(clock, 6);
}

void file_clock_set_resolution(struct file_clock *clock, uint8_t resolution)
{
	unsigned int n = resolution & (BINARY - 1);

	clock->multiply = 1;
	clock->divide = 1;
	clock->shift = 0;
	if (resolution & BINARY) {
		clock->multiply = NS_PER_S;
		clock->shift = (uint8_t)n;
	} else if (n <= NS_DIGITS) {
		clock->multiply = power_of_ten(NS_DIGITS - n);
	} else {
		n -= NS_DIGITS;
		clock->divide = n <= UINT64_DIGITS ? power_of_ten(n) : 0;
	}
}

uint64_t file_clock_ns(const struct file_clock *clock, uint64_t ticks)
{
	unsigned __int128 ns;
	__int128 sum;

	if (clock->divide == 1)
		ns = (unsigned __int128)ticks * clock->multiply >> clock->shift;
	else
		ns = clock->divide ? ticks / clock->divide : 0;
	/* At most 2^64 * 10^9 here, so neither this nor the offset overflows. */
	sum = (__int128)ns + (__int128)clock->offset_s * NS_PER_S;
	if (sum < 0)
		return 0;
	return sum > (__int128)FILE_TIME_MAX_NS ? FILE_TIME_MAX_NS : (uint64_t)sum;
}
