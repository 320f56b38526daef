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
