// SPDX-License-Identifier: BSD-2-Clause
/* What analysts have in common. */
#include "analyze/analyst.h"

struct analyst_ends analyst_ends_of(const struct item_place *place)
{
	const struct skua_flow_key *key = &place->key;
	const struct analyst_ends ends = { address_from(key->low), address_from(key->high),
					   key->low_port, key->high_port };

	if (place->sender == SKUA_LOW)
		return ends;
	return (struct analyst_ends){ ends.dst, ends.src, ends.dport, ends.sport };
}

void analyst_put_ends(struct answers *to, const struct analyst_ends *ends)
{
	answers_put_address(to, &ends->src);
	answers_put_address(to, &ends->dst);
	answers_put_number(to, ends->sport);
	answers_put_number(to, ends->dport);
}

void analyst_put_place(struct answers *to, const struct item_place *place)
{
	const struct analyst_ends ends = analyst_ends_of(place);

	answers_put_time(to, place->time_ns);
	answers_put_number(to, place->frame);
	analyst_put_ends(to, &ends);
}
