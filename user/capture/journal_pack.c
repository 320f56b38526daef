// SPDX-License-Identifier: BSD-2-Clause
/* Blocks of a journal onto a file: through zstd, or as they are in a build without it. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#ifdef HAVE_LIBZSTD
#include <zstd.h>
#endif
#include "capture/journal_pack.h"

static int write_all(int fd, const uint8_t *bytes, size_t size)
{
	while (size) {
		ssize_t n = write(fd, bytes, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		bytes += n;
		size -= (size_t)n;
	}
	return 0;
}

#ifdef HAVE_LIBZSTD
#define LEVEL 3 /* zstd's own choice: a core writes several hundred MB of records a second */

struct journal_pack {
	ZSTD_CCtx *context;
	size_t room;
	uint8_t packed[];
};

int journal_pack_open(struct journal_pack **out, size_t max)
{
	size_t room = ZSTD_compressBound(max) + 64; /* of a frame: its head and its end */
	struct journal_pack *pack = malloc(sizeof(*pack) + room);

	if (!pack)
		return -ENOMEM;
	pack->room = room;
	pack->context = ZSTD_createCCtx();
	if (!pack->context ||
	    ZSTD_isError(ZSTD_CCtx_setParameter(pack->context, ZSTD_c_compressionLevel, LEVEL))) {
		journal_pack_close(pack);
		return -ENOMEM;
	}
	*out = pack;
	return 0;
}

void journal_pack_close(struct journal_pack *pack)
{
	if (!pack)
		return;
	ZSTD_freeCCtx(pack->context);
	free(pack);
}

void journal_pack_reset(struct journal_pack *pack)
{
	ZSTD_CCtx_reset(pack->context, ZSTD_reset_session_only);
}

int journal_pack_write(struct journal_pack *pack, int fd, const void *bytes, size_t size, bool last,
		       uint64_t *written)
{
	ZSTD_inBuffer in = { bytes, size, 0 };
	uint64_t sum = 0;
	size_t more;

	do {
		ZSTD_outBuffer out = { pack->packed, pack->room, 0 };
		int err;

		more = ZSTD_compressStream2(pack->context, &out, &in,
					    last ? ZSTD_e_end : ZSTD_e_flush);
		if (ZSTD_isError(more))
			return -ENOMEM;
		err = write_all(fd, pack->packed, out.pos);
		if (err)
			return err;
		sum += out.pos;
	} while (more || in.pos < in.size);
	*written = sum;
	return 0;
}
#else
struct journal_pack {
	size_t max;
};

int journal_pack_open(struct journal_pack **out, size_t max)
{
	struct journal_pack *pack = malloc(sizeof(*pack));

	if (!pack)
		return -ENOMEM;
	pack->max = max;
	*out = pack;
	return 0;
}

void journal_pack_close(struct journal_pack *pack)
{
	free(pack);
}

void journal_pack_reset(struct journal_pack *pack)
{
	(void)pack;
}

int journal_pack_write(struct journal_pack *pack, int fd, const void *bytes, size_t size, bool last,
		       uint64_t *written)
{
	int err = write_all(fd, bytes, size);

	(void)pack;
	(void)last;
	if (!err)
		*written = size;
	return err;
}
#endif
