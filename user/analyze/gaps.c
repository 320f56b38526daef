// SPDX-License-Identifier: BSD-2-Clause
/* How long after the one before it a frame comes. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "analyze/gaps.h"

#define GAP_SECONDS_MAX 4e9 /* more than a century: 64 bits of nanoseconds hold it */

static int parse_seconds(int64_t *to, const char **text)
{
	char *end;
	double seconds;

	/* strtod() would take blanks, signs and words as well. */
	if (!isdigit((unsigned char)**text))
		return -EINVAL;
	seconds = strtod(*text, &end);
	if (!(seconds <= GAP_SECONDS_MAX))
		return -EINVAL;
	*to = (int64_t)(seconds * 1e9 + 0.5);
	*text = end;
	return 0;
}

int gap_range_parse(struct gap_range *range, const char *text)
{
	const char *dots = strstr(text, "..");
	struct gap_range read;
	char least[32];
	const char *at = least;

	if (!dots || (size_t)(dots - text) >= sizeof(least))
		return -EINVAL;
	memcpy(least, text, dots - text);
	least[dots - text] = '\0';
	if (parse_seconds(&read.least_ns, &at) || *at)
		return -EINVAL;
	at = dots + 2;
	if (parse_seconds(&read.most_ns, &at) || *at || read.most_ns <= read.least_ns)
		return -EINVAL;
	*range = read;
	return 0;
}

bool gap_range_holds(const struct gap_range *range, int64_t gap_ns)
{
	return gap_ns > range->least_ns && gap_ns < range->most_ns;
}

static uint64_t last_of(const void *value)
{
	return *(const uint64_t *)value;
}

int gaps_init(struct gaps *gaps, bool per_pair, uint32_t capacity)
{
	const struct table_options table = { .key_size = sizeof(struct skua_flow_key),
					     .value_size = sizeof(uint64_t),
					     .capacity = capacity,
					     .worth = last_of };
	struct gaps made = { .per_pair = per_pair };
	int err = per_pair ? table_init(&made.table, &table) : 0;

	if (!err)
		*gaps = made;
	return err;
}

void gaps_fini(struct gaps *gaps)
{
	table_fini(&gaps->table);
}

bool gaps_next(struct gaps *gaps, const struct analyst_frame *frame, int64_t *gap_ns)
{
	uint64_t *last = &gaps->last_ns;
	bool is_new = !gaps->begun;
	struct skua_flow_key key;

	if (gaps->per_pair) {
		if (frame->verdict != SKUA_PARSED)
			return false;
		skua_flow_key_init(&key, frame->pkt);
		last = table_get(&gaps->table, &key, &is_new);
	}
	gaps->begun = true;
	if (!is_new)
		*gap_ns = (int64_t)(frame->time_ns - *last);
	*last = frame->time_ns;
	return !is_new;
}
