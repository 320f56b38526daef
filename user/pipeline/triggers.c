// SPDX-License-Identifier: BSD-2-Clause
/* What matched an indicator or an expression, counted and made into findings. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "skua/hash.h"
#include "base/log.h"
#include "base/text.h"
#include "base/time_text.h"
#include "pipeline/ledger.h"
#include "pipeline/triggers.h"

#define SEEN_SHOWN 64 /* octets of what was seen, in the sentence */

struct met_key {
	struct address src;
	struct address dst;    /* zero where an indicator is enough */
	uint64_t indicator[2]; /* two hashes of its text */
	uint64_t port, proto;  /* likewise */
};

struct met {
	struct finding finding;
	const char *how;
	char seen[SEEN_SHOWN]; /* at first */
	uint64_t said_count;
};

static uint64_t met_worth(const void *value)
{
	return ((const struct met *)value)->finding.last_ns;
}

static int open_filter(struct file_filter **out, const char *expression)
{
	char error[FILE_ERROR_SIZE];
	int err = file_filter_open(out, expression, error);

	if (err)
		log_error("--trigger-filter '%s': %s", expression, error);
	for (unsigned link = 0; !err && link < TRIGGER_LINKS; link++)
		file_filter_prepare(*out, triggers_linktype(link));
	return err;
}

int triggers_init(struct triggers *triggers, const struct triggers_options *options)
{
	const struct table_options table = { .key_size = sizeof(struct met_key),
					     .value_size = sizeof(struct met),
					     .capacity = options->capacity,
					     .worth = met_worth };
	int err = 0;

	triggers->options = *options;
	if (options->filter_count > TRIGGER_FILTERS) {
		log_error("--trigger-filter: at most %d; join some with 'or'", TRIGGER_FILTERS);
		return -EINVAL;
	}
	for (unsigned i = 0; !err && i < options->filter_count; i++)
		err = open_filter(&triggers->filters[i], options->filters[i]);
	if (err)
		return err;
	err = table_init(&triggers->met, &table);
	if (err)
		log_error("cannot start: out of memory for the triggers");
	return err;
}

void triggers_fini(struct triggers *triggers)
{
	for (unsigned i = 0; i < TRIGGER_FILTERS; i++)
		file_filter_close(triggers->filters[i]);
	table_fini(&triggers->met);
}

static uint64_t hash_text(const char *text, uint64_t seed)
{
	uint64_t hash = seed;

	for (; *text; text++)
		hash = skua_mix(hash, (unsigned char)*text);
	return hash;
}

static bool is_name(enum trigger_match matched)
{
	return matched == TRIGGER_NAME || matched == TRIGGER_SNI;
}

static struct met_key met_key_of(const struct sighting *sighting)
{
	struct met_key key = { .src = sighting->talk.client,
			       .indicator = { hash_text(sighting->indicator, 1),
					      hash_text(sighting->indicator, 2) } };

	if (sighting->of_conversation)
		key.dst = sighting->talk.server;
	/* Who asks for a name and who goes there: two things to keep packets of. */
	if (sighting->of_conversation || is_name(sighting->matched)) {
		key.port = sighting->talk.server_port;
		key.proto = sighting->talk.proto;
	}
	return key;
}

/* Of a long path the end tells more. */
static void cite(struct trigger_numbers *numbers, const struct sighting *sighting)
{
	size_t length = strlen(sighting->source), room = sizeof(numbers->source) - 16;
	bool cut = length > room;

	snprintf(numbers->source, sizeof(numbers->source), "%s%s:%u", cut ? "..." : "",
		 sighting->source + (cut ? length - room : 0), sighting->line);
}

static void begin(struct finding *finding, const struct sighting *sighting)
{
	struct trigger_numbers *numbers = &finding->trigger;

	finding->kind = FINDING_TRIGGER;
	finding->src = sighting->talk.client;
	finding->dst = sighting->talk.server;
	finding->has_dst = true;
	finding->dport = sighting->talk.server_port;
	finding->proto = sighting->talk.proto;
	finding->ifindex = sighting->ifindex;
	finding->first_ns = sighting->first_ns;
	finding->score = finding->score_raw = TRIGGER_SCORE;
	numbers->matched = sighting->matched;
	snprintf(numbers->indicator, sizeof(numbers->indicator), "%s", sighting->indicator);
	if (sighting->source)
		cite(numbers, sighting);
	if (sighting->label)
		snprintf(numbers->label, sizeof(numbers->label), "%s", sighting->label);
	if (is_name(sighting->matched) || sighting->matched == TRIGGER_JA4)
		snprintf(numbers->seen, sizeof(numbers->seen), "%s", sighting->seen);
	if (is_name(sighting->matched))
		snprintf(finding->entity, sizeof(finding->entity), "%s", sighting->indicator);
}

/* "contact with 203.0.113.5, listed as 203.0.113.0/24 in c2.txt:7 (a botnet's), 12 times" */
static void explain(struct met *met)
{
	const struct trigger_numbers *n = &met->finding.trigger;
	char listed[160] = "", label[64] = "", times[TEXT_NUMBER];

	if (n->source[0] && strcmp(met->seen, n->indicator))
		snprintf(listed, sizeof(listed), ", listed as %.60s in %.80s", n->indicator,
			 n->source);
	else if (n->source[0])
		snprintf(listed, sizeof(listed), ", listed in %.80s", n->source);
	if (n->label[0])
		snprintf(label, sizeof(label), " (%.60s)", n->label);
	snprintf(met->finding.reason, sizeof(met->finding.reason), "%.24s %s%s%s, %s %s", met->how,
		 met->seen, listed, label, text_count(times, met->finding.count),
		 met->finding.count == 1 ? "time" : "times");
}

static void say(struct triggers *triggers, struct met *met)
{
	explain(met);
	met->said_count = met->finding.count;
	triggers->options.say(triggers->options.say_arg, &met->finding);
}

/* The ledger closes after such a silence, and on another day it gives another id. */
static bool is_another(const struct met *met, uint64_t now_ns)
{
	return now_ns > met->finding.last_ns + LEDGER_IDLE_NS &&
	       now_ns / TIME_DAY_NS != met->finding.last_ns / TIME_DAY_NS;
}

static struct met *start(struct met *met, const struct sighting *sighting)
{
	*met = (struct met){ .how = sighting->how };
	begin(&met->finding, sighting);
	snprintf(met->seen, sizeof(met->seen), "%s", sighting->seen);
	return met;
}

void triggers_meet(struct triggers *triggers, const struct sighting *sighting)
{
	struct met_key key = met_key_of(sighting);
	struct met *met = table_find(&triggers->met, &key);

	if (met && sighting->echo)
		return;
	if (!met)
		met = start(table_insert(&triggers->met, &key), sighting);
	else if (is_another(met, sighting->now_ns))
		met = start(met, sighting);
	met->finding.count++;
	met->finding.trigger_ns = sighting->now_ns;
	if (sighting->now_ns > met->finding.last_ns)
		met->finding.last_ns = sighting->now_ns;
	/* The ledger hashes at each call: what matches every packet must not cost that. */
	if (met->finding.count >= 2 * met->said_count)
		say(triggers, met);
}

void triggers_review(struct triggers *triggers)
{
	for (struct met *met = table_next(&triggers->met, NULL); met;
	     met = table_next(&triggers->met, met))
		if (met->finding.count != met->said_count)
			say(triggers, met);
}
