// SPDX-License-Identifier: BSD-2-Clause
/* Findings in the Elastic Common Schema 8.11 (elastic.co/guide/en/ecs/8.11). */
#include <ctype.h>
#include "base/time_text.h"
#include "report/finding_json.h"
#include "report/protocol.h"
#include "report/schema.h"

static bool put_time(struct mapping_value *out, uint64_t time_ns)
{
	return mapping_put_text(out, time_format(out->room, time_ns));
}

static bool trigger(const struct mapping_input *input, struct mapping_value *out)
{
	return put_time(out, input->finding->trigger_ns);
}

static bool first_seen(const struct mapping_input *input, struct mapping_value *out)
{
	return put_time(out, input->finding->first_ns);
}

static bool last_seen(const struct mapping_input *input, struct mapping_value *out)
{
	return put_time(out, input->finding->last_ns);
}

/* event.severity grows with what is at stake; these are the steps of Elastic's own rules. */
static bool severity(const struct mapping_input *input, struct mapping_value *out)
{
	static const uint8_t steps[] = { 0, 73, 47, 21, 1 };

	return mapping_put_uint(out, steps[finding_severity(input->finding)]);
}

static bool transport(const struct mapping_input *input, struct mapping_value *out)
{
	char name[PROTOCOL_NAME];
	const char *text = protocol_name(input->finding, name);
	size_t i = 0;

	if (!text || !input->finding->proto)
		return false;
	for (; text[i]; i++)
		out->room[i] = (char)tolower((unsigned char)text[i]);
	out->room[i] = '\0';
	return mapping_put_text(out, out->room);
}

static bool community(const struct mapping_input *input, struct mapping_value *out)
{
	return finding_community_id(input->finding, out->room) && mapping_put_text(out, out->room);
}

static bool framework(const struct mapping_input *input, struct mapping_value *out)
{
	return input->attack_count && mapping_put_text(out, "MITRE ATT&CK");
}

_Static_assert(MAPPING_TEXT_SIZE >= COMMUNITY_ID && MAPPING_TEXT_SIZE >= TIME_TEXT &&
		       MAPPING_TEXT_SIZE >= ADDRESS_TEXT && MAPPING_TEXT_SIZE >= PROTOCOL_NAME,
	       "what is made fits");

const struct mapping_row schema_ecs_rows[] = {
	{ "@timestamp", trigger },
	{ "ecs.version", .text = "8.11.0" },
	{ "message", mapping_reason },
	{ "event.kind", .text = "alert" },
	{ "event.category.0", .text = "intrusion_detection" },
	{ "event.category.1", .text = "network" },
	{ "event.type.0", .text = "info" },
	{ "event.module", .text = MAPPING_PRODUCT },
	{ "event.dataset", .text = MAPPING_PRODUCT ".finding" },
	{ "event.provider", .text = MAPPING_PRODUCT },
	{ "event.id", mapping_id },
	{ "event.action", mapping_kind },
	{ "event.severity", severity },
	{ "event.risk_score", mapping_score },
	{ "event.risk_score_norm", mapping_score_percent },
	{ "event.start", first_seen },
	{ "event.end", last_seen },
	{ "event.reason", mapping_reason },
	{ "observer.type", .text = "ids" },
	{ "observer.vendor", .text = MAPPING_PRODUCT },
	{ "observer.product", .text = MAPPING_PRODUCT },
	{ "observer.hostname", mapping_host },
	{ "source.address", mapping_source_ip },
	{ "source.ip", mapping_source_ip },
	{ "source.port", mapping_source_port },
	{ "destination.address", mapping_target_ip },
	{ "destination.ip", mapping_target_ip },
	{ "destination.port", mapping_target_port },
	{ "destination.domain", mapping_server_name },
	{ "network.transport", transport },
	{ "network.community_id", community },
	{ "dns.question.registered_domain", mapping_dns_domain },
	{ "related.ip.0", mapping_source_ip },
	{ "related.ip.1", mapping_target_ip },
	{ "rule.name", mapping_kind },
	{ "threat.framework", framework },
	{ "threat.tactic.id.0", mapping_tactic },
	{ "threat.tactic.id.1", mapping_tactic_2 },
	{ "threat.technique.id.0", mapping_technique },
	{ "threat.technique.id.1", mapping_technique_2 },
	{ "threat.technique.subtechnique.id.0", mapping_subtechnique },
	{ "threat.technique.subtechnique.id.1", mapping_subtechnique_2 },
	/* What has no place in ECS stands under our own name, as it asks for. */
	{ MAPPING_PRODUCT ".state", mapping_state },
	{ MAPPING_PRODUCT ".score_raw", mapping_score_raw },
	{ MAPPING_PRODUCT ".count", mapping_count },
	{ MAPPING_PRODUCT ".suppressed_by", mapping_waiver },
	{ .path = NULL },
};
