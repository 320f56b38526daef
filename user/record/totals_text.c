// SPDX-License-Identifier: BSD-2-Clause
/* The totals of a pair as text, there and back. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/time_text.h"
#include "record/totals_text.h"
#include "skua/packet.h"

#define PROTO_TEXT 16

/* As in findings. */
static const struct {
	uint8_t proto;
	const char *name;
} protocols[] = { { SKUA_UDP, "UDP" },
		  { SKUA_ICMP, "ICMP" },
		  { SKUA_ICMPV6, "IPv6-ICMP" },
		  { SKUA_GRE_PROTO, "GRE" },
		  { SKUA_SCTP, "SCTP" } };

#define PROTOCOLS (sizeof(protocols) / sizeof(protocols[0]))

static const char *protocol_text(uint8_t proto, char to[PROTO_TEXT])
{
	for (size_t i = 0; i < PROTOCOLS; i++)
		if (protocols[i].proto == proto)
			return protocols[i].name;
	snprintf(to, PROTO_TEXT, "%u", proto);
	return to;
}

static int read_protocol(uint8_t *to, const char *text)
{
	unsigned long number;
	char *end;

	for (size_t i = 0; i < PROTOCOLS; i++)
		if (!strcmp(protocols[i].name, text)) {
			*to = protocols[i].proto;
			return 0;
		}
	number = strtoul(text, &end, 10);
	if (end == text || *end || number > UINT8_MAX)
		return -EINVAL;
	*to = number;
	return 0;
}

void totals_text_write(const struct recorder_totals *from, char to[TOTALS_TEXT])
{
	const struct volume *volume = &from->totals;
	char proto[PROTO_TEXT], low[ADDRESS_TEXT], high[ADDRESS_TEXT];
	char since[TIME_TEXT], until[TIME_TEXT];

	snprintf(to, TOTALS_TEXT,
		 "skua.totals={\"proto\":\"%s\",\"low\":\"%s\",\"high\":\"%s\",\"port\":%u,"
		 "\"payload_low\":%" PRIu64 ",\"payload_high\":%" PRIu64 ","
		 "\"packets_low\":%" PRIu64 ",\"packets_high\":%" PRIu64 ","
		 "\"since\":\"%s\",\"until\":\"%s\"}",
		 protocol_text(from->key.proto, proto), address_format(&from->key.low, low),
		 address_format(&from->key.high, high), from->key.port, volume->payload[0],
		 volume->payload[1], volume->packets[0], volume->packets[1],
		 time_format(since, volume->since_ns), time_format(until, volume->until_ns));
}

struct words {
	char proto[PROTO_TEXT], low[ADDRESS_TEXT], high[ADDRESS_TEXT];
	char since[TIME_TEXT], until[TIME_TEXT];
	unsigned port;
};

static int read_words(const struct words *words, struct recorder_totals *to)
{
	if (read_protocol(&to->key.proto, words->proto) ||
	    address_parse(&to->key.low, words->low) || address_parse(&to->key.high, words->high) ||
	    time_parse(&to->totals.since_ns, words->since) ||
	    time_parse(&to->totals.until_ns, words->until) || words->port > UINT16_MAX)
		return -EINVAL;
	to->key.port = words->port;
	return 0;
}

int totals_text_read(struct recorder_totals *to, const char *text, size_t length)
{
	struct recorder_totals read;
	struct volume *volume = &read.totals;
	char copy[TOTALS_TEXT], again[TOTALS_TEXT];
	struct words words;

	if (length >= sizeof(copy))
		return -EINVAL;
	memcpy(copy, text, length);
	copy[length] = '\0';
	memset(&read, 0, sizeof(read)); /* keys are compared byte by byte */
	if (sscanf(copy,
		   "skua.totals={\"proto\":\"%15[^\"]\",\"low\":\"%45[^\"]\",\"high\":\"%45[^\"]\","
		   "\"port\":%u,\"payload_low\":%" SCNu64 ",\"payload_high\":%" SCNu64 ","
		   "\"packets_low\":%" SCNu64 ",\"packets_high\":%" SCNu64 ","
		   "\"since\":\"%30[^\"]\",\"until\":\"%30[^\"]\"}",
		   words.proto, words.low, words.high, &words.port, &volume->payload[0],
		   &volume->payload[1], &volume->packets[0], &volume->packets[1], words.since,
		   words.until) != 10 ||
	    read_words(&words, &read))
		return -EINVAL;
	totals_text_write(&read, again);
	if (strcmp(copy, again))
		return -EINVAL;
	*to = read;
	return 0;
}
