// SPDX-License-Identifier: BSD-2-Clause
/* The registered domain of a name, by libpsl's public suffix list. */
#include <errno.h>
#include <libpsl.h>
#include <string.h>
#include "skua/hash.h"
#include "track/registered.h"

/* A rule of the list has at most five labels, so what stands before the last six decides nothing;
 * libpsl would try it all the same, label by label. */
#define LABELS_MAX 6

/*
 * Top-level domains that nobody can register, so that no public suffix list
 * holds them: names below them are a site's own, and each domain stands for
 * itself as under a listed one.
 */
static const char *const special[] = {
	"test",     "example", "invalid", "localhost", /* RFC 6761 */
	"local",                                       /* RFC 6762; many domains of Windows, too */
	"alt",                                         /* RFC 9476 */
	"internal",                                    /* reserved by ICANN, 2024 */
	"lan", /* never delegated; many routers hand it out */
};

int registered_init(struct registered *registered)
{
	const psl_ctx_t *list = psl_builtin();

	if (!list)
		return -ENOENT;
	memset(registered, 0, sizeof(*registered));
	registered->list = list;
	return 0;
}

static char text_octet(uint8_t octet)
{
	if (octet >= 'A' && octet <= 'Z')
		return octet - 'A' + 'a';
	return octet <= ' ' || octet > '~' || octet == '.' ? '?' : octet;
}

size_t registered_text(const uint8_t *wire, char text[REGISTERED_TEXT])
{
	size_t at = 0;

	text[0] = '\0';
	while (wire[at]) {
		size_t end = at + 1 + wire[at];

		if (wire[at] > 63 || end >= REGISTERED_TEXT) {
			text[0] = '\0';
			return 0;
		}
		for (size_t i = at + 1; i < end; i++)
			text[i - 1] = text_octet(wire[i]);
		text[end - 1] = wire[end] ? '.' : '\0';
		at = end;
	}
	return at ? at - 1 : 0;
}

/* Where the zone begins, when the name is the zone or lies in it. */
static const char *inside(const char *text, const char *zone)
{
	size_t length = strlen(text), tail = strlen(zone);
	const char *at;

	if (length < tail)
		return NULL;
	at = text + (length - tail);
	return strcmp(at, zone) || (at > text && at[-1] != '.') ? NULL : at;
}

static const char *last_labels(const char *text, unsigned labels)
{
	const char *at = text + strlen(text);

	while (at > text) {
		if (at[-1] == '.' && !--labels)
			break;
		at--;
	}
	return at;
}

/* The name one label longer than the zone; NULL: the text is the zone itself. */
static const char *below(const char *text, const char *zone)
{
	unsigned labels = 2;

	for (const char *at = zone; *at; at++)
		labels += *at == '.';
	return strcmp(text, zone) ? last_labels(text, labels) : NULL;
}

static const char *look_up(const struct registered *registered, const char *text)
{
	const char *at = inside(text, "in-addr.arpa");

	if (!at)
		at = inside(text, "ip6.arpa");
	if (!at && inside(text, "home.arpa"))
		return below(text, "home.arpa");
	return at ? at : psl_registrable_domain(registered->list, last_labels(text, LABELS_MAX));
}

static struct registered_memo *memo_of(struct registered *registered, const char *text,
				       size_t length)
{
	__u64 hash = length, word;
	size_t i;

	for (i = 0; i + sizeof(word) <= length; i += sizeof(word)) {
		memcpy(&word, text + i, sizeof(word));
		hash = skua_mix(hash, word);
	}
	word = 0;
	memcpy(&word, text + i, length - i);
	return &registered->memos[skua_mix(hash, word) % REGISTERED_MEMOS];
}

const char *registered_find(struct registered *registered, const char *text)
{
	size_t length = strlen(text);
	struct registered_memo *memo;
	const char *at;

	if (!length || length >= REGISTERED_TEXT)
		return look_up(registered, text);
	memo = memo_of(registered, text, length);
	if (!memcmp(memo->text, text, length + 1))
		return memo->at < 0 ? NULL : text + memo->at;
	at = look_up(registered, text);
	memcpy(memo->text, text, length + 1);
	memo->at = at ? at - text : -1;
	return at;
}

bool registered_is_listed(const struct registered *registered, const char *text)
{
	return psl_is_public_suffix2(registered->list, last_labels(text, 1),
				     PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE);
}

bool registered_is_special(const char *text)
{
	for (unsigned i = 0; i < sizeof(special) / sizeof(special[0]); i++)
		if (!strcmp(last_labels(text, 1), special[i]))
			return true;
	return false;
}

size_t registered_domain(struct registered *registered, const uint8_t *wire,
			 char domain[REGISTERED_TEXT])
{
	char text[REGISTERED_TEXT];
	const char *at = NULL;

	if (registered_text(wire, text))
		at = registered_find(registered, text);
	if (!at)
		return 0;
	memcpy(domain, at, strlen(at) + 1);
	return strlen(at);
}
