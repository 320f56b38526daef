// SPDX-License-Identifier: BSD-2-Clause
/* Spells of one length within an actor's time. */
#include <errno.h>
#include <string.h>
#include "spells.h"

#define MOST_SPELLS 1000

int value_spells(struct spells *spells, const char *text)
{
	size_t length = strcspn(text, "x");
	struct spells parsed;
	uint64_t count;
	char number[8];

	if (!text[length] || length >= sizeof(number))
		return -EINVAL;
	memcpy(number, text, length);
	number[length] = 0;
	if (value_count(&count, number) || !count || count > MOST_SPELLS ||
	    value_duration(&parsed.length_ns, text + length + 1) || !parsed.length_ns)
		return -EINVAL;
	parsed.count = count;
	*spells = parsed;
	return 0;
}

uint64_t spells_begin(const struct spells *spells, const struct actor *actor, enum spells_of what,
		      unsigned index)
{
	uint64_t part = (actor->end_ns - actor->start_ns) / spells->count;
	struct draw draw = draw_from(actor->draw.state + what, index);
	uint64_t room = part > spells->length_ns ? part - spells->length_ns : 0;

	return actor->start_ns + part * index + draw_below(&draw, room + 1);
}

int spells_at(const struct spells *spells, const struct actor *actor, enum spells_of what,
	      uint64_t at_ns)
{
	for (unsigned i = 0; i < spells->count; i++) {
		uint64_t begin = spells_begin(spells, actor, what, i);

		if (at_ns >= begin && at_ns - begin < spells->length_ns)
			return i;
	}
	return -1;
}
