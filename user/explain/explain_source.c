// SPDX-License-Identifier: BSD-2-Clause
/* Where findings to be explained come from. */
#ifdef HAVE_JANSSON
#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "client/agent_error.h"
#include "base/log.h"
#include "base/remedy.h"
#include "base/time_text.h"
#include "capture/journal_in.h"
#include "base/exit.h"
#include "explain/explain_source.h"
#include "replay/journal_session.h"
#include "session/progress.h"
#include "replay/replay_session.h"

#define CLOCK_SLACK_NS 1000000000ull /* the kernel's coarse clock, and ticks of a second */
#define LINE_MAX_BYTES (1u << 20)    /* a finding is some kilobytes */

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
	(void)signal_number;
	stopped = 1;
}

void explain_stop_on_signals(void)
{
	static const struct sigaction stopping = { .sa_handler = stop };

	sigaction(SIGINT, &stopping, NULL);
	sigaction(SIGTERM, &stopping, NULL);
}

static int replay_as(struct explain_set *set, struct replay_settings *settings,
		     const struct file_in_options *input)
{
	int status;

	if (explain_sink_open(&settings->sink, set)) {
		log_error("%s: out of memory", input->paths[0]);
		return EXIT_RUNTIME;
	}
	status = journal_in_is_journal(input->paths, input->path_count)
			 ? journal_session(settings, input, &stopped)
			 : replay_session(settings, input, &stopped);
	explain_sink_close(settings->sink);
	if (stopped)
		return EXIT_RUNTIME;
	if (status == EXIT_CUT)
		log_warning("%s ends early: only what was found before that counts",
			    input->paths[0]);
	return status == EXIT_OK || status == EXIT_CUT ? -1 : status;
}

static struct replay_settings settings_of(const struct explain_settings *from, double min_score)
{
	return (struct replay_settings){ .progress = PROGRESS_NEVER,
					 .min_score = min_score,
					 .locals = from->locals,
					 .lists = from->lists,
					 .lasting = { .suppressions = from->suppressions,
						      .show_suppressed = true },
					 .no_tunnels = from->no_tunnels,
					 .quiet = true };
}

int explain_replay(struct explain_set *set, const struct explain_settings *from,
		   const char *const *paths, unsigned count, double min_score)
{
	const struct file_in_options input = { .paths = paths, .path_count = count };
	struct replay_settings settings = settings_of(from, min_score);

	return replay_as(set, &settings, &input);
}

/* Each judgement counts, so that the last one is told with all its numbers. */
static int replay(struct explain_set *set, const struct explain_settings *from, const char *path,
		  bool told_totals, double min_score)
{
	const struct file_in_options input = { .paths = &path, .path_count = 1 };
	struct replay_settings settings = settings_of(from, min_score);

	settings.told_totals = told_totals;
	settings.debug_scores = settings.every_update = true;
	return replay_as(set, &settings, &input);
}

static int read_lines(struct explain_set *set, const char *path)
{
	FILE *stream = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	ssize_t length;

	if (!stream) {
		log_error("cannot read %s: %s; %s", path, strerror(errno), remedy_read(-errno));
		return EXIT_USAGE;
	}
	while ((length = getline(&line, &room, stream)) > 0)
		if (length <= LINE_MAX_BYTES)
			explain_set_add(set, line, length);
		else
			set->foreign++;
	free(line);
	fclose(stream);
	return -1;
}

static bool is_json(const char *path)
{
	FILE *stream = strcmp(path, "-") ? fopen(path, "re") : NULL;
	int c = ' ';

	if (!stream)
		return false;
	while (c == ' ' || c == '\t' || c == '\n' || c == '\r')
		c = fgetc(stream);
	fclose(stream);
	return c == '{';
}

/* The JSON beside a snapshot: "ID.pcapng" -> "ID.json". */
static bool sidecar_of(const char *path, char to[EXPLAIN_PATH])
{
	size_t length = strlen(path), end = strlen(".pcapng");

	if (length <= end || length >= EXPLAIN_PATH || strcmp(path + length - end, ".pcapng"))
		return false;
	memcpy(to, path, length - end);
	strcpy(to + length - end, ".json");
	return !access(to, R_OK) && is_json(to);
}

static bool is_volume(const json_t *recorded)
{
	const char *channel =
		json_string_value(json_object_get(json_object_get(recorded, "exfil"), "channel"));

	return channel && strcmp(channel, "icmp");
}

/* The derivation that packets of the snapshot, or with totals its comments, give; NULL: none. */
static json_t *derive_again(const struct explain_settings *settings, const char *path,
			    const json_t *recorded, bool told_totals)
{
	bool at_end = json_is_true(json_object_get(recorded, "at_end"));
	const char *id = json_string_value(json_object_get(recorded, "finding_id"));
	const char *time = json_string_value(json_object_get(recorded, "timestamp"));
	struct explain_set again = { 0 };
	const struct explain_entry *entry = NULL;
	char until[TIME_TEXT];
	uint64_t judged_ns;
	json_t *derivation = NULL;

	/* Later judgements know more than was known then. */
	if (!at_end && time && !time_parse(&judged_ns, time))
		again.until = time_format(until, judged_ns + CLOCK_SLACK_NS);
	if (replay(&again, settings, path, told_totals, 0) < 0 &&
	    !explain_set_match(&again, id, &entry))
		entry = explain_set_twin(&again, recorded);
	if (entry && entry->derived)
		derivation = json_incref(json_object_get(entry->derived, "derivation"));
	explain_set_fini(&again);
	return derivation;
}

static int read_snapshot(struct explain_set *set, const struct explain_settings *settings,
			 const char *path, const char *sidecar)
{
	json_t *recorded = json_load_file(sidecar, JSON_DISABLE_EOF_CHECK, NULL), *derivation;

	if (!json_string_value(json_object_get(recorded, "finding_id"))) {
		log_error("%s: is no finding: the vault's files come in pairs", sidecar);
		json_decref(recorded);
		return EXIT_USAGE;
	}
	derivation = derive_again(settings, path, recorded, false);
	if (!derivation && is_volume(recorded))
		derivation = derive_again(settings, path, recorded, true);
	if (derivation)
		json_object_set_new(recorded, "derivation", derivation);
	explain_set_put(set, recorded);
	json_decref(recorded);
	return -1;
}

int explain_from_file(struct explain_set *set, const struct explain_settings *settings,
		      const char *path, bool *replayed)
{
	char sidecar[EXPLAIN_PATH];

	*replayed = false;
	if (is_json(path))
		return read_lines(set, path);
	*replayed = sidecar_of(path, sidecar);
	if (*replayed)
		return read_snapshot(set, settings, path, sidecar);
	return replay(set, settings, path, false, settings->min_score);
}

typedef int ask_fn(struct client *client, uint64_t next, struct control_answer *out);

static int read_all(struct explain_set *set, struct client *client, ask_fn *ask)
{
	uint64_t next = 0;

	for (;;) {
		struct control_answer answer;
		int err = ask(client, next, &answer);

		if (err)
			return err;
		next = answer.next;
		if (!answer.length)
			return 0;
		explain_set_add(set, answer.bytes, answer.length);
		free(answer.bytes);
	}
}

/* Findings first: how scores came about is remembered apart, for fewer of them. */
int explain_from_agent(struct explain_set *set, const char *socket)
{
	struct client client = { socket, AGENT_TIMEOUT_MS, 0 };
	int err = read_all(set, &client, client_findings);

	if (!err)
		err = read_all(set, &client, client_derivations);
	if (err == -EOPNOTSUPP)
		err = 0; /* an older agent: its findings are told without */
	return err;
}

#endif
