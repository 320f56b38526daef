// SPDX-License-Identifier: BSD-2-Clause
/* What ordinary hosts say all day: syslog, ARP, mDNS, SSDP, DNS; and the Internet's probes. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "dns.h"
#include "habit.h"
#include "kinds.h"
#include "names.h"
#include "session.h"

static int start_in_common(struct sim *sim, struct actor *actor, const char *protocol,
			   void (*act)(struct sim *, struct habit *))
{
	struct truth *truth = truth_add(&sim->truth, actor, NULL, protocol);

	return truth ? habits_start(sim, actor, PHASE_SCATTER, truth, NULL, act) : -ENOMEM;
}

static struct packet datagram(struct sim *sim, const struct habit *habit,
			      const struct address *target, uint16_t port, const void *payload,
			      uint32_t length)
{
	return (struct packet){
		.source = habit->host,
		.target = *target,
		.source_port = sim_port(sim),
		.target_port = port,
		.protocol = IPPROTO_UDP,
		.payload = payload,
		.length = length,
	};
}

static void log_line(struct sim *sim, struct habit *habit)
{
	struct address server = habit_target(habit);
	struct packet packet;
	char line[160];
	int length =
		snprintf(line, sizeof(line), "<30>1 - host-%u app %u - - request %u done in %u ms",
			 habit->host.bytes[15], 400 + habit->host.bytes[15], (unsigned)habit->step,
			 (unsigned)draw_below(&habit->draw, 900));

	packet = datagram(sim, habit, &server, 514, line, length);
	sim_send(sim, &habit->actor->spec.route, &packet);
	habit->truth->count++;
}

int syslog_start(struct sim *sim, struct actor *actor)
{
	return start_in_common(sim, actor, "udp", log_line);
}

static void ask_neighbour(struct sim *sim, struct habit *habit)
{
	const struct route *route = &habit->actor->spec.route;
	struct address target = habit_target(habit);
	uint64_t at_ns = sim->now_ns + draw_between(&habit->draw, 60000, 400000);

	sim_send_arp_at(sim, sim->now_ns, route, ARP_WHO_HAS, &habit->host, &target);
	sim_send_arp_at(sim, at_ns, route, ARP_IS_AT, &target, &habit->host);
	habit->truth->count++;
}

int arp_start(struct sim *sim, struct actor *actor)
{
	return start_in_common(sim, actor, "arp", ask_neighbour);
}

static void ask_everybody(struct sim *sim, struct habit *habit)
{
	static const char *const services[] = { "_ipp._tcp.local", "_googlecast._tcp.local",
						"_airplay._tcp.local", "_smb._tcp.local" };
	static const struct address groups[] = {
		{ .bytes = { 0xff, 2, [15] = 0xfb } },
		{ .bytes = { [10] = 255, 255, 224, 0, 0, 251 } },
	};
	uint8_t message[DNS_MESSAGE_MOST];
	struct dns query = { .type = DNS_PTR, .name = services[draw_below(&habit->draw, 4)] };
	struct packet packet =
		datagram(sim, habit, &groups[address_is_ipv4(&habit->host)], 5353, message, 0);

	packet.source_port = 5353;
	packet.hops = 255;
	packet.length = dns_write(message, &query);
	wire_put16(message + 2, 0);
	sim_send(sim, &habit->actor->spec.route, &packet);
	habit->truth->count++;
}

int mdns_start(struct sim *sim, struct actor *actor)
{
	return start_in_common(sim, actor, "udp", ask_everybody);
}

static void search(struct sim *sim, struct habit *habit)
{
	static const char text[] = "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n"
				   "MAN: \"ssdp:discover\"\r\nMX: 1\r\n"
				   "ST: urn:dial-multiscreen-org:service:dial:1\r\n\r\n";
	static const struct address groups[] = {
		{ .bytes = { 0xff, 2, [15] = 0xc } },
		{ .bytes = { [10] = 255, 255, 239, 255, 255, 250 } },
	};
	struct packet packet = datagram(sim, habit, &groups[address_is_ipv4(&habit->host)], 1900,
					text, sizeof(text) - 1);

	packet.hops = 4;
	sim_send(sim, &habit->actor->spec.route, &packet);
	habit->truth->count++;
}

int ssdp_start(struct sim *sim, struct actor *actor)
{
	return start_in_common(sim, actor, "udp", search);
}

/* A name that is not there, now and then; else one that is, with its two addresses. */
static void resolve(struct sim *sim, struct habit *habit)
{
	const struct actor *actor = habit->actor;
	uint32_t sites = actor->spec.sites ? actor->spec.sites : 1;
	unsigned site = draw_size(&habit->draw, 1, sites);
	struct address server = addresses_at(&actor->spec.via, 0);
	char name[NAME_MOST + 8];

	habit->truth->count++;
	name_site(site, draw_below(&habit->draw, PARTS), name);
	if (draw_chance(&habit->draw, 940000)) {
		struct address address = name_address(name, address_is_ipv4(&habit->host));

		dns_lookup(sim, actor, &habit->draw, &habit->host, name, &address);
	} else {
		struct dns query = { .id = draw_next(&habit->draw), .type = DNS_A, .name = name };
		struct dns answer = query;

		strcat(name, ".lan");
		answer.response = true;
		answer.rcode = DNS_NXDOMAIN;
		dns_ask(sim, actor, &habit->host, &server, &query, &answer,
			draw_between(&habit->draw, 300000, 20000000));
	}
}

int dns_start(struct sim *sim, struct actor *actor)
{
	return start_in_common(sim, actor, "udp", resolve);
}

/* Somebody out there tries one of the ports that everybody tries. */
static void knock(struct sim *sim, struct habit *habit)
{
	static const uint16_t ports[] = { 22,   23,   80,   443,  445,  1433, 2323,
					  3389, 5900, 6379, 8080, 8443, 9200, 27017 };
	uint64_t pick = draw_next(&habit->draw);
	struct address stranger;
	struct session *session;
	char name[24];

	snprintf(name, sizeof(name), "%016llx", (unsigned long long)pick);
	stranger = name_address(name, address_is_ipv4(&habit->host));
	session = session_new(sim, habit->actor, &habit->draw, &stranger, &habit->host,
			      ports[draw_below(&habit->draw, 14)]);

	if (!session)
		return;
	session->application = APPLICATION_RAW;
	session_start(sim, session, sim->now_ns);
	habit->truth->count++;
}

int probes_start(struct sim *sim, struct actor *actor)
{
	return start_in_common(sim, actor, "tcp", knock);
}
