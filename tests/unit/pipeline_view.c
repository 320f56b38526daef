// SPDX-License-Identifier: BSD-2-Clause
/* One finding seen in two ways: the higher score wins, whoever comes last. */
#include <stdlib.h>
#include <string.h>
#include "pipeline/ledger.h"
#include "tap.h"

#define SECOND 1000000000ull
#define NOON (1700000000 * SECOND)

static struct ledger ledger;
static struct finding last;

static bool take(uint32_t view, double score, uint64_t at_s)
{
	struct finding finding = { .kind = FINDING_EXFIL, .view = view, .score = score };

	address_parse(&finding.src, "10.0.0.5");
	finding.first_ns = finding.last_ns = finding.trigger_ns = NOON + at_s * SECOND;
	finding.count = at_s;
	return ledger_take(&ledger, &finding);
}

static void note(void *arg, const struct finding *finding)
{
	(void)arg;
	last = *finding;
}

int main(void)
{
	if (ledger_init(&ledger, 16))
		abort();
	ok(take(1, 0.6, 1), "a finding is new");
	ok(take(2, 0.9, 100), "another view that scores more is news");
	ok(!take(1, 0.5, 300), "one that scores less is none");
	ledger_review(&ledger, NOON + 400 * SECOND, true, note, NULL);
	ok(!last.kind, "nor later");
	ok(ledger.counts[1] == 1 && !ledger.counts[2], "it stays one, of high severity");
	ledger_review(&ledger, NOON + 299 * SECOND + LEDGER_IDLE_NS, false, note, NULL);
	ok(!last.kind, "but it is kept alive");
	ok(take(2, 0.7, 500), "its own view may take the score back");
	ledger_review(&ledger, NOON + 501 * SECOND + LEDGER_IDLE_NS, false, note, NULL);
	ok(last.state == FINDING_CLOSED && last.score == 0.7, "it closes with what was best");
	ledger_fini(&ledger);
	return done();
}
