/* SPDX-License-Identifier: BSD-2-Clause */
/* A dissector by itself, that looks for logins: said has "user/secret;" of each. */
#ifndef TESTS_SECRETS_STAGE_H
#define TESTS_SECRETS_STAGE_H

#include <stdio.h>
#include <string.h>
#include "dissect/credential.h"
#include "dissect/dissector.h"

enum { CLIENT, SERVER };

static uint64_t state[512]; /* as large as any needs */
static struct dissector_call call;
static char said[512];

static inline void keep(void *arg, const struct item *item)
{
	const struct credential *credential = item->is;
	size_t at = strlen(said);

	(void)arg;
	snprintf(said + at, sizeof(said) - at, "%.*s/%.*s;", (int)credential->user.left,
		 credential->user.left ? (const char *)credential->user.at : "",
		 (int)credential->secret.left, (const char *)credential->secret.at);
}

static inline void begin(void)
{
	memset(state, 0, sizeof(state));
	memset(&call, 0, sizeof(call));
	call.say = keep;
	call.place.client = CLIENT;
	said[0] = '\0';
}

#endif /* TESTS_SECRETS_STAGE_H */
