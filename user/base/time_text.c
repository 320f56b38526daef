// SPDX-License-Identifier: BSD-2-Clause
/* Times as text: RFC 3339 in UTC, to the nanosecond. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "base/time_text.h"

#define SECOND_NS 1000000000u

struct date {
	unsigned year, month, day;
};

/* Proleptic Gregorian calendar, counted from 1 March so that the leap day ends the year. */
static struct date date_of_day(uint32_t day)
{
	const uint32_t era_days = 146097; /* in 400 years */
	uint32_t since = day + 719468;    /* days from 0000-03-01 to the epoch */
	uint32_t in_era = since % era_days;
	uint32_t in_era_year =
		(in_era - in_era / 1460 + in_era / 36524 - in_era / (era_days - 1)) / 365;
	uint32_t in_year = in_era - (365 * in_era_year + in_era_year / 4 - in_era_year / 100);
	uint32_t march_month = (5 * in_year + 2) / 153;
	struct date date = {
		.day = in_year - (153 * march_month + 2) / 5 + 1,
		.month = march_month < 10 ? march_month + 3 : march_month - 9,
		.year = since / era_days * 400 + in_era_year,
	};

	date.year += date.month <= 2;
	return date;
}

uint32_t time_day(uint64_t time_ns)
{
	return time_ns / TIME_DAY_NS;
}

/* Rows by the million have one: printf would take most of their time. */
static char *put_digits(char *to, unsigned number, unsigned width, char behind)
{
	for (unsigned i = width; i--; number /= 10)
		to[i] = '0' + number % 10;
	to[width] = behind;
	return to + width + 1;
}

const char *time_format(char to[TIME_TEXT], uint64_t time_ns)
{
	struct date date = date_of_day(time_day(time_ns));
	unsigned second = time_ns % TIME_DAY_NS / SECOND_NS;
	char *at = to;

	at = put_digits(at, date.year, 4, '-');
	at = put_digits(at, date.month, 2, '-');
	at = put_digits(at, date.day, 2, 'T');
	at = put_digits(at, second / 3600, 2, ':');
	at = put_digits(at, second / 60 % 60, 2, ':');
	at = put_digits(at, second % 60, 2, '.');
	at = put_digits(at, time_ns % SECOND_NS, 9, 'Z');
	*at = '\0';
	return to;
}

int time_parse(uint64_t *to, const char *text)
{
	struct tm broken = {};
	const char *fraction = strptime(text, "%Y-%m-%dT%H:%M:%S.", &broken);
	char again[TIME_TEXT];
	unsigned nanoseconds;
	uint64_t time_ns;

	if (!fraction || sscanf(fraction, "%9uZ", &nanoseconds) != 1)
		return -EINVAL;
	time_ns = (uint64_t)timegm(&broken) * SECOND_NS + nanoseconds;
	if (strncmp(time_format(again, time_ns), text, TIME_TEXT - 1))
		return -EINVAL;
	*to = time_ns;
	return 0;
}
