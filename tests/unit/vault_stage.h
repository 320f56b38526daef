/* SPDX-License-Identifier: BSD-2-Clause */
/* A vault in a directory of its own: filled, spoilt, looked at, for its tests. */
#ifndef TESTS_VAULT_STAGE_H
#define TESTS_VAULT_STAGE_H

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/log.h"
#include "record/vault.h"
#include "record/verify.h"
#include "tap.h"

#define STAGE_TIME 1795228800000000000u /* 2026-11-21T02:40:00Z */
#define STAGE_HOUR 3600000000000u
#define STAGE_JSON "{\"finding_id\":\"00\",\"severity\":3}\n"

static char stage[128]; /* a directory; the vault is stage/vault */
static char stage_vault[160];
static char stage_error[VAULT_ERROR_SIZE];

static inline void begin_stage(void)
{
	const char *where = getenv("SKUA_STAGE");

	snprintf(stage, sizeof(stage), "%s/skua-vault-XXXXXX", where ? where : "/tmp");
	if (!mkdtemp(stage))
		abort();
	snprintf(stage_vault, sizeof(stage_vault), "%s/vault", stage);
	log_set_level(LOG_ERROR);
	umask(022);
}

static inline int remove_entry(const char *path, const struct stat *status, int kind,
			       struct FTW *where)
{
	(void)status;
	(void)kind;
	(void)where;
	return remove(path);
}

static inline void clear_stage(void)
{
	nftw(stage_vault, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static inline void end_stage(void)
{
	nftw(stage, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static inline struct vault *stage_open_with(struct vault_options options)
{
	struct vault *vault = NULL;

	stage_error[0] = 0;
	if (!options.directory)
		options.directory = stage_vault;
	return vault_open(&vault, &options, stage_error) ? NULL : vault;
}

static inline struct vault *stage_open(uint64_t max_bytes)
{
	return stage_open_with((struct vault_options){ .max_bytes = max_bytes });
}

static inline void put32(FILE *stream, uint32_t value)
{
	fwrite(&value, sizeof(value), 1, stream);
}

/* A section, an interface and so many packets of 64 bytes, each another. */
static inline void put_capture(FILE *stream, unsigned packets, uint32_t seed)
{
	static const uint32_t header[] = { 0x0a0d0d0a, 28, 0x1a2b3c4d, 1, UINT32_MAX, UINT32_MAX,
					   28,         1,  20,         1, 0,          20 };

	fwrite(header, sizeof(header), 1, stream);
	for (uint32_t i = 0; i < packets; i++) {
		put32(stream, 6);
		put32(stream, 96);
		put32(stream, 0);
		put32(stream, 0);
		put32(stream, seed);
		put32(stream, 64);
		put32(stream, 64);
		for (uint32_t word = 0; word < 16; word++)
			put32(stream, seed = seed * 1664525 + 1013904223 + i);
		put32(stream, 96);
	}
}

#define STAGE_CAPTURE(packets) (48 + 96 * (packets))

static inline const char *stage_id(unsigned number)
{
	static char id[33];

	snprintf(id, sizeof(id), "%08x%024x", number * 2654435761u, number);
	return id;
}

/* 0 or what failed. */
static inline int stage_publish(struct vault *vault, unsigned number, uint64_t time_ns,
				unsigned packets, int severity, struct vault_published *out)
{
	struct vault_published published;
	struct vault_file *file;
	int err = vault_begin(vault, stage_id(number), time_ns, &file);

	if (err)
		return err;
	put_capture(vault_stream(file), packets, number);
	err = vault_finish(file, out ? out : &published);
	if (err) {
		vault_abandon(vault, file);
		return err;
	}
	return vault_commit(vault, file, STAGE_JSON, sizeof(STAGE_JSON) - 1, severity);
}

static inline void stage_fill(struct vault *vault, unsigned first, unsigned count)
{
	for (unsigned i = first; i < first + count; i++)
		if (stage_publish(vault, i, STAGE_TIME + i * STAGE_HOUR, 3, 3, NULL))
			printf("# publishing %u failed\n", i);
}

static inline struct vault_counts stage_counts(const struct vault *vault)
{
	struct vault_counts counts;

	vault_counts(vault, &counts);
	return counts;
}

/* Problems that verify finds; the first of them in stage_found. */
static char stage_found[VERIFY_WHAT + 128];
static struct verify_result stage_result;

static inline uint64_t stage_verify_with(struct verify_options options)
{
	char error[VAULT_ERROR_SIZE] = "";

	verify_result_fini(&stage_result);
	memset(&stage_result, 0, sizeof(stage_result));
	stage_found[0] = 0;
	if (!options.directory)
		options.directory = stage_vault;
	if (verify_run(&options, &stage_result, error)) {
		snprintf(stage_found, sizeof(stage_found), "%s", error);
		return UINT64_MAX;
	}
	if (stage_result.problem_count)
		snprintf(stage_found, sizeof(stage_found), "%s:%u %s",
			 stage_result.problems[0].where, stage_result.problems[0].line,
			 stage_result.problems[0].what);
	return stage_result.problem_count;
}

static inline uint64_t stage_verify(void)
{
	return stage_verify_with((struct verify_options){ .head = NULL });
}

/* Some problem that verify found says so. */
static inline bool stage_says(const char *where, unsigned line, const char *what)
{
	for (unsigned i = 0; i < stage_result.kept; i++) {
		const struct verify_problem *problem = &stage_result.problems[i];

		if (!strcmp(problem->where, where) && problem->line == line &&
		    strstr(problem->what, what))
			return true;
	}
	for (unsigned i = 0; i < stage_result.kept; i++)
		printf("# %s:%u %s\n", stage_result.problems[i].where,
		       stage_result.problems[i].line, stage_result.problems[i].what);
	return false;
}

static inline const char *stage_path(const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", stage_vault, name);
	return path;
}

static inline bool stage_exists(const char *name)
{
	struct stat status;

	return !lstat(stage_path(name), &status);
}

static inline long stage_size(const char *name)
{
	struct stat status;

	return lstat(stage_path(name), &status) ? -1 : (long)status.st_size;
}

/* All of a file, with a zero behind it; freed by the caller. */
static inline char *stage_read(const char *name, size_t *length)
{
	FILE *stream = fopen(stage_path(name), "r");
	char *text = calloc(1, 1 << 20);

	*length = stream ? fread(text, 1, (1 << 20) - 1, stream) : 0;
	if (stream)
		fclose(stream);
	return text;
}

static inline void stage_write(const char *name, const void *bytes, size_t length)
{
	FILE *stream = fopen(stage_path(name), "w");

	if (!stream || fwrite(bytes, 1, length, stream) != length || fclose(stream))
		printf("# %s cannot be written\n", name);
}

#endif /* TESTS_VAULT_STAGE_H */
