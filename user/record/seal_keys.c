// SPDX-License-Identifier: BSD-2-Clause
/* Key pairs for sealing, as lines of text in files. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "record/seal.h"

#define PUBLIC_LABEL "skua-seal-public "
#define SECRET_LABEL "skua-seal-secret "
#define LABEL_SIZE (sizeof(PUBLIC_LABEL) - 1)
_Static_assert(sizeof(PUBLIC_LABEL) == sizeof(SECRET_LABEL), "one size for both");
#define BASE64 sodium_base64_VARIANT_ORIGINAL
#define TEXT_SIZE sodium_base64_ENCODED_LEN(SEAL_KEY, BASE64) /* with a zero */
#define LINE_MAX_SIZE (LABEL_SIZE + TEXT_SIZE + 1)

_Static_assert(SEAL_KEY == crypto_kx_PUBLICKEYBYTES && SEAL_KEY == crypto_kx_SECRETKEYBYTES,
	       "the keys are crypto_kx's");

static int write_key(const char *prefix, const char *suffix, mode_t mode, const char *label,
		     const uint8_t key[SEAL_KEY])
{
	char path[PATH_MAX], text[TEXT_SIZE];
	int fd, length, err = 0;

	if ((size_t)snprintf(path, sizeof(path), "%s%s", prefix, suffix) >= sizeof(path))
		return -ENAMETOOLONG;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd < 0)
		return -errno;
	sodium_bin2base64(text, sizeof(text), key, SEAL_KEY, BASE64);
	length = dprintf(fd, "%s%s\n", label, text);
	if (length < 0 || fsync(fd))
		err = -errno;
	sodium_memzero(text, sizeof(text));
	close(fd);
	if (err)
		unlink(path);
	return err;
}

int seal_make_keys(const char *prefix)
{
	uint8_t public_key[SEAL_KEY], secret_key[SEAL_KEY];
	char path[PATH_MAX];
	int err;

	if (crypto_kx_keypair(public_key, secret_key))
		return -EIO;
	err = write_key(prefix, ".sec", 0600, SECRET_LABEL, secret_key);
	if (!err) {
		err = write_key(prefix, ".pub", 0644, PUBLIC_LABEL, public_key);
		snprintf(path, sizeof(path), "%s.sec", prefix);
		if (err)
			unlink(path); /* half a pair is none */
	}
	sodium_memzero(secret_key, sizeof(secret_key));
	return err;
}

static int read_key(uint8_t key[SEAL_KEY], const char *path, const char *label)
{
	char line[LINE_MAX_SIZE + 1];
	const char *end;
	uint8_t bytes[SEAL_KEY];
	size_t size;
	ssize_t got;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), err;

	if (fd < 0)
		return -errno;
	got = read(fd, line, sizeof(line) - 1);
	err = got < 0 ? -errno : 0;
	close(fd);
	if (got < 0)
		return err;
	line[got] = '\0';
	if (strncmp(line, label, LABEL_SIZE) ||
	    sodium_base642bin(bytes, sizeof(bytes), line + LABEL_SIZE, strlen(line + LABEL_SIZE),
			      NULL, &size, &end, BASE64) ||
	    size != SEAL_KEY || strspn(end, "\r\n") != strlen(end))
		err = -EINVAL;
	else
		memcpy(key, bytes, SEAL_KEY);
	sodium_memzero(line, sizeof(line));
	sodium_memzero(bytes, sizeof(bytes));
	return err;
}

int seal_read_public(uint8_t key[SEAL_KEY], const char *path)
{
	return read_key(key, path, PUBLIC_LABEL);
}

int seal_read_secret(uint8_t key[SEAL_KEY], const char *path)
{
	return read_key(key, path, SECRET_LABEL);
}
