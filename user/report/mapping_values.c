// SPDX-License-Identifier: BSD-2-Clause
/* What findings give to any schema. */
#include <stdio.h>
#include <string.h>
#include "report/mapping.h"

bool mapping_put_text(struct mapping_value *out, const char *text)
{
	out->type = MAPPING_TEXT;
	out->text = text;
	return true;
}

bool mapping_put_uint(struct mapping_value *out, uint64_t number)
{
	out->type = MAPPING_UINT;
	out->number = number;
	return true;
}

static bool put_real(struct mapping_value *out, double real)
{
	out->type = MAPPING_REAL;
	out->real = real;
	return true;
}

bool mapping_id(const struct mapping_input *input, struct mapping_value *out)
{
	return mapping_put_text(out, input->finding->id);
}

bool mapping_kind(const struct mapping_input *input, struct mapping_value *out)
{
	return mapping_put_text(out, finding_kind_name(input->finding->kind));
}

bool mapping_state(const struct mapping_input *input, struct mapping_value *out)
{
	return mapping_put_text(out, finding_state_name(input->finding->state));
}

bool mapping_reason(const struct mapping_input *input, struct mapping_value *out)
{
	return mapping_put_text(out, input->finding->reason);
}

bool mapping_host(const struct mapping_input *input, struct mapping_value *out)
{
	return input->envelope->host && mapping_put_text(out, input->envelope->host);
}

bool mapping_source_ip(const struct mapping_input *input, struct mapping_value *out)
{
	return mapping_put_text(out, address_format(&input->finding->src, out->room));
}

bool mapping_source_port(const struct mapping_input *input, struct mapping_value *out)
{
	return input->finding->sport && mapping_put_uint(out, input->finding->sport);
}

bool mapping_target_ip(const struct mapping_input *input, struct mapping_value *out)
{
	return input->finding->has_dst &&
	       mapping_put_text(out, address_format(&input->finding->dst, out->room));
}

bool mapping_target_port(const struct mapping_input *input, struct mapping_value *out)
{
	return input->finding->dport && mapping_put_uint(out, input->finding->dport);
}

bool mapping_server_name(const struct mapping_input *input, struct mapping_value *out)
{
	const struct finding *finding = input->finding;
	const char *name = finding->kind == FINDING_BEACON  ? finding->beacon.name
			   : finding->kind == FINDING_EXFIL ? finding->exfil.name
							    : "";

	return name[0] && mapping_put_text(out, name);
}

bool mapping_dns_domain(const struct mapping_input *input, struct mapping_value *out)
{
	const struct finding *finding = input->finding;

	return (finding->kind == FINDING_DNS_EXFIL || finding->kind == FINDING_DNS_DGA) &&
	       finding->entity[0] && mapping_put_text(out, finding->entity);
}

bool mapping_score(const struct mapping_input *input, struct mapping_value *out)
{
	return put_real(out, input->finding->score);
}

bool mapping_score_raw(const struct mapping_input *input, struct mapping_value *out)
{
	return put_real(out, input->finding->score_raw);
}

bool mapping_score_percent(const struct mapping_input *input, struct mapping_value *out)
{
	return mapping_put_uint(out, (uint64_t)(input->finding->score * 100 + 0.5));
}

bool mapping_count(const struct mapping_input *input, struct mapping_value *out)
{
	return mapping_put_uint(out, input->finding->count);
}

/* "T1071" of T1071.001. */
static bool put_technique(const struct mapping_input *input, unsigned i, struct mapping_value *out)
{
	size_t length;

	if (i >= input->attack_count)
		return false;
	length = strcspn(input->attacks[i].technique, ".");
	snprintf(out->room, sizeof(out->room), "%.*s", (int)length, input->attacks[i].technique);
	return mapping_put_text(out, out->room);
}

/* The whole of T1071.001; T1571 has none. */
static bool put_subtechnique(const struct mapping_input *input, unsigned i,
			     struct mapping_value *out)
{
	return i < input->attack_count && strchr(input->attacks[i].technique, '.') &&
	       mapping_put_text(out, input->attacks[i].technique);
}

bool mapping_technique(const struct mapping_input *input, struct mapping_value *out)
{
	return put_technique(input, 0, out);
}

bool mapping_technique_2(const struct mapping_input *input, struct mapping_value *out)
{
	return put_technique(input, 1, out);
}

bool mapping_subtechnique(const struct mapping_input *input, struct mapping_value *out)
{
	return put_subtechnique(input, 0, out);
}

bool mapping_subtechnique_2(const struct mapping_input *input, struct mapping_value *out)
{
	return put_subtechnique(input, 1, out);
}

bool mapping_tactic(const struct mapping_input *input, struct mapping_value *out)
{
	return input->attack_count > 0 && mapping_put_text(out, input->attacks[0].tactic);
}

bool mapping_tactic_2(const struct mapping_input *input, struct mapping_value *out)
{
	return input->attack_count > 1 && mapping_put_text(out, input->attacks[1].tactic);
}

bool mapping_waiver(const struct mapping_input *input, struct mapping_value *out)
{
	return input->finding->suppressed.rule[0] &&
	       mapping_put_text(out, input->finding->suppressed.rule);
}
