/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checks a vault without changing it: the chain of its manifest, HEAD and its
 * signature, each file's hash and block structure, what is missing and what
 * does not belong there.  An agent may be writing meanwhile: what looks wrong
 * is then looked at again.  What it promises is against a head or a public key
 * that was taken elsewhere before: whoever may write to the vault can make
 * another one that is consistent in itself.
 */
#ifndef SKUA_RECORD_VERIFY_H
#define SKUA_RECORD_VERIFY_H

#include <stdbool.h>
#include "record/vault.h"

#define VERIFY_WHAT 400

struct verify_problem {
	char where[VAULT_FILE + 32]; /* relative to the vault; escaped where a stranger named it */
	unsigned line;               /* of a manifest; 0: none */
	char what[VERIFY_WHAT];      /* is wrong with it, as the rest of a sentence */
};

struct verify_options {
	const char *directory;
	const char *head; /* a hash that the chain must contain, or NULL */
	const char *key;  /* a minisign public key or its file, or NULL */
	/* Replays a snapshot: 0, it proves its finding; 1: nothing at hand can; or -errno: it does
	 * not.  May be NULL. */
	int (*prove)(void *arg, const char *path, const char *json_path);
	void *prove_arg;
};

enum verify_signature { VERIFY_UNSIGNED, VERIFY_UNCHECKED, VERIFY_SIGNED, VERIFY_FORGED };

struct verify_result {
	uint64_t lines, first, removals; /* of the manifest that is there; its first number */
	uint64_t files, bytes, recovered;
	uint64_t unfinished; /* parts: not published yet, or left by a crash */
	uint64_t proved;     /* what cannot be is not among them, and no problem */
	uint64_t head_count; /* the last line and its hash */
	char head[VAULT_HASH];
	enum verify_signature signature;
	bool busy; /* an agent was writing */
	uint64_t problem_count;
	struct verify_problem *problems; /* the first ones */
	unsigned kept;
};

/* 0 (good or bad: see problem_count) or -errno and a line. */
int verify_run(const struct verify_options *options, struct verify_result *out,
	       char error[VAULT_ERROR_SIZE]);
void verify_result_fini(struct verify_result *result);

#endif /* SKUA_RECORD_VERIFY_H */
