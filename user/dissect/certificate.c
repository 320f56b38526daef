// SPDX-License-Identifier: BSD-2-Clause
/* Whom an X.509 certificate names: a walk through DER (X.690) that never goes back. */
#include <stdio.h>
#include <string.h>
#include "dissect/certificate.h"
#include "dissect/der.h"

#define DER_VERSION 0xa0 /* [0] of a certificate */

/* The last byte of 2.5.4.N. */
enum { ATTRIBUTE_COMMON_NAME = 3, ATTRIBUTE_ORGANISATION = 10 };

static size_t put(char *to, size_t at, const char *text)
{
	size_t length = strlen(text);

	/* Whole or not at all, so that no escape is torn. */
	if (at + length >= CERTIFICATE_NAME)
		return at;
	memcpy(to + at, text, length + 1);
	return at + length;
}

/* What has a meaning in such a text is escaped (RFC 4514, 2.4). */
static size_t put_character(char *to, size_t at, uint8_t c)
{
	char text[4] = { (char)c };

	if (!c)
		memcpy(text, "\\00", 4);
	else if (strchr(",+\"\\<>;", c))
		snprintf(text, sizeof(text), "\\%c", c);
	return put(to, at, text);
}

static void put_attribute(char to[CERTIFICATE_NAME], const char *name, const struct der *value)
{
	bool wide = value->tag == DER_BMP_STRING;
	const uint8_t *bytes = value->body.at;
	size_t at = strlen(to);

	at = put(to, at, at ? "," : "");
	at = put(to, at, name);
	for (size_t i = wide; i < value->body.left; i += 1 + wide)
		at = put_character(to, at, wide && bytes[i - 1] ? '?' : bytes[i]);
}

/* A set of attributes; most have one. */
static void find_attribute(struct cursor set, uint8_t wanted, struct der *value, bool *found)
{
	static const uint8_t prefix[] = { 2 * 40 + 5, 4 };
	struct cursor pair, oid;

	while (!*found && der_expect(&set, DER_SEQUENCE, &pair, false))
		*found = der_expect(&pair, DER_OID, &oid, false) && oid.left == 3 &&
			 !memcmp(oid.at, prefix, 2) && oid.at[2] == wanted &&
			 der_next(&pair, value, false);
}

static void read_name(struct cursor name, char to[CERTIFICATE_NAME])
{
	static const struct {
		uint8_t number;
		const char *text;
	} attributes[] = { { ATTRIBUTE_COMMON_NAME, "CN=" }, { ATTRIBUTE_ORGANISATION, "O=" } };

	for (unsigned i = 0; i < 2; i++) {
		struct cursor from = name, set;
		bool found = false;
		struct der value;

		while (!found && der_expect(&from, DER_SET, &set, false))
			find_attribute(set, attributes[i].number, &value, &found);
		if (found)
			put_attribute(to, attributes[i].text, &value);
	}
}

/* YYMMDDhhmmssZ or YYYYMMDDhhmmssZ (RFC 5280, 4.1.2.5); others are left out. */
static void read_time(const struct der *der, char to[CERTIFICATE_TIME])
{
	size_t digits = der->tag == DER_UTC_TIME ? 12 : 14;
	char text[15] = "20";
	char *at = text + 14 - digits;

	if ((der->tag != DER_UTC_TIME && der->tag != DER_GENERALIZED_TIME) ||
	    der->body.left != digits + 1 || der->body.at[digits] != 'Z')
		return;
	for (size_t i = 0; i < digits; i++) {
		if (der->body.at[i] < '0' || der->body.at[i] > '9')
			return;
		at[i] = (char)der->body.at[i];
	}
	if (digits == 12 && at[0] >= '5')
		memcpy(text, "19", 2);
	snprintf(to, CERTIFICATE_TIME, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", text, text + 4, text + 6,
		 text + 8, text + 10, text + 12);
}

static bool read_validity(struct cursor validity, struct certificate *out)
{
	struct der from, to;

	if (!der_next(&validity, &from, false) || !der_next(&validity, &to, false))
		return false;
	read_time(&from, out->not_before);
	read_time(&to, out->not_after);
	return true;
}

bool certificate_read(struct cursor der, struct certificate *out)
{
	struct cursor certificate, signed_part, part;
	struct der first;

	*out = (struct certificate){ 0 };
	if (!der_expect(&der, DER_SEQUENCE, &certificate, true) ||
	    !der_expect(&certificate, DER_SEQUENCE, &signed_part, true) ||
	    !der_next(&signed_part, &first, false))
		return false;
	if (first.tag == DER_VERSION && !der_next(&signed_part, &first, false))
		return false;
	if (first.tag != DER_INTEGER || !der_expect(&signed_part, DER_SEQUENCE, &part, false) ||
	    !der_expect(&signed_part, DER_SEQUENCE, &part, false))
		return false;
	read_name(part, out->issuer);
	if (!der_expect(&signed_part, DER_SEQUENCE, &part, false) || !read_validity(part, out) ||
	    !der_expect(&signed_part, DER_SEQUENCE, &part, false))
		return false;
	read_name(part, out->subject);
	return true;
}
