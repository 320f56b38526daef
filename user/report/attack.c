// SPDX-License-Identifier: BSD-2-Clause
/* What a finding is called in MITRE ATT&CK. */
#include "report/attack.h"

#define COMMAND_AND_CONTROL "TA0011"
#define EXFILTRATION "TA0010"
#define DNS_PORT 53 /* also of beacons that follow a domain */

static const struct attack web = { "T1071.001", COMMAND_AND_CONTROL };
static const struct attack dns = { "T1071.004", COMMAND_AND_CONTROL };
static const struct attack no_application = { "T1095", COMMAND_AND_CONTROL };
static const struct attack odd_port = { "T1571", COMMAND_AND_CONTROL };
static const struct attack tunnel = { "T1572", COMMAND_AND_CONTROL };
static const struct attack generated_names = { "T1568.002", COMMAND_AND_CONTROL };
static const struct attack over_c2 = { "T1041", EXFILTRATION };
static const struct attack over_dns = { "T1048.003", EXFILTRATION };
static const struct attack discovery = { "T1046", "TA0007" };
static const struct attack reconnaissance = { "T1595.001", "TA0043" };

static bool is_web_port(uint16_t port)
{
	return port == 80 || port == 443 || port == 8080 || port == 8443;
}

/* Without an address it follows a name, which TLS or HTTP told; JA4 is of TLS whatever the port. */
static bool is_web(const struct finding *finding)
{
	return is_web_port(finding->dport) || finding->beacon.ja4[0] || !finding->has_dst;
}

static unsigned map_beacon(const struct finding *finding, struct attack out[ATTACK_MAX])
{
	bool icmp = finding->proto == 1 || finding->proto == 58;
	unsigned n = 0;

	if (icmp)
		out[n++] = no_application;
	else if (finding->dport == DNS_PORT)
		out[n++] = dns;
	else if (is_web(finding))
		out[n++] = web;
	if (!icmp && finding->dport && finding->dport != DNS_PORT && !is_web_port(finding->dport))
		out[n++] = odd_port;
	return n;
}

unsigned attack_map(const struct finding *finding, struct attack out[ATTACK_MAX])
{
	switch (finding->kind) {
	case FINDING_BEACON:
		return map_beacon(finding, out);
	case FINDING_SCAN:
		out[0] = finding->scan.direction == SCAN_INBOUND ? reconnaissance : discovery;
		return 1;
	case FINDING_EXFIL:
		out[0] = over_c2;
		out[1] = tunnel;
		return finding->exfil.channel == EXFIL_ICMP ? 2 : 1;
	case FINDING_DNS_EXFIL:
		out[0] = over_dns;
		out[1] = tunnel;
		return 2;
	case FINDING_DNS_DGA:
		out[0] = generated_names;
		return 1;
	case FINDING_SUSPICIOUS_PORT:
		out[0] = odd_port;
		return 1;
	default:
		return 0;
	}
}
