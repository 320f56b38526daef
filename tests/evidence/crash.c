// SPDX-License-Identifier: BSD-2-Clause
/*
 * Kills a process that publishes in a vault between two system calls, then one
 * that recovers it, and looks at what is left: crash [KILLS PER PHASE]
 */
#include <sys/mman.h>
#include "../unit/vault_stage.h"
#include "crash_trace.h"

#define ROUND_FILES 9
#define QUOTA (10 * 8192)
#define FIRST_NUMBER 100000 /* of the ids of a traced writer */

/* What the writer was told is published, for the one who looks at it after its death. */
static struct told {
	unsigned count;
	struct vault_published files[ROUND_FILES];
	char head[VAULT_HASH];
} * told;

static const char *sign_key;
static char saved[256]; /* a vault to begin with */
static unsigned random_state = 1;

static unsigned draw(unsigned below)
{
	random_state = random_state * 1103515245 + 12345;
	return (random_state >> 8) % below;
}

static struct vault *open_vault(void)
{
	return stage_open_with((struct vault_options){ .max_bytes = QUOTA, .sign_key = sign_key });
}

static int write_files(void *arg)
{
	struct vault *vault = open_vault();
	uint64_t count;

	(void)arg;
	if (!vault)
		return 1;
	for (unsigned i = 0; i < ROUND_FILES; i++) {
		uint64_t time_ns = STAGE_TIME + i * 10 * STAGE_HOUR;
		struct vault_published *file = &told->files[told->count];

		/* Large enough for several writes, and JSON beside it. */
		if (stage_publish(vault, FIRST_NUMBER + i, time_ns, 60 + i % 3, 3, file))
			return 1;
		vault_head(vault, &count, told->head);
		told->count++;
		vault_tick(vault, time_ns);
	}
	vault_close(vault);
	return 0;
}

static int recover(void *arg)
{
	struct vault *vault = open_vault();

	(void)arg;
	if (!vault)
		return 1;
	vault_close(vault);
	return 0;
}

static void copy_tree(const char *from, const char *to)
{
	char command[1024];

	snprintf(command, sizeof(command), "rm -rf '%s' && cp -a '%s' '%s'", to, from, to);
	if (system(command))
		abort();
}

/* A vault about to rotate and to let its second segment go; one old file stays. */
static void save_vault(void)
{
	struct vault *vault = open_vault();
	unsigned i = 2;

	stage_publish(vault, 1, STAGE_TIME, 3, 1, NULL);
	while (stage_size("MANIFEST-000008.jsonl") < 0 || stage_size("MANIFEST.jsonl") < 62000) {
		if (stage_publish(vault, i, STAGE_TIME + i * STAGE_HOUR / 60, 3, 3, NULL))
			abort();
		i++;
	}
	vault_close(vault);
	snprintf(saved, sizeof(saved), "%s/saved", stage);
	copy_tree(stage_vault, saved);
}

/* What the manifest says last of a file: 'p'ublish, 'r'emove; 0: nothing. */
static char last_word(const char *manifest, const char *file)
{
	char what = 0;

	for (const char *at = manifest; (at = strstr(at, file)); at++)
		/* The last letter of "publish", "keep" or "remove". */
		what = at[-11] == 'e' ? 'r' : 'p';
	return what;
}

/* Whatever the writer was told is there, or was removed by a line. */
static bool keeps_promises(void)
{
	size_t length;
	char *manifest, *older = stage_read("MANIFEST-000009.jsonl", &length), *file;
	bool good = true;

	manifest = stage_read("MANIFEST.jsonl", &length);
	for (unsigned i = 0; i < told->count; i++) {
		char word = last_word(manifest, told->files[i].file);

		if (!word)
			word = last_word(older, told->files[i].file);
		file = stage_read(told->files[i].file, &length);
		if (word == 'p' ? length != told->files[i].bytes : word != 'r' || length) {
			printf("# %s: told, but word '%c', %zu bytes\n", told->files[i].file,
			       word ? word : '-', length);
			good = false;
		}
		free(file);
	}
	free(manifest);
	free(older);
	return good;
}

struct tally {
	unsigned kills, recovered, bad;
	unsigned recoveries_killed;
};

static void look_at(unsigned at, enum phase phase, struct tally *tally)
{
	struct vault *vault = open_vault();
	struct verify_options options = { .head = told->count ? told->head : NULL };
	uint64_t problems;

	if (!vault) {
		printf("# killed at %u (%s): %s\n", at, phase_names[phase], stage_error);
		tally->bad++;
		return;
	}
	tally->recovered += stage_counts(vault).recovered > 0;
	vault_close(vault);
	problems = stage_verify_with(options);
	if (problems || stage_result.unfinished || !keeps_promises()) {
		printf("# killed at %u (%s): %s\n", at, phase_names[phase], stage_found);
		tally->bad++;
	}
}

static unsigned sum(const unsigned stops[PHASES])
{
	unsigned total = 0;

	for (unsigned phase = 0; phase < PHASES; phase++)
		total += stops[phase];
	return total;
}

/* Another dies while it recovers what the first left. */
static void kill_recovery(void)
{
	unsigned stops[PHASES], total;
	char copy[300];

	snprintf(copy, sizeof(copy), "%s.dead", stage_vault);
	copy_tree(stage_vault, copy);
	trace(recover, NULL, PHASES, 0, stops);
	total = sum(stops);
	copy_tree(copy, stage_vault);
	/* Most of it reads the chain; what changes something comes at the end. */
	trace(recover, NULL, PHASES, total - draw(total < 60 ? total : 60), stops);
}

/* One writer dies at a stop; then, every fourth time, one who recovers. */
static void kill_once(enum phase wanted, unsigned at, struct tally *tally)
{
	unsigned stops[PHASES];

	copy_tree(saved, stage_vault);
	memset(told, 0, sizeof(*told));
	if (trace(write_files, NULL, wanted, at, stops) != wanted)
		return;
	if (tally->kills++ % 4 == 0) {
		kill_recovery();
		tally->recoveries_killed++;
	}
	look_at(at, wanted, tally);
}

/* So many stops of each phase, drawn from all there are. */
static void kill_all(unsigned per_phase, const unsigned stops[PHASES])
{
	unsigned total = 0, bad = 0, least = UINT32_MAX;
	char sentence[160];

	for (enum phase phase = 0; phase < PHASES; phase++) {
		struct tally tally = { .kills = 0 };

		/* Who makes fewer stops than the first did is not hit at the last of them. */
		for (unsigned i = 0; stops[phase] && tally.kills < per_phase && i < 4 * per_phase;
		     i++)
			kill_once(phase, 1 + draw(stops[phase]), &tally);
		printf("# phase %s: %u kills, %u of them then a recovery's, %u files recovered\n",
		       phase_names[phase], tally.kills, tally.recoveries_killed, tally.recovered);
		snprintf(sentence, sizeof(sentence),
			 "killed in phase '%s': nothing torn, nothing lost that was promised",
			 phase_names[phase]);
		ok(tally.kills && !tally.bad, sentence);
		total += tally.kills;
		bad += tally.bad;
		least = tally.kills < least ? tally.kills : least;
	}
	printf("# figure: %u writers killed between system calls, at least %u in each of %u "
	       "phases: "
	       "%u vaults not good after recovery\n",
	       total, least, PHASES, bad);
	ok(least >= per_phase, "each phase was hit as often as wanted");
}

int main(int argc, char **argv)
{
	unsigned per_phase = argc > 1 ? (unsigned)atoi(argv[1]) : 20;
	unsigned stops[PHASES];

	/* What survives a kill is in the kernel's memory: no disk is needed, nor its time. */
	if (!access("/dev/shm", W_OK))
		setenv("SKUA_STAGE", "/dev/shm", 0);
	begin_stage();
	log_set_level(LOG_WARNING);
	sign_key = argc > 2 ? argv[2] : NULL;
	told = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (told == MAP_FAILED)
		return 1;
	save_vault();
	trace(write_files, NULL, PHASES, 0, stops);
	ok(told->count == ROUND_FILES, "a writer that nobody kills finishes");
	kill_all(per_phase, stops);
	verify_result_fini(&stage_result);
	end_stage();
	return done();
}
