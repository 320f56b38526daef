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

size_t vault_sign(const struct vault_secret *secret, const void *bytes, size_t length,
		  const char *comment, char to[VAULT_SIGNATURE_MAX])
{
	struct signature_body body = { .algorithm = "ED" };
	unsigned char hash[crypto_generichash_BYTES_MAX], global[crypto_sign_BYTES];
	unsigned char vouched[crypto_sign_BYTES + COMMENT_MAX];
	char first[sodium_base64_ENCODED_LEN(sizeof(body), BASE64)];
	char second[sodium_base64_ENCODED_LEN(sizeof(global), BASE64)];
	size_t comment_length = strlen(comment);

	if (comment_length > COMMENT_MAX)
		return 0;
	crypto_generichash(hash, sizeof(hash), bytes, length, NULL, 0);
	memcpy(body.id, secret->id, sizeof(body.id));
	crypto_sign_detached(body.signature, NULL, hash, sizeof(hash), secret->key);
	memcpy(vouched, body.signature, crypto_sign_BYTES);
	memcpy(vouched + crypto_sign_BYTES, comment, comment_length);
	crypto_sign_detached(global, NULL, vouched, crypto_sign_BYTES + comment_length,
			     secret->key);
	sodium_bin2base64(first, sizeof(first), (unsigned char *)&body, sizeof(body), BASE64);
	sodium_bin2base64(second, sizeof(second), global, sizeof(global), BASE64);
	return (size_t)snprintf(to, VAULT_SIGNATURE_MAX,
				"untrusted comment: skua vault\n%s\ntrusted comment: %s\n%s\n",
				first, comment, second);
}

const char *vault_sign_check(const struct vault_public *key, const void *bytes, size_t length,
			     const char *signature)
{
	static const char untrusted[] = "untrusted comment: skua vault\n";
	static const char trusted[] = "trusted comment: ";
	struct signature_body body;
	unsigned char hash[crypto_generichash_BYTES_MAX], global[crypto_sign_BYTES];
	unsigned char vouched[crypto_sign_BYTES + COMMENT_MAX];
	size_t line_length, comment_length;
	const char *line = second_line(signature, &line_length), *comment = line + line_length + 1;

	/* Nobody vouches for the first line: it is ours to the letter. */
	if (strncmp(signature, untrusted, sizeof(untrusted) - 1) != 0 || !line[line_length] ||
	    !decode(line, line_length, &body, sizeof(body)) || memcmp(body.algorithm, "ED", 2) ||
	    strncmp(comment, trusted, sizeof(trusted) - 1))
		return "is not a signature of a vault";
	if (memcmp(body.id, key->id, sizeof(body.id)))
		return "was made with another key";
	comment += sizeof(trusted) - 1;
	comment_length = strcspn(comment, "\n");
	if (!comment[comment_length] || comment_length > COMMENT_MAX ||
	    !decode(comment + comment_length + 1, strcspn(comment + comment_length + 1, "\n"),
		    global, sizeof(global)))
		return "is not a signature of a vault";
	crypto_generichash(hash, sizeof(hash), bytes, length, NULL, 0);
	if (crypto_sign_verify_detached(body.signature, hash, sizeof(hash), key->key))
		return "does not fit: what it signs was altered";
	memcpy(vouched, body.signature, crypto_sign_BYTES);
	memcpy(vouched + crypto_sign_BYTES, comment, comment_length);
	if (crypto_sign_verify_detached(global, vouched, crypto_sign_BYTES + comment_length,
					key->key))
		return "has a comment that was altered";
	return NULL;
}
