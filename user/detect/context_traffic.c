// SPDX-License-Identifier: BSD-2-Clause
/* Rules of context that calm a beacon by what its exchanges carry. */
#include <stdio.h>
#include "detect/context_rules.h"

#define PROTO_ICMP 1
#define PROTO_TCP 6
#define PROTO_UDP 17
#define PROTO_ICMPV6 58
#define NTP_PORT 123
#define NTP_BYTES 48
#define NTP_MAC_BYTES 24 /* key id and digest of authenticated NTP: at most */
#define ALIKE_SHARE 0.9
#define BARE_BYTES 32 /* less than the headers of any poll by HTTP */
#define BARE_SHARE 0.75
#define TASKED_MIN 2    /* orders: one may be chance */
#define TASKED_PART 400 /* of the exchanges: ten orders in a day of polls each 20 s are more */
/* Two raises lift a perfect rhythm to 1: less than half of that is no finding. */
#define KEEP_ALIVE_FACTOR 0.45
#define BULK_BYTES 65536
#define BULK_RATIO 16 /* of what is fetched, what is asked for */
#define MOMENTS_MIN 5 /* sizes known: seven exchanges leave one open, and one may be cut */

bool context_is_kind(const struct surroundings *around, enum pair_kind kind)
{
	return around->pair && around->pair->key.kind == kind;
}

bool context_server(const struct surroundings *around, struct context_end *out)
{
	const struct pair_key *key = &around->pair->key;
	const struct census_hello *hello = around->hello;

	if (key->kind == PAIR_SERVER)
		*out = (struct context_end){ key->server, key->port, key->proto };
	else if (key->kind == PAIR_NAME && hello)
		*out = (struct context_end){ hello->server, hello->port, hello->proto };
	else
		return false;
	return true;
}

/* Nine tenths of the exchanges are small, answered and of one size each way; one odd is forgiven.
 */
static bool is_uniform(const struct pair *pair)
{
	return pair->weighed && pair->alike + 1.0 >= ALIKE_SHARE * pair->weighed;
}

static bool is_tasked(const struct pair *pair)
{
	return pair->tasked >= TASKED_MIN && TASKED_PART * (uint64_t)pair->tasked >= pair->weighed;
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
double context_network_time(const struct surroundings *around, char *why, size_t size)
{
	const struct pair *pair = around->pair;

	if (!context_is_kind(around, PAIR_SERVER) || pair->key.proto != PROTO_UDP ||
	    pair->key.port != NTP_PORT || !is_uniform(pair) || pair->usual_out != pair->usual_in ||
	    pair->usual_out < NTP_BYTES || pair->usual_out > NTP_BYTES + NTP_MAC_BYTES ||
	    !is_power_of_two(around->finding->beacon.interval_s))
		return 1;
	snprintf(why, size, "time service: %u bytes each way at a power of two of seconds",
		 pair->usual_out);
	return 0.2;
}

double context_echoed(const struct surroundings *around, char *why, size_t size)
{
	const struct pair *pair = around->pair;

	if (!context_is_kind(around, PAIR_SERVER) ||
	    (pair->key.proto != PROTO_ICMP && pair->key.proto != PROTO_ICMPV6) ||
	    !pair->echo.alike || pair->echo.unlike)
		return 1;
	snprintf(why, size, "ping: each reply equals its request");
	return 0.4;
}

/*
 * What carries next to nothing cannot be an implant's poll with its headers:
 * pings of WebSocket, HTTP/2, brokers and peers, inside connections that last.
 * Some are mixed with other messages.  Limit: an implant whose polls are as
 * bare is calmed until it is given orders.
 */
static bool is_bare(const struct pair *pair)
{
	return pair->weighed && pair->usual_out <= BARE_BYTES && pair->usual_in <= BARE_BYTES &&
	       pair->alike + 1.0 >= BARE_SHARE * pair->weighed;
}

/* Each connection's first exchange is not weighed, nor is one that is not over: so if nearly all
 * are, connections are few. */
static bool stays_connected(const struct surroundings *around)
{
	const struct pair *pair = around->pair;

	if (around->finding->beacon.keepalive)
		return true;
	return (pair->key.proto == PROTO_TCP || context_is_kind(around, PAIR_NAME)) &&
	       8 * (pair->weighed + 2.0) >= 7.0 * pair->exchanges;
}

double context_keep_alive(const struct surroundings *around, char *why, size_t size)
{
	const struct pair *pair = around->pair;

	if (context_is_kind(around, PAIR_DOMAIN) || !stays_connected(around) ||
	    (!is_uniform(pair) && !is_bare(pair)) || is_tasked(pair))
		return 1;
	snprintf(why, size, "keep-alive inside connections: about %u bytes out, %u back",
		 pair->usual_out, pair->usual_in);
	return KEEP_ALIVE_FACTOR;
}

/* Counts the last exchanges whose sizes are known, and those of them that match. */
static unsigned count_moments(const struct pair *pair, bool (*match)(const struct pair_moment *),
			      unsigned *known)
{
	const struct pair_moment *moment;
	unsigned matching = 0;

	*known = 0;
	for (unsigned i = 0; (moment = pair_moment(pair, i)); i++) {
		if (moment->out == PAIR_SIZE_UNKNOWN)
			continue;
		++*known;
		matching += match(moment);
	}
	return matching;
}

static bool is_download(const struct pair_moment *moment)
{
	return moment->in >= BULK_BYTES && moment->in / BULK_RATIO >= moment->out;
}

/*
 * Videos, music and mirrors are fetched piece by piece.  An implant is given
 * an order or a file now and then, not 64 kB at each callback.
 */
double context_bulk_download(const struct surroundings *around, char *why, size_t size)
{
	unsigned known, large;

	if (context_is_kind(around, PAIR_DOMAIN))
		return 1;
	large = count_moments(around->pair, is_download, &known);
	if (known < MOMENTS_MIN || 4 * large < 3 * known)
		return 1;
	snprintf(why, size, "%u of the last %u exchanges fetched 64 kB or more", large, known);
	return 0.4;
}

static bool is_empty(const struct pair_moment *moment)
{
	return !moment->out && !moment->in;
}

/* A connection that is opened and closed unused asks whether a service lives, no more.  Who is not
 * answered at all is another matter: a dead server is called on and on. */
double context_nothing_carried(const struct surroundings *around, char *why, size_t size)
{
	const struct pair *pair = around->pair;
	const struct census *census = around->context->census;
	unsigned known;

	if (!context_is_kind(around, PAIR_SERVER) || pair->key.proto != PROTO_TCP ||
	    !census_is_inside(census, &pair->key.client) ||
	    !census_is_inside(census, &pair->key.server) || 8ull * pair->failed > pair->exchanges)
		return 1;
	if (count_moments(pair, is_empty, &known) < known || known < MOMENTS_MIN)
		return 1;
	snprintf(why, size, "opened and closed unused each time, inside");
	return 0.4;
}
