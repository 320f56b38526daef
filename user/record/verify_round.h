/* SPDX-License-Identifier: BSD-2-Clause */
/* One look at a vault: the chain gives the files that there must be, then they are looked at. */
#ifndef SKUA_RECORD_VERIFY_ROUND_H
#define SKUA_RECORD_VERIFY_ROUND_H

#include <stdarg.h>
#include "base/log.h"
#include "base/table.h"
#include "record/vault_chain.h"
#include "record/vault_sign.h"
#include "record/verify.h"

#define VERIFY_PROBLEMS 1000 /* kept to be told; all are counted */

/* A file that the chain says is there; the key is its name. */
struct verify_file {
	char sha256[VAULT_HASH], json_sha256[VAULT_HASH];
	uint64_t bytes, json_bytes;
	bool good; /* was looked at, and nothing was wrong */
	bool proved;
};

struct verify_round {
	const struct verify_options *options;
	const struct vault_public *key; /* NULL: no signature is asked for */
	int root;
	struct table files;
	const struct table *before; /* of the last round, or NULL */
	struct vault_chain chain;
	bool given_found; /* options->head */
	struct verify_result *result;
};

void verify_wrong(struct verify_round *round, const char *where, unsigned line, const char *format,
		  ...) skua_printf(4, 5);
/* verify_chain.c: all that is not a file of a day; -errno only when it cannot be read. */
int verify_chain(struct verify_round *round);
/* verify_files.c: each file of the table, then what is there beside them. */
int verify_files(struct verify_round *round);
int verify_strangers(struct verify_round *round);

#endif /* SKUA_RECORD_VERIFY_ROUND_H */
