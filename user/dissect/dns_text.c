// SPDX-License-Identifier: BSD-2-Clause
/* What DNS records say, as zone files have it. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include "dissect/dns_view.h"

/* Names inside data may be compressed, so they are read where they lie in the message; but their
 * own octets end where the data does. */
static bool name_at(const struct dns_view *view, const struct cursor *data,
		    char name[DNS_NAME_TEXT])
{
	size_t offset = data->at - view->message;
	struct dns_reader reader = { view, { data->at, view->length - offset } };

	return dns_read_name(&reader, name) && reader.from.at <= data->at + data->left;
}

static void write_hex(const struct cursor *data, char *to, size_t size)
{
	int length = snprintf(to, size, "\\# %zu ", data->left);

	for (size_t i = 0; i < data->left && length > 0 && (size_t)length + 3 < size; i++)
		length += snprintf(to + length, size - length, "%02x", data->at[i]);
}

/* Strings behind each other, as one: what tunnels carry has no other boundaries. */
static void write_strings(struct cursor data, char *to, size_t size)
{
	struct cursor part;
	size_t length = 0;

	to[0] = '\0';
	while (cursor_vector8(&data, &part))
		for (size_t i = 0; i < part.left && length + 5 < size; i++) {
			uint8_t c = part.at[i];

			if (c >= 0x20 && c < 0x7f && c != '\\')
				to[length++] = (char)c;
			else
				length += snprintf(to + length, size - length, "\\%03u", c);
			to[length] = '\0';
		}
}

static bool write_numbers_and_name(const struct dns_view *view, const struct dns_record *record,
				   unsigned numbers, char *to, size_t size)
{
	struct cursor data = record->data;
	char name[DNS_NAME_TEXT];
	size_t length = 0;
	uint16_t number;

	for (unsigned i = 0; i < numbers; i++) {
		if (!cursor_u16(&data, &number))
			return false;
		length += snprintf(to + length, size - length, "%u ", number);
	}
	if (!name_at(view, &data, name))
		return false;
	snprintf(to + length, size - length, "%s", name[0] ? name : ".");
	return true;
}

const char *dns_record_text(const struct dns_view *view, const struct dns_record *record, char *to,
			    size_t size)
{
	const struct cursor *data = &record->data;
	bool done = false;

	switch (record->type) {
	case DNS_A:
		done = data->left == 4 && inet_ntop(AF_INET, data->at, to, size);
		break;
	case DNS_AAAA:
		done = data->left == 16 && inet_ntop(AF_INET6, data->at, to, size);
		break;
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
	case DNS_SOA:
		done = write_numbers_and_name(view, record, 0, to, size);
		break;
	case DNS_MX:
		done = write_numbers_and_name(view, record, 1, to, size);
		break;
	case DNS_SRV:
		done = write_numbers_and_name(view, record, 3, to, size);
		break;
	case DNS_TXT:
		write_strings(*data, to, size);
		done = true;
		break;
	}
	if (!done)
		write_hex(data, to, size);
	return to;
}

const char *dns_rcode_text(unsigned rcode, char to[DNS_TYPE_TEXT])
{
	static const char *const names[] = { "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN",
					     "NOTIMP",  "REFUSED", "YXDOMAIN", "YXRRSET",
					     "NXRRSET", "NOTAUTH", "NOTZONE" };

	if (rcode < sizeof(names) / sizeof(names[0]))
		return names[rcode];
	snprintf(to, DNS_TYPE_TEXT, "RCODE%u", rcode);
	return to;
}
