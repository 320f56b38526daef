/* SPDX-License-Identifier: BSD-2-Clause */
/* Reaches the files of a vault from one descriptor, following no link. */
#ifndef SKUA_RECORD_VAULT_PATHS_H
#define SKUA_RECORD_VAULT_PATHS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include "record/vault.h"

#define VAULT_MODE 0640
#define VAULT_DIRECTORY_MODE 0750
#define VAULT_DAY 11 /* "YYYY/MM/DD" and a zero */

/* All of these: 0, or a descriptor, or -errno. */
int vault_paths_root(const char *directory);
/* The directory of a day; made when it is missing. */
int vault_paths_day(int root, const char *day);
/* A directory, or a regular file for reading, at a path below dir. */
int vault_paths_directory(int dir, const char *path);
int vault_paths_file(int root, const char *path);
/* A new file, in the place of a leftover. */
int vault_paths_part(int dir, const char *name);
int vault_paths_write(int fd, const void *bytes, size_t length);
/* NAME.part -> fdatasync; then -> NAME -> fsync(dir). */
int vault_paths_prepare(int dir, const char *name, const void *bytes, size_t length);
int vault_paths_replace(int dir, const char *name);
/* Text, zero-terminated; -EFBIG when it does not fit, -EBADMSG when there is a zero in it. */
int vault_paths_read(int dir, const char *name, char *to, size_t size);
/* Of all its bytes. */
int vault_paths_hash(int fd, char sha256[VAULT_HASH], uint64_t *bytes);
/* Removes the day's directory and those above it when they are empty. */
void vault_paths_prune(int root, const char *day);
/* "2026/11/21/ID.pcapng" -> "2026/11/21", and "ID.json" where asked for. */
void vault_paths_split(const char *file, char day[VAULT_DAY], char json[VAULT_FILE]);

/* Each entry but . and .., in no order; stops at the first that is not 0, and returns it. */
typedef int vault_paths_fn(void *arg, const char *name, const struct stat *status);
int vault_paths_list(int dir, vault_paths_fn *each, void *arg);

#endif /* SKUA_RECORD_VAULT_PATHS_H */
