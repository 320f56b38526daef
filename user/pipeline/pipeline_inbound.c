// SPDX-License-Identifier: BSD-2-Clause
/* What becomes of scans from the Internet: summed up by the day, unless one of ours let them in. */
#include "pipeline/pipeline_state.h"
#include "track/talk.h"

bool pipeline_is_summary(const struct finding *finding)
{
	return finding->kind == FINDING_SCAN && finding->scan.noise;
}

void pipeline_tell_inbound(struct pipeline *pipeline)
{
	struct finding summary;

	if (!inbound_tell(&pipeline->inbound, &summary))
		return;
	summary.at_end = pipeline->at_end;
	pipeline_take(pipeline, NULL, &summary);
}

void pipeline_take_noise(struct pipeline *pipeline, const struct finding *finding)
{
	if (finding->score < pipeline->options.min_score)
		return;
	if (inbound_is_over(&pipeline->inbound, finding->trigger_ns))
		pipeline_tell_inbound(pipeline);
	inbound_take(&pipeline->inbound, finding);
}

void pipeline_note_entry(struct pipeline *pipeline, const struct skua_exchange_event *event)
{
	struct talk talk = talk_of(&event->head.key, event->client);

	if (talk.proto != SKUA_TCP)
		return;
	if (event->ours)
		sources_called(&pipeline->sources, &talk.client, &talk.server);
	else if (event->answered)
		sources_spoke(&pipeline->sources, &talk.client, &talk.server);
}

void pipeline_note_spoken(struct pipeline *pipeline, const struct skua_flow_event *event)
{
	const struct skua_flow *flow = &event->flow;
	struct talk talk = talk_of(&event->head.key, skua_flow_client(flow));

	if (talk.proto == SKUA_TCP && !event->ours && flow->way[0].payload && flow->way[1].payload)
		sources_spoke(&pipeline->sources, &talk.client, &talk.server);
}
