// SPDX-License-Identifier: BSD-2-Clause
/* Reads lists of indicators, line by line: what kind each is, its text and its label. */
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include "base/indicator_entry.h"

#define NAME_LENGTH 253 /* RFC 1035, in text */
#define LABEL_LENGTH 63
#define JA4_LENGTH 36

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == ',';
}

/* "t13d1516h2_8daaf6152771_e5627efa2ab1": only the last two parts are certain to be hexadecimal. */
static bool is_ja4(const char *text)
{
	if (strlen(text) != JA4_LENGTH || !strchr("tqd", text[0]) || text[10] != '_' ||
	    text[23] != '_')
		return false;
	for (int i = 1; i < JA4_LENGTH; i++)
		if (i != 10 && i != 23 &&
		    !(i < 10 ? isalnum((unsigned char)text[i]) : isxdigit((unsigned char)text[i])))
			return false;
	return true;
}

/* NULL, or what is wrong with a name.  An address with a slip is not to pass for one. */
static const char *check_name(const char *name)
{
	size_t label = 0, length = strlen(name);
	bool number = true;

	if (!length || length > NAME_LENGTH)
		return length ? "a name has at most 253 characters" : "there is no name";
	for (const char *at = name; *at; at++) {
		if (*at == '.' && !label)
			return "a name has no empty label";
		if (*at != '.' && !isalnum((unsigned char)*at) && *at != '-' && *at != '_')
			return "this is no address, network, name or JA4";
		number = *at == '.' || (number && isdigit((unsigned char)*at));
		label = *at == '.' ? 0 : label + 1;
		if (label > LABEL_LENGTH)
			return "a label of a name has at most 63 characters";
	}
	return number ? "this looks like an address, and is none" : NULL;
}

/* text: "example.org", "*.example.org", ".example.org", behind skip octets of "sni:". */
static int add_name(struct indicator_set *set, struct indicator_draft *draft, char *text, int skip,
		    const char **why)
{
	const bool sni = skip;
	char *name = text + skip, *end = text + strlen(text);
	bool below = false, itself = true;
	int err = 0;

	if (end > name && end[-1] == '.')
		end[-1] = '\0';
	if (name[0] == '*' && name[1] == '.') {
		itself = false;
		name++;
	}
	if (name[0] == '.') {
		below = true;
		name++;
	}
	*why = check_name(name);
	/* Prose is full of single words, and lists are not. */
	if (!*why && !below && !strchr(name, '.'))
		*why = "a name has a dot";
	if (*why)
		return -EINVAL;
	for (char *at = name; *at; at++)
		*at = tolower((unsigned char)*at);
	draft->prefix = name - text;
	draft->key = sni ? KEY_SNI : KEY_NAME;
	if (itself)
		err = indicator_set_add(set, draft);
	draft->key = sni ? KEY_SNI_BELOW : KEY_BELOW;
	if (!err && below)
		err = indicator_set_add(set, draft);
	return err;
}

static int add_network(struct indicator_set *set, struct indicator_draft *draft, const char **why)
{
	struct network network;

	if (network_parse(&network, draft->text)) {
		*why = "this is no address and no network";
		return -EINVAL;
	}
	/* All of IPv4, and more than that. */
	if (!network.prefix || (address_is_ipv4(&network.address) && network.prefix <= 96)) {
		*why = "this network holds every address";
		return -EINVAL;
	}
	draft->key = KEY_NETWORK;
	draft->network = network.address;
	draft->prefix = network.prefix;
	return indicator_set_add(set, draft);
}

/* text: one word, terminated, ours to change. */
static int add_word(struct indicator_set *set, struct indicator_draft *draft, char *text,
		    const char **why)
{
	bool ja4 = !strncmp(text, "ja4:", 4), sni = !strncmp(text, "sni:", 4);
	struct network network;

	draft->text = text;
	if (ja4 || is_ja4(text)) {
		draft->key = KEY_JA4;
		draft->prefix = ja4 ? 4 : 0;
		*why = "this is no JA4, such as t13d1516h2_8daaf6152771_e5627efa2ab1";
		return is_ja4(text + draft->prefix) ? indicator_set_add(set, draft) : -EINVAL;
	}
	if (sni)
		return add_name(set, draft, text, 4, why);
	if (strpbrk(text, "/:") || !network_parse(&network, text))
		return add_network(set, draft, why);
	return add_name(set, draft, text, 0, why);
}

/* A label that is too long ends before a character of UTF-8, not in it. */
static size_t cut_label(const char *label, size_t length)
{
	if (length < INDICATOR_LABEL)
		return length;
	length = INDICATOR_LABEL - 1;
	while (length && ((unsigned char)label[length] & 0xc0) == 0x80)
		length--;
	return length;
}

/* A line without comment, and without blanks around it. */
static int add_line(struct indicator_set *set, unsigned number, const char *line, size_t length,
		    const char **why)
{
	struct indicator_draft draft = { .line = number };
	char word[INDICATOR_TEXT];
	size_t end = 0;

	while (end < length && !is_blank(line[end]))
		end++;
	if (end >= sizeof(word)) {
		*why = "this is longer than any indicator";
		return -EINVAL;
	}
	memcpy(word, line, end);
	word[end] = '\0';
	while (end < length && is_blank(line[end]))
		end++;
	draft.label = line + end;
	draft.label_length = cut_label(draft.label, length - end);
	return add_word(set, &draft, word, why);
}

static void blame(struct indicator_fault *fault, unsigned number, const char *line, size_t length,
		  const char *why)
{
	if (length >= sizeof(fault->shown))
		length = sizeof(fault->shown) - 1;
	fault->line = number;
	fault->why = why;
	memcpy(fault->shown, line, length);
	fault->shown[length] = '\0';
}

int indicator_set_read(struct indicator_set *set, const char *file, const char *text, size_t length,
		       struct indicator_fault *fault)
{
	const char *const end = text + length;
	unsigned number = 0;
	int err = indicator_set_keep(set, file, strlen(file), &set->file);

	if (length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) /* a mark that Windows leaves */
		text += 3;
	while (!err && text < end) {
		const char *next = memchr(text, '\n', end - text), *stop = next ? next : end;
		const char *comment = memchr(text, '#', stop - text), *why = "";

		number++;
		if (comment)
			stop = comment;
		while (text < stop && is_blank(*text))
			text++;
		while (stop > text && is_blank(stop[-1]))
			stop--;
		if (memchr(text, '\0', stop - text)) {
			why = "a list is text, without zero octets";
			err = -EINVAL;
		} else if (stop > text) {
			err = add_line(set, number, text, stop - text, &why);
		}
		if (err == -EINVAL)
			blame(fault, number, text, stop - text, why);
		text = next ? next + 1 : end;
	}
	return err;
}
