// SPDX-License-Identifier: BSD-2-Clause
/*
 * What makes a finding the same finding: its name, its severity, its id.
 *
 * The id is the first 16 bytes, in hexadecimal, of SHA-256 over these bytes
 * (multi-byte numbers big-endian; what a kind does not use is zero):
 *
 *	offset	size
 *	0	1	version of this layout, 1
 *	1	1	enum finding_kind
 *	2	4	UTC day of the trigger, since 1970-01-01
 *	6	16	source address (IPv4 v4-mapped)
 *	22	16	destination address
 *	38	2	destination port
 *	40	1	IP protocol; scans: class of protocol
 *	41	2	length of the name
 *	43	n	the name: entity; triggers: the indicator; scans: none, or the day summed up
 *
 * Everything before the name has a fixed width and the name its length, so no
 * two different sets of entities give the same bytes.
 */
#include <sodium.h>
#include <string.h>
#include "base/sha256.h"
#include "base/time_text.h"
#include "report/finding.h"

#define ID_VERSION 1
#define ID_FIXED 43

#define SCORE_HIGH 0.75   /* detection.md 5 */
#define SCORE_MEDIUM 0.5  /* the threshold of findings */
#define SCORE_LOW 0.25    /* half of it: below, context has all but dismissed it */
#define SCAN_CLASS_ICMP 1 /* echo sweeps, of either version */
#define SCAN_CLASS_NS 58  /* neighbour solicitations */

/* Which fields tell findings of a kind apart, beside source and day. */
enum entities { USE_DST = 1, USE_PORT = 2, USE_PROTO = 4, USE_NAME = 8 };

static const struct {
	const char *name;
	unsigned entities;
} kinds[FINDING_KINDS] = {
	[FINDING_BEACON] = { "beacon", USE_DST | USE_PORT | USE_PROTO },
	[FINDING_SCAN] = { "scan", USE_PROTO | USE_NAME }, /* name: the day that is summed up */
	[FINDING_EXFIL] = { "exfil", USE_DST },
	[FINDING_DNS_EXFIL] = { "dns_exfil", USE_NAME },
	[FINDING_DNS_DGA] = { "dns_dga", USE_NAME },
	[FINDING_TRIGGER] = { "trigger", USE_NAME },
	[FINDING_SUSPICIOUS_PORT] = { "suspicious_port", USE_DST | USE_PORT },
};

const char *finding_kind_name(enum finding_kind kind)
{
	return kind > 0 && kind < FINDING_KINDS ? kinds[kind].name : "unknown";
}

const char *trigger_match_name(enum trigger_match matched)
{
	static const char *const names[TRIGGER_MATCHES] = {
		[TRIGGER_ADDRESS] = "address", [TRIGGER_NETWORK] = "network",
		[TRIGGER_NAME] = "name",       [TRIGGER_SNI] = "sni",
		[TRIGGER_JA4] = "ja4",         [TRIGGER_FILTER] = "filter",
		[TRIGGER_MANUAL] = "manual",
	};

	return matched > 0 && matched < TRIGGER_MATCHES ? names[matched] : "manual";
}

const char *finding_state_name(enum finding_state state)
{
	static const char *const names[] = { "new", "update", "closed" };

	return names[state];
}

int finding_severity_of(double score)
{
	if (score >= SCORE_HIGH)
		return 1;
	if (score >= SCORE_MEDIUM)
		return 2;
	return score >= SCORE_LOW ? 3 : 4;
}

int finding_severity(const struct finding *finding)
{
	return finding_severity_of(finding->score);
}

const char *finding_severity_word(int severity)
{
	static const char *const words[] = { "", "high", "medium", "low", "info" };

	return words[severity >= 1 && severity <= 4 ? severity : 0];
}

/*
 * Filters and people point at one conversation, lists at whom it is with,
 * whatever address of a network that is; a name is asked for, and gone to.
 */
static unsigned entities_of_trigger(enum trigger_match matched)
{
	if (matched == TRIGGER_FILTER || matched == TRIGGER_MANUAL)
		return USE_DST | USE_PORT | USE_PROTO | USE_NAME;
	if (matched == TRIGGER_NAME || matched == TRIGGER_SNI)
		return USE_PORT | USE_PROTO | USE_NAME;
	return USE_NAME;
}

static unsigned entities_of(const struct finding *finding)
{
	/* A beacon that follows a name moves between addresses. */
	if (finding->kind == FINDING_BEACON && finding->entity[0])
		return USE_NAME;
	if (finding->kind == FINDING_TRIGGER)
		return entities_of_trigger(finding->trigger.matched);
	return kinds[finding->kind].entities;
}

static const char *name_of(const struct finding *finding)
{
	return finding->kind == FINDING_TRIGGER ? finding->trigger.indicator : finding->entity;
}

static uint8_t protocol_of(const struct finding *finding)
{
	if (finding->kind != FINDING_SCAN)
		return finding->proto;
	if (finding->scan.technique == SCAN_NS)
		return SCAN_CLASS_NS;
	return finding->proto == 58 ? SCAN_CLASS_ICMP : finding->proto;
}

static size_t serialise(const struct finding *finding, uint8_t to[ID_FIXED + FINDING_NAME])
{
	unsigned use = entities_of(finding);
	uint32_t day = time_day(finding->trigger_ns);
	size_t length = use & USE_NAME ? strnlen(name_of(finding), FINDING_NAME) : 0;

	memset(to, 0, ID_FIXED);
	to[0] = ID_VERSION;
	to[1] = finding->kind;
	for (int i = 0; i < 4; i++)
		to[2 + i] = day >> (24 - 8 * i);
	memcpy(to + 6, finding->src.bytes, 16);
	if (use & USE_DST && finding->has_dst)
		memcpy(to + 22, finding->dst.bytes, 16);
	if (use & USE_PORT) {
		to[38] = finding->dport >> 8;
		to[39] = finding->dport & 0xff;
	}
	if (use & USE_PROTO)
		to[40] = protocol_of(finding);
	to[41] = length >> 8;
	to[42] = length & 0xff;
	memcpy(to + ID_FIXED, name_of(finding), length);
	return ID_FIXED + length;
}

void finding_set_id(struct finding *finding)
{
	uint8_t entities[ID_FIXED + FINDING_NAME], hash[SHA256_DIGEST_SIZE];

	sha256_of(hash, entities, serialise(finding, entities));
	sodium_bin2hex(finding->id, sizeof(finding->id), hash, (FINDING_ID - 1) / 2);
}
