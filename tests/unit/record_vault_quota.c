// SPDX-License-Identifier: BSD-2-Clause
/* What goes first when a vault is full: the least severe, of these the oldest. */
#include "record/vault_store.h"
#include "vault_stage.h"

#define EACH (2 * 4096u) /* a file and its JSON */

static bool is_there(unsigned number)
{
	char name[128];

	snprintf(name, sizeof(name), "2026/11/21/%s.pcapng", stage_id(number));
	return stage_exists(name);
}

static int publish(struct vault *vault, unsigned number, int severity)
{
	return stage_publish(vault, number, STAGE_TIME + number, 3, severity, NULL);
}

static void test_order(void)
{
	struct vault *vault = stage_open(4 * EACH);

	publish(vault, 1, 2);
	publish(vault, 2, 3);
	publish(vault, 3, 3);
	publish(vault, 4, 1);
	ok(stage_counts(vault).bytes == 4 * EACH && !publish(vault, 5, 2) && !is_there(2),
	   "the oldest of the lowest severity goes");
	ok(!publish(vault, 6, 1) && !is_there(3), "then the next of that severity");
	ok(!publish(vault, 7, 1) && !is_there(1) && is_there(5), "then the oldest of the next");
	ok(publish(vault, 8, 3) == -EDQUOT && is_there(5) && !is_there(8) &&
		   stage_counts(vault).failed == 1,
	   "nothing goes for what is less severe: that is refused, and counted");
	ok(!publish(vault, 9, 2) && !is_there(5), "for what is as severe, the older goes");
	vault_close(vault);
	vault = stage_open(2 * EACH);
	vault_tick(vault, STAGE_TIME + 1000);
	ok(vault && stage_counts(vault).bytes == 2 * EACH && !is_there(9) && !is_there(4) &&
		   is_there(6) && is_there(7),
	   "a smaller quota at the next start is kept at its first tick, in the same order");
	vault_close(vault);
	ok(!stage_verify() && stage_result.removals == 6,
	   "each removal is a line, and all is good");
	clear_stage();
}

static void test_large(void)
{
	struct vault *vault = stage_open(4 * EACH);

	publish(vault, 1, 3);
	ok(stage_publish(vault, 2, STAGE_TIME, 500, 1, NULL) == -EFBIG && is_there(1),
	   "what is larger than the whole quota removes nothing");
	ok(!stage_publish(vault, 3, STAGE_TIME, 200, 1, NULL) && stage_exists("2026/11/21"),
	   "what is almost as large does");
	vault_close(vault);
	ok(!stage_verify(), "and all is good");
	clear_stage();
}

static void test_age(void)
{
	struct vault *vault = stage_open_with((struct vault_options){ .max_age_s = 3600 });

	for (unsigned i = 0; i < 40; i++)
		publish(vault, i, 1);
	vault_tick(vault, STAGE_TIME + 3600000000000u);
	ok(!stage_counts(vault).removed, "what is as old as max_age stays");
	vault_tick(vault, STAGE_TIME + 2 * STAGE_HOUR);
	ok(stage_counts(vault).removed == 16,
	   "what is older goes, whatever its severity: 16 a tick");
	vault_tick(vault, STAGE_TIME + 2 * STAGE_HOUR);
	vault_tick(vault, STAGE_TIME + 2 * STAGE_HOUR);
	ok(stage_counts(vault).removed == 40 && !stage_counts(vault).bytes, "until all is gone");
	vault_close(vault);
	ok(!stage_verify() && !stage_result.files, "an empty vault is good");
	clear_stage();
}

/* A manifest may say twice that a file is there: it is there once, as the last line has it. */
static void test_twice(void)
{
	struct vault *vault = stage_open(0);
	struct vault_line line = { .action = VAULT_PUBLISH, .time_ns = STAGE_TIME, .severity = 3 };
	const struct vault_entry *entry;

	snprintf(line.file, sizeof(line.file), "2026/11/21/0a.pcapng");
	line.bytes = 4097;
	line.json_bytes = 1;
	vault_entry_put(vault, &line, 0);
	ok(stage_counts(vault).files == 1 && stage_counts(vault).bytes == 3 * 4096,
	   "a file takes whole blocks, its JSON others");
	line.bytes = 4096;
	line.severity = 1;
	vault_entry_put(vault, &line, 0);
	entry = vault_entry_find(vault, line.file);
	ok(stage_counts(vault).files == 1 && stage_counts(vault).bytes == 2 * 4096 && entry &&
		   entry->severity == 1 && entry->bytes == 4096,
	   "one that is told twice counts once, as it was told last");
	vault_entry_drop(vault, line.file);
	vault_entry_drop(vault, line.file);
	ok(!stage_counts(vault).files && !stage_counts(vault).bytes &&
		   !vault_entry_find(vault, line.file),
	   "one that is dropped is gone, once");
	vault_close(vault);
	clear_stage();
}

int main(void)
{
	begin_stage();
	test_order();
	test_large();
	test_age();
	test_twice();
	verify_result_fini(&stage_result);
	end_stage();
	return done();
}
