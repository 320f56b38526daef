/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tells from samples alone which of them begins an exchange, as
 * skua_flow_exchange_opens() does from all packets.  Where samples are missing
 * it may say yes too often, never too rarely.
 */
#ifndef SKUA_RECORD_OPENING_H
#define SKUA_RECORD_OPENING_H

#include <stdbool.h>
#include <stdint.h>
#include "skua/event.h"

struct opening; /* remembers the last payload of so many conversations */

/* NULL: there is no memory. */
struct opening *opening_open(void);
void opening_close(struct opening *opening);
bool opening_sees(struct opening *opening, const struct skua_sample_event *event);

#endif /* SKUA_RECORD_OPENING_H */
