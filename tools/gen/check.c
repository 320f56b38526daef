// SPDX-License-Identifier: BSD-2-Clause
/* Whether an actor's options are complete and go together. */
#include <errno.h>
#include <string.h>
#include "check.h"

#define MOST_DATAGRAM 60000 /* of payload, below what IP can carry */
#define MOST_HOSTS 100000   /* each is a habit in memory */
#define MOST_RETRIES 10     /* more than any scanner, and a bound on what waits in memory */
#define MOST_SOURCE_PORTS 10000
#define MOST_DOMAIN 100 /* of a tunnel: leaves room for what it carries */

static bool needs(const struct actor *actor, const char *what)
{
	const char *list = actor->kind->required;
	size_t length = strlen(what);

	while (*list) {
		size_t n = strcspn(list, " ");

		if (n == length && !memcmp(list, what, n))
			return true;
		list += n + (list[n] == ' ');
	}
	return false;
}

static const char *find_missing(const struct actor *actor)
{
	const struct spec *spec = &actor->spec;

	if (needs(actor, "from") && !spec->from.used)
		return "from is missing; add it, or a line \"hosts ...\" above";
	if (needs(actor, "to") && !spec->to.used)
		return "to is missing; add where it goes";
	if (needs(actor, "via") && !spec->via.used)
		return "via is missing; add it, or a line \"resolver ...\" above";
	if (needs(actor, "every") && !spec->every_ns)
		return "every is missing; add an interval such as \"every 300s\"";
	if (needs(actor, "domain") && !spec->name[0])
		return "domain is missing; add one such as \"domain evil.example\"";
	if (needs(actor, "server") && !spec->to.used && !spec->name[0])
		return "neither to nor name is there; add a server's address or a name";
	if (needs(actor, "port") && !spec->port)
		return "to has no port; write it behind the address, as in 203.0.113.5:443";
	if (needs(actor, "pace") && !spec->pace_ns)
		return "pace is missing; add an interval such as \"pace 5s\"";
	if (needs(actor, "sites") && !spec->sites)
		return "sites of 0 leave nobody; write at least 1";
	if (needs(actor, "ports") && !spec->ports.used)
		return "ports is missing; add some such as \"ports 1-1000\"";
	if (needs(actor, "flows") && (!spec->flows || spec->packets < 2 * spec->flows))
		return "flows and packets must be given, with at least two packets a flow";
	if (needs(actor, "bytes") && !spec->bytes)
		return "bytes is missing; add an amount such as \"bytes 80M\"";
	return NULL;
}

static bool is_domain(const char *name)
{
	while (*name) {
		size_t length = strcspn(name, ".");

		if (!length || length > 63 || (name[length] && !name[length + 1]))
			return false;
		name += length + (name[length] == '.');
	}
	return true;
}

/* Whether all of both are of one family. */
static bool agree(const struct addresses *a, const struct addresses *b)
{
	bool ipv4;

	if (!a->used || !b->used)
		return true;
	ipv4 = address_is_ipv4(&a->spans[0].first);
	for (unsigned i = 0; i < a->used; i++)
		if (address_is_ipv4(&a->spans[i].first) != ipv4)
			return false;
	for (unsigned i = 0; i < b->used; i++)
		if (address_is_ipv4(&b->spans[i].first) != ipv4)
			return false;
	return true;
}

static bool too_large(struct spread spread)
{
	return spread.middle + spread.width > MOST_DATAGRAM;
}

static unsigned most_together(const struct spec *spec)
{
	return ports_at(&spec->together, ports_count(&spec->together) - 1);
}

static const char *find_contradiction(const struct scenario *scenario, const struct actor *actor)
{
	const struct spec *spec = &actor->spec;
	bool frames = scenario->link.type == LINK_ETHERNET;
	bool datagrams = actor->kind->datagrams || spec->application == APPLICATION_UDP;
	bool arp = actor->kind->ethernet || spec->technique == TECHNIQUE_ARP;

	if (spec->together.used && (!ports_at(&spec->together, 0) || most_together(spec) > 16))
		return "together is out of range; a call has 1 to 16 connections";
	if (!agree(&spec->from, &spec->proxy))
		return "from and proxy are IPv4 and IPv6; use one family a line";
	if (spec->quic && spec->application != APPLICATION_UDP)
		return "quic needs datagrams; write udp as well";
	if (spec->proxy.used && spec->application == APPLICATION_UDP)
		return "a proxy carries no datagrams; drop proxy or udp";
	if (spec->retries > MOST_RETRIES || spec->source_ports > MOST_SOURCE_PORTS)
		return "retries or source-ports is too large; use at most 10 and 10000";
	if (spec->loss_ppm >= PPM)
		return "loss of 100 % leaves nothing; write less";
	if (!is_domain(spec->name))
		return "name is no domain name; use labels of 1 to 63 characters";
	if (needs(actor, "domain") && strlen(spec->name) > MOST_DOMAIN)
		return "domain leaves no room in 255 bytes; use at most 100 characters";
	if (!frames && (arp || spec->route.vlan || spec->route.vxlan))
		return "ARP, VLAN and VXLAN need frames; write \"linktype ethernet\" or drop it";
	if (datagrams && (too_large(spec->size) || too_large(spec->reply)))
		return "no datagram is that large; write a size of at most 60000";
	if (!agree(&spec->from, &spec->to))
		return "from and to are IPv4 and IPv6; use one family a line";
	if (needs(actor, "via") && !agree(&spec->from, &spec->via))
		return "from and via are IPv4 and IPv6; use one family a line";
	if (addresses_count(&spec->from) > MOST_HOSTS && !needs(actor, "flows"))
		return "from has too many hosts; use at most 100000";
	return NULL;
}

int actor_check(const struct scenario *scenario, struct actor *actor,
		char complaint[OPTION_COMPLAINT])
{
	struct spec *spec = &actor->spec;
	const char *reason;

	if (!spec->from.used)
		spec->from = scenario->link.hosts;
	if (!spec->via.used && needs(actor, "via"))
		spec->via = scenario->resolver;
	if (spec->rate.amount && !spec->every_ns)
		spec->every_ns = spec->rate.period_ns / spec->rate.amount;
	actor->start_ns = scenario->start_ns + spec->start_ns;
	actor->end_ns =
		scenario->start_ns + (spec->until_ns ? spec->until_ns : scenario->duration_ns);
	reason = find_missing(actor);
	if (!reason)
		reason = find_contradiction(scenario, actor);
	if (!reason)
		return 0;
	strcpy(complaint, reason);
	return -EINVAL;
}
