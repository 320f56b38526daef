/* SPDX-License-Identifier: BSD-2-Clause */
/* Which packets somebody asks for: of a host, of a pair, of the last so many seconds. */
#ifndef SKUA_SERVE_SELECTOR_H
#define SKUA_SERVE_SELECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SELECTOR_LAST_MAX_NS (366ull * 86400 * 1000000000) /* more is "all", and fits any sum */
#define SELECTOR_TEXT 192                                  /* room for any as words */

/* Zeroed before use, so that one selector is one sequence of bytes. */
struct control_selector {
	uint8_t a[16], b[16]; /* as sent, IPv4 v4-mapped; of a pair either side may be first */
	uint64_t last_ns;     /* only packets of the last so long; 0: whatever is kept */
	uint64_t since;       /* only what came after the answer that gave this cursor; 0: any */
	uint16_t port;        /* of a pair, at either end; 0: any */
	uint8_t has_a, has_b; /* 0 or 1; b only with a */
	uint8_t proto;        /* IP protocol; 0: any */
	uint8_t reserved[3];
};

_Static_assert(sizeof(struct control_selector) == 56, "both ends read the same bytes");

/* Is it one, whoever sent it? */
bool selector_check(const struct control_selector *selector);

/* "10.0.0.5", "2001:db8::5" or "[2001:db8::5]": 0 or -EINVAL. */
int selector_parse_host(struct control_selector *selector, const char *text);
/* "10.0.0.5:203.0.113.5", "...:443", "[2001:db8::5]:[2001:db8::7]:443": 0 or -EINVAL. */
int selector_parse_pair(struct control_selector *selector, const char *text);
/* "60s", "5m", "2h", "1d" or "60", at least a second: 0 or -EINVAL. */
int selector_parse_duration(uint64_t *out_ns, const char *text);

/* The options that give the same selector: "--pair=10.0.0.5:203.0.113.5:443"; empty for all. */
const char *selector_option(const struct control_selector *selector, char to[SELECTOR_TEXT]);
/* "host 10.0.0.5 of the last 60 s", "everything"; returns to. */
const char *selector_describe(const struct control_selector *selector, char to[SELECTOR_TEXT]);

#endif /* SKUA_SERVE_SELECTOR_H */
