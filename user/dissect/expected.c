// SPDX-License-Identifier: BSD-2-Clause
/* Announced ends of connections. */
#include "dissect/expected.h"

static uint64_t time_worth(const void *value)
{
	return *(const uint64_t *)value;
}

int expected_init(struct expected *expected)
{
	const struct table_options options = { .key_size = sizeof(struct expected_end),
					       .value_size = sizeof(uint64_t),
					       .capacity = EXPECTED_MAX,
					       .worth = time_worth };

	return table_init(&expected->table, &options);
}

void expected_fini(struct expected *expected)
{
	table_fini(&expected->table);
}

struct expected_end expected_end_of(const struct skua_flow_key *key, unsigned side)
{
	if (side == SKUA_LOW)
		return (struct expected_end){ { key->low[0], key->low[1] }, key->low_port };
	return (struct expected_end){ { key->high[0], key->high[1] }, key->high_port };
}

void expected_add(struct expected *expected, const struct skua_flow_key *key, unsigned side,
		  uint16_t port, uint64_t time_ns)
{
	struct expected_end end = expected_end_of(key, side);
	uint64_t *time;

	end.port = port;
	time = table_get(&expected->table, &end, NULL);
	*time = time_ns;
}

bool expected_take(struct expected *expected, const struct skua_flow_key *key)
{
	for (unsigned side = 0; side < 2 && expected->table.used; side++) {
		const struct expected_end end = expected_end_of(key, side);
		void *found = table_find(&expected->table, &end);

		if (!found)
			continue;
		table_remove(&expected->table, found);
		return true;
	}
	return false;
}
