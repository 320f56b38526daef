// SPDX-License-Identifier: BSD-2-Clause
/* The protocol of a finding, by the names that EVE readers know. */
#include <stdio.h>
#include "report/protocol.h"

const char *protocol_text(uint8_t proto, char to[PROTOCOL_NAME])
{
	static const struct {
		uint8_t number;
		const char *name;
	} names[] = {
		{ 1, "ICMP" }, { 2, "IGMP" },       { 6, "TCP" },    { 17, "UDP" },
		{ 47, "GRE" }, { 58, "IPv6-ICMP" }, { 132, "SCTP" },
	};

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].number == proto)
			return names[i].name;
	snprintf(to, PROTOCOL_NAME, "%u", proto);
	return to;
}

const char *protocol_name(const struct finding *finding, char to[PROTOCOL_NAME])
{
	if (!finding->proto) /* no IP protocol: who-has, or nothing to tell */
		return finding->kind == FINDING_SCAN && !finding->scan.noise ? "ARP" : NULL;
	return protocol_text(finding->proto, to);
}
