/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Findings in the words of others: a schema is a table of where a value goes
 * and how a finding gives it.  A path is names with dots between; a number in
 * it is a place in a list.  Rows that share a beginning stand together.  What
 * a finding does not have is left out, and so is the object that would be empty.
 */
#ifndef SKUA_REPORT_MAPPING_H
#define SKUA_REPORT_MAPPING_H

#include "base/json.h"
#include "report/attack.h"
#include "report/sink.h"

#define MAPPING_TEXT_SIZE 64
#define MAPPING_PRODUCT "skua"

struct mapping_input {
	const struct finding *finding;
	const struct sink_envelope *envelope;
	unsigned attack_count;
	struct attack attacks[ATTACK_MAX];
};

enum mapping_type { MAPPING_TEXT, MAPPING_UINT, MAPPING_REAL };

struct mapping_value {
	enum mapping_type type;
	const char *text; /* of the input, constant, or room */
	uint64_t number;
	double real;
	char room[MAPPING_TEXT_SIZE];
};

/* false: the finding has none. */
typedef bool mapping_get_fn(const struct mapping_input *input, struct mapping_value *out);

struct mapping_row {
	const char *path;
	mapping_get_fn *get; /* NULL: always the text, or without one the number */
	const char *text;
	uint64_t number;
};

/* A whole record, its line ended; the last row has no path. */
void mapping_write(struct json *json, const struct mapping_row *rows,
		   const struct sink_envelope *envelope, const struct finding *finding);

/* What more than one schema asks for. */
mapping_get_fn mapping_id, mapping_kind, mapping_state, mapping_reason, mapping_host,
	mapping_source_ip, mapping_source_port, mapping_target_ip, mapping_target_port,
	mapping_server_name, mapping_dns_domain, mapping_score, mapping_score_raw,
	mapping_score_percent, mapping_count, mapping_technique, mapping_technique_2,
	mapping_subtechnique, mapping_subtechnique_2, mapping_tactic, mapping_tactic_2,
	mapping_waiver;

/* Fill out, and say true. */
bool mapping_put_text(struct mapping_value *out, const char *text);
bool mapping_put_uint(struct mapping_value *out, uint64_t number);

#endif /* SKUA_REPORT_MAPPING_H */
