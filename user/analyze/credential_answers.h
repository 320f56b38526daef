/* SPDX-License-Identifier: BSD-2-Clause */
/* skua credentials: names and secrets that were sent in clear; a row for each, once. */
#ifndef SKUA_ANALYZE_CREDENTIAL_ANSWERS_H
#define SKUA_ANALYZE_CREDENTIAL_ANSWERS_H

#include "analyze/analyst.h"

#define CREDENTIAL_ANSWERS_SAID (1u << 16) /* told apart; beyond, some come again */
#define CREDENTIAL_ANSWERS_FORMS 256       /* bodies that are read at a time */

struct credential_answers_options {
	bool show_secrets; /* else they are masked */
	bool all;          /* each time, not once */
};

/* 0 or -ENOMEM. */
int credential_answers_open(struct analyst **out, const struct credential_answers_options *options);

#endif /* SKUA_ANALYZE_CREDENTIAL_ANSWERS_H */
