// SPDX-License-Identifier: BSD-2-Clause
/* Which entry of a list would calm which findings; measured by judging again with it. */
#ifdef HAVE_JANSSON
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/log.h"
#include "base/remedy.h"
#include "base/text.h"
#include "base/exit.h"
#include "explain/explain_text.h"
#include "report/suppression.h"
#include "explain/tune_propose.h"

#define LITTLE 0.5     /* context that leaves more than this of a score calmed it little */
#define WORTH_FROM 0.3 /* below, no list needs to help */
#define CALMED 0.01    /* a score that fell by more has been calmed */

#define SUPPRESSED_DAYS 90 /* then somebody looks again */
#define DAY_S 86400
#define SECOND_NS 1000000000ull

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

/* Of the wire, so whatever it likes; a list takes names only. */
static bool is_name(const char *text)
{
	size_t length = strlen(text);

	return length && length < FINDING_NAME && text[0] != '.' && strchr(text, '.') &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == length &&
	       !strstr(text, "..") && strspn(text, "0123456789.") < length;
}

static bool is_worth(const json_t *finding)
{
	double score = explain_number(finding, "score"), raw = explain_number(finding, "score_raw");

	/* What a rule keeps back already needs no list. */
	return score >= WORTH_FROM && score > LITTLE * raw &&
	       !json_object_get(finding, "suppressed");
}

static bool is_inside(const struct explain_settings *settings, const char *text)
{
	struct address address;

	return !address_parse(&address, text) &&
	       address_is_local(&address, settings->locals.networks, settings->locals.count);
}

static void set_entry(struct tune_entry *entry, const char *file, const char *text)
{
	entry->file = file;
	snprintf(entry->text, sizeof(entry->text), "%s", text);
}

static bool propose_port(const struct explain_settings *settings, const json_t *finding,
			 unsigned port, struct tune_entry *entry)
{
	const char *proto = text_of(finding, "proto");
	bool udp = !strcmp(proto, "UDP");

	if (!port || (!udp && strcmp(proto, "TCP")) ||
	    !is_inside(settings, text_of(finding, "src_ip")) ||
	    !is_inside(settings, text_of(finding, "dest_ip")))
		return false;
	entry->file = "monitoring-ports.txt";
	snprintf(entry->text, sizeof(entry->text), "%u/%s", port, udp ? "udp" : "tcp");
	return true;
}

/* Who says hello to a name is told by it; lookups alone are told by their domain. */
static bool propose_beacon(const struct explain_settings *settings, const json_t *finding,
			   struct tune_entry *entry)
{
	const json_t *beacon = json_object_get(finding, "beacon");
	const char *name = text_of(beacon, "name"), *entity = text_of(beacon, "entity");
	bool lookups = strstr(text_of(finding, "reason"), " lookups every ") != NULL;

	if (propose_port(settings, finding, explain_number(finding, "dest_port"), entry))
		return true;
	if (lookups && is_name(entity)) {
		set_entry(entry, "talkative-zones.txt", entity);
		return true;
	}
	if (!lookups && is_name(name)) {
		set_entry(entry, "known-services.txt", name);
		return true;
	}
	return false;
}

/* Only of one port: a rule for several is a person's to write. */
static bool propose_scan(const struct explain_settings *settings, const json_t *finding,
			 struct tune_entry *entry)
{
	const json_t *scan = json_object_get(finding, "scan");
	const json_t *ports = json_object_get(scan, "port_list");

	if (strcmp(text_of(scan, "direction"), "internal") || json_array_size(ports) != 1 ||
	    explain_number(scan, "ports") > 1 || strcmp(text_of(finding, "proto"), "TCP"))
		return false;
	(void)settings;
	entry->file = "monitoring-ports.txt";
	snprintf(entry->text, sizeof(entry->text), "%u/tcp",
		 (unsigned)json_integer_value(json_array_get(ports, 0)));
	return true;
}

/* The end of a day, for who writes a rule looks at it again some months later. */
static uint64_t suppressed_until_ns(void)
{
	uint64_t days = (uint64_t)time(NULL) / DAY_S + SUPPRESSED_DAYS;

	return days * DAY_S * SECOND_NS;
}

/* What a finding is about, as a rule for findings of it. */
static const char *build_rule(struct suppression *rule, const json_t *finding)
{
	const char *kind = text_of(finding, "event_type"), *to = text_of(finding, "dest_ip");
	const json_t *numbers = json_object_get(finding, kind);
	const char *name = text_of(numbers, "domain"), *why = suppression_set(rule, "kind", kind);

	if (!name[0])
		name = text_of(numbers, "entity");
	if (!why)
		why = suppression_set(rule, "src", text_of(finding, "src_ip"));
	if (!why && to[0])
		why = suppression_set(rule, "dst", to);
	else if (!why && is_name(name))
		why = suppression_set(rule, "name", name);
	if (to[0])
		rule->port = explain_number(finding, "dest_port");
	if (!why)
		why = suppression_set(rule, "reason", "known and harmless, said who ran skua tune");
	rule->has_until = true;
	rule->until_ns = suppressed_until_ns();
	return why ? why : suppression_complete(rule);
}

/* Where no list can help: a line that a person may put among the suppressions. */
static bool propose_suppression(const json_t *finding, struct tune_entry *entry)
{
	char line[SUPPRESSION_LINE];
	struct suppression rule = { 0 };

	if (build_rule(&rule, finding))
		return false;
	suppression_format(&rule, line);
	if (strlen(line) >= sizeof(entry->text))
		return false;
	set_entry(entry, TUNE_SUPPRESSIONS, line);
	return true;
}

static bool propose_entry(const struct explain_settings *settings, const json_t *finding,
			  struct tune_entry *entry)
{
	const char *kind = text_of(finding, "event_type");
	const char *domain = text_of(json_object_get(finding, "dns_exfil"), "domain");

	if (!strcmp(kind, "beacon") && propose_beacon(settings, finding, entry))
		return true;
	if (!strcmp(kind, "scan") && propose_scan(settings, finding, entry))
		return true;
	if (strcmp(kind, "dns_exfil") || !is_name(domain))
		return propose_suppression(finding, entry);
	set_entry(entry, "talkative-zones.txt", domain);
	return true;
}

static bool is_proposed(const struct tune *tune, const struct tune_entry *entry)
{
	for (unsigned i = 0; i < tune->count; i++)
		if (!strcmp(tune->proposals[i].entry.file, entry->file) &&
		    !strcmp(tune->proposals[i].entry.text, entry->text))
			return true;
	return false;
}

static void add(struct tune *tune, const struct explain_settings *settings,
		const struct explain_entry *about)
{
	struct tune_proposal proposal = { .about = about, .after = -1 };

	proposal.before = explain_number(about->last, "score");
	if (!propose_entry(settings, about->last, &proposal.entry) ||
	    is_proposed(tune, &proposal.entry))
		return;
	if (tune->count == TUNE_MAX)
		tune->left_out++;
	else
		tune->proposals[tune->count++] = proposal;
}

static int by_score(const void *a, const void *b)
{
	const struct explain_entry *x = a, *y = b;
	double p = explain_number(x->last, "score"), q = explain_number(y->last, "score");

	return p != q ? (p < q) - (p > q) : strcmp(x->id, y->id);
}

/* The score that the same finding has now; hidden ones are told as well, so gone is 0. */
static double score_in(const struct explain_set *set, const char *id)
{
	const struct explain_entry *entry;

	return explain_set_match(set, id, &entry) ? explain_number(entry->last, "score") : 0;
}

static void compare(const struct tune *tune, const struct explain_set *again,
		    struct tune_proposal *proposal)
{
	proposal->after = score_in(again, proposal->about->id);
	for (unsigned i = 0; i < tune->found.count; i++) {
		const struct explain_entry *other = &tune->found.entries[i];

		if (other != proposal->about &&
		    score_in(again, other->id) < explain_number(other->last, "score") - CALMED)
			proposal->also++;
	}
}

/* Judges all again with this entry alone. */
static int measure(struct tune *tune, struct tune_proposal *proposal,
		   const struct explain_settings *settings, const char *const *paths,
		   unsigned path_count)
{
	char folder[] = "/tmp/skua-tune-XXXXXX";
	struct explain_settings trial = *settings;
	struct explain_set again = { 0 };
	int status = EXIT_RUNTIME;

	if (!mkdtemp(folder)) {
		log_error("cannot make a folder in /tmp for trials: %s; %s", strerror(errno),
			  remedy_write(-errno));
		return EXIT_RUNTIME;
	}
	trial.lists = folder;
	if (!tune_lists_write(folder, settings->lists, &proposal->entry, 1, false))
		status = explain_replay(&again, &trial, paths, path_count, 0);
	if (status < 0)
		compare(tune, &again, proposal);
	explain_set_fini(&again);
	tune_lists_remove(folder);
	return status;
}

/* Why, for who reads the list later: names of the wire are made harmless. */
static void write_comment(struct tune_proposal *proposal)
{
	const json_t *finding = proposal->about->last;
	char reason[EXPLAIN_TEXT], time[EXPLAIN_TEXT];

	explain_word(time, finding, "last_seen");
	explain_word(reason, finding, "reason");
	snprintf(proposal->entry.comment, sizeof(proposal->entry.comment),
		 "skua tune, %.10s: %s of %s, score %.2f -> %.2f: %.200s", time,
		 text_of(finding, "event_type"), text_of(finding, "src_ip"), proposal->before,
		 proposal->after < 0 ? proposal->before : proposal->after, reason);
}

int tune_propose(struct tune *tune, const struct explain_settings *settings,
		 const char *const *paths, unsigned path_count)
{
	int status = explain_replay(&tune->found, settings, paths, path_count, 0);

	if (status >= 0)
		return status;
	qsort(tune->found.entries, tune->found.count, sizeof(tune->found.entries[0]), by_score);
	for (unsigned i = 0; i < tune->found.count; i++)
		if (is_worth(tune->found.entries[i].last))
			add(tune, settings, &tune->found.entries[i]);
	for (unsigned i = 0; i < tune->count; i++) {
		struct tune_proposal *proposal = &tune->proposals[i];

		if (strcmp(proposal->entry.file, TUNE_SUPPRESSIONS))
			status = measure(tune, proposal, settings, paths, path_count);
		if (status >= 0)
			return status;
		write_comment(proposal);
	}
	return -1;
}

void tune_fini(struct tune *tune)
{
	explain_set_fini(&tune->found);
}

#endif
