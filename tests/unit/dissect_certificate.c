// SPDX-License-Identifier: BSD-2-Clause
/* Certificates: the names and times of one, each way to spell them, and where the bytes end. */
#include <string.h>
#include "dissect/certificate.h"
#include "dissect/der.h"
#include "tap.h"

/* DER under construction: what is written last stands last. */
struct writer {
	uint8_t bytes[1024];
	size_t length;
};

static void put(struct writer *to, uint8_t tag, const void *body, size_t length)
{
	to->bytes[to->length++] = tag;
	if (length > 127)
		to->bytes[to->length++] = 0x82, to->bytes[to->length++] = length >> 8;
	to->bytes[to->length++] = length;
	if (length)
		memcpy(to->bytes + to->length, body, length);
	to->length += length;
}

static void put_text(struct writer *to, uint8_t tag, const char *text)
{
	put(to, tag, text, strlen(text));
}

/* A set with one attribute of 2.5.4.N. */
static void put_attribute(struct writer *to, uint8_t number, uint8_t tag, const void *value,
			  size_t length)
{
	struct writer pair = { .length = 0 }, sequence = { .length = 0 };
	const uint8_t oid[] = { 0x55, 4, number };

	put(&pair, DER_OID, oid, sizeof(oid));
	put(&pair, tag, value, length);
	put(&sequence, DER_SEQUENCE, pair.bytes, pair.length);
	put(to, DER_SET, sequence.bytes, sequence.length);
}

static struct parts {
	struct writer issuer, validity, subject;
	bool no_version, bad_serial;
} parts;

static struct certificate certificate;

static void begin(void)
{
	memset(&parts, 0, sizeof(parts));
	put_attribute(&parts.issuer, 3, 0x0c, "authority", 9);
	put_attribute(&parts.issuer, 10, 0x0c, "org", 3);
	put_text(&parts.validity, DER_UTC_TIME, "260105080000Z");
	put_text(&parts.validity, DER_GENERALIZED_TIME, "20501231235959Z");
	put_attribute(&parts.subject, 10, 0x0c, "them", 4);
	put_attribute(&parts.subject, 3, 0x0c, "host.example", 12);
}

static size_t build(uint8_t to[1024])
{
	struct writer inner = { .length = 0 }, whole = { .length = 0 }, outer = { .length = 0 };

	if (!parts.no_version)
		put(&inner, 0xa0, "\2\1\2", 3);
	put(&inner, parts.bad_serial ? DER_OCTETS : DER_INTEGER, "\7", 1);
	put(&inner, DER_SEQUENCE, "", 0);
	put(&inner, DER_SEQUENCE, parts.issuer.bytes, parts.issuer.length);
	put(&inner, DER_SEQUENCE, parts.validity.bytes, parts.validity.length);
	put(&inner, DER_SEQUENCE, parts.subject.bytes, parts.subject.length);
	put(&whole, DER_SEQUENCE, inner.bytes, inner.length);
	put(&outer, DER_SEQUENCE, whole.bytes, whole.length);
	memcpy(to, outer.bytes, outer.length);
	return outer.length;
}

static bool reads(size_t missing)
{
	uint8_t bytes[1024];
	size_t length = build(bytes);

	return certificate_read((struct cursor){ bytes, length - missing }, &certificate);
}

static bool is_subject(const char *expected)
{
	bool good = reads(0) && !strcmp(certificate.subject, expected);

	if (!good)
		printf("# %s\n", certificate.subject);
	return good;
}

static void test_names(void)
{
	begin();
	ok(reads(0) && !strcmp(certificate.issuer, "CN=authority,O=org") &&
		   !strcmp(certificate.subject, "CN=host.example,O=them"),
	   "both names, the common one first, whatever the order");
	parts.no_version = true;
	ok(is_subject("CN=host.example,O=them"), "a certificate of version 1 says none");
	parts.subject.length = 0;
	put_attribute(&parts.subject, 11, 0x0c, "unit", 4);
	put_attribute(&parts.subject, 10, 0x0c, "them", 4);
	ok(is_subject("O=them"), "other attributes are passed over");
	put_attribute(&parts.subject, 10, 0x0c, "others", 6);
	ok(is_subject("O=them"), "of two alike the first is taken");
	parts.subject.length = 0;
	ok(is_subject(""), "a name may be empty");
}

/* Two attributes in one set. */
static void test_sets(void)
{
	struct writer set = { .length = 0 }, both = { .length = 0 };

	begin();
	parts.subject.length = 0;
	put_attribute(&set, 11, 0x0c, "unit", 4);
	put_attribute(&set, 3, 0x0c, "host", 4);
	/* Without the heads of their sets, which are two bytes each. */
	memcpy(both.bytes, set.bytes + 2, set.bytes[1]);
	both.length = set.bytes[1];
	memcpy(both.bytes + both.length, set.bytes + 2 + set.bytes[1] + 2,
	       set.length - set.bytes[1] - 4);
	both.length += set.length - set.bytes[1] - 4;
	put(&parts.subject, DER_SET, both.bytes, both.length);
	ok(is_subject("CN=host"), "a set may hold several");
}

static void test_letters(void)
{
	begin();
	parts.subject.length = 0;
	put_attribute(&parts.subject, 3, 0x0c, "a,b+c\"d\\e<f>g;h\0i", 17);
	ok(is_subject("CN=a\\,b\\+c\\\"d\\\\e\\<f\\>g\\;h\\00i"),
	   "what has a meaning in such a text is escaped");
	parts.subject.length = 0;
	put_attribute(&parts.subject, 3, DER_BMP_STRING, "\0h\0o\x20\xac\0t", 8);
	ok(is_subject("CN=ho?t"), "of two bytes the second counts where the first is 0");
	parts.subject.length = 0;
	put_attribute(&parts.subject, 3, DER_BMP_STRING, "\0h\0", 3);
	ok(is_subject("CN=h"), "half a character is none");
}

static void test_long(void)
{
	char text[256];

	memset(text, 'x', sizeof(text));
	begin();
	parts.subject.length = 0;
	put_attribute(&parts.subject, 3, 0x0c, text, CERTIFICATE_NAME - 4);
	ok(reads(0) && strlen(certificate.subject) == CERTIFICATE_NAME - 1,
	   "a name of 191 characters fits");
	parts.subject.length = 0;
	put_attribute(&parts.subject, 3, 0x0c, text, CERTIFICATE_NAME - 3);
	ok(reads(0) && strlen(certificate.subject) == CERTIFICATE_NAME - 1, "a longer one is cut");
	text[CERTIFICATE_NAME - 5] = ',';
	parts.subject.length = 0;
	put_attribute(&parts.subject, 3, 0x0c, text, CERTIFICATE_NAME - 4);
	ok(reads(0) && strlen(certificate.subject) == CERTIFICATE_NAME - 2 &&
		   !strchr(certificate.subject, '\\'),
	   "no escape is torn");
}

/* The end of the validity, of this tag and text; "" when it was none. */
static const char *until(uint8_t tag, const char *text)
{
	begin();
	parts.validity.length = 0;
	put_text(&parts.validity, DER_UTC_TIME, "000101000000Z");
	put_text(&parts.validity, tag, text);
	return reads(0) && certificate.subject[0] ? certificate.not_after : "?";
}

static void test_times(void)
{
	begin();
	ok(reads(0) && !strcmp(certificate.not_before, "2026-01-05T08:00:00Z") &&
		   !strcmp(certificate.not_after, "2050-12-31T23:59:59Z"),
	   "times of two and of four digits for the year");
	ok(!strcmp(until(DER_UTC_TIME, "491231235959Z"), "2049-12-31T23:59:59Z"),
	   "of two, 49 is to come");
	ok(!strcmp(until(DER_UTC_TIME, "500101000000Z"), "1950-01-01T00:00:00Z"),
	   "and 50 has been");
	ok(!strcmp(until(DER_GENERALIZED_TIME, "19500101000000Z"), "1950-01-01T00:00:00Z") &&
		   !strcmp(until(DER_GENERALIZED_TIME, "20500101000000Z"), "2050-01-01T00:00:00Z"),
	   "of four it is what it is");
	ok(!strcmp(until(DER_UTC_TIME, "2601050800Z"), "") &&
		   !strcmp(until(DER_UTC_TIME, "260105080000+"), "") &&
		   !strcmp(until(DER_UTC_TIME, "26010508000/Z"), "") &&
		   !strcmp(until(DER_UTC_TIME, "26010508000:Z"), "") &&
		   !strcmp(until(DER_GENERALIZED_TIME, "260105080000Z"), "") &&
		   !strcmp(until(0x0c, "260105080000Z"), ""),
	   "what is no time is left out, and the rest is read");
}

static void test_refused(void)
{
	size_t whole, left;
	uint8_t bytes[1024];
	bool any = false;

	begin();
	parts.bad_serial = true;
	ok(!reads(0) && !certificate.issuer[0], "without a number it is no certificate");
	begin();
	whole = build(bytes);
	ok(!reads(1) && !strcmp(certificate.issuer, "CN=authority,O=org") &&
		   !strcmp(certificate.not_after, "2050-12-31T23:59:59Z") &&
		   !certificate.subject[0],
	   "a byte short, the name that is cut is missing, and what comes before it is there");
	for (left = 0; left < whole; left++)
		any |= certificate_read((struct cursor){ bytes, left }, &certificate);
	ok(!any, "nothing shorter is one");
	parts.validity.length = 0;
	put_text(&parts.validity, DER_UTC_TIME, "260105080000Z");
	ok(!reads(0) && certificate.issuer[0] && !certificate.not_before[0],
	   "half a validity is none");
	bytes[0] = DER_SET;
	ok(!certificate_read((struct cursor){ bytes, whole }, &certificate), "a set is none");
}

int main(void)
{
	test_names();
	test_sets();
	test_letters();
	test_long();
	test_times();
	test_refused();
	return done();
}
