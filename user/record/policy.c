// SPDX-License-Identifier: BSD-2-Clause
/* What of whose packets may be recorded. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "record/policy.h"

static int parse_keep(enum policy_keep *out, const char *word)
{
	static const char *const words[] = {
		[POLICY_FULL] = "full",
		[POLICY_HEADERS] = "headers",
		[POLICY_OFF] = "off",
	};

	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!strcmp(words[i], word)) {
			*out = i;
			return 0;
		}
	}
	return -EINVAL;
}

static bool is_same(const struct network *a, const struct network *b)
{
	return a->prefix == b->prefix && network_contains(a, &b->address);
}

int policy_add(struct policy *policy, const char *text)
{
	const char *equals = strchr(text, '=');
	size_t length = equals ? (size_t)(equals - text) : 0;
	char network[ADDRESS_TEXT + 4];
	struct policy_rule rule;

	if (!length || length >= sizeof(network) || parse_keep(&rule.keep, equals + 1))
		return -EINVAL;
	memcpy(network, text, length);
	network[length] = '\0';
	/* IPv4 addresses are networks of IPv6 here. */
	if (network_parse(&rule.network, strcmp(network, "any") ? network : "::/0"))
		return -EINVAL;
	for (unsigned i = 0; i < policy->count; i++) {
		if (is_same(&policy->rules[i].network, &rule.network)) {
			policy->rules[i] = rule;
			return 0;
		}
	}
	if (policy->count == POLICY_RULES)
		return -ENOSPC;
	policy->rules[policy->count++] = rule;
	return 0;
}

static enum policy_keep keep_of(const struct policy *policy, const struct address *address)
{
	const struct policy_rule *best = NULL;

	for (unsigned i = 0; i < policy->count; i++) {
		const struct policy_rule *rule = &policy->rules[i];

		if ((!best || rule->network.prefix > best->network.prefix) &&
		    network_contains(&rule->network, address))
			best = rule;
	}
	return best ? best->keep : POLICY_FULL;
}

int policy_of(const struct policy *policy, const struct address *a, const struct address *b)
{
	enum policy_keep one = keep_of(policy, a), other = keep_of(policy, b);

	return one > other ? one : other;
}

uint32_t policy_cut(enum policy_keep keep, uint32_t captured, uint32_t payload)
{
	if (keep == POLICY_OFF)
		return 0;
	return keep == POLICY_HEADERS && payload < captured ? payload : captured;
}

static const char *packets(uint64_t count)
{
	return count == 1 ? "packet" : "packets";
}

const char *policy_describe(char to[POLICY_TEXT], const struct policy_removed *removed)
{
	char headers[TEXT_NUMBER], off[TEXT_NUMBER];

	text_count(headers, removed->headers);
	text_count(off, removed->off);
	to[0] = '\0';
	if (removed->headers && removed->off)
		snprintf(to, POLICY_TEXT,
			 "By the record policy %s %s here %s headers only, and %s more %s not "
			 "recorded.",
			 headers, packets(removed->headers), removed->headers == 1 ? "has" : "have",
			 off, removed->off == 1 ? "was" : "were");
	else if (removed->headers)
		snprintf(to, POLICY_TEXT, "By the record policy %s %s here %s headers only.",
			 headers, packets(removed->headers),
			 removed->headers == 1 ? "has" : "have");
	else if (removed->off)
		snprintf(to, POLICY_TEXT, "By the record policy %s %s not recorded here.", off,
			 removed->off == 1 ? "packet was" : "packets were");
	return to;
}
