/* SPDX-License-Identifier: BSD-2-Clause */
/* ICMP tunnels in the shapes of ptunnel, icmpsh and one-way senders. */
#ifndef SKUA_GEN_ICMPTUNNEL_H
#define SKUA_GEN_ICMPTUNNEL_H

#include "habit.h"

/* One turn in the shape the actor's line names; not SHAPE_RANDOM. */
void icmptunnel_turn(struct sim *sim, struct habit *habit);

#endif /* SKUA_GEN_ICMPTUNNEL_H */
