// SPDX-License-Identifier: BSD-2-Clause
/* Reads one rule of suppression. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "skua/hash.h"
#include "base/time_text.h"
#include "base/utf8.h"
#include "report/suppression.h"

static const char *set_kind(struct suppression *rule, const char *value)
{
	if (rule->kind)
		return "kind is there twice";
	for (int kind = FINDING_BEACON; kind < FINDING_KINDS; kind++)
		if (!strcmp(finding_kind_name(kind), value))
			rule->kind = kind;
	return rule->kind ? NULL
			  : "kind is beacon, scan, exfil, dns_exfil, dns_dga, trigger or "
			    "suspicious_port";
}

static const char *set_src(struct suppression *rule, const char *value)
{
	if (rule->has_src)
		return "src is there twice";
	rule->has_src = true;
	return network_parse(&rule->src, value) ? "src is an address or network" : NULL;
}

static const char *set_dst(struct suppression *rule, const char *value)
{
	if (rule->has_dst)
		return "dst is there twice";
	rule->has_dst = true;
	return network_parse(&rule->dst, value) ? "dst is an address or network" : NULL;
}

static const char *set_port(struct suppression *rule, const char *value)
{
	unsigned long port = 0;
	size_t length = strspn(value, "0123456789");

	if (rule->port)
		return "port is there twice";
	if (length && length < 6 && !value[length])
		port = strtoul(value, NULL, 10);
	if (!port || port > UINT16_MAX)
		return "port is a number from 1 to 65535";
	rule->port = port;
	return NULL;
}

static const char *set_name(struct suppression *rule, const char *value)
{
	size_t length = strlen(value);

	if (rule->has_name)
		return "name is there twice";
	if (!length || length >= sizeof(rule->name) || value[0] == '.' || strstr(value, ".."))
		return "name is a domain";
	for (size_t i = 0; i <= length; i++) {
		if (value[i] && !isalnum((unsigned char)value[i]) && !strchr("-_.", value[i]))
			return "name is a domain";
		rule->name[i] = tolower((unsigned char)value[i]);
	}
	if (rule->name[length - 1] == '.')
		rule->name[length - 1] = '\0';
	rule->has_name = true;
	return NULL;
}

/* "2026-12-31", from its beginning, or "2026-12-31T12:00:00Z", or "forever". */
static const char *set_until(struct suppression *rule, const char *value)
{
	static const char wrong[] = "until is a day as 2026-12-31, a time as "
				    "2026-12-31T12:00:00Z, or forever";
	char text[TIME_TEXT + 1];

	if (rule->has_until)
		return "until is there twice";
	rule->has_until = true;
	if (!strcmp(value, "forever"))
		return NULL;
	if (strlen(value) == 10)
		snprintf(text, sizeof(text), "%sT00:00:00.000000000Z", value);
	else if (strlen(value) == 20 && value[19] == 'Z')
		snprintf(text, sizeof(text), "%.19s.000000000Z", value);
	else
		return wrong;
	return time_parse(&rule->until_ns, text) || !rule->until_ns ? wrong : NULL;
}

static const char *set_reason(struct suppression *rule, const char *value)
{
	size_t length = strlen(value);
	uint32_t code;

	if (rule->has_reason)
		return "reason is there twice";
	if (!value[strspn(value, " \t")])
		return "reason is empty";
	if (length >= sizeof(rule->reason))
		return "reason is longer than 159 octets";
	for (size_t at = 0, n; at < length; at += n) {
		n = utf8_decode((const unsigned char *)value + at, length - at, &code);
		if (!n || utf8_is_hidden(code))
			return "reason holds what cannot be shown";
	}
	memcpy(rule->reason, value, length + 1);
	rule->has_reason = true;
	return NULL;
}

static const struct {
	const char *key;
	const char *(*set)(struct suppression *rule, const char *value);
} parts[] = {
	{ "kind", set_kind },     { "src", set_src },   { "dst", set_dst },
	{ "port", set_port },     { "name", set_name }, { "until", set_until },
	{ "reason", set_reason },
};

const char *suppression_set(struct suppression *rule, const char *key, const char *value)
{
	for (unsigned i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (!strcmp(parts[i].key, key))
			return parts[i].set(rule, value);
	return "a part is none of kind, src, dst, port, name, until, reason";
}

/* Two rules for the same thing have one id, so that one of them is refused. */
static void identify(struct suppression *rule)
{
	uint64_t hash = skua_mix(1, (uint64_t)rule->kind << 32 | rule->port);

	hash = skua_mix(hash, rule->has_src | rule->has_dst << 1 | rule->has_name << 2);
	hash = skua_mix(hash, (uint64_t)rule->src.prefix << 32 | rule->dst.prefix);
	for (int i = 0; i < 2; i++) {
		hash = skua_mix(hash, rule->src.address.words[i]);
		hash = skua_mix(hash, rule->dst.address.words[i]);
	}
	for (const char *at = rule->name; *at; at++)
		hash = skua_mix(hash, (unsigned char)*at);
	hash = skua_mix(hash, 0);
	snprintf(rule->id, sizeof(rule->id), "%08x", (unsigned)(hash >> 16));
}

const char *suppression_complete(struct suppression *rule)
{
	if (!rule->kind && !rule->has_src && !rule->has_dst && !rule->port && !rule->has_name)
		return "it would match everything: name a kind, src, dst, port or name";
	if (!rule->has_reason)
		return "a reason is missing";
	if (!rule->has_until)
		return "until is missing";
	identify(rule);
	return NULL;
}

const char *suppression_parse(struct suppression *out, char *line)
{
	struct suppression rule = {};
	const char *why = NULL;

	while (!why && *line) {
		char *value = strchr(line, '='), *end;

		if (!value || strcspn(line, " \t") < (size_t)(value - line))
			return "a rule is made of parts such as port=443";
		*value++ = '\0';
		end = strcmp(line, "reason") ? value + strcspn(value, " \t") : strchr(value, '\0');
		if (*end)
			*end++ = '\0';
		why = suppression_set(&rule, line, value);
		line = end + strspn(end, " \t");
	}
	if (!why)
		why = suppression_complete(&rule);
	if (!why)
		*out = rule;
	return why;
}
