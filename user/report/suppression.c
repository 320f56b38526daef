// SPDX-License-Identifier: BSD-2-Clause
/* What a rule of suppression matches, and how it is written. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "base/text.h"
#include "base/time_text.h"
#include "report/suppression.h"

static int put_network(char *to, size_t size, const char *key, const struct network *network)
{
	bool v4 = address_is_ipv4(&network->address) && network->prefix >= 96;
	char text[ADDRESS_TEXT];

	return snprintf(to, size, " %s=%s/%u", key, address_format(&network->address, text),
			v4 ? network->prefix - 96 : network->prefix);
}

const char *suppression_format(const struct suppression *rule, char to[SUPPRESSION_LINE])
{
	char until[TIME_TEXT];
	int n = 0;

	to[0] = '\0';
	if (rule->kind)
		n += snprintf(to, SUPPRESSION_LINE, " kind=%s", finding_kind_name(rule->kind));
	if (rule->has_src)
		n += put_network(to + n, SUPPRESSION_LINE - n, "src", &rule->src);
	if (rule->has_dst)
		n += put_network(to + n, SUPPRESSION_LINE - n, "dst", &rule->dst);
	if (rule->port)
		n += snprintf(to + n, SUPPRESSION_LINE - n, " port=%u", rule->port);
	if (rule->has_name)
		n += snprintf(to + n, SUPPRESSION_LINE - n, " name=%s", rule->name);
	if (rule->until_ns) /* to the second: 20 characters and a Z */
		n += snprintf(to + n, SUPPRESSION_LINE - n, " until=%.19sZ",
			      time_format(until, rule->until_ns));
	else
		n += snprintf(to + n, SUPPRESSION_LINE - n, " until=forever");
	snprintf(to + n, SUPPRESSION_LINE - n, " reason=%s", rule->reason);
	return memmove(to, to + 1, strlen(to));
}

bool suppression_is_over(const struct suppression *rule, uint64_t now_ns)
{
	return rule->until_ns && now_ns >= rule->until_ns;
}

/* name is the domain, or lies in it; letters compare without case. */
static bool is_below(const char *name, const char *domain)
{
	size_t length = strnlen(name, FINDING_NAME), wanted = strlen(domain);

	if (length && name[length - 1] == '.')
		length--;
	return length >= wanted && !strncasecmp(name + length - wanted, domain, wanted) &&
	       (length == wanted || name[length - wanted - 1] == '.');
}

static bool matches_name(const char *domain, const struct finding *finding)
{
	const char *name = "";

	if (finding->kind == FINDING_BEACON)
		name = finding->beacon.name;
	else if (finding->kind == FINDING_EXFIL)
		name = finding->exfil.name;
	else if (finding->kind == FINDING_TRIGGER)
		name = finding->trigger.seen;
	return is_below(finding->entity, domain) || is_below(name, domain);
}

static bool matches_port(uint16_t port, const struct finding *finding)
{
	if (finding->dport == port)
		return true;
	return finding->kind == FINDING_SCAN && finding->scan.ports == 1 &&
	       finding->scan.port_count == 1 && finding->scan.port_list[0] == port;
}

bool suppression_matches(const struct suppression *rule, const struct finding *finding)
{
	return (!rule->kind || rule->kind == finding->kind) &&
	       (!rule->has_src || network_contains(&rule->src, &finding->src)) &&
	       (!rule->has_dst ||
		(finding->has_dst && network_contains(&rule->dst, &finding->dst))) &&
	       (!rule->port || matches_port(rule->port, finding)) &&
	       (!rule->has_name || matches_name(rule->name, finding));
}
