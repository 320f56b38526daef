/* SPDX-License-Identifier: BSD-2-Clause */
/* Blocks of a journal onto a file: through zstd, or as they are in a build without it. */
#ifndef SKUA_CAPTURE_JOURNAL_PACK_H
#define SKUA_CAPTURE_JOURNAL_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef HAVE_LIBZSTD
#define JOURNAL_SUFFIX ".skj.zst"
#else
#define JOURNAL_SUFFIX ".skj"
#endif

struct journal_pack;

/* max: bytes that are ever given at once.  0 or -ENOMEM. */
int journal_pack_open(struct journal_pack **out, size_t max);
void journal_pack_close(struct journal_pack *pack);
/* Another file follows; also after a failure. */
void journal_pack_reset(struct journal_pack *pack);
/*
 * Writes all of it, so that a reader can have it at once; last: and that
 * nothing follows in this file.  Bytes on disk in *written; -errno: an unknown
 * part of it lies there, and the file must not be continued.
 */
int journal_pack_write(struct journal_pack *pack, int fd, const void *bytes, size_t size, bool last,
		       uint64_t *written);

#endif /* SKUA_CAPTURE_JOURNAL_PACK_H */
