/* SPDX-License-Identifier: BSD-2-Clause */
/* Content-Encoding taken off bytes as they come: gzip and deflate, by zlib. */
#ifndef SKUA_ANALYZE_CONTENT_CODING_H
#define SKUA_ANALYZE_CONTENT_CODING_H

#include "dissect/cursor.h"

struct content_decoder;

/* Decoded bytes; false: no more of them is wanted. */
typedef bool content_decoded_fn(void *arg, const uint8_t *bytes, size_t length);

enum content_coding {
	CODING_NONE, /* or one that cannot be taken off */
	CODING_GZIP,
	CODING_DEFLATE,
};

/* value: of Content-Encoding. */
enum content_coding content_coding_of(const struct cursor *value);

/* 0 or -ENOMEM. */
int content_decoder_open(struct content_decoder **out, enum content_coding coding);
void content_decoder_close(struct content_decoder *decoder);
/*
 * 0; -ECANCELED: no more was wanted; or -EBADMSG: these bytes are no such
 * coding, and what was before them has been told.  What is called gzip
 * and does not begin like it is told as it is: servers say so of what is none.
 */
int content_decode(struct content_decoder *decoder, const uint8_t *bytes, size_t length,
		   content_decoded_fn *decoded, void *arg);
/* The coded bytes came to their end. */
bool content_decoder_is_done(const struct content_decoder *decoder);

#endif /* SKUA_ANALYZE_CONTENT_CODING_H */
