/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of a manifest, and a directory to keep them in. */
#ifndef TESTS_UPLOAD_STAGE_H
#define TESTS_UPLOAD_STAGE_H

#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/sha256.h"
#include "record/upload_line.h"

#define STAGE_ZERO "0000000000000000000000000000000000000000000000000000000000000000"
#define STAGE_FILE "2026/11/21/0123456789abcdef0123456789abcdef.pcapng"

/* Ends a line that ends with the comma before its hash; without a newline. */
static inline const char *stage_seal(char *line, size_t size)
{
	unsigned char hash[SHA256_DIGEST_SIZE];
	char text[UPLOAD_HASH];
	size_t length = strlen(line);

	sha256_of(hash, line, length);
	sodium_bin2hex(text, sizeof(text), hash, sizeof(hash));
	snprintf(line + length, size - length, "\"hash\":\"%s\"}", text);
	return line;
}

static inline const char *stage_line(char *to, size_t size, unsigned seq, const char *action,
				     const char *file)
{
	snprintf(to, size,
		 "{\"seq\":%u,\"time\":\"2026-11-21T02:11:09.123456789Z\",\"action\":\"%s\","
		 "\"file\":\"%s\",\"sha256\":\"" STAGE_ZERO "\",\"bytes\":77,\"json_sha256\":"
		 "\"" STAGE_ZERO "\",\"severity\":1,\"prev\":\"" STAGE_ZERO "\",",
		 seq, action, file);
	return stage_seal(to, size);
}

static inline int stage_directory(char path[64])
{
	strcpy(path, "/tmp/skua-upload-XXXXXX");
	return mkdtemp(path) ? open(path, O_RDONLY | O_DIRECTORY) : -1;
}

static inline void stage_write(int dir, const char *name, int flags, const char *text)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | flags, 0600);

	if (write(fd, text, strlen(text)) < 0)
		perror(name);
	close(fd);
}

static inline void stage_remove(const char *path)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", path);
	if (system(command))
		perror(path);
}

#endif /* TESTS_UPLOAD_STAGE_H */
