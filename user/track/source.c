// SPDX-License-Identifier: BSD-2-Clause
/* Decides what each outcome means for a source, by class of protocol. */
#include <string.h>
#include "track/source.h"

#define TCP_FLAGS (SKUA_FIN | SKUA_SYN | SKUA_RST | SKUA_ACK)

bool source_is_listed(enum source_class class)
{
	return class != SOURCE_TCP && class != SOURCE_UDP;
}

uint32_t source_failures(const struct tracked_source *source)
{
	if (source_is_listed(source->key.class))
		return source->slow.horizon[HORIZONS - 1].tried.known;
	return source->horizons.horizon[HORIZONS - 1].failures.known;
}

static bool is_bare_syn(uint8_t flags)
{
	return (flags & TCP_FLAGS) == SKUA_SYN;
}

enum source_class source_class_of(uint8_t proto, uint8_t flags, enum skua_outcome outcome)
{
	switch (proto) {
	case SKUA_TCP:
		return is_bare_syn(flags) && outcome != SKUA_ODD ? SOURCE_TCP : SOURCE_PROBE;
	case SKUA_UDP:
		return SOURCE_UDP;
	case SKUA_ICMP:
	case SKUA_ICMPV6:
		return SOURCE_ICMP;
	}
	return SOURCE_CLASSES;
}

/*
 * A browser prefers IPv6 and falls back within 300 ms (RFC 8305).  Where IPv6
 * is configured but broken, every page is a handful of silent failures from
 * an address that never succeeds; so silence of the web over IPv6 says little.
 */
static enum horizon_weight weigh_syn(const struct attempt *attempt)
{
	bool web = attempt->port == 80 || attempt->port == 443;
	bool silent = attempt->outcome == SKUA_UNANSWERED || attempt->outcome == SKUA_UNREACHABLE;

	if (web && silent && !address_is_ipv4(&attempt->target))
		return HORIZON_RELUCTANT;
	return HORIZON_COUNTED;
}

static void take_syn(struct tracked_source *source, const struct attempt *attempt)
{
	switch (attempt->outcome) {
	case SKUA_ANSWERED:
		horizons_succeeded(&source->horizons, attempt);
		empties_answered(&source->empties, attempt);
		break;
	case SKUA_EMPTY:
		if (empties_closed(&source->empties, attempt))
			horizons_withdraw(&source->horizons);
		break;
	case SKUA_REFUSED:
	case SKUA_UNREACHABLE:
	case SKUA_UNANSWERED:
	case SKUA_HALF_OPEN:
		horizons_failed(&source->horizons, attempt, weigh_syn(attempt));
	}
}

/*
 * Without a handshake only the ports tell who is the server: FINs and late
 * answers go from its port to one that was drawn.  (Linux draws from 32768 on,
 * others from 49152 on; scanners send from such a port, too.)
 */
static bool speaks_as_server(const struct attempt *attempt)
{
	uint16_t from = attempt->source_port, to = attempt->port;

	return (from < 1024 && to >= 1024) || (from < 32768 && to >= 32768);
}

/* Does nobody owe an answer there?  traceroute counts ports up from 33434. */
static bool is_one_way_port(uint16_t port)
{
	static const uint16_t ports[] = {
		67,   68,   /* DHCP */
		123,        /* NTP: half of a pool may be gone */
		137,  138,  /* NetBIOS: Windows asks every stranger for its name */
		162,        /* SNMP traps */
		443,        /* QUIC, which many networks drop; TCP follows */
		514,        /* syslog */
		1900, 5353, /* SSDP, mDNS */
		2055, 4739, 6343, 9995, 9996, /* NetFlow, IPFIX, sFlow */
		8125,                         /* statsd */
	};

	for (unsigned i = 0; i < sizeof(ports) / sizeof(ports[0]); i++)
		if (ports[i] == port)
			return true;
	return port >= 33434 && port < 33434 + 256;
}

static void take_udp(struct tracked_source *source, const struct attempt *attempt,
		     uint8_t icmp_code)
{
	/* RFC 792 and RFC 4443: the code of "port unreachable", which only the target says. */
	uint8_t refused = address_is_ipv4(&attempt->target) ? 3 : 4;

	if (attempt->outcome == SKUA_ANSWERED)
		horizons_succeeded(&source->horizons, attempt);
	else if (is_one_way_port(attempt->port) || is_one_way_port(attempt->source_port) ||
		 speaks_as_server(attempt))
		return;
	else if (attempt->outcome == SKUA_UNREACHABLE && icmp_code == refused)
		horizons_failed(&source->horizons, attempt, HORIZON_COUNTED);
	else if (attempt->outcome == SKUA_UNANSWERED)
		horizons_failed(&source->horizons, attempt, HORIZON_NOTED);
}

void source_ask(struct tracked_source *source, const struct attempt *attempt, uint8_t flags)
{
	slow_add(&source->slow, attempt, flags, recent_add(&source->recent, attempt, flags));
}

void source_answer(struct tracked_source *source, uint32_t target)
{
	if (recent_answer(&source->recent, target))
		slow_answer(&source->slow, target);
}

static void take_probe(struct tracked_source *source, const struct attempt *attempt, uint8_t flags)
{
	bool stray = attempt->outcome == SKUA_REFUSED || attempt->outcome == SKUA_UNANSWERED ||
		     attempt->outcome == SKUA_UNREACHABLE;

	if (attempt->outcome == SKUA_ODD || (stray && !speaks_as_server(attempt)))
		source_ask(source, attempt, flags);
}

static void take_ping(struct tracked_source *source, struct attempt *attempt)
{
	attempt->port = 0; /* it was the identifier */
	source_ask(source, attempt, 0);
}

void source_vote(struct tracked_source *source, bool inside)
{
	if (inside && source->inside < INT8_MAX)
		source->inside++;
	else if (!inside && source->inside > INT8_MIN)
		source->inside--;
}

void source_note(struct tracked_source *source, struct attempt *attempt, uint8_t flags,
		 uint8_t icmp_code)
{
	switch (source->key.class) {
	case SOURCE_TCP:
		take_syn(source, attempt);
		break;
	case SOURCE_PROBE:
		take_probe(source, attempt, flags);
		break;
	case SOURCE_UDP:
		take_udp(source, attempt, icmp_code);
		break;
	default:
		take_ping(source, attempt);
	}
}

void source_note_overflow(struct tracked_source *source, const struct skua_source_event *event)
{
	struct overflow *overflow = &source->overflow;
	uint64_t sketch[SKUA_SKETCH_WORDS];
	uint32_t contacts;

	memcpy(sketch, event->sketch, sizeof(sketch));
	contacts = distinct_estimate(sketch, SKUA_SKETCH_WORDS);
	if (!overflow->window_ns || event->window_ns > overflow->window_ns + OVERFLOW_ROW_NS)
		*overflow = (struct overflow){ .first_ns = event->window_ns };
	overflow->window_ns = event->window_ns;
	if (contacts >= overflow->contacts) {
		overflow->contacts = contacts;
		overflow->attempts = event->attempts;
	}
}
