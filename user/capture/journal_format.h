/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a journal lies on disk: a header, then blocks of records.  The whole
 * file is one zstd frame, flushed with each block, or plain in a build without
 * zstd; decompressed by other means it is the same journal.  Numbers and
 * structs are as this machine has them: the header says which machine, and a
 * reader that is another refuses.
 */
#ifndef SKUA_CAPTURE_JOURNAL_FORMAT_H
#define SKUA_CAPTURE_JOURNAL_FORMAT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>
#include "skua/event.h"

/* Beyond ASCII and with both line ends, so that a text mode transfer shows. */
#define JOURNAL_MAGIC "\xf5skuaj\r\n"
#define JOURNAL_MAGIC_SIZE 8
#define JOURNAL_VERSION 1
#define JOURNAL_BYTE_ORDER 0x01020304u
#define JOURNAL_EVENT_SIZES 16

/* The context, opaque here, follows, padded to a multiple of eight. */
struct journal_header {
	uint8_t magic[JOURNAL_MAGIC_SIZE];
	uint32_t byte_order;
	uint16_t version;  /* these three stay where they are in every version */
	uint16_t abi;      /* SKUA_ABI_VERSION */
	uint32_t size;     /* of header and context, without the padding */
	uint32_t crc;      /* of both, with 0 here */
	uint64_t run_id;   /* one run of the agent, whatever the number of its files */
	uint64_t start_ns; /* Unix time at which that run began */
	uint32_t sequence; /* of the file in its run, from 0 */
	uint32_t fact_size;
	uint16_t event_sizes[JOURNAL_EVENT_SIZES]; /* by kind */
};
_Static_assert(sizeof(struct journal_header) == 80, "journal_header is a file format");
_Static_assert(SKUA_EVENT_KINDS <= JOURNAL_EVENT_SIZES, "journal_header has too few sizes");

#define JOURNAL_BLOCK_MAGIC 0x426a6b73u   /* "skjB" */
#define JOURNAL_BLOCK_SIZE (256u * 1024u) /* header included; a reader keeps one whole */

struct journal_block {
	uint32_t magic;
	uint32_t size;    /* of the records */
	uint32_t crc;     /* of header and records, with 0 here */
	uint32_t records; /* how many */
	uint64_t first;   /* number of the first in its run: a gap was lost */
};
_Static_assert(sizeof(struct journal_block) == 24, "journal_block is a file format");

/* size bytes follow, padded to a multiple of eight. */
struct journal_record {
	uint16_t kind; /* enum journal_kind */
	uint16_t reserved;
	uint32_t size;
	uint64_t time_ns;
};
_Static_assert(sizeof(struct journal_record) == 16, "journal_record is a file format");

static inline size_t journal_padded(size_t size)
{
	return (size + 7) & ~(size_t)7;
}

/* CRC-32 (ISO 3309) of a head, whose own crc is at crc_at and counts as 0, and what follows it. */
static inline uint32_t journal_crc(const void *bytes, size_t size, size_t crc_at)
{
	static const uint8_t zero[4];
	const uint8_t *at = bytes;
	uLong crc = crc32(0, at, (uInt)crc_at);

	crc = crc32(crc, zero, sizeof(zero));
	return (uint32_t)crc32(crc, at + crc_at + 4, (uInt)(size - crc_at - 4));
}

/* 0: no such kind, or it is not journaled. */
static inline size_t journal_event_size(unsigned kind)
{
	return kind == SKUA_EVENT_SAMPLE ? 0 : skua_event_size(kind);
}

#endif /* SKUA_CAPTURE_JOURNAL_FORMAT_H */
