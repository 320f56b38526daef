// SPDX-License-Identifier: BSD-2-Clause
/* Moves a finding's score by what its surroundings say. */
#include <stdio.h>
#include <string.h>
#include "detect/beacon.h"
#include "detect/context.h"
#include "detect/context_origin.h"

#define PEER_PORT_MIN 1024 /* services have lower ones */
#define NOTICED_GAPS 4
#define NOTICED_UNTIL 16 /* exchanges: later, a pair with a rhythm is judged and counted then */

static void note(struct finding *finding, const struct context_rule *rule, double factor,
		 const char *why)
{
	struct finding_factor *factors = &finding->factors[finding->factor_count++];

	factors->name = rule->name;
	factors->factor = factor;
	factors->raise = rule->raise;
	snprintf(factors->why, sizeof(factors->why), "%s", why);
}

static unsigned place_of(const struct context_rule *rule)
{
	return rule - (rule->raise ? context_raises : context_factors);
}

static bool applies(const struct surroundings *around, const struct context_rule *rule,
		    const struct finding *finding)
{
	return rule->kinds >> finding->kind & 1 && finding->factor_count < FINDING_FACTORS &&
	       !(around->context->without[rule->raise] >> place_of(rule) & 1);
}

static bool leave_out(struct context *context, const struct context_rule *table, const char *name)
{
	bool found = false;

	for (const struct context_rule *rule = table; rule->name; rule++) {
		if (strcmp(rule->name, name))
			continue;
		context->without[rule->raise] |= 1ull << place_of(rule);
		found = true;
	}
	return found;
}

const char *context_leave_out(struct context *context, const char *const *names, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		bool factor = leave_out(context, context_factors, names[i]);

		if (!leave_out(context, context_raises, names[i]) && !factor)
			return names[i];
	}
	return NULL;
}

static void raise_score(const struct surroundings *around, struct finding *finding)
{
	double left = CONTEXT_RAISE_MAX;

	for (const struct context_rule *rule = context_raises; rule->name; rule++) {
		char why[sizeof(finding->factors[0].why)] = "";
		double raise;

		if (!applies(around, rule, finding) || left <= 0)
			continue;
		raise = rule->weigh(around, why, sizeof(why));
		if (raise <= 0)
			continue;
		raise = raise < left ? raise : left;
		left -= raise;
		finding->score += raise;
		note(finding, rule, raise, why);
	}
	if (finding->score > 1)
		finding->score = 1;
}

static void calm_score(const struct surroundings *around, struct finding *finding)
{
	for (const struct context_rule *rule = context_factors; rule->name; rule++) {
		char why[sizeof(finding->factors[0].why)] = "";
		double factor;

		if (!applies(around, rule, finding))
			continue;
		factor = rule->weigh(around, why, sizeof(why));
		if (factor >= 1)
			continue;
		finding->score *= factor;
		note(finding, rule, factor, why);
	}
}

static uint32_t clients_of(const struct surroundings *around)
{
	const struct census *census = around->context->census;
	const struct pair_key *key = &around->pair->key;
	uint32_t clients, of_name;

	if (key->kind != PAIR_SERVER)
		return census_clients_of_name(census, key->name_hash);
	clients = census_clients_of_server(census, &key->server);
	if (!around->hello || !around->hello->name)
		return clients;
	of_name = census_clients_of_name(census, around->hello->name);
	return clients > of_name ? clients : of_name;
}

static void introduce(const struct surroundings *around, struct finding *finding)
{
	const struct census *census = around->context->census;
	const struct pair_key *key = &around->pair->key;
	struct beacon_numbers *numbers = &finding->beacon;
	const char *name = key->kind == PAIR_SERVER ? census_name_of(census, &key->server)
						    : census_text(census, key->name_hash);

	if (around->hello && around->hello->name)
		name = census_text(census, around->hello->name);
	snprintf(numbers->name, sizeof(numbers->name), "%s", name);
	if (around->hello)
		memcpy(numbers->ja4, around->hello->ja4, sizeof(numbers->ja4));
	numbers->clients = clients_of(around);
	numbers->clients_seen = census_clients(census);
	context_entities(around->context, key, finding);
}

void context_entities(const struct context *context, const struct pair_key *key,
		      struct finding *finding)
{
	const char *name = "";

	beacon_entities(key, finding);
	if (key->kind != PAIR_SERVER)
		name = census_text(context->census, key->name_hash);
	snprintf(finding->entity, sizeof(finding->entity), "%s", name);
}

void context_apply(const struct context *context, const struct subject *subject,
		   struct finding *finding)
{
	struct surroundings around = { context, subject, finding, NULL, NULL };

	if (subject->kind == SUBJECT_PAIR) {
		around.pair = subject->pair;
		around.hello = census_hello_of(context->census, &around.pair->key);
		introduce(&around, finding);
	}
	if (finding->kind == FINDING_EXFIL)
		snprintf(finding->exfil.name, sizeof(finding->exfil.name), "%s",
			 census_name_of(context->census, &finding->dst));
	context_origin(&around, finding);
	finding->factor_count = 0;
	finding->score = finding->score_raw;
	raise_score(&around, finding);
	calm_score(&around, finding);
}

/* The bin around which three quarters of the gaps lie, one to either side; GAP_BINS: none. */
static unsigned steady_bin(const struct pair *pair)
{
	unsigned gaps = 0, best = 0, most = 0;

	for (unsigned i = 0; i < GAP_BINS; i++)
		gaps += pair->gaps[i];
	for (unsigned i = 1; i + 1 < GAP_BINS; i++) {
		unsigned near = pair->gaps[i - 1] + pair->gaps[i] + pair->gaps[i + 1];

		if (near < most || (near == most && pair->gaps[i] <= pair->gaps[best]))
			continue;
		most = near;
		best = i;
	}
	return gaps >= NOTICED_GAPS && 4 * most >= 3 * gaps ? best : GAP_BINS;
}

enum census_ring context_ring(const struct context *context, const struct pair *pair)
{
	const struct pair_key *key = &pair->key;
	const struct census_hello *hello = census_hello_of(context->census, key);

	if (key->kind != PAIR_SERVER)
		return CENSUS_NO_RING;
	if (census_is_inside(context->census, &key->server))
		return census_is_inside(context->census, &key->client) ? CENSUS_INSIDE
								       : CENSUS_NO_RING;
	if (key->port < PEER_PORT_MIN || (hello && hello->name) ||
	    census_is_named(context->census, &key->server))
		return CENSUS_NO_RING;
	return CENSUS_PEERS;
}

void context_notice(const struct context *context, const struct pair *pair, uint64_t now_ns)
{
	enum census_ring ring = context_ring(context, pair);
	unsigned bin;

	census_keep_hello(context->census, &pair->key, now_ns);
	if (ring == CENSUS_NO_RING || pair->exchanges > NOTICED_UNTIL)
		return;
	bin = steady_bin(pair);
	if (bin < GAP_BINS)
		census_rhythm(context->census, ring, &pair->key, bin, now_ns);
}
