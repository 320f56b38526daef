// SPDX-License-Identifier: BSD-2-Clause
/* However much pointers make of a DNS message, so much of it is told, and the rest counted. */
#include <stdlib.h>
#include <string.h>
#include "logs/eve.h"
#include "logs/zeek.h"
#include "tap.h"

#define RECORD 14 /* an owner, type, class, lifetime, and a name: both names are pointers */
#define RECORDS 4500
#define NAME_OCTETS 500
#define LINE_BOUND (1u << 20) /* the text, its escapes, and what stands around */

static uint8_t message[65535];
static size_t length;
static char *said;

static void put16(unsigned value)
{
	message[length++] = value >> 8;
	message[length++] = value & 0xff;
}

/* A question with a name that no screen shows, and so many aliases of it for itself. */
static void make(unsigned records)
{
	length = 0;
	put16(7);
	put16(0x8180);
	put16(1);
	put16(records);
	put16(0);
	put16(0);
	for (unsigned octet = 0; octet < NAME_OCTETS; octet++)
		message[length++] = octet % 50 ? 1 : 49;
	message[length++] = 0;
	put16(DNS_CNAME);
	put16(1);
	for (unsigned i = 0; i < records; i++) {
		put16(0xc00c);
		put16(DNS_CNAME);
		put16(1);
		put16(0);
		put16(60);
		put16(2);
		put16(0xc00c);
	}
}

/* Returns how long the line is. */
static size_t tell(bool zeek, unsigned records, unsigned *left_out)
{
	const struct dns_query query = { .has_question = false };
	struct dns_view view;
	struct json json;
	size_t size;
	FILE *stream = open_memstream(&said, &size);

	make(records);
	if (!stream || !dns_view_open(&view, message, length))
		abort();
	json_init(&json, stream);
	json_open_object(&json, NULL);
	*left_out = zeek ? zeek_dns(&json, &query, &view, 1) : eve_dns(&json, &view);
	json_close(&json);
	fclose(stream);
	return size;
}

static unsigned count(const char *text)
{
	unsigned times = 0;

	for (const char *at = said; (at = strstr(at, text)); at += strlen(text))
		times++;
	return times;
}

int main(void)
{
	char field[60];
	unsigned left_out;
	size_t size;

	tell(false, 10, &left_out);
	ok(!left_out && count("\"rdata\":") == 10 && !count("left_out"),
	   "few are told, all of them");
	free(said);
	size = tell(false, RECORDS, &left_out);
	snprintf(field, sizeof(field), "\"answers_left_out\":%u,", left_out);
	ok(size < LINE_BOUND && count("\"rdata\":") > 10, "a line of EVE keeps within a bound");
	ok(left_out && count("\"rdata\":") + left_out == RECORDS && count(field) == 1,
	   "it says how many answers it lacks");
	free(said);
	size = tell(true, RECORDS, &left_out);
	ok(size < LINE_BOUND && left_out && count(",60.0") + 1 == RECORDS - left_out,
	   "a line of Zeek does so, with a lifetime for each answer it has");
	free(said);
	return done();
}
