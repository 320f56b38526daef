/* SPDX-License-Identifier: BSD-2-Clause */
/* Rules of context that look at the traffic of a pair itself: for the table of factors only. */
#ifndef SKUA_DETECT_CONTEXT_RULES_H
#define SKUA_DETECT_CONTEXT_RULES_H

#include "detect/context.h"

context_rule_fn context_network_time;
context_rule_fn context_echoed;
context_rule_fn context_keep_alive;
context_rule_fn context_bulk_download;
context_rule_fn context_nothing_carried;

/* Is the subject a pair, of this kind? */
bool context_is_kind(const struct surroundings *around, enum pair_kind kind);

/* Whom the client talks to; of a pair by name the server that was told the name last. */
struct context_end {
	struct address address;
	uint16_t port;
	uint8_t proto;
};

/* false: nobody in particular. */
bool context_server(const struct surroundings *around, struct context_end *out);

#endif /* SKUA_DETECT_CONTEXT_RULES_H */
