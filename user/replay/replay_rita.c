// SPDX-License-Identifier: BSD-2-Clause
/* RITA's score beside ours, in a replay. */
#include "base/log.h"
#include "replay/replay_rita.h"

static int take(struct sink *sink, const struct record *record)
{
	if (record->kind == RECORD_FINDING)
		rita_pairs_finding(&((struct replay_rita *)sink)->pairs, record->finding);
	return 0;
}

int replay_rita_open(struct replay_rita *rita, struct pipeline_options *pipeline)
{
	unsigned place = 0;
	int err = rita_pairs_init(&rita->pairs, RITA_PAIRS, RITA_CHUNKS);

	if (err) {
		log_error("cannot reserve the tables of --rita: out of memory");
		return err;
	}
	rita->on = true;
	rita->sink = (struct sink){ .name = "rita", .write = take };
	while (pipeline->sinks[place])
		place++;
	pipeline->sinks[place] = &rita->sink;
	return 0;
}

void replay_rita_close(struct replay_rita *rita)
{
	if (rita->on)
		rita_pairs_fini(&rita->pairs);
	rita->on = false;
}

void replay_rita_event(struct replay_rita *rita, const struct skua_event *event)
{
	if (rita->on && event->kind == SKUA_EVENT_FLOW)
		rita_pairs_flow(&rita->pairs, (const struct skua_flow_event *)event);
}

void replay_rita_write(const struct replay_rita *rita, bool table,
		       const struct sink_envelope *envelope)
{
	int err;

	if (!rita->on)
		return;
	err = table ? rita_write_table(&rita->pairs, stdout)
		    : rita_write_json(&rita->pairs, stdout, envelope);
	if (err)
		log_error("cannot print RITA's scores: out of memory");
}
