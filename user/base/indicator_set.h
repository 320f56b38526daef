/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Indicators in memory: addresses, networks, names and JA4 fingerprints in one
 * hash table, made from text, then looked up without allocating anything.  A
 * network is looked for once per prefix length that occurs, the longest first;
 * a name once for itself and once for each domain that it lies in.  40 bytes
 * per entry, 8 to 16 of table, and the text: about 70 MB for a million.
 */
#ifndef SKUA_BASE_INDICATOR_SET_H
#define SKUA_BASE_INDICATOR_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/address.h"

#define INDICATORS_MAX (1u << 20)   /* entries; ".example.org" makes two */
#define INDICATORS_TEXT (64u << 20) /* bytes of all texts, labels and file names */
#define INDICATOR_TEXT 260          /* "sni:*." and a name (RFC 1035: 253 octets), and a zero */
#define INDICATOR_LABEL 128         /* a longer label is cut */
#define INDICATOR_PREFIXES 129

enum indicator_kind {
	INDICATOR_ADDRESS = 1,
	INDICATOR_NETWORK,
	INDICATOR_NAME, /* wherever it is told: DNS, HTTP, TLS */
	INDICATOR_SNI,  /* only as the name of a TLS server */
	INDICATOR_JA4
};

/* What was found.  Texts are the set's. */
struct indicator {
	enum indicator_kind kind;
	const char *text;  /* as the list has it, names in lower case */
	const char *label; /* "": none */
	const char *file;
	unsigned line;
};

struct indicator_entry;

struct indicator_set {
	struct indicator_entry *entries;
	uint32_t *buckets; /* 1 + index of an entry; 0: free */
	char *texts;       /* offset 0 is the empty text */
	uint32_t count, room, mask;
	uint32_t text_bytes, text_room;
	uint32_t file, label; /* offsets of those added last, which tend to come again */
	uint64_t seed;        /* of the hash: names that are looked up are strangers' choice */
	uint8_t prefixes[INDICATOR_PREFIXES]; /* that occur, the longest first */
	unsigned prefix_count;
	bool below; /* some entry covers what lies below a name */
};

/* Which line is wrong, and why. */
struct indicator_fault {
	unsigned line;
	const char *why;            /* constant text */
	char shown[INDICATOR_TEXT]; /* the beginning of the line, not escaped */
};

/* 0 or -ENOMEM. */
int indicator_set_init(struct indicator_set *set);
void indicator_set_fini(struct indicator_set *set);

/*
 * Adds the lines of a file.  A line is an indicator, then blanks or a comma and
 * a label, if there is one; "#" begins a comment.  What is there already stays
 * as it is.  0; -EINVAL: *fault says where; -ENOSPC: there is no room for more;
 * -ENOMEM.  After a failure the set is good for indicator_set_fini() only.
 */
int indicator_set_read(struct indicator_set *set, const char *file, const char *text, size_t length,
		       struct indicator_fault *fault);

bool indicator_set_find_address(const struct indicator_set *set, const struct address *address,
				struct indicator *out);
/* sni: the name is that of a TLS server. */
bool indicator_set_find_name(const struct indicator_set *set, const char *name, bool sni,
			     struct indicator *out);
bool indicator_set_find_ja4(const struct indicator_set *set, const char *ja4,
			    struct indicator *out);
/* Bytes reserved. */
size_t indicator_set_memory(const struct indicator_set *set);

#endif /* SKUA_BASE_INDICATOR_SET_H */
