/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decompression in small steps: gzip, zstd and lz4, known by their first
 * bytes.  A decoder needs bounded memory whatever it is fed (zstd at most its
 * 128 MiB window) and never looks at what the bytes mean.
 */
#ifndef SKUA_CAPTURE_FILE_DECODER_H
#define SKUA_CAPTURE_FILE_DECODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FILE_MAGIC_SIZE 4 /* bytes that decide how a file is packed */

struct file_window {
	uint8_t *at;
	size_t left;
};

struct file_decoder {
	/* Takes from in, gives to out, moves both on.  0, or -EBADMSG: in is damaged. */
	int (*run)(struct file_decoder *decoder, struct file_window *in, struct file_window *out);
	void (*close)(struct file_decoder *decoder);
	bool whole; /* what was taken so far is complete: the file may end here */
	bool even;  /* zstd: a block ends here, as where a writer flushes; nothing is half taken */
};

/*
 * Opens the decoder that the first bytes of a file ask for; *out is NULL when
 * they ask for none.  -ENOPKG: this build lacks the library, whose name is
 * then in *library.  -ENOMEM.
 */
int file_decoder_open(struct file_decoder **out, const uint8_t *first, size_t size,
		      const char **library);
void file_decoder_close(struct file_decoder *decoder);

#endif /* SKUA_CAPTURE_FILE_DECODER_H */
