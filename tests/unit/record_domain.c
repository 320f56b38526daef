// SPDX-License-Identifier: BSD-2-Clause
/* Which samples are about a domain: its name or one below it, and what cannot be read. */
#include "record/domain.h"
#include "record_samples.h"
#include "tap.h"

#define OFFSET 42u
#define HEAD 12u

static uint8_t frame[OFFSET + HEAD + 600];

/* A question whose name, in wire form, is so many bytes long, of which so many were captured. */
static bool asked_bytes(const void *name, size_t length, size_t captured, const char *domain)
{
	static const struct talk talk = { 1, 2, 1000, 53, SKUA_UDP };
	struct skua_sample_event event = sample_of(&talk, 1, true, 0, sizeof(frame));
	const struct sample_row row = {
		.number = 1, .event = &event, .bytes = frame, .captured = OFFSET + HEAD + captured
	};

	event.offset = OFFSET;
	memset(frame, 0xee, sizeof(frame));
	memcpy(frame + OFFSET + HEAD, name, length);
	return domain_asked(&row, domain);
}

#define ASKED(name, domain) asked_bytes(name, sizeof(name), sizeof(name), domain)

static void test_names(void)
{
	ok(ASKED("\3www\7example\3com", "example.com"), "a name below a domain is about it");
	ok(ASKED("\7example\3com", "example.com"), "so is the domain itself,");
	ok(ASKED("\1a\1b\7eXAMPLE\3COM", "example.com"), "in any letters, at any depth");
	ok(!ASKED("\12notexample\3com", "example.com"),
	   "one that only ends with the same letters is not");
	ok(!ASKED("\3com", "example.com") && !ASKED("\3www\7example\3org", "example.com"),
	   "nor is one above it, or another");
	ok(!ASKED("", "example.com"), "nor is the root");
	ok(!ASKED("\7example\3com\3net", "example.com"), "nor one that only begins so");
}

static void test_cut(void)
{
	static const char name[] = "\7another\3org";

	ok(!asked_bytes(name, sizeof(name), sizeof(name), "example.com"),
	   "a whole name is compared");
	ok(asked_bytes(name, sizeof(name), sizeof(name) - 1, "example.com"),
	   "one without its end may be about anything");
	ok(asked_bytes(name, sizeof(name), 5, "example.com"), "so may one cut within a label,");
	ok(asked_bytes(name, sizeof(name), 0, "example.com"), "or a message without any");
	ok(!asked_bytes("", 1, 1, "example.com"), "a byte is enough for the root");
}

static void test_labels(void)
{
	uint8_t name[600];

	memset(name, 'a', sizeof(name));
	name[0] = 63;
	name[64] = 0;
	ok(!asked_bytes(name, 65, 65, "example.com"), "a label of 63 letters is one");
	name[0] = 64;
	name[65] = 0;
	ok(asked_bytes(name, 66, 66, "example.com"), "64 are none: it is taken as it is");
	name[0] = 0xc0;
	ok(asked_bytes(name, 66, 66, "example.com"), "and so is a reference");
}

/* Labels of one letter, the first of one or two: a name of so many octets, its end included. */
static bool asked_long(size_t octets)
{
	uint8_t name[600];
	size_t at = octets % 2 ? 0 : 3;

	memcpy(name, "\2aa", 3);
	for (; at < octets - 1; at += 2)
		memcpy(name + at, "\1a", 2);
	name[at++] = 0;
	return asked_bytes(name, at, at, "example.com");
}

static void test_long(void)
{
	ok(!asked_long(255), "a name of 255 octets is compared");
	ok(!asked_long(256), "256 still fit as text");
	ok(asked_long(257), "more is none: it is taken as it is");
}

static void test_tcp(void)
{
	static const struct talk talk = { 1, 2, 1000, 53, SKUA_TCP };
	struct skua_sample_event event = sample_of(&talk, 1, true, 0, sizeof(frame));
	const struct sample_row row = { 1, &event, frame, sizeof(frame) };

	event.offset = OFFSET;
	memset(frame, 0, sizeof(frame));
	ok(domain_asked(&row, "example.com"), "over TCP everything is taken as it is");
}

int main(void)
{
	test_names();
	test_cut();
	test_labels();
	test_long();
	test_tcp();
	return done();
}
