/* SPDX-License-Identifier: BSD-2-Clause */
/* The protocol of a finding, by the names that EVE readers know. */
#ifndef SKUA_REPORT_PROTOCOL_H
#define SKUA_REPORT_PROTOCOL_H

#include "report/finding.h"

#define PROTOCOL_NAME 16

/* "TCP", "IPv6-ICMP", "ARP", or the number as text; NULL: the finding has none.  Constant or to. */
const char *protocol_name(const struct finding *finding, char to[PROTOCOL_NAME]);

/* The same of an IP protocol alone. */
const char *protocol_text(uint8_t proto, char to[PROTOCOL_NAME]);

#endif /* SKUA_REPORT_PROTOCOL_H */
