/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What UDP datagrams say: DNS (also multicast and LLMNR), requests of HTTP's
 * form, the hello of QUIC, and SNMP's communities.
 */
#ifndef SKUA_DISSECT_DATAGRAMS_H
#define SKUA_DISSECT_DATAGRAMS_H

#include "dissect/conversations.h"

void datagrams_show(struct quic *quic, const struct conversation_packet *packet, item_fn *say,
		    void *arg);

#endif /* SKUA_DISSECT_DATAGRAMS_H */
