/* SPDX-License-Identifier: BSD-2-Clause */
/* A journal of harmless traffic, read once and given to many worlds. */
#ifndef TESTS_EVAL_MIX_H
#define TESTS_EVAL_MIX_H

#include <stddef.h>
#include "skua/event.h"
#include "base/address.h"
#include "dissect/fact.h"

struct mix_record {
	uint64_t time_ns;
	size_t at; /* in bytes[] */
	bool fact; /* else an event */
};

struct mix {
	struct mix_record *records;
	size_t count, room;
	uint8_t *bytes;
	size_t used, size;
	struct address *clients; /* on our side, who opened something outside */
	unsigned client_count;
	uint64_t first_ns, last_ns;
	char name[64];
};

/* 0 or -errno, which has been logged. */
int mix_open(struct mix **out, const char *directory);
void mix_close(struct mix *mix);
const void *mix_bytes(const struct mix *mix, const struct mix_record *record);

#endif /* TESTS_EVAL_MIX_H */
