/* SPDX-License-Identifier: BSD-2-Clause */
/* SNMP, versions 1 and 2c (RFC 1157, RFC 1901): the community, which is name and secret in one. */
#ifndef SKUA_DISSECT_SNMP_H
#define SKUA_DISSECT_SNMP_H

#include "dissect/dissector.h"

/* true: it is SNMP to the last byte, and was said to be (ITEM_CREDENTIAL). */
bool snmp_datagram(const struct item_place *place, struct cursor datagram, item_fn *say, void *arg);

#endif /* SKUA_DISSECT_SNMP_H */
