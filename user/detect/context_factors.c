// SPDX-License-Identifier: BSD-2-Clause
/* Rules of context that calm a score: what explains a finding without malice. */
#include <stdio.h>
#include "detect/beacon.h"
#include "detect/context.h"

#define BEACONS (1u << FINDING_BEACON)
#define SCANS (1u << FINDING_SCAN)
#define DNS_EXFILS (1u << FINDING_DNS_EXFIL)
#define PROTO_ICMP 1
#define PROTO_TCP 6
#define PROTO_UDP 17
#define PROTO_ICMPV6 58
#define NTP_PORT 123
#define NTP_BYTES 48
#define NTP_MAC_BYTES 24 /* key id and digest of authenticated NTP: at most */
#define HTTP_PORT 80
#define ALIKE_SHARE 0.9
#define CLIENTS_MIN 10 /* below, prevalence is chance */
#define POLLED_MIN 3   /* servers inside at one rhythm make a scraper */
#define PEERS_MIN 8    /* outside, at one rhythm: more servers than an implant is given */

static const struct pair_key *key_of(const struct surroundings *around)
{
	return &around->pair->key;
}

static bool is_kind(const struct surroundings *around, enum pair_kind kind)
{
	return around->pair && key_of(around)->kind == kind;
}

/* Nine tenths of the exchanges are small, answered and of one size each way; one odd is forgiven.
 */
static bool is_uniform(const struct pair *pair)
{
	return pair->weighed && pair->alike + 1.0 >= ALIKE_SHARE * pair->weighed;
}

/* Is the interval a power of two of seconds, to a ninth? */
static bool is_power_of_two(double interval_s)
{
	for (double power = 8; power <= 131072; power *= 2)
		if (interval_s > power / 1.125 && interval_s < power * 1.125)
			return true;
	return false;
}

/* 48 octets are an NTP message without extensions (RFC 5905, 7.3), a digest may follow. */
static double network_time(const struct surroundings *around, char *why, size_t size)
{
	const struct pair *pair = around->pair;

	if (!is_kind(around, PAIR_SERVER) || pair->key.proto != PROTO_UDP ||
	    pair->key.port != NTP_PORT || !is_uniform(pair) || pair->usual_out != pair->usual_in ||
	    pair->usual_out < NTP_BYTES || pair->usual_out > NTP_BYTES + NTP_MAC_BYTES ||
	    !is_power_of_two(around->finding->beacon.interval_s))
		return 1;
	snprintf(why, size, "time service: %u bytes each way at a power of two of seconds",
		 pair->usual_out);
	return 0.2;
}

static double echoed(const struct surroundings *around, char *why, size_t size)
{
	const struct pair *pair = around->pair;

	if (!is_kind(around, PAIR_SERVER) ||
	    (pair->key.proto != PROTO_ICMP && pair->key.proto != PROTO_ICMPV6) ||
	    !pair->echo.alike || pair->echo.unlike)
		return 1;
	snprintf(why, size, "ping: each reply equals its request");
	return 0.4;
}

static double keep_alive(const struct surroundings *around, char *why, size_t size)
{
	const struct pair *pair = around->pair;

	if (is_kind(around, PAIR_DOMAIN) || !around->finding->beacon.keepalive ||
	    !is_uniform(pair) || pair->tasked)
		return 1;
	snprintf(why, size, "keep-alive of one connection: about %u bytes out, %u back",
		 pair->usual_out, pair->usual_in);
	return 0.5;
}

static const char *told_name(const struct surroundings *around)
{
	if (is_kind(around, PAIR_DOMAIN) || !around->hello || !around->hello->name)
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
	const char *answered = census_answered_name(context->census, &key->server);

	if (!is_kind(around, PAIR_SERVER) || !census_has_answers(context->census, &key->client))
		return true;
	return lists_match_name(context->lists, LIST_KNOWN_SERVICES, answered) == entry;
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
		is_kind(around, PAIR_SERVER) ? &key_of(around)->server : NULL;
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

/* Tunnels of the corpus bring at least 10.9 bytes per name. */
static double short_names(const struct surroundings *around, char *why, size_t size)
{
	const struct dns_numbers *numbers = &around->finding->dns;

	if (!numbers->distinct || numbers->information_bytes >= 8 * numbers->distinct)
		return 1;
	snprintf(why, size, "less than 8 bytes of information in each name");
	return 0.5;
}

static double repeated_names(const struct surroundings *around, char *why, size_t size)
{
	const struct pair_names *names;

	if (!is_kind(around, PAIR_DOMAIN))
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

	if (finding->kind == FINDING_BEACON && !is_kind(around, PAIR_DOMAIN))
		return 1;
	entry = lists_match_name(around->context->lists, LIST_TALKATIVE_ZONES, finding->entity);
	if (!entry)
		return 1;
	snprintf(why, size, "names below %.80s carry much and mean no harm", entry);
	return 0.4;
}

/* How many servers the client polls at this rhythm, this one included. */
static unsigned servers_alike(const struct surroundings *around)
{
	return census_rhythm(around->context->census, key_of(around),
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

	if (!is_kind(around, PAIR_SERVER) || !is_inside(around, &key->client) ||
	    !is_inside(around, &key->server))
		return 1;
	servers = servers_alike(around);
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
	const struct pair_key *key = key_of(around);
	unsigned servers;

	if (!is_kind(around, PAIR_SERVER) || is_inside(around, &key->server))
		return 1;
	servers = servers_alike(around);
	if (servers < PEERS_MIN)
		return 1;
	snprintf(why, size, "keeps %u peers outside at the same rhythm", servers);
	return 0.6;
}

/* Implants call out; who calls in at a rhythm is a customer, a probe or a peer. */
static double called_in(const struct surroundings *around, char *why, size_t size)
{
	const struct pair_key *key = key_of(around);

	if (!is_kind(around, PAIR_SERVER) || is_inside(around, &key->client) ||
	    !is_inside(around, &key->server))
		return 1;
	snprintf(why, size, "a client outside calls a server inside");
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

/* Routers have the first or last address of a network; their pages refresh themselves. */
static double own_router(const struct surroundings *around, char *why, size_t size)
{
	const struct pair_key *key;

	if (!is_kind(around, PAIR_SERVER))
		return 1;
	key = key_of(around);
	if (key->proto != PROTO_TCP || key->port != HTTP_PORT || !address_is_ipv4(&key->server) ||
	    !address_is_private(&key->server) ||
	    __builtin_memcmp(key->client.bytes, key->server.bytes, 15) ||
	    (key->server.bytes[15] != 1 && key->server.bytes[15] != 254))
		return 1;
	snprintf(why, size, "a page of the router of its own network");
	return 0.4;
}

const struct context_rule context_factors[] = {
	{ "network-time", BEACONS, false, network_time },
	{ "echo", BEACONS, false, echoed },
	{ "keep-alive", BEACONS, false, keep_alive },
	{ "known-service", BEACONS, false, known_service },
	{ "prevalence", BEACONS, false, prevalence },
	{ "prevalence", DNS_EXFILS, false, dns_prevalence },
	{ "short-names", DNS_EXFILS, false, short_names },
	{ "repeated-names", BEACONS, false, repeated_names },
	{ "talkative-zone", BEACONS | DNS_EXFILS, false, talkative_zone },
	{ "monitoring", BEACONS, false, polled },
	{ "monitoring", SCANS, false, probed },
	{ "peers", BEACONS, false, peers },
	{ "called-in", BEACONS, false, called_in },
	{ "own-router", BEACONS, false, own_router },
	{ NULL, 0, false, NULL },
};
