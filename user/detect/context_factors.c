// SPDX-License-Identifier: BSD-2-Clause
/* Rules of context that calm a score: what explains a finding without malice. */
#include <stdio.h>
#include <strings.h>
#include "detect/beacon.h"
#include "detect/context_origin.h"
#include "detect/context_rules.h"

#define BEACONS (1u << FINDING_BEACON)
#define SCANS (1u << FINDING_SCAN)
#define DNS_EXFILS (1u << FINDING_DNS_EXFIL)
#define CLIENTS_MIN 10 /* below, prevalence is chance */
#define ASKERS_MIN 3   /* clients make a resolver that asks for others */
#define POLLED_MIN 3   /* servers inside at one rhythm make a scraper */
#define PEERS_MIN 8    /* outside, at one rhythm: more servers than an implant is given */

static const struct pair_key *key_of(const struct surroundings *around)
{
	return &around->pair->key;
}

static const char *told_name(const struct surroundings *around)
{
	if (context_is_kind(around, PAIR_DOMAIN) || !around->hello || !around->hello->name)
		return "";
	return census_text(around->context->census, around->hello->name);
}

/*
 * Any implant can say hello to a name on the list.  Where the client's DNS is
 * seen, it must have given the server's address a name of the same entry.
 */
static bool is_vouched_for(const struct surroundings *around, const char *entry)
{
	const struct context *context = around->context;
	const struct pair_key *key = &around->pair->key;

	if (!context_is_kind(around, PAIR_SERVER) ||
	    !census_has_answers(context->census, &key->client))
		return true;
	for (unsigned i = 0; i < CENSUS_ANSWERED; i++) {
		const char *answered = census_answered_name(context->census, &key->server, i);

		if (lists_match_name(context->lists, LIST_KNOWN_SERVICES, answered) == entry)
			return true;
	}
	return false;
}

static double known_service(const struct surroundings *around, char *why, size_t size)
{
	const char *entry =
		lists_match_name(around->context->lists, LIST_KNOWN_SERVICES, told_name(around));

	if (!entry || !is_vouched_for(around, entry))
		return 1;
	snprintf(why, size, "%.80s is a known connectivity check or update service", entry);
	return 0.2;
}

/* What is told of a fleet counts where more clients were looked at than here. */
static bool ask_fleet(const struct surroundings *around, const struct address *server,
		      const char *name, struct prevalence_count *count)
{
	const struct prevalence *told = around->context->prevalence;
	struct prevalence_count fleet;

	if (!told || (!prevalence_of_name(told, name, &fleet) &&
		      (!server || !prevalence_of_address(told, server, &fleet))))
		return false;
	if (fleet.seen <= count->seen)
		return false;
	*count = fleet;
	return true;
}

static double prevalence(const struct surroundings *around, char *why, size_t size)
{
	const struct beacon_numbers *numbers = &around->finding->beacon;
	struct prevalence_count count = { numbers->clients, numbers->clients_seen };
	const struct address *server =
		context_is_kind(around, PAIR_SERVER) ? &key_of(around)->server : NULL;
	bool fleet = ask_fleet(around, server, numbers->name, &count);
	double share;

	if (count.seen < CLIENTS_MIN || !count.clients)
		return 1;
	share = (count.clients - 1.0) / (count.seen - 1.0);
	share = (share - 0.02) / 0.48;
	share = share < 0 ? 0 : share > 1 ? 1 : share;
	snprintf(why, size, "%u of %u clients%s talk to it", count.clients, count.seen,
		 fleet ? " of the fleet" : "");
	return 1 - 0.5 * share;
}

static double dns_prevalence(const struct surroundings *around, char *why, size_t size)
{
	const struct census *census = around->context->census;
	const char *name = around->finding->entity;
	struct prevalence_count count = { .seen = census_clients(census) };
	bool fleet;

	count.clients = census_clients_of_name(census, name_hash(name));
	fleet = ask_fleet(around, NULL, name, &count);
	if (count.seen < CLIENTS_MIN || count.clients < 0.3 * count.seen)
		return 1;
	snprintf(why, size, "%u of %u clients%s look up names below it", count.clients, count.seen,
		 fleet ? " of the fleet" : "");
	return 0.6;
}

static double repeated_names(const struct surroundings *around, char *why, size_t size)
{
	const struct pair_names *names;

	if (!context_is_kind(around, PAIR_DOMAIN))
		return 1;
	names = &around->pair->names;
	/* The first name is always new, and says nothing. */
	if (10 * (uint64_t)names->fresh >= names->asked + 10ull ||
	    2 * (uint64_t)names->odd >= names->asked)
		return 1;
	snprintf(why, size, "%u lookups, %u of them for new names: nothing is carried",
		 names->asked, names->fresh);
	return 0.3;
}

static double talkative_zone(const struct surroundings *around, char *why, size_t size)
{
	const struct finding *finding = around->finding;
	const char *entry;

	if (finding->kind == FINDING_BEACON && !context_is_kind(around, PAIR_DOMAIN))
		return 1;
	entry = lists_match_name(around->context->lists, LIST_TALKATIVE_ZONES, finding->entity);
	if (!entry)
		return 1;
	snprintf(why, size, "names below %.80s carry much and mean no harm", entry);
	return 0.4;
}

/* How many servers of the ring the client polls at this rhythm, this one included. */
static unsigned servers_alike(const struct surroundings *around, enum census_ring ring)
{
	return census_rhythm(around->context->census, ring, key_of(around),
			     gap_bin(around->finding->beacon.interval_s * 1e9),
			     around->subject->now_ns);
}

static bool is_inside(const struct surroundings *around, const struct address *address)
{
	return census_is_inside(around->context->census, address);
}

static double polled(const struct surroundings *around, char *why, size_t size)
{
	const struct pair_key *key = key_of(around);
	unsigned servers;

	if (context_ring(around->context, around->pair) != CENSUS_INSIDE)
		return 1;
	servers = servers_alike(around, CENSUS_INSIDE);
	if (lists_has_port(around->context->lists, LIST_MONITORING_PORTS, key->proto, key->port))
		snprintf(why, size, "port %u is one of monitoring, both ends are inside",
			 key->port);
	else if (servers >= POLLED_MIN)
		snprintf(why, size, "polls %u servers inside at the same rhythm", servers);
	else
		return 1;
	return 0.4;
}

static double peers(const struct surroundings *around, char *why, size_t size)
{
	unsigned servers;

	if (context_ring(around->context, around->pair) != CENSUS_PEERS)
		return 1;
	servers = servers_alike(around, CENSUS_PEERS);
	if (servers < PEERS_MIN)
		return 1;
	snprintf(why, size, "keeps %u peers outside at the same rhythm", servers);
	return 0.6;
}

/*
 * Implants call out; who calls in at a rhythm is a customer, a probe or a peer,
 * such as a service that watches whether a site is up.  Limit: an implant that
 * waits to be called, as a web shell does, is calmed as well.
 */
static double called_in(const struct surroundings *around, char *why, size_t size)
{
	struct context_end server;

	if (!context_server(around, &server) || is_inside(around, &key_of(around)->client) ||
	    !is_inside(around, &server.address))
		return 1;
	snprintf(why, size, "a client outside calls a server inside");
	return 0.45;
}

/*
 * Databases, brokers, logs and what runs containers are polled by design, and
 * one client polls one server.  Limit: an implant that is steered from inside
 * over such a port is calmed too; over other ports it is not.
 */
static double served(const struct surroundings *around, char *why, size_t size)
{
	struct context_end server;

	if (!context_server(around, &server) || !is_inside(around, &key_of(around)->client) ||
	    !is_inside(around, &server.address) ||
	    !lists_has_port(around->context->lists, LIST_SERVICE_PORTS, server.proto, server.port))
		return 1;
	snprintf(why, size, "port %u is one of services that are polled by design, inside",
		 server.port);
	return 0.4;
}

static bool is_answered(const struct census *census, const struct address *server, const char *told)
{
	for (unsigned i = 0; i < CENSUS_ANSWERED; i++)
		if (!strcasecmp(told, census_answered_name(census, server, i)))
			return true;
	return false;
}

/*
 * Mail, chat, brokers and push services have ports of their own, and clients
 * that ask at a rhythm.  An implant may use such a port, with a certificate and
 * a name of its own: so this is mild, and never hides what is plain.  The TLS
 * must be told the name that DNS gave the address.
 */
static double own_port(const struct surroundings *around, char *why, size_t size)
{
	static const uint16_t ports[] = { 993, 995, 5222, 5223, 5228, 8883 };
	const char *told = told_name(around);
	struct context_end server;

	if (!told[0] || !around->hello->tls || !context_server(around, &server) ||
	    !is_answered(around->context->census, &server.address, told))
		return 1;
	for (unsigned i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		if (ports[i] != server.port)
			continue;
		snprintf(why, size, "TLS to the name that DNS gave, on port %u of mail or push",
			 server.port);
		return 0.7;
	}
	return 1;
}

/* A resolver asks for others, so the rhythm is made of many; who asked is judged by himself. */
static double on_behalf(const struct surroundings *around, char *why, size_t size)
{
	const struct census *census = around->context->census;
	uint32_t askers;

	if (!context_is_kind(around, PAIR_DOMAIN) ||
	    !census_is_resolver(census, &key_of(around)->client))
		return 1;
	askers = census_clients_of_server(census, &key_of(around)->client);
	if (askers < ASKERS_MIN)
		return 1;
	snprintf(why, size, "a resolver, which asks for %u clients", askers);
	return 0.6;
}

static double probed(const struct surroundings *around, char *why, size_t size)
{
	const struct scan_numbers *numbers = &around->finding->scan;

	if (numbers->direction != SCAN_INTERNAL || !numbers->port_count ||
	    numbers->ports > numbers->port_count)
		return 1;
	for (unsigned i = 0; i < numbers->port_count; i++)
		if (!lists_has_port(around->context->lists, LIST_MONITORING_PORTS,
				    around->finding->proto, numbers->port_list[i]))
			return 1;
	snprintf(why, size, "tries only ports of monitoring, inside");
	return 0.4;
}

const struct context_rule context_factors[] = {
	{ "network-time", BEACONS, false, context_network_time },
	{ "echo", BEACONS, false, context_echoed },
	{ "keep-alive", BEACONS, false, context_keep_alive },
	{ "bulk-download", BEACONS, false, context_bulk_download },
	{ "nothing-carried", BEACONS, false, context_nothing_carried },
	{ "known-service", BEACONS, false, known_service },
	{ "known-unit", BEACONS, false, context_known_unit },
	{ "prevalence", BEACONS, false, prevalence },
	{ "prevalence", DNS_EXFILS, false, dns_prevalence },
	{ "repeated-names", BEACONS, false, repeated_names },
	{ "talkative-zone", BEACONS | DNS_EXFILS, false, talkative_zone },
	{ "monitoring", BEACONS, false, polled },
	{ "monitoring", SCANS, false, probed },
	{ "service-port", BEACONS, false, served },
	{ "own-port", BEACONS, false, own_port },
	{ "on-behalf", BEACONS, false, on_behalf },
	{ "peers", BEACONS, false, peers },
	{ "called-in", BEACONS, false, called_in },
	{ NULL, 0, false, NULL },
};
