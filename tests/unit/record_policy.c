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
	test_bad();
	test_cut();
	return done();
}
