// SPDX-License-Identifier: BSD-2-Clause
/* What settings hold for an option: compared, copied, written as YAML. */
#include <inttypes.h>
#include <string.h>
#include "base/text.h"
#include "base/utf8.h"
#include "option/option_value.h"

static const void *held(const struct option_row *row, const void *settings)
{
	return (const char *)settings + row->offset;
}

static size_t size_of(const struct option_row *row)
{
	switch (row->type) {
	case OPTION_FLAG:
		return sizeof(bool);
	case OPTION_TEXT:
		return sizeof(const char *);
	case OPTION_SHARE:
		return sizeof(double);
	case OPTION_CHOICE:
		return sizeof(int);
	case OPTION_NETWORK:
		return sizeof(struct option_networks);
	case OPTION_TEXTS:
		return sizeof(struct option_texts);
	case OPTION_NUMBER:
		return sizeof(uint64_t);
	}
	return 0;
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool same_texts(const struct option_texts *a, const struct option_texts *b)
{
	if (a->count != b->count)
		return false;
	for (unsigned i = 0; i < a->count; i++)
		if (strcmp(a->texts[i], b->texts[i]))
			return false;
	return true;
}

static bool same_networks(const struct option_networks *a, const struct option_networks *b)
{
	if (a->count != b->count)
		return false;
	for (unsigned i = 0; i < a->count; i++)
		if (a->networks[i].prefix != b->networks[i].prefix ||
		    memcmp(&a->networks[i].address, &b->networks[i].address,
			   sizeof(struct address)))
			return false;
	return true;
}

bool option_equal(const struct option_row *row, const void *a, const void *b)
{
	const void *x = held(row, a), *y = held(row, b);

	switch (row->type) {
	case OPTION_TEXT:
		return same_text(*(const char *const *)x, *(const char *const *)y);
	case OPTION_TEXTS:
		return same_texts(x, y);
	case OPTION_NETWORK:
		return same_networks(x, y);
	default:
		return !memcmp(x, y, size_of(row));
	}
}

void option_copy(const struct option_row *row, void *to, const void *from)
{
	memcpy((char *)to + row->offset, held(row, from), size_of(row));
}

bool option_is_set(const struct option_row *row, const void *settings)
{
	const void *at = held(row, settings);

	switch (row->type) {
	case OPTION_TEXT:
		return *(const char *const *)at != NULL;
	case OPTION_NUMBER:
		return *(const uint64_t *)at != 0;
	case OPTION_TEXTS:
		return ((const struct option_texts *)at)->count != 0;
	case OPTION_NETWORK:
		return ((const struct option_networks *)at)->count != 0;
	default:
		return true;
	}
}

/* In double quotes; what a screen does not show is escaped. */
static void write_text(FILE *stream, const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t left = strlen(text);
	uint32_t code;

	fputc('"', stream);
	while (left) {
		unsigned length = utf8_decode(at, left, &code);

		if (!length || utf8_is_hidden(code))
			fprintf(stream, "\\U%08" PRIx32, length ? code : 0xfffd);
		else if (code == '"' || code == '\\')
			fprintf(stream, "\\%c", (char)code);
		else
			fwrite(at, 1, length, stream);
		length = length ? length : 1;
		at += length;
		left -= length;
	}
	fputc('"', stream);
}

static void write_choice(FILE *stream, const char *choices, int index)
{
	while (index-- > 0)
		choices += strcspn(choices, " ") + 1;
	fprintf(stream, "%.*s", (int)strcspn(choices, " "), choices);
}

static void write_network(FILE *stream, const struct network *network)
{
	char text[ADDRESS_TEXT];
	bool v4;

	address_format(&network->address, text);
	v4 = !strchr(text, ':');
	fprintf(stream, "\"%s/%u\"", text, network->prefix - (v4 ? 96 : 0));
}

static void write_list(const struct option_row *row, const void *at, FILE *stream)
{
	const struct option_texts *texts = at;
	const struct option_networks *networks = at;
	unsigned count = row->type == OPTION_TEXTS ? texts->count : networks->count;

	fputc('[', stream);
	for (unsigned i = 0; i < count; i++) {
		fputs(i ? ", " : "", stream);
		if (row->type == OPTION_TEXTS)
			write_text(stream, texts->texts[i]);
		else
			write_network(stream, &networks->networks[i]);
	}
	fputc(']', stream);
}

/* Digits as short as they may be: 0.5, not 0.500000. */
static void write_share(FILE *stream, double share)
{
	char text[TEXT_NUMBER];
	size_t length = strlen(text_fixed(text, share, 9));

	while (length > 1 && text[length - 1] == '0')
		length--;
	if (text[length - 1] == '.')
		length--;
	fprintf(stream, "%.*s", (int)length, text);
}

void option_write(const struct option_row *row, const void *settings, FILE *stream)
{
	const void *at = held(row, settings);

	switch (row->type) {
	case OPTION_FLAG:
		fputs(*(const bool *)at ? "true" : "false", stream);
		break;
	case OPTION_TEXT:
		write_text(stream, *(const char *const *)at);
		break;
	case OPTION_SHARE:
		write_share(stream, *(const double *)at);
		break;
	case OPTION_CHOICE:
		write_choice(stream, row->value, *(const int *)at);
		break;
	case OPTION_NUMBER:
		fprintf(stream, "%" PRIu64, *(const uint64_t *)at);
		break;
	case OPTION_NETWORK:
	case OPTION_TEXTS:
		write_list(row, at, stream);
		break;
	}
}
