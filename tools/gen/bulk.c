// SPDX-License-Identifier: BSD-2-Clause
/* Very many flows of ordinary shape, exact in number of flows and packets, for benchmarks. */
#include <errno.h>
#include "habit.h"
#include "kinds.h"
#include "names.h"

#define FRAME_HEADERS 54   /* Ethernet, IPv4 and TCP, which the asked mean size includes */
#define OVERHEAD_PACKETS 6 /* handshake and close */
#define LEAST_TCP_PACKETS 7
#define MOST_PAYLOAD 1400
#define SERVERS 5000 /* different ones, if none are named */
#define POPULARITY 3
#define BURST_GAP_NS 200000

struct bulk {
	struct task task;
	struct actor *actor;
	struct truth *truth;
	struct draw draw;
	uint64_t flow; /* the next */
};

struct flow {
	struct task task;
	const struct actor *actor;
	struct draw draw;
	struct address addresses[2];
	uint16_t ports[2];
	uint32_t sequence[2];
	struct spread payload;
	uint64_t left, all, gap_ns;
	bool udp;
};

/* The side that sends packet number index of a flow of all packets, and its flags: handshake,
 * replies of one to three segments to each request, close. */
static unsigned tcp_shape(uint64_t index, uint64_t all, uint8_t *flags)
{
	static const uint8_t begin[] = { TH_SYN, TH_SYN | TH_ACK, TH_ACK };
	static const uint8_t end[] = { TH_FIN | TH_ACK, TH_FIN | TH_ACK, TH_ACK };

	if (index < 3) {
		*flags = begin[index];
		return index == 1;
	}
	if (index + 3 >= all) {
		*flags = end[index + 3 - all];
		return index + 2 == all;
	}
	*flags = TH_PUSH | TH_ACK;
	return index % 3 != 0;
}

static void send_next(struct sim *sim, struct task *task)
{
	struct flow *flow = (struct flow *)task;
	uint64_t index = flow->all - flow->left;
	uint8_t flags = 0;
	unsigned side = flow->udp ? index & 1 : tcp_shape(index, flow->all, &flags);
	bool data = flow->udp || flags & TH_PUSH;
	struct packet packet = {
		.source = flow->addresses[side],
		.target = flow->addresses[!side],
		.source_port = flow->ports[side],
		.target_port = flow->ports[!side],
		.protocol = flow->udp ? IPPROTO_UDP : IPPROTO_TCP,
		.flags = flags,
		.sequence = flow->sequence[side],
		.acknowledged = flags & TH_ACK ? flow->sequence[!side] : 0,
		.window = 8192,
		.length = data ? draw_spread(&flow->draw, flow->payload) : 0,
		.payload = sim->text,
	};

	sim_send(sim, &flow->actor->spec.route, &packet);
	flow->sequence[side] += packet.length + (flags & TH_SYN || flags & TH_FIN);
	if (!--flow->left)
		sim_end(sim, task);
	else
		sim_wake(sim, task,
			 sim->now_ns + (index % 3 || !index ? BURST_GAP_NS : flow->gap_ns));
}

/* So that all packets of a flow, frame headers included, have the asked mean. */
static struct spread payload_of(const struct spec *spec, uint64_t packets, bool udp)
{
	uint64_t data = udp ? packets : packets - OVERHEAD_PACKETS;
	uint64_t all = spec->bytes * packets, headers = packets * FRAME_HEADERS;
	uint64_t middle = all > headers ? (all - headers) / data : 1;

	if (middle > MOST_PAYLOAD)
		middle = MOST_PAYLOAD;
	return (struct spread){ middle, middle / 2 < MOST_PAYLOAD - middle
						? middle / 2
						: MOST_PAYLOAD - middle };
}

static struct address draw_server(struct bulk *bulk, bool ipv4)
{
	const struct addresses *to = &bulk->actor->spec.to;
	uint64_t pick = to->used ? addresses_count(to) : SERVERS;
	struct address server;

	/* A product of uniform laws: few servers are asked for by all, most by hardly anybody. */
	for (int i = 0; i < POPULARITY; i++)
		pick = draw_below(&bulk->draw, pick + !!i);
	if (to->used)
		return addresses_at(to, pick);
	server = name_address("bulk", ipv4);
	for (unsigned i = 0; i < 2; i++, pick >>= 8)
		server.bytes[15 - i] = pick;
	return server;
}

static void begin_flow(struct sim *sim, struct bulk *bulk, uint64_t packets)
{
	const struct spec *spec = &bulk->actor->spec;
	uint64_t hosts = addresses_count(&spec->from);
	struct flow *flow = sim_new(sim, sizeof(*flow), send_next);
	struct address *client;

	if (!flow)
		return;
	client = &flow->addresses[0];
	flow->actor = bulk->actor;
	flow->draw = draw_from(draw_next(&bulk->draw), bulk->flow);
	*client = addresses_at(&spec->from, draw_below(&bulk->draw, hosts));
	flow->addresses[1] = draw_server(bulk, address_is_ipv4(client));
	flow->udp = packets < LEAST_TCP_PACKETS || draw_chance(&bulk->draw, spec->udp_ppm);
	flow->ports[0] = sim_port(sim);
	flow->ports[1] = spec->port ? spec->port : flow->udp ? 20000 : 443;
	flow->sequence[0] = draw_next(&bulk->draw);
	flow->sequence[1] = draw_next(&bulk->draw);
	flow->all = flow->left = packets;
	flow->payload = payload_of(spec, packets, flow->udp);
	flow->gap_ns = draw_below(&bulk->draw, spec->life_ns * 6 / packets + 1);
	sim_wake(sim, &flow->task, sim->now_ns);
}

/* Flows begin evenly, early enough for the last to end within the scenario. */
static uint64_t begin_time(const struct bulk *bulk, uint64_t flow)
{
	const struct actor *actor = bulk->actor;
	const struct spec *spec = &actor->spec;
	uint64_t all = actor->end_ns - actor->start_ns, tail = 4 * spec->life_ns;
	uint64_t span = all > tail ? all - tail : all / 2;

	/* Flow times span may not fit into 64 bits. */
	return actor->start_ns + span / spec->flows * flow +
	       span % spec->flows * flow / spec->flows;
}

static void begin_next(struct sim *sim, struct task *task)
{
	struct bulk *bulk = (struct bulk *)task;
	const struct spec *spec = &bulk->actor->spec;
	uint64_t packets = spec->packets / spec->flows;

	begin_flow(sim, bulk, packets + (bulk->flow < spec->packets % spec->flows));
	bulk->truth->count++;
	if (++bulk->flow < spec->flows)
		sim_wake(sim, task, begin_time(bulk, bulk->flow));
}

int bulk_start(struct sim *sim, struct actor *actor)
{
	struct bulk *bulk = sim_new(sim, sizeof(*bulk), begin_next);

	if (!bulk)
		return -ENOMEM;
	bulk->actor = actor;
	bulk->draw = actor->draw;
	bulk->truth = truth_add(&sim->truth, actor, NULL, "tcp");
	if (!bulk->truth)
		return -ENOMEM;
	sim_wake(sim, &bulk->task, actor->start_ns);
	return 0;
}
