// SPDX-License-Identifier: BSD-2-Clause
/* What was sealed comes back, to the holder of the key alone, and whole or not at all. */
#include <assert.h>
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "record/seal.h"
#include "tap.h"

static uint8_t public_key[SEAL_KEY], secret_key[SEAL_KEY];

struct text {
	char *bytes;
	size_t size;
};

static struct text seal(const void *bytes, size_t size)
{
	struct text sealed = { 0 };
	struct sealer *sealer;
	FILE *to = open_memstream(&sealed.bytes, &sealed.size), *stream;

	assert(!seal_writer(&stream, &sealer, to, public_key));
	assert(fwrite(bytes, 1, size, stream) == size);
	assert(!fclose(stream));
	fclose(to);
	return sealed;
}

/* 0 and what came out, or why not. */
static int unseal(struct text *plain, const void *bytes, size_t size, const uint8_t *key)
{
	FILE *from = size ? fmemopen((void *)bytes, size, "rb") : fopen("/dev/null", "rb");
	FILE *to = open_memstream(&plain->bytes, &plain->size);
	int err = seal_unseal(from, to, key);

	fclose(from);
	fclose(to);
	return err;
}

static bool comes_back(size_t size)
{
	char *bytes = malloc(size + 1);
	struct text sealed, plain;
	bool good;

	randombytes_buf(bytes, size + 1);
	sealed = seal(bytes, size);
	good = !unseal(&plain, sealed.bytes, sealed.size, secret_key) && plain.size == size &&
	       !memcmp(plain.bytes, bytes, size);
	free(plain.bytes);
	free(sealed.bytes);
	free(bytes);
	return good;
}

static void test_sizes(void)
{
	static const size_t sizes[] = { 0, 1, 4096, 65535, 65536, 65537, 131072, 200000 };
	bool good = true;

	for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		good &= comes_back(sizes[i]);
	ok(good, "what was sealed comes back, whatever its size");
}

static void test_damage(void)
{
	static const char secret[] = "who called whom";
	struct text sealed = seal(secret, sizeof(secret)), plain;
	unsigned flips = 0, cuts = 0;

	ok(!memmem(sealed.bytes, sealed.size, secret, sizeof(secret) - 1),
	   "what is sealed cannot be read");
	for (size_t i = 0; i < sealed.size; i++) {
		sealed.bytes[i] ^= 1;
		flips += unseal(&plain, sealed.bytes, sealed.size, secret_key) < 0;
		free(plain.bytes);
		sealed.bytes[i] ^= 1;
		cuts += unseal(&plain, sealed.bytes, i, secret_key) < 0;
		free(plain.bytes);
	}
	ok(flips == sealed.size, "a flipped bit is refused, wherever it is");
	ok(cuts == sealed.size, "a cut file is refused, wherever it ends");
	sealed.bytes = realloc(sealed.bytes, sealed.size + 1);
	sealed.bytes[sealed.size] = 0;
	ok(unseal(&plain, sealed.bytes, sealed.size + 1, secret_key) == -EBADMSG,
	   "a byte more is refused");
	free(plain.bytes);
	free(sealed.bytes);
}

/* Whole chunks, so that what is left is well-formed by itself. */
static void test_chunks(void)
{
	const size_t head = 48 + 24, chunk = 65536 + 17;
	char *bytes = calloc(3, 65536), *swapped;
	struct text sealed = seal(bytes, 3 * 65536), plain;

	ok(unseal(&plain, sealed.bytes, head + chunk, secret_key) == -EBADMSG,
	   "a file cut between two chunks is refused");
	free(plain.bytes);
	swapped = malloc(chunk);
	memcpy(swapped, sealed.bytes + head + chunk, chunk);
	memcpy(sealed.bytes + head + chunk, sealed.bytes + head + 2 * chunk, chunk);
	memcpy(sealed.bytes + head + 2 * chunk, swapped, chunk);
	ok(unseal(&plain, sealed.bytes, sealed.size, secret_key) == -EBADMSG,
	   "chunks in another order are refused");
	free(plain.bytes);
	free(swapped);
	free(sealed.bytes);
	free(bytes);
}

static void test_keys(void)
{
	struct sealer *sealer;
	struct text one = seal("x", 1), other = seal("x", 1), plain;
	uint8_t stranger_public[SEAL_KEY], stranger[SEAL_KEY];
	static const uint8_t none[SEAL_KEY];
	FILE *stream;

	crypto_kx_keypair(stranger_public, stranger);
	ok(unseal(&plain, one.bytes, one.size, stranger) == -EBADMSG, "another key opens nothing");
	free(plain.bytes);
	ok(one.size == other.size && memcmp(one.bytes, other.bytes, one.size),
	   "the same content never looks the same");
	ok(unseal(&plain, "no such thing", 13, secret_key) == -EPROTO,
	   "what is no sealed file is told apart");
	free(plain.bytes);
	ok(seal_writer(&stream, &sealer, stdout, none) == -EINVAL, "a key that is none is refused");
	free(one.bytes);
	free(other.bytes);
}

static void test_spoilt(void)
{
	struct text sealed = { 0 }, plain;
	FILE *to = open_memstream(&sealed.bytes, &sealed.size), *stream;
	struct sealer *sealer;
	int err;

	assert(!seal_writer(&stream, &sealer, to, public_key));
	fwrite("the first half", 1, 14, stream);
	seal_spoil(sealer);
	errno = 0;
	err = fclose(stream);
	ok(err && errno == ECANCELED, "what is given up has no good end");
	fclose(to);
	ok(unseal(&plain, sealed.bytes, sealed.size, secret_key) == -EBADMSG,
	   "and who got a part of it is told that it is not all");
	free(plain.bytes);
	free(sealed.bytes);
}

static void test_full(void)
{
	static char bytes[200000];
	FILE *full = fopen("/dev/full", "wb"), *stream;
	struct sealer *sealer;

	assert(!seal_writer(&stream, &sealer, full, public_key));
	fwrite(bytes, 1, sizeof(bytes), stream);
	errno = 0;
	ok(fclose(stream) && errno == ENOSPC, "a full disk is an error in the end");
	fclose(full);
}

static void test_files(void)
{
	char folder[] = "/tmp/skua-test-XXXXXX", prefix[64], path[80];
	uint8_t key[SEAL_KEY], derived[SEAL_KEY];
	struct stat about;

	assert(mkdtemp(folder));
	snprintf(prefix, sizeof(prefix), "%s/key", folder);
	ok(!seal_make_keys(prefix) && seal_make_keys(prefix) == -EEXIST,
	   "keys are made once and never written over");
	snprintf(path, sizeof(path), "%s.sec", prefix);
	ok(!stat(path, &about) && (about.st_mode & 0777) == 0600 && !seal_read_secret(key, path),
	   "the secret one is its owner's alone");
	ok(seal_read_public(derived, path) == -EINVAL, "and is not taken for a public one");
	crypto_scalarmult_base(derived, key);
	unlink(path);
	snprintf(path, sizeof(path), "%s.pub", prefix);
	ok(!seal_read_public(key, path) && !memcmp(key, derived, SEAL_KEY), "they are a pair");
	ok(seal_make_keys(prefix) == -EEXIST && access(prefix, F_OK), "half a pair is not made");
	snprintf(path, sizeof(path), "%s.sec", prefix);
	ok(access(path, F_OK), "nor left");
	snprintf(path, sizeof(path), "%s.pub", prefix);
	unlink(path);
	rmdir(folder);
}

int main(void)
{
	if (sodium_init() < 0)
		return 1;
	crypto_kx_keypair(public_key, secret_key);
	test_sizes();
	test_damage();
	test_chunks();
	test_keys();
	test_spoilt();
	test_full();
	test_files();
	return done();
}
