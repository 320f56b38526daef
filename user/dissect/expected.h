/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ends at which connections will arrive that carry bytes alone, as another
 * connection announced.  So many are remembered; the oldest gives way.
 */
#ifndef SKUA_DISSECT_EXPECTED_H
#define SKUA_DISSECT_EXPECTED_H

#include "base/table.h"
#include "skua/flow_key.h"

#define EXPECTED_MAX 4096

struct expected_end {
	uint64_t address[2];
	uint64_t port;
};

struct expected {
	struct table table;
};

/* Low or high, by enum skua_side. */
struct expected_end expected_end_of(const struct skua_flow_key *key, unsigned side);
/* 0 or -ENOMEM. */
int expected_init(struct expected *expected);
void expected_fini(struct expected *expected);
/* A connection to this port of one side of key. */
void expected_add(struct expected *expected, const struct skua_flow_key *key, unsigned side,
		  uint16_t port, uint64_t time_ns);
/* The connection that begins is one of them: it is expected no more. */
bool expected_take(struct expected *expected, const struct skua_flow_key *key);

#endif /* SKUA_DISSECT_EXPECTED_H */
