// SPDX-License-Identifier: BSD-2-Clause
/* The life of findings: new, updated, closed. */
#include <stdlib.h>
#include <string.h>
#include "pipeline/ledger.h"

/* Ids are unique for a day; without the day one names the same thing for its whole life. */
struct ledger_key {
	char id[32];
};

struct entry {
	struct finding finding; /* as it was judged last */
	double said_score;
	uint64_t said_count;
	uint64_t said_ns;
	uint64_t begun_ns;  /* trigger of the first one: its day is part of the id */
	uint64_t closed_ns; /* 0: it lives */
};

static uint64_t entry_worth(const void *value)
{
	return ((const struct entry *)value)->finding.last_ns;
}

int ledger_init(struct ledger *ledger, uint32_t capacity)
{
	const struct table_options options = { .key_size = sizeof(struct ledger_key),
					       .value_size = sizeof(struct entry),
					       .capacity = capacity,
					       .worth = entry_worth };

	const struct table_options hidden = { .key_size = sizeof(struct ledger_key),
					      .value_size = sizeof(uint64_t),
					      .capacity = capacity };
	int err;

	memset(ledger->counts, 0, sizeof(ledger->counts));
	ledger->every = false;
	err = table_init(&ledger->table, &options);
	if (!err)
		err = table_init(&ledger->hidden, &hidden);
	return err ? err : table_init(&ledger->suppressed, &hidden);
}

void ledger_fini(struct ledger *ledger)
{
	table_fini(&ledger->table);
	table_fini(&ledger->hidden);
	table_fini(&ledger->suppressed);
}

/* Sets the id as of the day of begun_ns. */
static void identify(struct finding *finding, uint64_t begun_ns)
{
	uint64_t trigger_ns = finding->trigger_ns;

	finding->trigger_ns = begun_ns;
	finding_set_id(finding);
	finding->trigger_ns = trigger_ns;
}

static struct ledger_key ledger_key_of(const struct finding *finding)
{
	struct finding dayless = *finding;
	struct ledger_key key;

	identify(&dayless, 0);
	memcpy(key.id, dayless.id, sizeof(key.id));
	return key;
}

bool ledger_hide(struct ledger *ledger, const struct finding *finding)
{
	struct ledger_key key = ledger_key_of(finding);
	const struct entry *entry = table_find(&ledger->table, &key);

	if (entry && !entry->closed_ns)
		return false;
	if (!entry)
		table_get(&ledger->hidden, &key, NULL);
	return true;
}

bool ledger_suppress(struct ledger *ledger, const struct finding *finding)
{
	struct ledger_key key = ledger_key_of(finding);
	bool is_new;

	table_get(&ledger->suppressed, &key, &is_new);
	return is_new;
}

static bool is_suppressed(const struct finding *finding)
{
	return finding->suppressed.rule[0] != '\0';
}

static bool worth_saying(const struct entry *entry, uint64_t now_ns)
{
	if (now_ns < entry->said_ns + LEDGER_UPDATE_NS)
		return false;
	return __builtin_fabs(entry->finding.score - entry->said_score) >= LEDGER_SCORE_STEP ||
	       entry->finding.count >= 2 * entry->said_count;
}

static void said(struct entry *entry, uint64_t now_ns)
{
	entry->said_ns = now_ns;
	entry->said_score = entry->finding.score;
	entry->said_count = entry->finding.count;
}

static void begin(struct ledger *ledger, struct entry *entry, const struct ledger_key *key,
		  const struct finding *finding)
{
	void *hidden = table_find(&ledger->hidden, key);

	memset(entry, 0, sizeof(*entry));
	entry->begun_ns = finding->trigger_ns;
	entry->finding.first_ns = finding->first_ns;
	if (hidden) /* it has risen above the score that is shown */
		table_remove(&ledger->hidden, hidden);
}

/* Another view that scores less says nothing new, but that it goes on. */
static bool is_outscored(struct entry *entry, const struct finding *finding)
{
	if (finding->view == entry->finding.view || finding->score >= entry->finding.score)
		return false;
	if (finding->last_ns > entry->finding.last_ns)
		entry->finding.last_ns = finding->last_ns;
	return true;
}

/* What was closed and comes back the same day has the same id, and goes on. */
static bool is_of_another_day(const struct entry *entry, const struct finding *finding)
{
	struct finding today = *finding;

	if (!entry->closed_ns)
		return false;
	identify(&today, finding->trigger_ns);
	return memcmp(today.id, entry->finding.id, sizeof(today.id)) != 0;
}

bool ledger_take(struct ledger *ledger, struct finding *finding)
{
	struct ledger_key key = ledger_key_of(finding);
	bool is_new;
	struct entry *entry = table_get(&ledger->table, &key, &is_new);

	if (entry->closed_ns && finding->last_ns <= entry->closed_ns)
		return false;
	if (is_new || is_of_another_day(entry, finding) ||
	    (is_suppressed(&entry->finding) && !is_suppressed(finding))) {
		is_new = true;
		begin(ledger, entry, &key, finding);
	} else if (is_outscored(entry, finding)) {
		return false;
	} else if (!is_suppressed(finding)) {
		ledger->counts[finding_severity(&entry->finding)]--;
	}
	if (entry->finding.first_ns < finding->first_ns)
		finding->first_ns = entry->finding.first_ns;
	finding->snapshot = entry->finding.snapshot;
	identify(finding, entry->begun_ns);
	finding->state = is_new ? FINDING_NEW : FINDING_UPDATE;
	entry->finding = *finding;
	entry->closed_ns = 0;
	if (!is_suppressed(finding))
		ledger->counts[finding_severity(finding)]++;
	if (!is_new && !ledger->every && !worth_saying(entry, finding->trigger_ns))
		return false;
	said(entry, finding->trigger_ns);
	return true;
}

/* Ids of a day: an entry may have begun anew since. */
static struct entry *find_same(const struct ledger *ledger, const struct finding *finding)
{
	struct ledger_key key = ledger_key_of(finding);
	struct entry *entry = table_find(&ledger->table, &key);

	return entry && !strcmp(entry->finding.id, finding->id) ? entry : NULL;
}

const struct finding *ledger_find(const struct ledger *ledger, const struct finding *finding)
{
	const struct entry *entry = find_same(ledger, finding);

	return entry ? &entry->finding : NULL;
}

void ledger_published(struct ledger *ledger, const struct finding *finding, uint64_t now_ns,
		      struct finding *out)
{
	struct entry *entry = find_same(ledger, finding);

	*out = *finding;
	if (entry) {
		entry->finding.snapshot = finding->snapshot;
		*out = entry->finding;
		said(entry, now_ns);
	}
	/* One that is over stays so. */
	out->state = entry && entry->closed_ns ? FINDING_CLOSED : FINDING_UPDATE;
	out->trigger_ns = now_ns;
}

static uint64_t idle_ns(const struct finding *finding)
{
	uint64_t intervals = LEDGER_IDLE_INTERVALS + finding->count / LEDGER_IDLE_GROWTH;
	uint64_t silence_ns;

	if (finding->kind != FINDING_BEACON)
		return LEDGER_IDLE_NS;
	silence_ns = intervals * (uint64_t)(finding->beacon.interval_s * 1e9);
	return silence_ns > LEDGER_IDLE_NS ? silence_ns : LEDGER_IDLE_NS;
}

static int by_id(const void *a, const void *b)
{
	return strcmp((*(struct entry *const *)a)->finding.id,
		      (*(struct entry *const *)b)->finding.id);
}

#define REVIEWED_AT_ONCE 256 /* more wait for the next call, but at the end */

enum review { NOTHING, UPDATE, CLOSE };

static enum review review_entry(const struct entry *entry, uint64_t now_ns, bool at_end)
{
	bool changed = entry->finding.count != entry->said_count ||
		       entry->finding.score != entry->said_score;

	if (entry->closed_ns)
		return NOTHING;
	if (now_ns >= entry->finding.last_ns + idle_ns(&entry->finding))
		return CLOSE;
	return (at_end && changed) || worth_saying(entry, now_ns) ? UPDATE : NOTHING;
}

/* Returns how many it said. */
static size_t review_some(struct ledger *ledger, uint64_t now_ns, bool at_end, ledger_say_fn *say,
			  void *arg)
{
	struct entry *due[REVIEWED_AT_ONCE];
	size_t n = 0;

	for (void *v = table_next(&ledger->table, NULL); v && n < REVIEWED_AT_ONCE;
	     v = table_next(&ledger->table, v))
		if (review_entry(v, now_ns, at_end) != NOTHING)
			due[n++] = v;
	qsort(due, n, sizeof(due[0]), by_id);
	for (size_t i = 0; i < n; i++) {
		struct entry *entry = due[i];
		bool over = review_entry(entry, now_ns, at_end) == CLOSE;

		entry->finding.state = over ? FINDING_CLOSED : FINDING_UPDATE;
		entry->finding.trigger_ns = now_ns;
		entry->finding.at_end = at_end;
		if (over)
			entry->closed_ns = now_ns;
		said(entry, now_ns);
		say(arg, &entry->finding);
	}
	return n;
}

void ledger_review(struct ledger *ledger, uint64_t now_ns, bool at_end, ledger_say_fn *say,
		   void *arg)
{
	size_t n;

	do
		n = review_some(ledger, now_ns, at_end, say, arg);
	while (at_end && n == REVIEWED_AT_ONCE); /* no other call comes */
}
