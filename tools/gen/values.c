// SPDX-License-Identifier: BSD-2-Clause
/* Durations, times, sizes and rates as a scenario writes them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "values.h"

#define CENTURY_NS (NS_PER_S * 86400 * 366 * 100)

struct unit {
	const char *name;
	uint64_t worth;
};

/* Digits with an optional decimal fraction, times a unit named behind them, up to most. */
static int parse(uint64_t *value, const char *text, const struct unit *units, uint64_t most)
{
	size_t whole = strspn(text, "0123456789"), fraction = 0;
	const char *point = text + whole, *name = point;
	uint64_t sum = 0, part;

	if (*point == '.') {
		fraction = strspn(point + 1, "0123456789");
		name = point + 1 + fraction;
	}
	if (!whole || whole > 18 || (name > point && !fraction))
		return -EINVAL;
	while (units->name && strcmp(units->name, name))
		units++;
	if (!units->name)
		return -EINVAL;
	for (size_t i = 0; i < whole; i++)
		sum = sum * 10 + (text[i] - '0');
	if (sum > most / units->worth)
		return -EINVAL;
	sum *= units->worth;
	part = units->worth;
	for (size_t i = 0; i < fraction && (part /= 10); i++)
		sum += (point[1 + i] - '0') * part;
	if (sum > most)
		return -EINVAL;
	*value = sum;
	return 0;
}

int value_duration(uint64_t *ns, const char *text)
{
	static const struct unit units[] = {
		{ "s", NS_PER_S },
		{ "ms", 1000000 },
		{ "us", 1000 },
		{ "m", 60 * NS_PER_S },
		{ "h", 3600 * NS_PER_S },
		{ "d", 86400 * NS_PER_S },
		{ "ns", 1 },
		{ NULL, 0 },
	};

	return parse(ns, text + (*text == '+'), units, CENTURY_NS);
}

int value_count(uint64_t *count, const char *text)
{
	static const struct unit units[] = {
		{ "", 1 },        { "k", 1000 },       { "K", 1000 },
		{ "M", 1000000 }, { "G", 1000000000 }, { NULL, 0 },
	};

	return parse(count, text, units, 1000000000000000);
}

int value_fraction(uint32_t *ppm, const char *text)
{
	static const struct unit units[] = { { "%", PPM / 100 }, { "", PPM }, { NULL, 0 } };
	uint64_t value;

	if (parse(&value, text, units, 10 * PPM))
		return -EINVAL;
	*ppm = value;
	return 0;
}

int value_rate(struct rate *rate, const char *text)
{
	const char *slash = strchr(text, '/');
	char amount[24], period[24];
	struct rate parsed;

	if (!slash || slash - text >= (long)sizeof(amount) || strlen(slash) > sizeof(period) - 2)
		return -EINVAL;
	memcpy(amount, text, slash - text);
	amount[slash - text] = 0;
	strcpy(period, slash[1] >= '0' && slash[1] <= '9' ? "" : "1");
	strcat(period, slash + 1);
	if (value_count(&parsed.amount, amount) || value_duration(&parsed.period_ns, period) ||
	    !parsed.amount || !parsed.period_ns || parsed.period_ns > NS_PER_S * 86400 * 366)
		return -EINVAL;
	*rate = parsed;
	return 0;
}

int value_spread(struct spread *spread, const char *text)
{
	const char *sign = strstr(text, "+-");
	char middle[24];
	uint64_t first, second = 0;

	if (strlen(text) >= sizeof(middle))
		return -EINVAL;
	strcpy(middle, text);
	if (sign)
		middle[sign - text] = 0;
	if (value_count(&first, middle) || (sign && value_count(&second, sign + 2)) ||
	    first > 1000000000 || second > first)
		return -EINVAL;
	*spread = (struct spread){ first, second };
	return 0;
}

/* Two digits at text, as a number below limit, or -1. */
static int two_digits(const char *text, int limit)
{
	int value;

	if (strspn(text, "0123456789") < 2)
		return -1;
	value = (text[0] - '0') * 10 + text[1] - '0';
	return value < limit ? value : -1;
}

/* Days from 1970-01-01 in the Gregorian calendar, by whole years and months. */
static uint64_t days_from_epoch(unsigned year, unsigned month, unsigned day)
{
	static const uint16_t before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
	unsigned past = year - 1;
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return (year - 1970) * 365 + (past / 4 - 492) - (past / 100 - 19) + (past / 400 - 4) +
	       before[month - 1] + (leap && month > 2) + day - 1;
}

int value_time(uint64_t *ns, const char *text)
{
	static const char shape[] = "dddd-dd-ddTdd:dd:ddZ";
	int century, year, month, day, hour, minute, second;

	if (strlen(text) != strlen(shape))
		return -EINVAL;
	for (size_t i = 0; shape[i]; i++)
		if (shape[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i])
			return -EINVAL;
	century = two_digits(text, 22);
	year = century * 100 + two_digits(text + 2, 100);
	month = two_digits(text + 5, 13);
	day = two_digits(text + 8, 32);
	hour = two_digits(text + 11, 24);
	minute = two_digits(text + 14, 60);
	second = two_digits(text + 17, 60);
	if (century < 0 || year < 1970 || month < 1 || day < 1 || hour < 0 || minute < 0 ||
	    second < 0)
		return -EINVAL;
	*ns = (days_from_epoch(year, month, day) * 86400 + hour * 3600 + minute * 60 + second) *
	      NS_PER_S;
	return 0;
}
