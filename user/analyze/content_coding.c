// SPDX-License-Identifier: BSD-2-Clause
/* gzip (RFC 1952), zlib's format (RFC 1950) and plain deflate (RFC 1951), told apart by two bytes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "analyze/content_coding.h"
#include "dissect/http_message.h"

#define STEP 16384
#define WINDOW 15
#define OR_GZIP 32 /* zlib's: finds out whether gzip or its own format */
#define MAGIC 2

enum form { FORM_UNKNOWN, FORM_ZLIB, FORM_RAW, FORM_PLAIN };

struct content_decoder {
	z_stream stream;
	enum content_coding coding;
	enum form form;
	bool done;
	uint8_t magic[MAGIC];
	unsigned magic_length;
	uint8_t out[STEP];
};

enum content_coding content_coding_of(const struct cursor *value)
{
	if (http_is_word(value, "gzip") || http_is_word(value, "x-gzip"))
		return CODING_GZIP;
	return http_is_word(value, "deflate") ? CODING_DEFLATE : CODING_NONE;
}

int content_decoder_open(struct content_decoder **out, enum content_coding coding)
{
	struct content_decoder *decoder = calloc(1, sizeof(*decoder));

	if (!decoder)
		return -ENOMEM;
	decoder->coding = coding;
	*out = decoder;
	return 0;
}

void content_decoder_close(struct content_decoder *decoder)
{
	if (!decoder)
		return;
	if (decoder->form == FORM_ZLIB || decoder->form == FORM_RAW)
		inflateEnd(&decoder->stream);
	free(decoder);
}

static int begin(struct content_decoder *decoder)
{
	const uint8_t *magic = decoder->magic;
	bool gzip = magic[0] == 0x1f && magic[1] == 0x8b;
	bool zlib = (magic[0] & 0xf) == 8 && (magic[0] << 8 | magic[1]) % 31 == 0;

	if (!gzip && !zlib && decoder->coding == CODING_GZIP) {
		decoder->form = FORM_PLAIN;
		return 0;
	}
	if (inflateInit2(&decoder->stream, gzip || zlib ? WINDOW + OR_GZIP : -WINDOW) != Z_OK)
		return -ENOMEM;
	decoder->form = gzip || zlib ? FORM_ZLIB : FORM_RAW;
	return 0;
}

/* Files of gzip may stand behind each other. */
static bool goes_on(struct content_decoder *decoder)
{
	z_stream *stream = &decoder->stream;

	return decoder->form == FORM_ZLIB && stream->avail_in && stream->next_in[0] == 0x1f &&
	       inflateReset(stream) == Z_OK;
}

static int inflate_all(struct content_decoder *decoder, const uint8_t *bytes, size_t length,
		       content_decoded_fn *decoded, void *arg)
{
	z_stream *stream = &decoder->stream;

	stream->next_in = (uint8_t *)bytes;
	stream->avail_in = length;
	/* One ended with the piece before this one. */
	if (decoder->done)
		decoder->done = !goes_on(decoder);
	while (!decoder->done) {
		int result;

		stream->next_out = decoder->out;
		stream->avail_out = STEP;
		result = inflate(stream, Z_NO_FLUSH);
		if (stream->avail_out < STEP &&
		    !decoded(arg, decoder->out, STEP - stream->avail_out))
			return -ECANCELED;
		if (result == Z_STREAM_END)
			decoder->done = !goes_on(decoder);
		else if (result == Z_BUF_ERROR || (result == Z_OK && stream->avail_out))
			break;
		else if (result != Z_OK)
			return -EBADMSG;
	}
	return 0;
}

static int pass(struct content_decoder *decoder, const uint8_t *bytes, size_t length,
		content_decoded_fn *decoded, void *arg)
{
	if (!length)
		return 0;
	if (decoder->form != FORM_PLAIN)
		return inflate_all(decoder, bytes, length, decoded, arg);
	return decoded(arg, bytes, length) ? 0 : -ECANCELED;
}

int content_decode(struct content_decoder *decoder, const uint8_t *bytes, size_t length,
		   content_decoded_fn *decoded, void *arg)
{
	int err;

	if (decoder->form == FORM_UNKNOWN) {
		while (decoder->magic_length < MAGIC && length) {
			decoder->magic[decoder->magic_length++] = *bytes++;
			length--;
		}
		if (decoder->magic_length < MAGIC)
			return 0;
		err = begin(decoder);
		if (!err)
			err = pass(decoder, decoder->magic, MAGIC, decoded, arg);
		if (err)
			return err;
	}
	return pass(decoder, bytes, length, decoded, arg);
}

bool content_decoder_is_done(const struct content_decoder *decoder)
{
	return decoder->done || decoder->form == FORM_PLAIN;
}
