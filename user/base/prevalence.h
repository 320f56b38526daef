/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How many clients of a fleet use a name or a network, as a file tells: lines
 * of "NAME-OR-NETWORK CLIENTS SEEN", counted elsewhere.  Read once, then
 * constant.  A name counts as it is, not for names below it; of networks the
 * smallest that holds the address.
 */
#ifndef SKUA_BASE_PREVALENCE_H
#define SKUA_BASE_PREVALENCE_H

#include "base/address.h"
#include "base/table.h"

#define PREVALENCE_MAX 65536 /* lines, 0.3 kB each; a file that has more is refused */

struct prevalence_count {
	uint32_t clients, seen; /* users of it, out of so many */
};

struct prevalence {
	struct table names, networks;
	bool lengths[129]; /* prefixes that occur */
};

/* 0 or -errno; which line makes no sense, or why it cannot be read, is logged. */
int prevalence_open(struct prevalence **out, const char *path);
void prevalence_close(struct prevalence *prevalence);
/* Lines in force. */
uint32_t prevalence_lines(const struct prevalence *prevalence);

/* false: nothing is told of it, and *out is as it was. */
bool prevalence_of_name(const struct prevalence *prevalence, const char *name,
			struct prevalence_count *out);
bool prevalence_of_address(const struct prevalence *prevalence, const struct address *address,
			   struct prevalence_count *out);

#endif /* SKUA_BASE_PREVALENCE_H */
