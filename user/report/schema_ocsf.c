// SPDX-License-Identifier: BSD-2-Clause
/* Findings as OCSF 1.3.0 Detection Findings (schema.ocsf.io/1.3.0/classes/detection_finding). */
#include "report/protocol.h"
#include "report/schema.h"

#define CLASS_UID 2004
#define NS_PER_MS 1000000

static bool trigger(const struct mapping_input *input, struct mapping_value *out)
{
	return mapping_put_uint(out, input->finding->trigger_ns / NS_PER_MS);
}

static bool first_seen(const struct mapping_input *input, struct mapping_value *out)
{
	return mapping_put_uint(out, input->finding->first_ns / NS_PER_MS);
}

static bool last_seen(const struct mapping_input *input, struct mapping_value *out)
{
	return mapping_put_uint(out, input->finding->last_ns / NS_PER_MS);
}

/* 1 Create, 2 Update, 3 Close: our states in their order. */
static bool activity(const struct mapping_input *input, struct mapping_value *out)
{
	return mapping_put_uint(out, input->finding->state + 1);
}

static bool activity_name(const struct mapping_input *input, struct mapping_value *out)
{
	static const char *const names[] = { "Create", "Update", "Close" };

	return mapping_put_text(out, names[input->finding->state]);
}

static bool type(const struct mapping_input *input, struct mapping_value *out)
{
	return mapping_put_uint(out, CLASS_UID * 100 + input->finding->state + 1);
}

static const struct {
	uint8_t id;
	const char *name;
} severities[] = {
	{ 0, "Unknown" }, { 4, "High" }, { 3, "Medium" }, { 2, "Low" }, { 1, "Informational" }
};

static bool severity(const struct mapping_input *input, struct mapping_value *out)
{
	return mapping_put_uint(out, severities[finding_severity(input->finding)].id);
}

static bool severity_name(const struct mapping_input *input, struct mapping_value *out)
{
	return mapping_put_text(out, severities[finding_severity(input->finding)].name);
}

/* 1 New, 3 Suppressed; what people made of it later is not known here. */
static bool status(const struct mapping_input *input, struct mapping_value *out)
{
	if (input->finding->suppressed.rule[0])
		return mapping_put_uint(out, 3);
	return input->finding->state == FINDING_NEW && mapping_put_uint(out, 1);
}

/* 0 Unknown, 1 Inbound, 2 Outbound, 3 Lateral. */
static bool direction(const struct mapping_input *input, struct mapping_value *out)
{
	static const uint8_t of_scan[] = {
		[SCAN_OUTBOUND] = 2, [SCAN_INBOUND] = 1, [SCAN_INTERNAL] = 3
	};
	const struct finding *finding = input->finding;

	if (finding->kind == FINDING_SCAN)
		return mapping_put_uint(out, of_scan[finding->scan.direction]);
	return mapping_put_uint(out, finding->kind == FINDING_TRIGGER ||
						     finding->kind == FINDING_SUSPICIOUS_PORT
					     ? 0
					     : 2);
}

static bool protocol_number(const struct mapping_input *input, struct mapping_value *out)
{
	return input->finding->proto && mapping_put_uint(out, input->finding->proto);
}

const struct mapping_row schema_ocsf_rows[] = {
	{ "activity_id", activity },
	{ "activity_name", activity_name },
	{ "category_name", .text = "Findings" },
	{ "category_uid", .number = 2 },
	{ "class_name", .text = "Detection Finding" },
	{ "class_uid", .number = CLASS_UID },
	{ "type_uid", type },
	{ "time", trigger },
	{ "start_time", first_seen },
	{ "end_time", last_seen },
	{ "severity_id", severity },
	{ "severity", severity_name },
	{ "status_id", status },
	{ "confidence_score", mapping_score_percent },
	{ "message", mapping_reason },
	{ "metadata.version", .text = "1.3.0" },
	{ "metadata.product.name", .text = MAPPING_PRODUCT },
	{ "metadata.product.vendor_name", .text = MAPPING_PRODUCT },
	{ "metadata.log_provider", mapping_host },
	{ "finding_info.uid", mapping_id },
	{ "finding_info.title", mapping_kind },
	{ "finding_info.desc", mapping_reason },
	{ "finding_info.types.0", mapping_kind },
	{ "finding_info.first_seen_time", first_seen },
	{ "finding_info.last_seen_time", last_seen },
	{ "finding_info.analytic.name", mapping_kind },
	{ "finding_info.analytic.type", .text = "Behavioral" },
	{ "finding_info.analytic.type_id", .number = 2 },
	{ "finding_info.attacks.0.technique.uid", mapping_technique },
	{ "finding_info.attacks.0.sub_technique.uid", mapping_subtechnique },
	{ "finding_info.attacks.0.tactic.uid", mapping_tactic },
	{ "finding_info.attacks.1.technique.uid", mapping_technique_2 },
	{ "finding_info.attacks.1.sub_technique.uid", mapping_subtechnique_2 },
	{ "finding_info.attacks.1.tactic.uid", mapping_tactic_2 },
	{ "evidences.0.src_endpoint.ip", mapping_source_ip },
	{ "evidences.0.src_endpoint.port", mapping_source_port },
	{ "evidences.0.dst_endpoint.ip", mapping_target_ip },
	{ "evidences.0.dst_endpoint.port", mapping_target_port },
	{ "evidences.0.dst_endpoint.hostname", mapping_server_name },
	{ "evidences.0.connection_info.direction_id", direction },
	{ "evidences.0.connection_info.protocol_num", protocol_number },
	{ "evidences.0.query.hostname", mapping_dns_domain },
	/* What has no place in OCSF. */
	{ "unmapped.state", mapping_state },
	{ "unmapped.score", mapping_score },
	{ "unmapped.score_raw", mapping_score_raw },
	{ "unmapped.count", mapping_count },
	{ "unmapped.suppressed_by", mapping_waiver },
	{ .path = NULL },
};
