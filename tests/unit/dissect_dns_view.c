// SPDX-License-Identifier: BSD-2-Clause
/* A DNS message read question by question and record by record: names, pointers, what is cut. */
#include <stdlib.h>
#include "dissect/dns_view.h"
#include "dissect_message.h"
#include "tap.h"

#define QUESTION_AT 12
#define BEHIND 33 /* of put_chain(): the first answer */

static void test_header(void)
{
	static const uint8_t bytes[] = { 0x12, 0x34, 0x81, 0x83, 0, 1, 0, 2, 0, 3, 0, 4 };
	struct dns_view view;
	bool cut = true;

	ok(dns_view_open(&view, bytes, sizeof(bytes)) && view.id == 0x1234 &&
		   view.flags == 0x8183 && view.questions == 1 && view.answers == 2 &&
		   view.authorities == 3 && view.additionals == 4 && !view.tcp && !view.multicast,
	   "a header is read");
	ok(dns_view_is_response(&view) && dns_view_rcode(&view) == 3, "with its two flags");
	for (size_t n = 0; n < sizeof(bytes); n++)
		cut &= !dns_view_open(&view, bytes, n);
	ok(cut, "what is shorter is none");
}

/* The same record for all, so that what one left would be seen in the next. */
static void test_records(void)
{
	struct message message = { 0 };
	struct dns_record record;
	struct dns_reader reader;
	struct dns_view view;

	put_chain(&message);
	memset(&record, 0xff, sizeof(record));
	dns_view_open(&view, message.at, message.length);
	reader = dns_view_rewind(&view);
	ok(dns_read_question(&reader, &record) && !strcmp(record.name, "www.Example.com") &&
		   record.type == DNS_A && record.class == 1 && !record.lifetime_s &&
		   !record.data.left,
	   "a question has a name, a type and a class, nothing else");
	ok(dns_read_record(&reader, &record) && !strcmp(record.name, "www.Example.com") &&
		   record.type == DNS_CNAME && record.class == 1 && record.lifetime_s == 60 &&
		   record.data.left == 4,
	   "a record a lifetime and data, too");
	ok(dns_read_record(&reader, &record) && !strcmp(record.name, "x.Example.com") &&
		   record.type == DNS_A && record.data.left == 4 &&
		   !memcmp(record.data.at, "\xc0\0\2\1", 4),
	   "a name may point into the data of another");
	ok(dns_read_record(&reader, &record) && record.type == DNS_AAAA && record.data.left == 16 &&
		   !dns_read_record(&reader, &record),
	   "behind the last there is none");
	reader = dns_view_rewind(&view);
	ok(dns_read_question(&reader, &record) && !record.lifetime_s && !record.data.left &&
		   record.type == DNS_A,
	   "a question that follows a record has nothing of it");
	reader = dns_view_rewind(&view);
	ok(dns_read_question(&reader, &record), "a question");
	message.at[BEHIND + 6] = 0x12;
	message.at[BEHIND + 7] = 0x34;
	message.at[BEHIND + 8] = 0x56;
	message.at[BEHIND + 9] = 0x78;
	ok(dns_read_record(&reader, &record) && record.lifetime_s == 0x12345678,
	   "all octets of a lifetime count");
}

static bool is_whole(const struct message *message, size_t length)
{
	uint8_t *copy = malloc(length + 1);
	struct dns_view view;
	bool whole;

	memcpy(copy, message->at, length);
	whole = dns_view_open(&view, copy, length) && dns_view_is_whole(&view);
	free(copy);
	return whole;
}

static void test_whole(void)
{
	struct message message = { 0 };
	bool cut = true, fewer = true;

	put_chain(&message);
	ok(is_whole(&message, message.length), "a message that has what it promises is whole");
	for (size_t n = 0; n < message.length; n++)
		cut &= !is_whole(&message, n);
	ok(cut, "cut anywhere it is not");
	ok(!is_whole(&message, message.length + 1), "nor with an octet behind");
	for (unsigned at = 5; at < QUESTION_AT; at += 2) {
		message.at[at]++;
		fewer &= !is_whole(&message, message.length);
		message.at[at]--;
	}
	ok(fewer, "nor when any of its counts promises one more");
	message.at[7]--;
	message.at[9]++;
	ok(is_whole(&message, message.length), "records may be answers or authorities");
	message.at[9]--;
	message.at[11]++;
	ok(is_whole(&message, message.length), "or additional");
}

/* The name at QUESTION_AT of a message, or NULL. */
static const char *name_of(const void *name, size_t length)
{
	static char text[DNS_NAME_TEXT];
	struct message message = { 0 };
	struct dns_reader reader;
	struct dns_view view;

	put(&message, "\0\0\0\0\0\1\0\0\0\0\0\0", 12);
	put(&message, name, length);
	dns_view_open(&view, message.at, message.length);
	reader = dns_view_rewind(&view);
	return dns_read_name(&reader, text) && !reader.from.left ? text : NULL;
}

static bool reads(const void *name, size_t length, const char *wanted)
{
	const char *text = name_of(name, length);

	if (text && wanted && strcmp(text, wanted))
		printf("# '%s'\n", text);
	return text && wanted ? !strcmp(text, wanted) : !text && !wanted;
}

static void test_names(void)
{
	uint8_t label[66] = { 63 }, longest[512];

	ok(reads("", 1, ""), "the root is empty");
	ok(reads("\1a\2bC", 6, "a.bC"), "labels have dots between them, as they were written");
	ok(reads("\3a.b\2\\c", 8, "a\\.b.\\\\c"), "a dot inside a label is told as one");
	ok(reads("\5 !~\x7f\0", 7, "\\032!~\\127\\000"),
	   "what is no plain character by its number");
	memset(label + 1, 'x', 63);
	ok(name_of(label, 65) != NULL, "a label has 63 octets");
	label[0] = 64;
	ok(!name_of(label, 66), "and not 64");
	memset(longest, 1, sizeof(longest));
	longest[510] = 0;
	ok(!name_of(longest, 511), "a name has less than 511 octets");
	memset(longest, 2, 3);
	longest[509] = 0;
	ok(name_of(longest, 510) != NULL, "510 are read, twice what is allowed");
	ok(!name_of("\2a", 2) && !name_of("\1a", 2) && !name_of("\xc0", 1),
	   "one that is cut is none");
}

/* A name at octet 12, then this at 15, from which is read. */
static bool points(const void *name, size_t length, const char *wanted)
{
	struct message message = { 0 };
	char text[DNS_NAME_TEXT];
	struct dns_reader reader;
	struct dns_view view;

	put(&message, "\0\0\0\0\0\1\0\0\0\0\0\0\1a\0", 15);
	put(&message, name, length);
	dns_view_open(&view, message.at, message.length);
	reader = dns_view_rewind(&view);
	if (!dns_read_name(&reader, text) || strcmp(text, "a"))
		return false;
	if (!dns_read_name(&reader, text))
		return !wanted;
	return wanted && !reader.from.left && !strcmp(text, wanted);
}

static void test_pointers(void)
{
	ok(points("\xc0\x0c", 2, "a"), "a pointer leads to an earlier name");
	ok(points("\1b\xc0\x0c", 4, "b.a"), "labels may stand before it");
	ok(points("\xc0\x0e", 2, ""), "it may lead to a part of one");
	ok(points("\xc0\x0f", 2, NULL), "not to itself");
	ok(points("\1b\xc0\x0f", 4, NULL), "nor to where its name begins");
	ok(points("\xc0\x0b", 2, NULL), "nor into the header");
	ok(points("\xc0\x11\0", 3, NULL) && points("\xff\xff", 2, NULL), "nor ahead");
	ok(points("\x80\x0c", 2, NULL) && points("\x40\x0c", 2, NULL),
	   "what is neither a label nor a pointer is refused");
}

static void test_types(void)
{
	static const struct {
		uint16_t type;
		const char *text;
	} types[] = {
		{ 0, "TYPE0" },  { 1, "A" },       { 2, "NS" },        { 3, "TYPE3" },
		{ 5, "CNAME" },  { 6, "SOA" },     { 10, "NULL" },     { 12, "PTR" },
		{ 13, "HINFO" }, { 15, "MX" },     { 16, "TXT" },      { 25, "KEY" },
		{ 28, "AAAA" },  { 29, "LOC" },    { 33, "SRV" },      { 35, "NAPTR" },
		{ 39, "DNAME" }, { 41, "OPT" },    { 43, "DS" },       { 46, "RRSIG" },
		{ 47, "NSEC" },  { 48, "DNSKEY" }, { 50, "NSEC3" },    { 52, "TLSA" },
		{ 64, "SVCB" },  { 65, "HTTPS" },  { 99, "SPF" },      { 251, "IXFR" },
		{ 252, "AXFR" }, { 255, "ANY" },   { 256, "TYPE256" }, { 65535, "TYPE65535" },
	};
	char to[DNS_TYPE_TEXT];
	bool good = true;

	for (unsigned i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		good &= !strcmp(dns_type_text(types[i].type, to), types[i].text);
	ok(good, "types have the names that the registry gives them, others their number");
}

int main(void)
{
	test_header();
	test_records();
	test_whole();
	test_names();
	test_pointers();
	test_types();
	return done();
}
