// SPDX-License-Identifier: BSD-2-Clause
/* Seals a stream chunk by chunk, and opens it again. */
#include <errno.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "record/seal.h"

#define CHUNK 65536
#define SEALED_CHUNK (CHUNK + crypto_secretstream_xchacha20poly1305_ABYTES)

struct seal_header {
	uint8_t magic[8];
	uint8_t version;
	uint8_t reserved[7];
	uint8_t file_key[SEAL_KEY];
};
_Static_assert(sizeof(struct seal_header) == 48, "written as it is");

static const struct seal_header beginning = { .magic = "SKUASEAL", .version = 1 };
#define BEGINNING_SIZE 16 /* what is the same in each */

struct sealer {
	FILE *to;
	crypto_secretstream_xchacha20poly1305_state state;
	struct seal_header header;
	bool begun; /* the first chunk is written */
	bool spoilt;
	int error;
	size_t held;
	uint8_t chunk[CHUNK];
	uint8_t sealed[SEALED_CHUNK];
};

static int stream_errno(FILE *stream)
{
	return ferror(stream) ? errno ? -errno : -EIO : 0;
}

static int put(FILE *to, const void *bytes, size_t size)
{
	errno = 0;
	return fwrite(bytes, 1, size, to) == size ? 0 : errno ? -errno : -EIO;
}

static int seal_chunk(struct sealer *sealer, uint8_t tag)
{
	const struct seal_header *said = sealer->begun ? NULL : &sealer->header;
	unsigned long long size;

	crypto_secretstream_xchacha20poly1305_push(
		&sealer->state, sealer->sealed, &size, sealer->chunk, sealer->held,
		(const uint8_t *)said, said ? sizeof(*said) : 0, tag);
	sealer->begun = true;
	sealer->held = 0;
	sealer->error = put(sealer->to, sealer->sealed, (size_t)size);
	return sealer->error;
}

/* A full chunk waits for what follows it: the last one is marked. */
static ssize_t sealer_write(void *cookie, const char *bytes, size_t size)
{
	struct sealer *sealer = cookie;
	size_t left = size;

	while (left && !sealer->error) {
		size_t room = CHUNK - sealer->held, step = left < room ? left : room;

		if (!room) {
			seal_chunk(sealer, 0);
			continue;
		}
		memcpy(sealer->chunk + sealer->held, bytes, step);
		sealer->held += step;
		bytes += step;
		left -= step;
	}
	if (!sealer->error)
		return (ssize_t)size;
	errno = -sealer->error;
	return 0;
}

static int sealer_close(void *cookie)
{
	struct sealer *sealer = cookie;
	int err = sealer->error;

	if (!err && sealer->spoilt)
		err = -ECANCELED;
	/* A chunk that is full cannot be the last: the reader knows the last by its length. */
	if (!err && sealer->held == CHUNK)
		err = seal_chunk(sealer, 0);
	if (!err)
		err = seal_chunk(sealer, crypto_secretstream_xchacha20poly1305_TAG_FINAL);
	if (!err && fflush(sealer->to))
		err = -errno;
	sodium_memzero(sealer, sizeof(*sealer));
	free(sealer);
	errno = -err;
	return err ? -1 : 0;
}

static int begin(struct sealer *sealer, const uint8_t public_key[SEAL_KEY])
{
	uint8_t secret[crypto_kx_SECRETKEYBYTES], unused[crypto_kx_SESSIONKEYBYTES];
	uint8_t key[crypto_kx_SESSIONKEYBYTES];
	uint8_t head[crypto_secretstream_xchacha20poly1305_HEADERBYTES];
	int err = 0;

	sealer->header = beginning;
	crypto_kx_keypair(sealer->header.file_key, secret);
	if (crypto_kx_client_session_keys(unused, key, sealer->header.file_key, secret, public_key))
		err = -EINVAL; /* a public key that is none */
	if (!err) {
		crypto_secretstream_xchacha20poly1305_init_push(&sealer->state, head, key);
		err = put(sealer->to, &sealer->header, sizeof(sealer->header));
	}
	if (!err)
		err = put(sealer->to, head, sizeof(head));
	sodium_memzero(secret, sizeof(secret));
	sodium_memzero(key, sizeof(key));
	sodium_memzero(unused, sizeof(unused));
	return err;
}

int seal_writer(FILE **out, struct sealer **sealer_out, FILE *to,
		const uint8_t public_key[SEAL_KEY])
{
	static const cookie_io_functions_t functions = { .write = sealer_write,
							 .close = sealer_close };
	struct sealer *sealer = calloc(1, sizeof(*sealer));
	FILE *stream;
	int err;

	if (!sealer)
		return -ENOMEM;
	sealer->to = to;
	err = begin(sealer, public_key);
	if (err) {
		free(sealer);
		return err;
	}
	stream = fopencookie(sealer, "w", functions);
	if (!stream) {
		free(sealer);
		return -ENOMEM;
	}
	*out = stream;
	*sealer_out = sealer;
	return 0;
}

void seal_spoil(struct sealer *sealer)
{
	sealer->spoilt = true;
}

static int read_header(FILE *from, const uint8_t secret_key[SEAL_KEY], struct seal_header *header,
		       crypto_secretstream_xchacha20poly1305_state *state)
{
	uint8_t own[SEAL_KEY], key[crypto_kx_SESSIONKEYBYTES], unused[crypto_kx_SESSIONKEYBYTES];
	uint8_t head[crypto_secretstream_xchacha20poly1305_HEADERBYTES];
	int err = 0;

	errno = 0;
	if (fread(header, 1, sizeof(*header), from) != sizeof(*header) ||
	    memcmp(header, &beginning, BEGINNING_SIZE))
		return stream_errno(from) ? stream_errno(from) : -EPROTO;
	if (fread(head, 1, sizeof(head), from) != sizeof(head))
		return stream_errno(from) ? stream_errno(from) : -EBADMSG;
	crypto_scalarmult_base(own, secret_key);
	if (crypto_kx_server_session_keys(key, unused, own, secret_key, header->file_key) ||
	    crypto_secretstream_xchacha20poly1305_init_pull(state, head, key))
		err = -EBADMSG;
	sodium_memzero(key, sizeof(key));
	sodium_memzero(unused, sizeof(unused));
	return err;
}

struct opener {
	crypto_secretstream_xchacha20poly1305_state state;
	struct seal_header header;
	uint8_t sealed[SEALED_CHUNK];
	uint8_t chunk[CHUNK];
};

static int unseal_chunks(struct opener *opener, FILE *from, FILE *to)
{
	const struct seal_header *said = &opener->header;

	for (;;) {
		unsigned long long size;
		uint8_t tag;
		size_t got;
		int err;

		errno = 0;
		got = fread(opener->sealed, 1, SEALED_CHUNK, from);
		err = stream_errno(from);
		if (err)
			return err;
		if (crypto_secretstream_xchacha20poly1305_pull(
			    &opener->state, opener->chunk, &size, &tag, opener->sealed, got,
			    (const uint8_t *)said, said ? sizeof(*said) : 0))
			return -EBADMSG;
		said = NULL;
		/* The last chunk is shorter than others, and nothing follows it. */
		if ((tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL) !=
		    (got < SEALED_CHUNK))
			return -EBADMSG;
		err = put(to, opener->chunk, (size_t)size);
		if (err || got < SEALED_CHUNK)
			return err;
	}
}

int seal_unseal(FILE *from, FILE *to, const uint8_t secret_key[SEAL_KEY])
{
	struct opener *opener = malloc(sizeof(*opener));
	int err;

	if (!opener)
		return -ENOMEM;
	err = read_header(from, secret_key, &opener->header, &opener->state);
	if (!err)
		err = unseal_chunks(opener, from, to);
	if (!err && fflush(to))
		err = -errno;
	sodium_memzero(opener, sizeof(*opener));
	free(opener);
	return err;
}
