/* SPDX-License-Identifier: BSD-2-Clause */
/* The frame of pcapng files: how far a file consists of whole, well-formed blocks. */
#ifndef SKUA_RECORD_VAULT_BLOCKS_H
#define SKUA_RECORD_VAULT_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>

#define VAULT_BLOCK_MAX (1u << 20) /* far more than any block that is written here */

struct vault_blocks {
	uint64_t whole;          /* bytes of whole blocks from the beginning */
	uint64_t size;           /* of the file; equal when nothing is wrong with its end */
	uint64_t packets;        /* in the whole blocks */
	uint64_t section_at;     /* the last section's beginning */
	uint64_t section_length; /* as it says; UINT64_MAX: open */
	unsigned sections, interfaces;
	bool swapped;
	const char *what; /* is wrong at whole, or with the sections; NULL: nothing */
};

/* 0 or -errno: what is wrong with the file is no error. */
int vault_blocks_scan(int fd, struct vault_blocks *out);
/* Cuts the file to its whole blocks; says in the last section that its length is open. */
int vault_blocks_cut(int fd, const struct vault_blocks *blocks);

#endif /* SKUA_RECORD_VAULT_BLOCKS_H */
