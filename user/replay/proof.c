// SPDX-License-Identifier: BSD-2-Clause
/* Compares what the replay of a snapshot finds with what was found. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/log.h"
#include "base/time_text.h"
#include "replay/proof.h"
#include "replay/proof_replay.h"
#include "replay/told_totals.h"

#define CLOCK_SLACK_NS 1000000000ull /* the kernel's coarse clock, and ticks of a second */

/* Later judgements know more than was known then: an attempt has timed out since. */
static bool is_later(const char *line, const struct proof_claim *claim)
{
	char until[TIME_TEXT];
	const char *at = strstr(line, "\"timestamp\":\"");

	time_format(until, claim->judged_ns + CLOCK_SLACK_NS);
	return !claim->at_end && at &&
	       strncmp(at + strlen("\"timestamp\":\""), until, TIME_TEXT - 1) > 0;
}

/* The same beacon, told by its server. */
static bool is_twin(const char *line, const struct proof_claim *claim)
{
	char src[ADDRESS_TEXT + 16], name[FINDING_NAME + 16];
	const char *numbers = strstr(line, "\"beacon\":{");

	snprintf(src, sizeof(src), "\"src_ip\":\"%s\"", claim->src);
	snprintf(name, sizeof(name), "\"name\":\"%s\"", claim->name);
	return claim->name[0] && numbers && strstr(line, src) && strstr(numbers, name);
}

/* Our own output: one finding on each line, its id before its score. */
static bool line_shows(const char *line, const struct proof_claim *claim, double *score)
{
	char wanted[FINDING_ID + 24];
	const char *at;

	snprintf(wanted, sizeof(wanted), "\"finding_id\":\"%s\"", claim->id);
	at = strstr(line, wanted);
	if (!at && is_twin(line, claim))
		at = line;
	at = at ? strstr(at, "\"score_raw\":") : NULL;
	if (!at || is_later(line, claim))
		return false;
	/* Echoes have the same id, and are judged by what each of them carries: not by totals. */
	if (claim->by == PROOF_BY_VOLUME && strstr(line, "\"channel\":\"icmp\""))
		return false;
	*score = strtod(at + strlen("\"score_raw\":"), NULL);
	return true;
}

/* What the replay said last of the finding; false: nothing. */
static bool read_score(int fd, const struct proof_claim *claim, double *score)
{
	FILE *stream = fdopen(fd, "r");
	char *line = NULL;
	size_t size = 0;
	bool found = false;

	if (!stream) {
		close(fd);
		return false;
	}
	while (getline(&line, &size, stream) > 0)
		found |= line_shows(line, claim, score);
	free(line);
	fclose(stream);
	return found;
}

/* One replay: 0 and whether it shows the finding, or -errno, which has been logged. */
static int try(const char *path, int copy, const struct proof_claim *claim,
	       const struct proof_options *options, bool told_totals, bool *shown)
{
	int out;
	pid_t pid = proof_replay_start(copy, options, told_totals, &out);
	double score;
	bool found;

	if (pid < 0) {
		log_error("%s: cannot replay it: %s", path, strerror(-pid));
		return pid;
	}
	found = read_score(out, claim, &score);
	if (!proof_replay_ended(pid)) {
		log_error("%s: its replay failed: try 'skua replay' on it", path);
		return -ECHILD;
	}
	*shown = found && fabs(score - claim->score_raw) <= PROOF_SCORE;
	return 0;
}

/* Somebody said so, or lists said so that are not at hand: packets cannot. */
static bool is_hearsay(const struct proof_claim *claim, const struct proof_options *options)
{
	const struct trigger_settings *triggers = options->triggers;

	switch (claim->by) {
	case PROOF_BY_LIST:
		return !triggers || !triggers->indicators.count;
	case PROOF_BY_FILTER:
		return !triggers || !triggers->filters.count;
	case PROOF_BY_HAND:
	case PROOF_BY_STATE:
		return true;
	default:
		return false;
	}
}

/* Of conversations without sequence numbers, is there more than what was sampled? */
static bool has_gaps(int copy, const struct proof_options *options)
{
	struct told_totals *totals;
	char path[32];
	const char *paths[] = { path };
	bool gaps;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", copy);
	if (told_totals_open(&totals, paths, 1, !options->no_tunnels))
		return false;
	gaps = told_totals_exceed(totals);
	told_totals_close(totals);
	return gaps;
}

/* Nothing shows it: must something? */
static const char *excuse(int copy, const struct proof_claim *claim,
			  const struct proof_options *options)
{
	bool excused = claim->incomplete;

	if (claim->by == PROOF_BY_VOLUME) /* totals are of all its life, it was judged by a day */
		excused |= claim->over_a_day;
	else if (claim->unsequenced && !excused)
		excused = has_gaps(copy, options);
	return excused ? "unprovable" : "failed";
}

const char *proof_of(const char *path, const struct proof_claim *claim,
		     const struct proof_options *options)
{
	const char *verdict = NULL;
	bool packets = false, totals = false;
	int copy, err;

	if (is_hearsay(claim, options))
		return "unprovable";
	copy = proof_replay_copy(path);
	if (copy < 0) {
		log_error("%s: cannot replay it: %s", path, strerror(-copy));
		return NULL;
	}
	err = try(path, copy, claim, options, false, &packets);
	if (!err && !packets && claim->by == PROOF_BY_VOLUME)
		err = try(path, copy, claim, options, true, &totals);
	if (!err)
		verdict = packets ? "packets" : totals ? "totals" : excuse(copy, claim, options);
	close(copy);
	return verdict;
}

/* What follows the name in a record that we wrote ourselves; NULL: it is not there. */
static const char *value_of(const char *json, const char *name)
{
	char wanted[40];
	const char *at;

	snprintf(wanted, sizeof(wanted), "\"%s\":", name);
	at = strstr(json, wanted);
	return at ? at + strlen(wanted) : NULL;
}

/* The same of a text: what follows its quote. */
static const char *text_of(const char *json, const char *name)
{
	const char *at = value_of(json, name);

	return at && *at == '"' ? at + 1 : NULL;
}

static bool is_true(const char *json, const char *name)
{
	const char *at = value_of(json, name);

	return at && !strncmp(at, "true", 4);
}

/* Text begins with this word in quotes. */
static bool is_word(const char *json, const char *word)
{
	size_t length = strlen(word);

	return json && *json == '"' && !strncmp(json + 1, word, length) && json[length + 1] == '"';
}

static enum proof_by parse_by(const char *json)
{
	const char *kind = value_of(json, "event_type"), *matched = value_of(json, "matched");

	if (is_word(kind, "exfil") && is_word(value_of(json, "channel"), "unusual"))
		return PROOF_BY_STATE;
	if (is_word(kind, "exfil"))
		return is_word(value_of(json, "channel"), "icmp") ? PROOF_BY_PACKETS
								  : PROOF_BY_VOLUME;
	if (!is_word(kind, "trigger"))
		return PROOF_BY_PACKETS;
	if (is_word(matched, "filter"))
		return PROOF_BY_FILTER;
	return is_word(matched, "manual") ? PROOF_BY_HAND : PROOF_BY_LIST;
}

/* Only what no writer of JSON would have to escape. */
static bool is_plain(const char *name, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)name[i]) && !strchr("-._", name[i]))
			return false;
	return length && length < FINDING_NAME;
}

static void parse_twin(const char *json, struct proof_claim *out)
{
	const char *numbers = strstr(json, "\"beacon\":{"), *src = text_of(json, "src_ip");
	const char *name = numbers ? text_of(numbers, "name") : NULL;
	size_t length = name ? strcspn(name, "\"") : 0, src_length = src ? strcspn(src, "\"") : 0;

	if (value_of(json, "dest_ip") || !is_plain(name, length) || src_length >= ADDRESS_TEXT)
		return;
	memcpy(out->name, name, length);
	memcpy(out->src, src ? src : "", src_length);
}

static int parse_claim(const char *json, struct proof_claim *out)
{
	const char *id = text_of(json, "finding_id"), *score = value_of(json, "score_raw");
	const char *time = text_of(json, "timestamp"), *lost = value_of(json, "ring_dropped");
	const char *first = text_of(json, "first_seen"), *proto = value_of(json, "proto");
	uint64_t judged_ns, first_ns;

	if (!id || !score || !time || time_parse(&judged_ns, time) || !first ||
	    time_parse(&first_ns, first) || strcspn(id, "\"") != FINDING_ID - 1)
		return -EBADMSG;
	memset(out, 0, sizeof(*out));
	memcpy(out->id, id, FINDING_ID - 1);
	out->score_raw = strtod(score, NULL);
	out->judged_ns = judged_ns;
	out->by = parse_by(json);
	out->over_a_day = judged_ns > first_ns + TIME_DAY_NS;
	out->unsequenced = !is_word(proto, "TCP");
	out->at_end = is_true(json, "at_end");
	parse_twin(json, out);
	out->incomplete = is_true(json, "truncated") || (lost && strtoull(lost, NULL, 10));
	return 0;
}

int proof_claim_read(const char *path, struct proof_claim *out)
{
	FILE *stream = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	int err;

	if (!stream)
		return -errno;
	err = getline(&line, &size, stream) > 0 ? parse_claim(line, out) : -EBADMSG;
	free(line);
	fclose(stream);
	return err;
}

static enum proof_by by_of(const struct finding *finding)
{
	if (finding->kind == FINDING_EXFIL && finding->exfil.channel == EXFIL_UNUSUAL)
		return PROOF_BY_STATE;
	if (finding->kind == FINDING_EXFIL)
		return finding->exfil.channel == EXFIL_ICMP ? PROOF_BY_PACKETS : PROOF_BY_VOLUME;
	if (finding->kind != FINDING_TRIGGER)
		return PROOF_BY_PACKETS;
	if (finding->trigger.matched == TRIGGER_FILTER)
		return PROOF_BY_FILTER;
	return finding->trigger.matched == TRIGGER_MANUAL ? PROOF_BY_HAND : PROOF_BY_LIST;
}

struct proof_claim proof_claim_of(const struct finding *finding)
{
	struct proof_claim claim = {
		.score_raw = finding->score_raw,
		.judged_ns = finding->trigger_ns,
		.at_end = finding->at_end,
		.by = by_of(finding),
		.over_a_day = finding->trigger_ns > finding->first_ns + TIME_DAY_NS,
		.unsequenced = finding->proto != SKUA_TCP,
		.incomplete = finding->snapshot.truncated || finding->snapshot.ring_dropped
	};

	memcpy(claim.id, finding->id, sizeof(claim.id));
	if (finding->kind == FINDING_BEACON && !finding->has_dst &&
	    is_plain(finding->entity, strlen(finding->entity))) {
		address_format(&finding->src, claim.src);
		memcpy(claim.name, finding->entity, strlen(finding->entity) + 1);
	}
	return claim;
}
