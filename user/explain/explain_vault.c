// SPDX-License-Identifier: BSD-2-Clause
/* Finds the snapshot of a finding in a vault by the beginning of its id. */
#ifdef HAVE_JANSSON
#include <glob.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include "base/log.h"
#include "base/exit.h"
#include "explain/explain_source.h"

/* "DIR/YYYY/MM/DD/PREFIX*.json", with what glob(3) would read as a pattern taken literally. */
static bool pattern_of(const char *directory, const char *prefix, char to[EXPLAIN_PATH])
{
	size_t used = 0;

	for (; *directory; directory++) {
		if (used + 128 > EXPLAIN_PATH)
			return false;
		if (strchr("*?[\\", *directory))
			to[used++] = '\\';
		to[used++] = *directory;
	}
	snprintf(to + used, EXPLAIN_PATH - used,
		 "/[0-9][0-9][0-9][0-9]/[0-9][0-9]/[0-9][0-9]/%s*.json", prefix);
	return true;
}

/* As they were recorded, without a replay: for a list. */
static void put_recorded(struct explain_set *set, const char *path)
{
	json_t *recorded = json_load_file(path, JSON_DISABLE_EOF_CHECK, NULL);

	if (recorded)
		explain_set_put(set, recorded);
	json_decref(recorded);
}

static int read_match(struct explain_set *set, const struct explain_settings *settings,
		      const char *json, bool *replayed)
{
	char path[EXPLAIN_PATH];
	int length = strlen(json) - strlen(".json");

	snprintf(path, sizeof(path), "%.*s.pcapng", length, json);
	return explain_from_file(set, settings, path, replayed);
}

int explain_from_vault(struct explain_set *set, const struct explain_settings *settings,
		       const char *prefix, bool *replayed)
{
	struct explain_set found = { 0 };
	char pattern[EXPLAIN_PATH];
	glob_t matches = { 0 };
	int status = -1;

	*replayed = false;
	if (!pattern_of(settings->vault, prefix, pattern)) {
		log_error("--vault: that path is too long: name a shorter one");
		return EXIT_USAGE;
	}
	if (!glob(pattern, 0, NULL, &matches))
		for (size_t i = 0; i < matches.gl_pathc; i++)
			put_recorded(&found, matches.gl_pathv[i]);
	/* Files of one finding come in order: the first is without a number. */
	if (found.count == 1)
		status = read_match(set, settings, matches.gl_pathv[0], replayed);
	for (size_t i = 0; found.count > 1 && i < matches.gl_pathc; i++)
		put_recorded(set, matches.gl_pathv[i]);
	explain_set_fini(&found);
	globfree(&matches);
	return status;
}

#endif
