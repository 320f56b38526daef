/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The registered domain of a name, by libpsl's public suffix list: under
 * "co.uk" everyone may register, so "a.b.example.co.uk" belongs to
 * "example.co.uk".  Reverse zones (in-addr.arpa, ip6.arpa) are one domain each,
 * although the list would cut them at their first digit.
 *
 * A look-up takes 0.2 to 1.5 us, by the number of labels; names that were looked
 * up lately are remembered, for the same few come again and again.  Allocates
 * nothing.
 */
#ifndef SKUA_TRACK_REGISTERED_H
#define SKUA_TRACK_REGISTERED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REGISTERED_TEXT 256 /* room for any name as text, the final zero included */

struct psl_ctx_st;

#define REGISTERED_MEMOS 512 /* a power of two */

struct registered_memo {
	char text[REGISTERED_TEXT]; /* empty: the place is free */
	int16_t at;                 /* where the domain begins; -1: it has none */
};

struct registered {
	const struct psl_ctx_st *list;
	struct registered_memo memos[REGISTERED_MEMOS]; /* by hash; a later name takes the place */
};

/* 0, or -ENOENT: this libpsl was built without a list. */
int registered_init(struct registered *registered);

/*
 * Labels as sent (at most 256 readable bytes) as text without the last dot, in
 * lower case; octets that are no printable ASCII, and dots inside labels,
 * become '?', so text[i] always stands for wire[i + 1].  The length; 0: the
 * root, or no name at all.
 */
size_t registered_text(const uint8_t *wire, char text[REGISTERED_TEXT]);

/* Where the registered domain begins in a name in lower case; NULL: it has none. */
const char *registered_find(struct registered *registered, const char *text);

/* The list knows the top-level domain of this name (an unknown one counts as a suffix, too). */
bool registered_is_listed(const struct registered *registered, const char *text);
/* Or is it one that is set aside (local, internal, example...), below which sites name themselves?
 */
bool registered_is_special(const char *text);

/* The registered domain of a name as sent, and its length; 0: it has none. */
size_t registered_domain(struct registered *registered, const uint8_t *wire,
			 char domain[REGISTERED_TEXT]);

#endif /* SKUA_TRACK_REGISTERED_H */
