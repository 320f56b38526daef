// SPDX-License-Identifier: BSD-2-Clause
/* Files of gzip behind each other, in pieces that end anywhere. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "analyze/content_coding.h"
#include "tap.h"

#define MEMBER_BITS (MAX_WBITS + 16) /* zlib: with a head of gzip */

static char said[64];

static bool on_decoded(void *arg, const uint8_t *bytes, size_t length)
{
	(void)arg;
	strncat(said, (const char *)bytes, length);
	return true;
}

static size_t pack(uint8_t *to, size_t room, const char *text)
{
	z_stream stream = { .next_in = (uint8_t *)text,
			    .avail_in = strlen(text),
			    .next_out = to,
			    .avail_out = room };

	deflateInit2(&stream, 9, Z_DEFLATED, MEMBER_BITS, 8, Z_DEFAULT_STRATEGY);
	deflate(&stream, Z_FINISH);
	deflateEnd(&stream);
	return stream.total_out;
}

static bool whole_when_cut(const uint8_t *bytes, size_t length, size_t at)
{
	struct content_decoder *decoder = NULL;
	bool good;

	said[0] = 0;
	content_decoder_open(&decoder, CODING_GZIP);
	good = !content_decode(decoder, bytes, at, on_decoded, NULL) &&
	       !content_decode(decoder, bytes + at, length - at, on_decoded, NULL);
	good = good && content_decoder_is_done(decoder) && !strcmp(said, "first second");
	content_decoder_close(decoder);
	return good;
}

int main(void)
{
	uint8_t bytes[200];
	size_t first = pack(bytes, sizeof(bytes), "first ");
	size_t length = first + pack(bytes + first, sizeof(bytes) - first, "second");
	size_t good = 0;

	ok(whole_when_cut(bytes, length, first), "a piece may end with a member");
	for (size_t at = 2; at < length; at++)
		good += whole_when_cut(bytes, length, at);
	ok(good == length - 2, "or anywhere else: the same comes out");
	return done();
}
