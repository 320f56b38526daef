/* SPDX-License-Identifier: BSD-2-Clause */
/* The address that most of a stream names, kept in 24 bytes (Boyer and Moore's majority vote). */
#ifndef SKUA_TRACK_CANDIDATE_H
#define SKUA_TRACK_CANDIDATE_H

#include "base/address.h"

/* Zeroed: nobody yet.  If one address has the majority of the votes, it is this one. */
struct candidate {
	struct address address;
	uint64_t votes;
};

static inline void candidate_vote(struct candidate *candidate, const struct address *address)
{
	if (!candidate->votes)
		candidate->address = *address;
	if (address_equal(&candidate->address, address))
		candidate->votes++;
	else
		candidate->votes--;
}

#endif /* SKUA_TRACK_CANDIDATE_H */
