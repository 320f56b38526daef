// SPDX-License-Identifier: BSD-2-Clause
/* What of whose packets may be recorded. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "record/policy.h"

#define NAMESPACE "ns:" /* no address begins so */

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

/* NULL: the rule is for no namespace. */
static const char *after_prefix(const char *whom)
{
	return strncmp(whom, NAMESPACE, strlen(NAMESPACE)) ? NULL : whom + strlen(NAMESPACE);
}

static int parse_whom(struct policy_rule *out, const char *whom)
{
	const char *name = after_prefix(whom);

	/* IPv4 addresses are networks of IPv6 here. */
	if (!name)
		return network_parse(&out->network, strcmp(whom, "any") ? whom : "::/0");
	if (!pod_is_label(name))
		return -EINVAL;
	strcpy(out->namespace, name);
	return 0;
}

static bool is_same(const struct policy_rule *a, const struct policy_rule *b)
{
	if (a->namespace[0] || b->namespace[0])
		return !strcmp(a->namespace, b->namespace);
	return a->network.prefix == b->network.prefix &&
	       network_contains(&a->network, &b->network.address);
}

int policy_add(struct policy *policy, const char *text)
{
	const char *equals = strchr(text, '=');
	size_t length = equals ? (size_t)(equals - text) : 0;
	char whom[sizeof(NAMESPACE) + POD_NAMESPACE]; /* longer than any network */
	struct policy_rule rule = { 0 };

	if (!length || length >= sizeof(whom) || parse_keep(&rule.keep, equals + 1))
		return -EINVAL;
	memcpy(whom, text, length);
	whom[length] = '\0';
	if (parse_whom(&rule, whom))
		return -EINVAL;
	for (unsigned i = 0; i < policy->count; i++) {
		if (is_same(&policy->rules[i], &rule)) {
			policy->rules[i] = rule;
			return 0;
		}
	}
	if (policy->count == POLICY_RULES)
		return -ENOSPC;
	policy->namespaces += rule.namespace[0] != '\0';
	policy->rules[policy->count++] = rule;
	return 0;
}

/* NULL: there is none. */
static const struct policy_rule *longest(const struct policy *policy, const struct address *address)
{
	const struct policy_rule *best = NULL;

	for (unsigned i = 0; i < policy->count; i++) {
		const struct policy_rule *rule = &policy->rules[i];

		if (!rule->namespace[0] && (!best || rule->network.prefix > best->network.prefix) &&
		    network_contains(&rule->network, address))
			best = rule;
	}
	return best;
}

/* All addresses of its family: it says what is usual, and of nobody in particular. */
static bool is_for_all(const struct network *network)
{
	return !network->prefix || (network->prefix == 96 && address_is_ipv4(&network->address));
}

/* NULL: there is none, or it has no namespace that is known. */
static const struct policy_rule *of_namespace(const struct policy *policy,
					      const struct address *address)
{
	const char *name = NULL;

	if (policy->namespaces && policy->find)
		name = policy->find(policy->find_arg, address);
	for (unsigned i = 0; name && name[0] && i < policy->count; i++)
		if (!strcmp(policy->rules[i].namespace, name))
			return &policy->rules[i];
	return NULL;
}

static enum policy_keep keep_of(const struct policy *policy, const struct address *address)
{
	const struct policy_rule *best = longest(policy, address), *other = NULL;

	if (!best || is_for_all(&best->network))
		other = of_namespace(policy, address);
	if (other)
		best = other;
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
