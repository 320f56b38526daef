/* SPDX-License-Identifier: BSD-2-Clause */
/* What single UDP datagrams say: DNS (also multicast and LLMNR), and requests of HTTP's form. */
#ifndef SKUA_DISSECT_DATAGRAMS_H
#define SKUA_DISSECT_DATAGRAMS_H

#include "dissect/conversations.h"

void datagrams_show(const struct conversation_packet *packet, item_fn *say, void *arg);

#endif /* SKUA_DISSECT_DATAGRAMS_H */
