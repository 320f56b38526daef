// SPDX-License-Identifier: BSD-2-Clause
/* What may be recorded of whose packets, and how that is said. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "record/policy.h"
#include "tap.h"

static int of(const struct policy *policy, const char *a, const char *b)
{
	struct address one, other;

	if (address_parse(&one, a) || address_parse(&other, b))
		abort();
	return policy_of(policy, &one, &other);
}

static void test_rules(void)
{
	struct policy policy = { 0 };

	ok(of(&policy, "10.0.0.1", "192.0.2.1") == POLICY_FULL, "without rules all is recorded");
	ok(!policy_add(&policy, "10.0.0.0/8=headers") && !policy_add(&policy, "10.1.0.0/16=full") &&
		   !policy_add(&policy, "10.1.1.1=off") &&
		   !policy_add(&policy, "2001:db8::/32=off"),
	   "rules are of networks and addresses");
	ok(of(&policy, "10.0.0.1", "192.0.2.1") == POLICY_HEADERS &&
		   of(&policy, "192.0.2.1", "10.0.0.1") == POLICY_HEADERS,
	   "a rule counts for either end");
	ok(of(&policy, "10.1.0.1", "192.0.2.1") == POLICY_FULL &&
		   of(&policy, "10.1.1.1", "192.0.2.1") == POLICY_OFF,
	   "the longest prefix counts, stricter or not");
	ok(of(&policy, "10.1.0.1", "10.2.0.1") == POLICY_HEADERS &&
		   of(&policy, "10.1.1.1", "10.2.0.1") == POLICY_OFF,
	   "the stricter end counts");
	ok(of(&policy, "2001:db8::1", "2001:db9::1") == POLICY_OFF &&
		   of(&policy, "2001:db9::1", "2001:db9::2") == POLICY_FULL,
	   "IPv6 likewise");
	ok(!policy_add(&policy, "any=headers") && policy.count == 5 &&
		   of(&policy, "192.0.2.1", "2001:db9::1") == POLICY_HEADERS &&
		   of(&policy, "10.1.0.1", "10.1.0.2") == POLICY_FULL,
	   "any is every network, the shortest prefix of all");
	ok(!policy_add(&policy, "10.1.1.1/32=full") && policy.count == 5 &&
		   of(&policy, "10.1.1.1", "10.1.0.1") == POLICY_FULL,
	   "of rules for one network the last counts");
}

/* Pods are at 10.0.N.X and fd00::N; 10.0.9.X is nobody's. */
static const char *namespace_of(void *arg, const struct address *address)
{
	static const char *const names[] = { "shop", "pay", "lab", "no-rule" };
	const uint8_t *bytes = address->bytes;
	unsigned number = address_is_ipv4(address) ? bytes[14] : bytes[15];

	++*(unsigned *)arg;
	if (address_is_ipv4(address) ? bytes[12] != 10 : bytes[0] != 0xfd)
		return NULL;
	return number < sizeof(names) / sizeof(names[0]) ? names[number] : NULL;
}

static void test_namespaces(void)
{
	unsigned asked = 0;
	struct policy policy = { .find = namespace_of, .find_arg = &asked };

	policy_add(&policy, "10.0.0.0/8=off");
	ok(of(&policy, "10.0.0.1", "192.0.2.1") == POLICY_OFF && !asked,
	   "without rules for namespaces nobody is asked for one");
	policy = (struct policy){ .find = namespace_of, .find_arg = &asked };
	ok(!policy_add(&policy, "ns:shop=full") && !policy_add(&policy, "ns:pay=off") &&
		   !policy_add(&policy, "ns:lab=headers") && policy.namespaces == 3,
	   "rules for namespaces are taken");
	ok(of(&policy, "10.0.0.1", "192.0.2.1") == POLICY_FULL &&
		   of(&policy, "10.0.1.1", "192.0.2.1") == POLICY_OFF &&
		   of(&policy, "192.0.2.1", "10.0.2.1") == POLICY_HEADERS &&
		   of(&policy, "fd00::1", "2001:db8::1") == POLICY_OFF,
	   "a pod's packets are kept as its namespace has it, at either end, in both families");
	ok(of(&policy, "10.0.0.1", "10.0.1.1") == POLICY_OFF &&
		   of(&policy, "10.0.1.1", "10.0.0.1") == POLICY_OFF &&
		   of(&policy, "10.0.0.1", "10.0.2.1") == POLICY_HEADERS &&
		   of(&policy, "10.0.2.1", "10.0.1.1") == POLICY_OFF,
	   "between two the stricter counts");
	ok(of(&policy, "10.0.9.1", "10.0.3.1") == POLICY_FULL,
	   "who is in no namespace, or one without a rule, is in none of these");
	policy_add(&policy, "any=off");
	ok(of(&policy, "10.0.9.1", "10.0.0.1") == POLICY_OFF &&
		   of(&policy, "10.0.3.1", "10.0.0.1") == POLICY_OFF &&
		   of(&policy, "10.0.0.1", "10.0.0.2") == POLICY_FULL,
	   "then the rule of all counts, which a namespace's goes before");
	ok(!policy_add(&policy, "0.0.0.0/0=headers") &&
		   of(&policy, "10.0.0.1", "10.0.0.2") == POLICY_FULL &&
		   of(&policy, "10.0.9.1", "10.0.0.2") == POLICY_HEADERS,
	   "as it does before all of IPv4");
	policy_add(&policy, "10.0.1.128/25=full");
	policy_add(&policy, "10.0.0.0/24=off");
	ok(of(&policy, "10.0.1.129", "10.0.1.130") == POLICY_FULL &&
		   of(&policy, "10.0.1.127", "10.0.1.129") == POLICY_OFF &&
		   of(&policy, "10.0.0.1", "10.0.0.2") == POLICY_OFF,
	   "a network's goes before a namespace's, laxer or stricter");
	ok(!policy_add(&policy, "ns:pay=headers") && policy.namespaces == 3 &&
		   of(&policy, "10.0.1.1", "10.0.1.2") == POLICY_HEADERS,
	   "of two rules for one namespace the last counts");
	policy.find = NULL;
	ok(of(&policy, "10.0.1.1", "10.0.1.2") == POLICY_HEADERS,
	   "where no namespace can be known, the rule of all counts");
}

static void test_bad_namespaces(void)
{
	static const char *const bad[] = {
		"ns:",         "ns:=off",    "ns:shop",     "ns:shop=",
		"ns:Shop=off", "ns:-a=off",  "ns:a-=off",   "ns:a.b=off",
		"ns:a/b=off",  "ns:a b=off", "ns:*=off",    "ns: shop=off",
		"ns:any",      "ns::1=off",  "NS:shop=off", "ns:\xc3\xbc=off",
		"shop=off",    "ns:a\n=off", "ns:..=off",   "ns:a=b=off"
	};
	struct policy policy = { 0 };
	char longest[128], rule[64];
	bool refused = true, room = true;

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refused &= policy_add(&policy, bad[i]) == -EINVAL;
	snprintf(longest, sizeof(longest), "ns:%064d=off", 0);
	refused &= policy_add(&policy, longest) == -EINVAL;
	snprintf(longest, sizeof(longest), "ns:%0100d=off", 0);
	refused &= policy_add(&policy, longest) == -EINVAL;
	ok(refused && !policy.count && !policy.namespaces,
	   "what no namespace can be called is refused, and changes nothing");
	snprintf(longest, sizeof(longest), "ns:%063d=off", 0);
	ok(!policy_add(&policy, longest) && strlen(policy.rules[0].namespace) == 63,
	   "the longest name that one can have is not");
	ok(!policy_add(&policy, "ns:any=off") &&
		   of(&policy, "192.0.2.1", "192.0.2.2") == POLICY_FULL,
	   "a namespace called any is one of many");
	for (unsigned i = 2; i < POLICY_RULES; i++) {
		snprintf(rule, sizeof(rule), "ns:team-%u=off", i);
		room &= !policy_add(&policy, rule);
	}
	ok(room && policy_add(&policy, "ns:more=off") == -ENOSPC &&
		   policy_add(&policy, "any=off") == -ENOSPC &&
		   !policy_add(&policy, "ns:team-9=full") && policy.namespaces == POLICY_RULES,
	   "there is room for so many of both kinds, and then for changes only");
}

static void test_bad(void)
{
	static const char *const bad[] = { "",
					   "10.0.0.0/8",
					   "=off",
					   "10.0.0.0/8=",
					   "10.0.0.0/8=of",
					   "10.0.0.0/33=off",
					   "example.org=off",
					   "10.0.0.0/8=off ",
					   "any =off" };
	struct policy policy = { 0 };
	bool refused = true, room = true;
	char rule[64];

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refused &= policy_add(&policy, bad[i]) == -EINVAL;
	ok(refused && !policy.count, "what is no rule is refused, and changes nothing");
	for (unsigned i = 0; i < POLICY_RULES; i++) {
		snprintf(rule, sizeof(rule), "10.0.%u.0/24=off", i);
		room &= !policy_add(&policy, rule);
	}
	ok(room && policy_add(&policy, "11.0.0.0/8=off") == -ENOSPC &&
		   !policy_add(&policy, "10.0.3.0/24=full"),
	   "there is room for so many, and then for changes only");
}

static bool says(uint64_t headers, uint64_t off, const char *wanted)
{
	const struct policy_removed removed = { headers, off };
	char text[POLICY_TEXT];

	if (!strcmp(policy_describe(text, &removed), wanted))
		return true;
	printf("# got  %s\n# want %s\n", text, wanted);
	return false;
}

static void test_cut(void)
{
	ok(policy_cut(POLICY_FULL, 100, 54) == 100 && policy_cut(POLICY_HEADERS, 100, 54) == 54 &&
		   policy_cut(POLICY_OFF, 100, 54) == 0,
	   "all, the headers, or nothing of a packet is left");
	ok(policy_cut(POLICY_HEADERS, 40, 54) == 40, "but not more than was captured");
	ok(says(0, 0, ""), "where nothing was removed nothing is said");
	ok(says(1, 0, "By the record policy 1 packet here has headers only.") &&
		   says(1200, 0, "By the record policy 1,200 packets here have headers only.") &&
		   says(0, 1, "By the record policy 1 packet was not recorded here.") &&
		   says(3, 2,
			"By the record policy 3 packets here have headers only, and 2 more were "
			"not recorded.") &&
		   says(1, 1,
			"By the record policy 1 packet here has headers only, and 1 more was "
			"not recorded."),
	   "what was removed is one sentence");
}

int main(void)
{
	test_rules();
	test_namespaces();
	test_bad();
	test_bad_namespaces();
	test_cut();
	return done();
}
