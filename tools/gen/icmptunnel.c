// SPDX-License-Identifier: BSD-2-Clause
/*
 * ICMP tunnels in the shapes of tools.
 *
 * ptunnel: one identifier a session; each side numbers its own packets, the client's as requests,
 * the proxy's as replies, so replies match no request or one with another payload; 28 bytes of its
 * header and up to 1,024 of data; the kernel of the proxy's host answers the requests as well.
 * icmpsh: a request each 200 ms, nearly all empty; a command comes in a reply, its output in
 * requests of 64 bytes.  One way: requests of one size, answered by an honest kernel.
 */
#include "icmptunnel.h"

#define PTUNNEL_MAGIC 0xd5200880u
#define PTUNNEL_HEADER 28
#define PTUNNEL_DATA 1024
#define PTUNNEL_UP_PPM 300000   /* turns in which the client has data, else it acknowledges */
#define PTUNNEL_DOWN_PPM 600000 /* in which the proxy has */
#define PTUNNEL_BURST 4
#define BURST_NS 1500000
#define ICMPSH_ID 1 /* of Windows */
#define ICMPSH_DATA 64
#define ICMPSH_COMMAND_PPM 30000
#define OUTPUT_LEAST 100
#define OUTPUT_MOST 4000

/* What a tunnel remembers between turns. */
struct channel {
	struct task task;
	uint16_t id, client_number, server_number;
	uint32_t output_left;
};

static struct channel *channel_of(struct sim *sim, struct habit *habit)
{
	struct channel *channel = habit->talk;

	if (channel)
		return channel;
	channel = sim_new(sim, sizeof(*channel), NULL);
	if (!channel)
		return NULL;
	channel->id = draw_next(&habit->draw);
	habit->talk = channel;
	return channel;
}

/* Sends one echo message at a time; replies come from the target. */
static void send_echo(struct sim *sim, struct habit *habit, const struct address *target,
		      bool reply, uint32_t echo, const uint8_t *payload, uint32_t length,
		      uint64_t at_ns)
{
	struct packet packet = {
		.source = reply ? *target : habit->host,
		.target = reply ? habit->host : *target,
		.protocol = IPPROTO_ICMP,
		.message = reply ? MESSAGE_ECHO_REPLY : MESSAGE_ECHO,
		.echo = echo,
		.payload = payload,
		.length = length,
	};

	sim_send_at(sim, at_ns, &habit->actor->spec.route, &packet);
}

static uint32_t echo_word(uint16_t id, uint16_t number)
{
	return (uint32_t)id << 16 | number;
}

static const uint8_t *some_noise(struct sim *sim, struct habit *habit)
{
	return sim->noise + draw_below(&habit->draw, NOISE_BYTES - 2048);
}

static uint32_t write_ptunnel(struct sim *sim, struct habit *habit, uint16_t number, uint32_t data,
			      uint8_t to[PTUNNEL_HEADER + PTUNNEL_DATA])
{
	uint8_t *at = wire_put32(to, PTUNNEL_MAGIC);

	at = wire_put(at, habit->actor->spec.to.spans[0].first.bytes + 12, 4);
	at = wire_put32(wire_put32(at, 22), data ? 2 : 3);
	at = wire_put32(wire_put32(at, number), data);
	at = wire_put32(at, (uint32_t)number << 16);
	wire_put(at, some_noise(sim, habit), data);
	return PTUNNEL_HEADER + data;
}

static void turn_ptunnel(struct sim *sim, struct habit *habit, struct channel *channel,
			 const struct address *target)
{
	uint8_t bytes[PTUNNEL_HEADER + PTUNNEL_DATA];
	struct draw *draw = &habit->draw;
	uint64_t later_ns = sim->now_ns + sim_round_trip(sim, target);
	bool up = draw_chance(draw, PTUNNEL_UP_PPM), down = draw_chance(draw, PTUNNEL_DOWN_PPM);
	unsigned replies = down ? draw_between(draw, 1, PTUNNEL_BURST) : 0;
	uint32_t data = up ? draw_between(draw, 20, PTUNNEL_DATA) : 0;
	uint32_t echo = echo_word(channel->id, channel->client_number);
	uint32_t length = write_ptunnel(sim, habit, channel->client_number++, data, bytes);

	send_echo(sim, habit, target, false, echo, bytes, length, sim->now_ns);
	send_echo(sim, habit, target, true, echo, bytes, length, later_ns);
	for (unsigned i = 0; i < replies; i++) {
		data = i + 1 < replies ? PTUNNEL_DATA : draw_between(draw, 1, PTUNNEL_DATA);
		echo = echo_word(channel->id, channel->server_number);
		length = write_ptunnel(sim, habit, channel->server_number++, data, bytes);
		later_ns += draw_between(draw, BURST_NS / 2, BURST_NS);
		send_echo(sim, habit, target, true, echo, bytes, length, later_ns);
	}
}

static void turn_icmpsh(struct sim *sim, struct habit *habit, struct channel *channel,
			const struct address *target)
{
	struct draw *draw = &habit->draw;
	uint64_t later_ns = sim->now_ns + sim_round_trip(sim, target);
	uint32_t echo = echo_word(ICMPSH_ID, channel->client_number++), length, command = 0;

	length = channel->output_left < ICMPSH_DATA ? channel->output_left : ICMPSH_DATA;
	channel->output_left -= length;
	if (!length && draw_chance(draw, ICMPSH_COMMAND_PPM)) {
		command = draw_between(draw, 3, 40);
		channel->output_left = draw_size(draw, OUTPUT_LEAST, OUTPUT_MOST);
	}
	send_echo(sim, habit, target, false, echo, sim->text, length, sim->now_ns);
	send_echo(sim, habit, target, true, echo, some_noise(sim, habit), command, later_ns);
}

static void turn_oneway(struct sim *sim, struct habit *habit, struct channel *channel,
			const struct address *target)
{
	const struct spec *spec = &habit->actor->spec;
	uint32_t length = draw_spread(&habit->draw, spec->size);
	uint32_t echo = echo_word(channel->id, channel->client_number++);
	const uint8_t *payload = sim->noise + draw_below(&habit->draw, 4096);

	send_echo(sim, habit, target, false, echo, payload, length, sim->now_ns);
	send_echo(sim, habit, target, true, echo, payload, length,
		  sim->now_ns + sim_round_trip(sim, target));
}

void icmptunnel_turn(struct sim *sim, struct habit *habit)
{
	struct channel *channel = channel_of(sim, habit);
	struct address target = habit_target(habit);

	if (!channel)
		return;
	habit->truth->count++;
	switch ((enum icmp_shape)habit->actor->spec.shape) {
	case SHAPE_PTUNNEL:
		turn_ptunnel(sim, habit, channel, &target);
		break;
	case SHAPE_ICMPSH:
		turn_icmpsh(sim, habit, channel, &target);
		break;
	default:
		turn_oneway(sim, habit, channel, &target);
		break;
	}
}
