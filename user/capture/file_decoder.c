// SPDX-License-Identifier: BSD-2-Clause
/* gzip, zstd and lz4 behind one function: compressed bytes in, plain bytes out. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#ifdef HAVE_LIBZSTD
#include <zstd.h>
#endif
#ifdef HAVE_LIBLZ4
#include <lz4frame.h>
#endif
#include "capture/file_decoder.h"

static void window_move(struct file_window *window, size_t by)
{
	window->at += by;
	window->left -= by;
}

struct gzip {
	struct file_decoder base;
	z_stream z;
};

static int gzip_run(struct file_decoder *decoder, struct file_window *in, struct file_window *out)
{
	struct gzip *gzip = (struct gzip *)decoder;
	z_stream *z = &gzip->z;
	size_t taken;
	int err;

	/* Files written in pieces (gzip >> file) are one member after the other. */
	if (decoder->whole && in->left)
		inflateReset(z);
	z->next_in = in->at;
	z->avail_in = (uInt)in->left;
	z->next_out = out->at;
	z->avail_out = (uInt)out->left;
	err = inflate(z, Z_NO_FLUSH);
	taken = in->left - z->avail_in;
	window_move(in, taken);
	window_move(out, out->left - z->avail_out);
	if (err == Z_STREAM_END)
		decoder->whole = true;
	else if (taken)
		decoder->whole = false;
	/* Z_BUF_ERROR only says that there was nothing to do. */
	return err == Z_OK || err == Z_STREAM_END || err == Z_BUF_ERROR ? 0 : -EBADMSG;
}

static void gzip_close(struct file_decoder *decoder)
{
	inflateEnd(&((struct gzip *)decoder)->z);
	free(decoder);
}

static struct file_decoder *gzip_open(void)
{
	struct gzip *gzip = calloc(1, sizeof(*gzip));

	if (!gzip)
		return NULL;
	gzip->base = (struct file_decoder){ .run = gzip_run, .close = gzip_close };
	if (inflateInit2(&gzip->z, 16 + MAX_WBITS) != Z_OK) { /* 16: gzip's header, not zlib's */
		free(gzip);
		return NULL;
	}
	return &gzip->base;
}

#ifdef HAVE_LIBZSTD
/* What zstd asks for between two blocks (RFC 8878, 3.1.1.2); within one it asks for more. */
#define ZSTD_BLOCK_HEAD 3

struct zstd {
	struct file_decoder base;
	ZSTD_DStream *stream;
};

static int zstd_run(struct file_decoder *decoder, struct file_window *in, struct file_window *out)
{
	struct zstd *zstd = (struct zstd *)decoder;
	ZSTD_inBuffer from = { in->at, in->left, 0 };
	ZSTD_outBuffer to = { out->at, out->left, 0 };
	size_t more = ZSTD_decompressStream(zstd->stream, &to, &from);

	window_move(in, from.pos);
	window_move(out, to.pos);
	if (ZSTD_isError(more))
		return -EBADMSG;
	if (more == 0)
		decoder->whole = true;
	else if (from.pos)
		decoder->whole = false;
	decoder->even = more == ZSTD_BLOCK_HEAD;
	return 0;
}

static void zstd_close(struct file_decoder *decoder)
{
	ZSTD_freeDStream(((struct zstd *)decoder)->stream);
	free(decoder);
}

static struct file_decoder *zstd_open(void)
{
	struct zstd *zstd = calloc(1, sizeof(*zstd));

	if (!zstd)
		return NULL;
	zstd->base = (struct file_decoder){ .run = zstd_run, .close = zstd_close };
	zstd->stream = ZSTD_createDStream();
	if (!zstd->stream) {
		free(zstd);
		return NULL;
	}
	return &zstd->base;
}
#else
#define zstd_open NULL
#endif

#ifdef HAVE_LIBLZ4
struct lz4 {
	struct file_decoder base;
	LZ4F_dctx *context;
};

static int lz4_run(struct file_decoder *decoder, struct file_window *in, struct file_window *out)
{
	struct lz4 *lz4 = (struct lz4 *)decoder;
	size_t taken = in->left, given = out->left;
	size_t more = LZ4F_decompress(lz4->context, out->at, &given, in->at, &taken, NULL);

	if (LZ4F_isError(more))
		return -EBADMSG;
	window_move(in, taken);
	window_move(out, given);
	if (more == 0)
		decoder->whole = true;
	else if (taken)
		decoder->whole = false;
	return 0;
}

static void lz4_close(struct file_decoder *decoder)
{
	LZ4F_freeDecompressionContext(((struct lz4 *)decoder)->context);
	free(decoder);
}

static struct file_decoder *lz4_open(void)
{
	struct lz4 *lz4 = calloc(1, sizeof(*lz4));

	if (!lz4)
		return NULL;
	lz4->base = (struct file_decoder){ .run = lz4_run, .close = lz4_close };
	if (LZ4F_isError(LZ4F_createDecompressionContext(&lz4->context, LZ4F_VERSION))) {
		free(lz4);
		return NULL;
	}
	return &lz4->base;
}
#else
#define lz4_open NULL
#endif

static const struct packing {
	uint8_t magic[FILE_MAGIC_SIZE];
	size_t size;
	const char *library;
	struct file_decoder *(*open)(void); /* NULL: built without the library */
} packings[] = {
	{ { 0x1f, 0x8b }, 2, "zlib", gzip_open },
	{ { 0x28, 0xb5, 0x2f, 0xfd }, 4, "libzstd", zstd_open },
	{ { 0x50, 0x2a, 0x4d, 0x18 }, 4, "libzstd", zstd_open }, /* pzstd begins with its sizes */
	{ { 0x04, 0x22, 0x4d, 0x18 }, 4, "liblz4", lz4_open },
};

int file_decoder_open(struct file_decoder **out, const uint8_t *first, size_t size,
		      const char **library)
{
	for (size_t i = 0; i < sizeof(packings) / sizeof(packings[0]); i++) {
		const struct packing *packing = &packings[i];

		if (size < packing->size || memcmp(first, packing->magic, packing->size))
			continue;
		*library = packing->library;
		if (!packing->open)
			return -ENOPKG;
		*out = packing->open();
		return *out ? 0 : -ENOMEM;
	}
	*out = NULL;
	return 0;
}

void file_decoder_close(struct file_decoder *decoder)
{
	if (decoder)
		decoder->close(decoder);
}
