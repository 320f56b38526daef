// SPDX-License-Identifier: BSD-2-Clause
/* Ed25519 signatures in minisign's format (jedisct1.github.io/minisign). */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "record/vault_sign.h"

#define KEY_FILE_MAX 1024
#define COMMENT_MAX 256
#define BASE64 sodium_base64_VARIANT_ORIGINAL

/* As minisign lays them out in base64. */
struct secret_body {
	unsigned char algorithm[2], kdf[2], checksum_algorithm[2], salt[32], limits[16];
	unsigned char id[8], key[64], checksum[32];
};
struct public_body {
	unsigned char algorithm[2], id[8], key[32];
};
struct signature_body {
	unsigned char algorithm[2], id[8], signature[crypto_sign_BYTES];
};
_Static_assert(sizeof(struct secret_body) == 158, "minisign's format");
_Static_assert(sizeof(struct public_body) == 42, "minisign's format");
_Static_assert(sizeof(struct signature_body) == 74, "minisign's format");

/* What a line holds, if it is exactly so many bytes in base64. */
static bool decode(const char *text, size_t length, void *to, size_t size)
{
	size_t got;

	return !sodium_base642bin(to, size, text, length, NULL, &got, NULL, BASE64) && got == size;
}

static int read_text(const char *path, char text[KEY_FILE_MAX])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, text, KEY_FILE_MAX - 1);
	int err = got < 0 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	text[got < 0 ? 0 : got] = 0;
	return err;
}

/* The line after the comment; its length goes to *length. */
static const char *second_line(const char *text, size_t *length)
{
	const char *at = strchr(text, '\n');

	at = at ? at + 1 : text;
	*length = strcspn(at, "\r\n");
	return at;
}

int vault_secret_read(const char *path, struct vault_secret *out)
{
	struct secret_body body;
	char text[KEY_FILE_MAX];
	size_t length;
	int err = read_text(path, text);
	const char *line = second_line(text, &length);

	if (err)
		return err;
	if (!decode(line, length, &body, sizeof(body)) || memcmp(body.algorithm, "Ed", 2))
		err = -EBADMSG;
	else if (body.kdf[0] || body.kdf[1])
		err = -ENOKEY;
	if (!err) {
		memcpy(out->id, body.id, sizeof(out->id));
		memcpy(out->key, body.key, sizeof(out->key));
	}
	sodium_memzero(&body, sizeof(body));
	sodium_memzero(text, sizeof(text));
	return err;
}

int vault_public_read(const char *path_or_key, struct vault_public *out)
{
	struct public_body body;
	char text[KEY_FILE_MAX];
	size_t length = strlen(path_or_key);
	const char *line = path_or_key;

	if (!decode(line, length, &body, sizeof(body))) {
		int err = read_text(path_or_key, text);

		if (err)
			return err;
		line = second_line(text, &length);
		if (!decode(line, length, &body, sizeof(body)))
			return -EBADMSG;
	}
	if (memcmp(body.algorithm, "Ed", 2))
		return -EBADMSG;
	memcpy(out->id, body.id, sizeof(out->id));
	memcpy(out->key, body.key, sizeof(out->key));
	return 0;
}

static size_t write_signature(const struct signature_body *body, const char *comment,
			      const unsigned char global[crypto_sign_BYTES],
			      char to[VAULT_SIGNATURE_MAX])
{
	char first[sodium_base64_ENCODED_LEN(sizeof(*body), BASE64)];
	char second[sodium_base64_ENCODED_LEN(crypto_sign_BYTES, BASE64)];

	sodium_bin2base64(first, sizeof(first), (const unsigned char *)body, sizeof(*body), BASE64);
	sodium_bin2base64(second, sizeof(second), global, crypto_sign_BYTES, BASE64);
	return (size_t)snprintf(to, VAULT_SIGNATURE_MAX,
				"untrusted comment: skua vault\n%s\ntrusted comment: %s\n%s\n",
				first, comment, second);
}

/* What the second signature is of. */
static size_t vouch(const struct signature_body *body, const char *comment,
		    unsigned char to[crypto_sign_BYTES + COMMENT_MAX])
{
	size_t length = strlen(comment);

	memcpy(to, body->signature, crypto_sign_BYTES);
	memcpy(to + crypto_sign_BYTES, comment, length);
	return crypto_sign_BYTES + length;
}

size_t vault_sign(const struct vault_secret *secret, const void *bytes, size_t length,
		  const char *comment, char to[VAULT_SIGNATURE_MAX])
{
	struct signature_body body = { .algorithm = "ED" };
	unsigned char hash[crypto_generichash_BYTES_MAX], global[crypto_sign_BYTES];
	unsigned char vouched[crypto_sign_BYTES + COMMENT_MAX];

	if (strlen(comment) > COMMENT_MAX)
		return 0;
	crypto_generichash(hash, sizeof(hash), bytes, length, NULL, 0);
	memcpy(body.id, secret->id, sizeof(body.id));
	crypto_sign_detached(body.signature, NULL, hash, sizeof(hash), secret->key);
	crypto_sign_detached(global, NULL, vouched, vouch(&body, comment, vouched), secret->key);
	return write_signature(&body, comment, global, to);
}

/* Its four lines, and nothing else: nobody vouches for the first, so it is ours to the letter. */
static bool read_signature(const char *text, struct signature_body *body,
			   char comment[COMMENT_MAX + 1], unsigned char global[crypto_sign_BYTES])
{
	char first[128], second[128], canonical[VAULT_SIGNATURE_MAX];

	if (sscanf(text,
		   "untrusted comment: skua vault\n%127[^\n]\ntrusted comment: "
		   "%256[^\n]\n%127[^\n]",
		   first, comment, second) != 3)
		return false;
	if (!decode(first, strlen(first), body, sizeof(*body)) ||
	    !decode(second, strlen(second), global, crypto_sign_BYTES))
		return false;
	write_signature(body, comment, global, canonical);
	return !strcmp(canonical, text);
}

const char *vault_sign_check(const struct vault_public *key, const void *bytes, size_t length,
			     const char *signature)
{
	struct signature_body body;
	unsigned char hash[crypto_generichash_BYTES_MAX], global[crypto_sign_BYTES];
	unsigned char vouched[crypto_sign_BYTES + COMMENT_MAX];
	char comment[COMMENT_MAX + 1];

	if (!read_signature(signature, &body, comment, global) || memcmp(body.algorithm, "ED", 2))
		return "is not a signature of a vault";
	if (memcmp(body.id, key->id, sizeof(body.id)))
		return "was made with another key";
	crypto_generichash(hash, sizeof(hash), bytes, length, NULL, 0);
	if (crypto_sign_verify_detached(body.signature, hash, sizeof(hash), key->key))
		return "does not fit: what it signs was altered";
	if (crypto_sign_verify_detached(global, vouched, vouch(&body, comment, vouched), key->key))
		return "has a comment that was altered";
	return NULL;
}
