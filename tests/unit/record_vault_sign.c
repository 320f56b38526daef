// SPDX-License-Identifier: BSD-2-Clause
/* Signatures of HEAD: keys as minisign keeps them, and whatever is altered afterwards. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "record/vault_sign.h"
#include "tap.h"

#define BASE64 sodium_base64_VARIANT_ORIGINAL
#define TEXT "{\"count\":7}\n"

/* As minisign lays them out. */
static struct {
	unsigned char algorithm[2], kdf[2], checksum_algorithm[2], salt[32], limits[16];
	unsigned char id[8], key[64], checksum[32];
} secret_body = { .algorithm = "Ed", .id = "01234567" };
static struct {
	unsigned char algorithm[2], id[8], key[32];
} public_body = { .algorithm = "Ed", .id = "01234567" };

static struct vault_secret secret;
static struct vault_public public;
static char path[] = "/tmp/skua-sign-XXXXXX";

static void write_file(const char *text)
{
	FILE *stream = fopen(path, "w");

	if (!stream || fputs(text, stream) < 0 || fclose(stream))
		abort();
}

/* What a key file holds below this comment, these bytes in base64. */
static void write_key(const char *comment, const void *body, size_t size)
{
	char text[512], whole[768];

	sodium_bin2base64(text, sizeof(text), body, size, BASE64);
	snprintf(whole, sizeof(whole), "%s%s\n", comment, text);
	write_file(whole);
}

static void test_secret(void)
{
	struct vault_secret kept;

	write_key("untrusted comment: a key\n", &secret_body, sizeof(secret_body));
	ok(!vault_secret_read(path, &secret) && !memcmp(secret.id, "01234567", 8) &&
		   !memcmp(secret.key, secret_body.key, 64),
	   "a secret key is read from the line after its comment");
	kept = secret;
	secret_body.kdf[0] = 'S';
	write_key("untrusted comment: a key\n", &secret_body, sizeof(secret_body));
	ok(vault_secret_read(path, &secret) == -ENOKEY, "one with a password is refused as such");
	secret_body.kdf[0] = 0;
	secret_body.kdf[1] = 'c';
	write_key("untrusted comment: a key\n", &secret_body, sizeof(secret_body));
	ok(vault_secret_read(path, &secret) == -ENOKEY, "whatever the second letter says");
	secret_body.kdf[1] = 0;
	secret_body.algorithm[1] = 'D';
	write_key("untrusted comment: a key\n", &secret_body, sizeof(secret_body));
	ok(vault_secret_read(path, &secret) == -EBADMSG, "a key of another kind is none");
	secret_body.algorithm[1] = 'd';
	write_key("untrusted comment: a key\n", &secret_body, sizeof(secret_body) - 1);
	ok(vault_secret_read(path, &secret) == -EBADMSG, "nor is one that is a byte short");
	write_file("");
	errno = EIO;
	ok(vault_secret_read(path, &secret) == -EBADMSG, "nor an empty file");
	ok(vault_secret_read("/tmp/skua-sign-nowhere/key", &secret) == -ENOENT,
	   "one that is not there is told as that");
	ok(!memcmp(&kept, &secret, sizeof(kept)), "and what was read before stays as it was");
}

static void test_public(void)
{
	char text[128];

	sodium_bin2base64(text, sizeof(text), (void *)&public_body, sizeof(public_body), BASE64);
	ok(!vault_public_read(text, &public) && !memcmp(public.key, public_body.key, 32),
	   "a public key may be given as it is printed,");
	memset(&public, 0, sizeof(public));
	write_key("untrusted comment: a key\r\n", &public_body, sizeof(public_body));
	ok(!vault_public_read(path, &public) && !memcmp(public.id, "01234567", 8) &&
		   !memcmp(public.key, public_body.key, 32),
	   "or as a file,");
	memset(&public, 0, sizeof(public));
	write_key("", &public_body, sizeof(public_body));
	ok(vault_public_read(path, &public) == -EBADMSG, "which has its comment first");
	public_body.algorithm[0] = 'X';
	sodium_bin2base64(text, sizeof(text), (void *)&public_body, sizeof(public_body), BASE64);
	ok(vault_public_read(text, &public) == -EBADMSG && !public.id[0],
	   "one of another kind is refused,");
	public_body.algorithm[0] = 'E';
	write_key("untrusted comment: a key\n", &public_body, sizeof(public_body) - 1);
	ok(vault_public_read(path, &public) == -EBADMSG, "and one that is a byte short");
	ok(vault_public_read("/tmp/skua-sign-nowhere/key", &public) == -ENOENT,
	   "what is neither key nor file is no file");
	write_key("untrusted comment: a key\n", &public_body, sizeof(public_body));
	if (vault_public_read(path, &public))
		abort();
}

static char signature[VAULT_SIGNATURE_MAX];

static bool says(const char *text, const char *sig, const char *expected)
{
	const char *wrong = vault_sign_check(&public, text, strlen(text), sig);
	bool good = expected ? wrong && strstr(wrong, expected) : !wrong;

	if (!good)
		printf("# %s\n", wrong ? wrong : "it fits");
	return good;
}

static void test_check(void)
{
	struct vault_public other = public;
	char altered[VAULT_SIGNATURE_MAX];

	ok(vault_sign(&secret, TEXT, strlen(TEXT), "skua vault, 7 lines", signature) ==
			   strlen(signature) &&
		   strstr(signature, "\ntrusted comment: skua vault, 7 lines\n"),
	   "a signature is four lines, of which the third vouches for more");
	ok(says(TEXT, signature, NULL), "it fits what it was made of");
	ok(says("{\"count\":8}\n", signature, "was altered"), "and nothing else");
	public.id[7]++;
	ok(says(TEXT, signature, "another key"), "the number of a key counts,");
	public.id[7]--;
	public.key[5] ^= 1;
	ok(says(TEXT, signature, "does not fit"), "and so does the key");
	public = other;
	strcpy(altered, signature);
	*strstr(altered, "7 lines") = '8';
	ok(says(TEXT, altered, "a comment that was altered"), "the trusted comment is signed");
}

/* The letter before or behind this piece becomes another one. */
static bool altered_at(const char *piece, int at, char to)
{
	char altered[VAULT_SIGNATURE_MAX];

	strcpy(altered, signature);
	strstr(altered, piece)[at] = to;
	return says(TEXT, altered, "is not a signature of a vault");
}

static void test_letters(void)
{
	char longer[VAULT_SIGNATURE_MAX + 8];

	ok(altered_at("skua vault\n", 0, 'S'), "the first line is ours to the letter,");
	ok(altered_at("\ntrusted", 1, 'T'), "so is what the third begins with");
	ok(altered_at("skua vault\n", 11, '!'), "what is no base64 is no signature");
	ok(altered_at("skua vault\n", 12, 'W'), "nor is one of another kind");
	snprintf(longer, sizeof(longer), "%s\n", signature);
	ok(says(TEXT, longer, "is not a signature"), "nor one with a line more");
	snprintf(longer, sizeof(longer), "%.*s", (int)strlen(signature) - 1, signature);
	ok(says(TEXT, longer, "is not a signature"), "or without its last end");
	ok(says(TEXT, "", "is not a signature"), "or nothing at all");
}

static void test_long_comment(void)
{
	char comment[258], sig[VAULT_SIGNATURE_MAX + 64];

	memset(comment, 'c', sizeof(comment));
	comment[257] = '\0';
	ok(!vault_sign(&secret, TEXT, strlen(TEXT), comment, sig), "257 letters are no comment");
	comment[256] = '\0';
	ok(vault_sign(&secret, TEXT, strlen(TEXT), comment, sig) == strlen(sig) &&
		   says(TEXT, sig, NULL),
	   "256 are");
}

int main(void)
{
	unsigned char seed[crypto_sign_SEEDBYTES] = "always the same";
	int fd = mkstemp(path);

	if (fd < 0 || close(fd) || sodium_init() < 0)
		abort();
	crypto_sign_seed_keypair(public_body.key, secret_body.key, seed);
	test_secret();
	test_public();
	test_check();
	test_letters();
	test_long_comment();
	unlink(path);
	return done();
}
