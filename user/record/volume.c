// SPDX-License-Identifier: BSD-2-Clause
/* Adds up what is new in the reports of conversations. */
#include <string.h>
#include "record/volume.h"

/* What a conversation said last. */
struct told {
	uint64_t payload[2];
	uint64_t packets[2];
	uint64_t first_ns, last_ns;
};

/* Who has been silent longest is the likeliest to have ended. */
static uint64_t told_worth(const void *value)
{
	return ((const struct told *)value)->last_ns;
}

int volume_init(struct volume_flows *flows, uint32_t capacity)
{
	const struct table_options options = { .key_size = sizeof(struct skua_flow_key),
					       .value_size = sizeof(struct told),
					       .capacity = capacity,
					       .worth = told_worth };

	flows->forgotten = 0;
	return table_init(&flows->told, &options);
}

void volume_fini(struct volume_flows *flows)
{
	table_fini(&flows->told);
}

static struct told told_of(const struct skua_flow *flow)
{
	return (struct told){ .payload = { flow->way[0].payload, flow->way[1].payload },
			      .packets = { flow->way[0].packets, flow->way[1].packets },
			      .first_ns = flow->first_ns,
			      .last_ns = flow->last_ns };
}

/* As skua_flow_reported() leaves it: by time or by volume. */
static bool was_reported(const struct skua_flow *flow)
{
	return flow->reported_s || flow->report_shift > SKUA_REPORT_SHIFT_MIN;
}

static uint64_t beyond(uint64_t now, uint64_t before)
{
	return now > before ? now - before : 0;
}

static void add(struct volume *to, const struct told *now, const struct told *before)
{
	uint64_t since_ns = before->last_ns ? before->last_ns : now->first_ns;

	for (int i = 0; i < 2; i++) {
		to->payload[i] += beyond(now->payload[i], before->payload[i]);
		to->packets[i] += beyond(now->packets[i], before->packets[i]);
	}
	if (!to->until_ns || since_ns < to->since_ns)
		to->since_ns = since_ns;
	if (now->last_ns > to->until_ns)
		to->until_ns = now->last_ns;
}

void volume_flow(struct volume_flows *flows, const struct skua_flow_event *event, struct volume *to)
{
	const struct told now = told_of(&event->flow);
	struct told *told = table_find(&flows->told, &event->head.key), before = {};

	if (told && told->first_ns == now.first_ns) {
		before = *told;
	} else if (was_reported(&event->flow)) {
		before = now;
		flows->forgotten++;
	}
	if (to)
		add(to, &now, &before);
	if (event->reason == SKUA_FLOW_REPORT)
		*(struct told *)table_get(&flows->told, &event->head.key, NULL) = now;
	else if (told)
		table_remove(&flows->told, told);
}
