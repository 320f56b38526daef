// SPDX-License-Identifier: BSD-2-Clause
/* Compares the question of a DNS message with a domain. */
#include <ctype.h>
#include <string.h>
#include "record/domain.h"

#define MESSAGE_HEAD 12u

/* The labels of a name in wire form as text: "a.b.c"; false: they end too early. */
static bool name_text(const uint8_t *at, const uint8_t *end, char to[SKUA_DNS_NAME_MAX + 1])
{
	size_t length = 0;

	while (at < end && *at) {
		unsigned label = *at++;

		if (label > 63 || label > (size_t)(end - at) ||
		    length + label + 1 > SKUA_DNS_NAME_MAX)
			return false;
		for (unsigned i = 0; i < label; i++)
			to[length++] = tolower(at[i]);
		to[length++] = '.';
		at += label;
	}
	if (at >= end)
		return false;
	to[length ? length - 1 : 0] = '\0';
	return true;
}

static bool is_below(const char *name, const char *domain)
{
	size_t length = strlen(name), wanted = strlen(domain);

	if (length < wanted || strcmp(name + length - wanted, domain))
		return false;
	return length == wanted || name[length - wanted - 1] == '.';
}

/* Over TCP a segment may hold several messages, or part of one: such are taken as they are. */
bool domain_asked(const struct sample_row *row, const char *domain)
{
	const struct skua_sample_event *event = row->event;
	const uint8_t *at = row->bytes + event->offset, *end = row->bytes + row->captured;
	char name[SKUA_DNS_NAME_MAX + 1];

	if (event->head.key.proto == SKUA_TCP)
		return true;
	if (event->offset + MESSAGE_HEAD >= row->captured ||
	    !name_text(at + MESSAGE_HEAD, end, name))
		return true;
	return is_below(name, domain);
}
