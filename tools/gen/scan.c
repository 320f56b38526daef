// SPDX-License-Identifier: BSD-2-Clause
/* Scans and sweeps: one probe per step over all targets and ports, and what comes back. */
#include <string.h>
#include "habit.h"
#include "kinds.h"
#include "order.h"
#include "session.h"

#define RESET_NS 60000    /* a scanner's kernel does not know of the SYN it sent */
#define RETRY_NS NS_PER_S /* nmap's time-out at first, near enough */
#define LOWEST_PORT 33000
#define PORT_BASES 20000
#define GRAB_REQUEST 18
#define GRAB_LEAST 20
#define GRAB_MOST 600

struct probe {
	struct address source, target;
	uint16_t source_port, port;
	enum answer answer;
	uint64_t answer_ns;
};

/* By technique: the flags of the probe. */
static const uint8_t probe_flags[] = {
	[TECHNIQUE_SYN] = TH_SYN,
	[TECHNIQUE_FIN] = TH_FIN,
	[TECHNIQUE_NULL] = 0,
	[TECHNIQUE_XMAS] = TH_FIN | TH_PUSH | TH_URG,
	[TECHNIQUE_MAIMON] = TH_FIN | TH_ACK,
	[TECHNIQUE_ACK] = TH_ACK,
};

static struct packet towards(const struct probe *probe, uint8_t protocol)
{
	return (struct packet){
		.source = probe->source,
		.target = probe->target,
		.source_port = probe->source_port,
		.target_port = probe->port,
		.protocol = protocol,
		.window = 1024,
	};
}

static struct packet back(const struct probe *probe, uint8_t protocol)
{
	return (struct packet){
		.source = probe->target,
		.target = probe->source,
		.source_port = probe->port,
		.target_port = probe->source_port,
		.protocol = protocol,
	};
}

/* The target answers that the probe, quoted, reaches nobody. */
static void send_unreachable(struct sim *sim, const struct route *route, const struct probe *probe,
			     const struct packet *lost, enum message message)
{
	uint8_t quoted[WIRE_HEADERS];
	struct packet packet = back(probe, IPPROTO_ICMP);

	packet.message = message;
	packet.payload = quoted;
	packet.length = wire_build(lost, 0, quoted);
	sim_send_at(sim, probe->answer_ns, route, &packet);
}

static void answer_tcp(struct sim *sim, const struct route *route, const struct probe *probe,
		       const struct packet *sent, enum technique technique)
{
	struct packet reset = back(probe, IPPROTO_TCP);
	bool acked = sent->flags & TH_ACK;

	/* RFC 9293, 3.10.7.1: the reset takes its number from the ACK, or acknowledges all. */
	reset.flags = acked ? TH_RST : TH_RST | TH_ACK;
	reset.sequence = acked ? sent->acknowledged : 0;
	if (!acked)
		reset.acknowledged = sent->sequence + !!(sent->flags & (TH_SYN | TH_FIN));
	if (probe->answer == ANSWER_UNREACHABLE) {
		send_unreachable(sim, route, probe, sent, MESSAGE_NO_HOST);
	} else if (probe->answer == ANSWER_REFUSED || (probe->answer == ANSWER_OPEN && acked)) {
		sim_send_at(sim, probe->answer_ns, route, &reset);
	} else if (probe->answer == ANSWER_OPEN && technique == TECHNIQUE_SYN) {
		struct packet open = back(probe, IPPROTO_TCP);
		struct packet end = towards(probe, IPPROTO_TCP);

		open.flags = TH_SYN | TH_ACK;
		open.sequence = sent->sequence * 2654435761u;
		open.acknowledged = sent->sequence + 1;
		open.window = 64240;
		sim_send_at(sim, probe->answer_ns, route, &open);
		end.flags = TH_RST;
		end.sequence = sent->sequence + 1;
		end.window = 0;
		sim_send_at(sim, probe->answer_ns + RESET_NS, route, &end);
	}
}

/* What stays without an answer is tried again, from the next port. */
static void repeat(struct sim *sim, struct habit *habit, const struct probe *probe,
		   struct packet packet)
{
	const struct spec *spec = &habit->actor->spec;
	uint64_t at_ns = sim->now_ns;

	if (probe->answer != ANSWER_SILENT)
		return;
	for (unsigned i = 0; i < spec->retries; i++) {
		at_ns += RETRY_NS;
		packet.source_port++;
		packet.sequence = draw_next(&habit->draw);
		if (at_ns >= sim->end_ns)
			return;
		sim_send_at(sim, at_ns, &spec->route, &packet);
		habit->truth->repeated++;
	}
}

static void probe_tcp(struct sim *sim, struct habit *habit, const struct probe *probe)
{
	const struct spec *spec = &habit->actor->spec;
	struct packet packet = towards(probe, IPPROTO_TCP);

	packet.flags = probe_flags[spec->technique];
	packet.bare = true;
	packet.sequence = draw_next(&habit->draw);
	if (packet.flags & TH_ACK)
		packet.acknowledged = draw_next(&habit->draw);
	sim_send(sim, &spec->route, &packet);
	answer_tcp(sim, &spec->route, probe, &packet, spec->technique);
	repeat(sim, habit, probe, packet);
}

/* A request such as "GET / HTTP/1.0", and what the service says of itself. */
static enum next grab(struct sim *sim, struct session *session, struct exchange *exchange)
{
	(void)sim;
	if (!session->left)
		return NEXT_CLOSE;
	session->left--;
	exchange->request = GRAB_REQUEST;
	exchange->reply = draw_between(&session->draw, GRAB_LEAST, GRAB_MOST);
	return NEXT_TURN;
}

static void probe_connect(struct sim *sim, struct habit *habit, const struct probe *probe)
{
	struct session *session = session_new(sim, habit->actor, &habit->draw, &probe->source,
					      &probe->target, probe->port);

	if (!session)
		return;
	session->application = APPLICATION_RAW;
	session->stream.answer = probe->answer;
	if (habit->actor->spec.source_ports)
		session->stream.ports[SIDE_CLIENT] = probe->source_port;
	if (habit->actor->spec.grab)
		session->exchange = grab;
	session->left = 1;
	session_start(sim, session, sim->now_ns);
}

static void probe_udp(struct sim *sim, struct habit *habit, const struct probe *probe)
{
	const struct route *route = &habit->actor->spec.route;
	struct packet packet = towards(probe, IPPROTO_UDP), reply = back(probe, IPPROTO_UDP);

	sim_send(sim, route, &packet);
	if (probe->answer == ANSWER_OPEN)
		sim_send_at(sim, probe->answer_ns, route, &reply);
	else if (probe->answer != ANSWER_SILENT)
		send_unreachable(sim, route, probe, &packet, MESSAGE_NO_PORT);
	repeat(sim, habit, probe, packet);
}

static void probe_icmp(struct sim *sim, struct habit *habit, const struct probe *probe)
{
	const struct route *route = &habit->actor->spec.route;
	struct packet packet = towards(probe, IPPROTO_ICMP), reply = back(probe, IPPROTO_ICMP);

	packet.message = MESSAGE_ECHO;
	packet.echo = reply.echo = draw_next(&habit->draw);
	sim_send(sim, route, &packet);
	reply.message = MESSAGE_ECHO_REPLY;
	if (probe->answer != ANSWER_SILENT)
		sim_send_at(sim, probe->answer_ns, route, &reply);
}

static void probe_arp(struct sim *sim, struct habit *habit, const struct probe *probe)
{
	const struct route *route = &habit->actor->spec.route;

	sim_send_arp_at(sim, sim->now_ns, route, ARP_WHO_HAS, &probe->source, &probe->target);
	if (probe->answer != ANSWER_SILENT)
		sim_send_arp_at(sim, probe->answer_ns, route, ARP_IS_AT, &probe->target,
				&probe->source);
}

/* RFC 4861, 4.3: the target, then the link-layer address of whoever speaks. */
static void write_neighbour(const struct sim *sim, uint8_t to[24], const struct address *target,
			    const struct address *speaker, uint8_t option)
{
	wire_put(to, target->bytes, 16);
	to[16] = option;
	to[17] = 1;
	tap_mac(sim->tap, speaker, to + 18);
}

static void probe_neighbour(struct sim *sim, struct habit *habit, const struct probe *probe)
{
	const struct route *route = &habit->actor->spec.route;
	struct packet packet = towards(probe, IPPROTO_ICMP), reply = back(probe, IPPROTO_ICMP);
	static const uint8_t solicited[13] = { 0xff, 2, [11] = 1, 0xff };
	uint8_t body[24];

	memcpy(packet.target.bytes, solicited, sizeof(solicited));
	packet.message = MESSAGE_SOLICITATION;
	reply.message = MESSAGE_ADVERTISEMENT;
	packet.hops = reply.hops = 255;
	packet.payload = reply.payload = body;
	packet.length = reply.length = sizeof(body);
	write_neighbour(sim, body, &probe->target, &probe->source, 1);
	sim_send(sim, route, &packet);
	reply.echo = 0x60000000; /* solicited, override */
	write_neighbour(sim, body, &probe->target, &probe->target, 2);
	if (probe->answer != ANSWER_SILENT)
		sim_send_at(sim, probe->answer_ns, route, &reply);
}

/* Whether a target is there, its own address decides. */
static void choose(const struct sim *sim, struct habit *habit, struct probe *probe)
{
	const struct spec *spec = &habit->actor->spec;
	uint64_t ports = ports_count(&spec->ports);
	uint64_t total = ports * addresses_count(&spec->to);
	struct order_at at = order_at(spec->order, habit->step % total, total / ports, ports,
				      sim->scenario->seed);
	struct draw fate = draw_from(sim->scenario->seed, at.target);

	probe->source = habit->host;
	probe->target = addresses_at(&spec->to, at.target);
	probe->port = ports_at(&spec->ports, at.port);
	probe->answer = draw_chance(&fate, spec->alive_ppm)
				? answer_draw(&habit->draw, spec->answers_ppm)
				: ANSWER_SILENT;
	probe->answer_ns = sim->now_ns + sim_round_trip(sim, &probe->target) +
			   draw_below(&habit->draw, 100000);
}

/* Scanners send all from one port of their own or from a few in turn, libraries each from a new
 * one.
 */
static uint16_t source_port(struct sim *sim, struct habit *habit)
{
	const struct actor *actor = habit->actor;

	if (!actor->spec.source_ports)
		return sim_port(sim);
	return LOWEST_PORT + actor->draw.state % PORT_BASES +
	       draw_below(&habit->draw, actor->spec.source_ports);
}

static void send_probe(struct sim *sim, struct habit *habit)
{
	struct probe probe;

	habit->truth->count++;
	choose(sim, habit, &probe);
	probe.source_port = source_port(sim, habit);
	habit->truth->failed += probe.answer != ANSWER_OPEN;
	switch ((enum technique)habit->actor->spec.technique) {
	case TECHNIQUE_CONNECT:
		probe_connect(sim, habit, &probe);
		break;
	case TECHNIQUE_UDP:
		probe_udp(sim, habit, &probe);
		break;
	case TECHNIQUE_ICMP:
		probe_icmp(sim, habit, &probe);
		break;
	case TECHNIQUE_ARP:
		probe_arp(sim, habit, &probe);
		break;
	case TECHNIQUE_NS:
		probe_neighbour(sim, habit, &probe);
		break;
	default:
		probe_tcp(sim, habit, &probe);
		break;
	}
}

int scan_start(struct sim *sim, struct actor *actor)
{
	static const char *const protocols[] = {
		[TECHNIQUE_UDP] = "udp",
		[TECHNIQUE_ICMP] = "icmp",
		[TECHNIQUE_ARP] = "arp",
		[TECHNIQUE_NS] = "ns",
	};
	struct spec *spec = &actor->spec;
	unsigned technique = spec->technique;
	const char *protocol = technique >= TECHNIQUE_UDP ? protocols[technique] : "tcp";

	if (!spec->count)
		spec->count = ports_count(&spec->ports) * addresses_count(&spec->to);
	return habits_start(sim, actor, PHASE_START, NULL, protocol, send_probe);
}
