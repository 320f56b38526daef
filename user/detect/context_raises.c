// SPDX-License-Identifier: BSD-2-Clause
/* Rules of context that raise a score: what services that mean no harm seldom do. */
#include <stdio.h>
#include "base/text.h"
#include "detect/context.h"

#define RAISE 0.05 /* two of them reach CONTEXT_RAISE_MAX */
#define BEACONS (1u << FINDING_BEACON)
#define PROTO_TCP 6

static double tls_without_name(const struct surroundings *around, char *why, size_t size)
{
	const struct census_hello *hello = around->hello;

	if (!hello || !hello->tls || hello->name)
		return 0;
	snprintf(why, size, "its TLS never names a server");
	return RAISE;
}

static double unexpected_port(const struct surroundings *around, char *why, size_t size)
{
	const struct lists *lists = around->context->lists;
	const struct census_hello *hello = around->hello;
	uint16_t port = around->finding->dport;
	const char *spoken = NULL;

	if (!hello || around->pair->key.kind != PAIR_SERVER)
		return 0;
	if (hello->tls && !lists_has_port(lists, LIST_TLS_PORTS, PROTO_TCP, port))
		spoken = "TLS";
	else if (hello->http && !lists_has_port(lists, LIST_HTTP_PORTS, PROTO_TCP, port))
		spoken = "HTTP";
	if (!spoken)
		return 0;
	snprintf(why, size, "%s is not expected on port %u", spoken, port);
	return RAISE;
}

/* Says nothing when lookups are not visible, or may have happened before we came. */
static double unnamed_server(const struct surroundings *around, char *why, size_t size)
{
	const struct census *census = around->context->census;
	const struct pair_key *key = &around->pair->key;
	char text[ADDRESS_TEXT];

	if (key->kind != PAIR_SERVER || around->pair->midstream ||
	    census_is_named(census, &key->server) || !census_has_answers(census, &key->client))
		return 0;
	snprintf(why, size, "no DNS answer named %s", address_format(&key->server, text));
	return RAISE;
}

static double suspicious_port(const struct surroundings *around, char *why, size_t size)
{
	const struct pair_key *key = &around->pair->key;

	if (key->kind != PAIR_SERVER ||
	    !lists_has_port(around->context->lists, LIST_SUSPICIOUS_PORTS, key->proto, key->port))
		return 0;
	snprintf(why, size, "port %u is the default of attack tools", key->port);
	return RAISE;
}

static double failed_rhythm(const struct surroundings *around, char *why, size_t size)
{
	const struct pair *pair = around->pair;

	if (2 * (uint64_t)pair->failed < pair->exchanges)
		return 0;
	snprintf(why, size, "%u of %u attempts failed, and it keeps trying", pair->failed,
		 pair->exchanges);
	return RAISE;
}

/* Of a memory that had watched for a day before, so that it is new, and not we. */
static double first_seen(const struct surroundings *around, char *why, size_t size)
{
	const struct memory *memory = around->context->memory;
	const struct pair_key *key = &around->pair->key;
	const struct address *server = key->kind == PAIR_SERVER ? &key->server : NULL;
	uint64_t now_ns = around->subject->now_ns, first_ns;
	char since[TEXT_NUMBER];

	if (!memory)
		return 0;
	first_ns = memory_first_seen(memory, &key->client, server, key->name_hash);
	if (!first_ns || now_ns < first_ns || now_ns - first_ns >= MEMORY_DAY_NS)
		return 0;
	snprintf(why, size, "the client never talked to it before, until %s ago",
		 text_duration(since, (now_ns - first_ns) / 1e9));
	return RAISE;
}

const struct context_rule context_raises[] = {
	{ "tls-without-name", BEACONS, true, tls_without_name },
	{ "unexpected-port", BEACONS, true, unexpected_port },
	{ "unnamed-server", BEACONS, true, unnamed_server },
	{ "suspicious-port", BEACONS, true, suspicious_port },
	{ "failed-rhythm", BEACONS, true, failed_rhythm },
	{ "first-seen", BEACONS, true, first_seen },
	{ NULL, 0, false, NULL },
};
