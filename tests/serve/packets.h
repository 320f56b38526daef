/* SPDX-License-Identifier: BSD-2-Clause */
/* A little pcapng, by hand: what an agent's recorder would give. */
#ifndef TESTS_SERVE_PACKETS_H
#define TESTS_SERVE_PACKETS_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define FRAME 60

static inline void put_words(FILE *to, const uint32_t *words, unsigned count)
{
	fwrite(words, 4, count, to);
}

static inline void put_section(FILE *to)
{
	put_words(to, (uint32_t[]){ 0x0a0d0d0a, 28, 0x1a2b3c4d, 1, -1, -1, 28 }, 7);
}

/* Nanoseconds; named by four letters. */
static inline void put_interface(FILE *to, const char *name)
{
	uint32_t word;

	memcpy(&word, name, 4);
	put_words(to, (uint32_t[]){ 1, 40, 1, 0, 2 | 4 << 16, word, 9 | 1 << 16, 9, 0, 40 }, 10);
}

/* From 10.0.0.5 to 203.0.113.5, numbered so that it can be told from others. */
static inline void put_packet(FILE *to, uint32_t interface, uint64_t time_ns, uint16_t number)
{
	uint8_t frame[FRAME] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0, 0, 46 };

	frame[18] = number >> 8;
	frame[19] = number;
	memcpy(frame + 22, "\x40\x11\0\0\x0a\0\0\5\xcb\0\x71\5\x30\x39\0\x35\0\x1a\0\0", 20);
	put_words(to,
		  (uint32_t[]){ 6, 32 + FRAME, interface, time_ns >> 32, time_ns, FRAME, FRAME },
		  7);
	fwrite(frame, 1, FRAME, to);
	put_words(to, (uint32_t[]){ 32 + FRAME }, 1);
}

static inline void put_statistics(FILE *to)
{
	put_words(to, (uint32_t[]){ 5, 24, 0, 0, 0, 24 }, 6);
}

static inline void put_names(FILE *to, char letter)
{
	const uint8_t record[12] = { 1, 0, 7, 0, 10, 0, 0, 5, letter, 'x', 0, 0 };

	put_words(to, (uint32_t[]){ 4, 28 }, 2);
	fwrite(record, 1, sizeof(record), to);
	put_words(to, (uint32_t[]){ 0, 28 }, 2);
}

#endif /* TESTS_SERVE_PACKETS_H */
