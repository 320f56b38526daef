/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes of a connection that carries nothing else. */
#ifndef SKUA_DISSECT_BYTES_H
#define SKUA_DISSECT_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes_piece {
	const uint8_t *bytes;
	size_t length;
	uint64_t lost; /* so many of this side are not in the capture, up to here */
	bool whole;    /* ITEM_BYTES_END: the sender ended them, and nothing is missing */
};

#endif /* SKUA_DISSECT_BYTES_H */
