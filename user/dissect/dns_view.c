// SPDX-License-Identifier: BSD-2-Clause
/* A DNS message seen whole. */
#include <stdio.h>
#include <string.h>
#include "dissect/dns_view.h"

#define HEADER 12
#define LABEL_MAX 63
#define NAME_OCTETS_MAX 510
#define POINTER 0xc0

bool dns_view_open(struct dns_view *view, const uint8_t *message, size_t length)
{
	struct cursor from = { message, length };

	*view = (struct dns_view){ .message = message, .length = length };
	return cursor_u16(&from, &view->id) && cursor_u16(&from, &view->flags) &&
	       cursor_u16(&from, &view->questions) && cursor_u16(&from, &view->answers) &&
	       cursor_u16(&from, &view->authorities) && cursor_u16(&from, &view->additionals);
}

struct dns_reader dns_view_rewind(const struct dns_view *view)
{
	struct dns_reader reader = { view, { view->message, view->length } };
	struct cursor header;

	cursor_take(&reader.from, HEADER, &header);
	return reader;
}

/* RFC 4343, 2.1: what is no plain character is shown by its number. */
static size_t put_label(char *to, const struct cursor *label)
{
	size_t length = 0;

	for (size_t i = 0; i < label->left; i++) {
		uint8_t c = label->at[i];

		if (c == '.' || c == '\\')
			length += sprintf(to + length, "\\%c", c);
		else if (c > 0x20 && c < 0x7f)
			to[length++] = (char)c;
		else
			length += sprintf(to + length, "\\%03u", c);
	}
	return length;
}

/* Steps over a name, and writes it. */
static bool read_name(const struct dns_view *view, struct cursor *from, char to[DNS_NAME_TEXT])
{
	struct cursor at = *from, label;
	size_t octets = 1, length = 0, limit = from->at - view->message;
	bool jumped = false;
	uint8_t size, low;

	for (;;) {
		if (!cursor_u8(&at, &size))
			return false;
		if (size >= POINTER) {
			size_t target;

			if (!cursor_u8(&at, &low))
				return false;
			target = (size & ~POINTER) << 8 | low;
			if (!jumped)
				*from = at;
			/* Always further back: this ends. */
			if (target < HEADER || target >= limit)
				return false;
			jumped = true;
			limit = target;
			at = (struct cursor){ view->message + target, view->length - target };
			continue;
		}
		if (size > LABEL_MAX || (octets += size + 1u) > NAME_OCTETS_MAX + 1)
			return false;
		if (!size)
			break;
		if (!cursor_take(&at, size, &label))
			return false;
		if (length)
			to[length++] = '.';
		length += put_label(to + length, &label);
	}
	to[length] = '\0';
	if (!jumped)
		*from = at;
	return true;
}

bool dns_read_name(struct dns_reader *reader, char to[DNS_NAME_TEXT])
{
	return read_name(reader->view, &reader->from, to);
}

bool dns_read_question(struct dns_reader *reader, struct dns_record *out)
{
	out->data = (struct cursor){ 0 };
	out->lifetime_s = 0;
	return read_name(reader->view, &reader->from, out->name) &&
	       cursor_u16(&reader->from, &out->type) && cursor_u16(&reader->from, &out->class);
}

bool dns_read_record(struct dns_reader *reader, struct dns_record *out)
{
	uint16_t high, low;

	if (!dns_read_question(reader, out) || !cursor_u16(&reader->from, &high) ||
	    !cursor_u16(&reader->from, &low) || !cursor_vector16(&reader->from, &out->data))
		return false;
	out->lifetime_s = (uint32_t)high << 16 | low;
	return true;
}

bool dns_view_is_whole(const struct dns_view *view)
{
	struct dns_reader reader = dns_view_rewind(view);
	unsigned records = view->answers + view->authorities + view->additionals;
	struct dns_record record;

	for (unsigned i = 0; i < view->questions; i++)
		if (!dns_read_question(&reader, &record))
			return false;
	for (unsigned i = 0; i < records; i++)
		if (!dns_read_record(&reader, &record))
			return false;
	return !reader.from.left;
}

const char *dns_type_text(uint16_t type, char to[DNS_TYPE_TEXT])
{
	static const char *const names[] = {
		[DNS_A] = "A",     [DNS_NS] = "NS",   [DNS_CNAME] = "CNAME", [DNS_SOA] = "SOA",
		[10] = "NULL",     [DNS_PTR] = "PTR", [13] = "HINFO",        [DNS_MX] = "MX",
		[DNS_TXT] = "TXT", [16 + 9] = "KEY",  [DNS_AAAA] = "AAAA",   [29] = "LOC",
		[DNS_SRV] = "SRV", [35] = "NAPTR",    [39] = "DNAME",        [DNS_OPT] = "OPT",
		[43] = "DS",       [46] = "RRSIG",    [47] = "NSEC",         [48] = "DNSKEY",
		[50] = "NSEC3",    [52] = "TLSA",     [64] = "SVCB",         [65] = "HTTPS",
		[99] = "SPF",      [251] = "IXFR",    [252] = "AXFR",        [255] = "ANY",
	};

	if (type < sizeof(names) / sizeof(names[0]) && names[type])
		snprintf(to, DNS_TYPE_TEXT, "%s", names[type]);
	else
		snprintf(to, DNS_TYPE_TEXT, "TYPE%u", type);
	return to;
}
