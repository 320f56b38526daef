// SPDX-License-Identifier: BSD-2-Clause
/* What outlives the run is told what the others see. */
#include "pipeline/pipeline_state.h"
#include "track/memory.h"
#include "track/talk.h"

void pipeline_meet_server(struct pipeline *pipeline, const struct skua_exchange_event *event)
{
	struct talk talk;

	if (!pipeline->options.memory || !event->ours)
		return;
	talk = talk_of(&event->head.key, event->client);
	if (!talk_is_housekeeping(&talk))
		memory_meet(pipeline->options.memory, &talk.client, &talk.server, 0,
			    event->start_ns);
}

void pipeline_meet_name(struct pipeline *pipeline, const struct fact_hello *hello, uint64_t now_ns)
{
	struct talk talk;

	if (!pipeline->options.memory || !talk_is_named(hello))
		return;
	talk = talk_of(&hello->key, hello->client);
	if (census_is_inside(&pipeline->census, &talk.client))
		memory_meet(pipeline->options.memory, &talk.client, NULL, name_hash(hello->name),
			    now_ns);
}

void pipeline_meet_domain(struct pipeline *pipeline, const struct address *client,
			  const char *domain, uint64_t now_ns)
{
	if (pipeline->options.memory && domain[0])
		memory_meet(pipeline->options.memory, client, NULL, name_hash(domain), now_ns);
}
