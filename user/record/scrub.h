/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Takes out of a frame what its reader should not see: payload, addresses, or
 * both.  Headers of link, network and transport stay, one tunnel deep, with
 * the packet that an ICMP error quotes.  It errs on the side of silence: what
 * the parser (skua/parse.h) does not understand is cut away.
 */
#ifndef SKUA_RECORD_SCRUB_H
#define SKUA_RECORD_SCRUB_H

#include <stdbool.h>
#include <stdint.h>
#include "record/anonymize.h"

struct scrub {
	struct anonymizer *anonymizer; /* NULL: addresses stay */
	bool keep_payload;             /* addresses in it stay, too */
};

/*
 * Changes the bytes in place, mends the checksums that this breaks, and returns
 * how many of the captured bytes may stay.  link: enum skua_link, or < 0 for
 * one that is not understood: nothing stays.
 */
uint32_t scrub_frame(const struct scrub *scrub, uint8_t *bytes, uint32_t captured, uint32_t length,
		     int link);

#endif /* SKUA_RECORD_SCRUB_H */
