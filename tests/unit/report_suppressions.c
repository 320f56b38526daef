// SPDX-License-Identifier: BSD-2-Clause
/* A file of rules that is read again: what stays, what goes on counting, what is said to be gone.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/log.h"
#include "report/suppressions.h"
#include "tap.h"

#define BACKUP "kind=exfil src=10.0.0.5 until=forever reason=nightly backup\n"
#define SCANNER "kind=scan src=10.0.0.9 until=forever reason=our scanner\n"
#define TELEMETRY "kind=beacon dst=192.0.2.1 until=forever reason=telemetry\n"

static char path[] = "/tmp/skua-suppressions-XXXXXX";

static void write_rules(const char *text)
{
	FILE *file = fopen(path, "w");

	if (!file || fputs(text, file) < 0 || fclose(file))
		abort();
}

static struct suppression *rule_of(struct suppressions *rules, enum finding_kind kind,
				   const char *src)
{
	struct finding finding = { .kind = kind, .has_dst = true };

	address_parse(&finding.src, src);
	address_parse(&finding.dst, "192.0.2.1");
	return suppressions_match(rules, &finding, 1);
}

static void test_reload(struct suppressions *rules)
{
	struct suppression *backup = rule_of(rules, FINDING_EXFIL, "10.0.0.5");
	struct suppression *scanner = rule_of(rules, FINDING_SCAN, "10.0.0.9");

	ok(rules->count == 2 && backup && scanner && backup != scanner,
	   "each finding meets its rule");
	ok(!rule_of(rules, FINDING_EXFIL, "10.0.0.9") &&
		   !rule_of(rules, FINDING_BEACON, "10.0.0.5"),
	   "others meet none");
	backup->count = 3;
	scanner->count = 4;
	write_rules(TELEMETRY BACKUP);
	ok(!suppressions_reload(rules) && rules->count == 2, "the file is read again");
	backup = rule_of(rules, FINDING_EXFIL, "10.0.0.5");
	ok(backup && backup->count == 3, "what a rule that is still there counted goes on,");
	ok(rule_of(rules, FINDING_BEACON, "10.0.0.77") &&
		   !rule_of(rules, FINDING_BEACON, "10.0.0.77")->count,
	   "a new one begins with nothing,");
	ok(!rule_of(rules, FINDING_SCAN, "10.0.0.9") && rules->gone == 4,
	   "and what one counted that is no more is not forgotten");
}

static void test_broken(struct suppressions *rules)
{
	write_rules(SCANNER "kind=nonsense until=forever reason=x\n");
	ok(suppressions_reload(rules) && rules->count == 2 &&
		   rule_of(rules, FINDING_EXFIL, "10.0.0.5") &&
		   !rule_of(rules, FINDING_SCAN, "10.0.0.9"),
	   "a file with a line that is no rule changes nothing");
	write_rules(SCANNER SCANNER);
	ok(suppressions_reload(rules) && rules->count == 2,
	   "nor does one with two rules for the same");
	unlink(path);
	ok(suppressions_reload(rules) == -ENOENT && rules->count == 2 && rules->gone == 4,
	   "nor does one that is not there");
	rules->may_miss = true;
	ok(!suppressions_reload(rules) && !rules->count && rules->gone == 7,
	   "unless it may be missing: then there are no rules");
}

int main(void)
{
	struct suppressions *rules = NULL;
	int fd = mkstemp(path);

	if (fd < 0 || close(fd))
		abort();
	log_set_level(LOG_ERROR);
	write_rules(BACKUP SCANNER);
	if (suppressions_open(&rules, path, false))
		abort();
	test_reload(rules);
	test_broken(rules);
	suppressions_close(rules);
	ok(suppressions_open(&rules, path, false) == -ENOENT, "at the start it must be there,");
	rules = NULL;
	ok(!suppressions_open(&rules, path, true) && !rules->count, "if it may not be missing");
	suppressions_close(rules);
	return done();
}
