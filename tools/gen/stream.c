// SPDX-License-Identifier: BSD-2-Clause
/* A TCP connection as seen near its client. */
#include <string.h>
#include "stream.h"

#define CLIENT_REPLY_NS 60000   /* from the tap to the client and back */
#define SERVER_THINKS_NS 300000 /* beyond the round trip */
#define LINE_RATE 12500000
#define SYN_TRIES 4                /* then the application gives up */
#define SYN_RETRY_NS 1000000000ull /* RFC 6298, doubling */
#define WINDOW_FULL 65535          /* of a SYN, unscaled */
#define WINDOW_SCALED 8192         /* times 2^8 */

enum state {
	STATE_SYN,
	STATE_REFUSED,
	STATE_SYN_ACK,
	STATE_ACK,
	STATE_ASK,
	STATE_BURST,
	STATE_IDLE,
	STATE_CLOSE,
	STATE_CLOSE_BACK,
	STATE_CLOSE_ACK,
	STATE_OVER,
};

static void transmit(struct sim *sim, struct stream *stream, enum side side, uint8_t flags,
		     const void *payload, uint32_t length, uint32_t offset)
{
	enum side other = !side;
	struct packet packet = {
		.source = stream->addresses[side],
		.target = stream->addresses[other],
		.source_port = stream->ports[side],
		.target_port = stream->ports[other],
		.protocol = IPPROTO_TCP,
		.flags = flags,
		.sequence = stream->sequence[side] + offset,
		.acknowledged = flags & TH_ACK ? stream->sequence[other] : 0,
		.window = flags & TH_SYN ? WINDOW_FULL : WINDOW_SCALED,
		.payload = payload,
		.length = length,
	};

	if (flags & TH_RST && flags & TH_ACK && !stream->sequence[side])
		packet.window = 0;
	sim_send(sim, stream->route, &packet);
}

static void wake(struct sim *sim, struct stream *stream, enum state state, uint64_t at_ns)
{
	stream->state = state;
	sim_wake(sim, &stream->task, at_ns);
}

/* Host or port unreachable, from the server itself: quotes what it could not deliver. */
static void send_unreachable(struct sim *sim, struct stream *stream)
{
	uint8_t quoted[WIRE_HEADERS];
	struct packet lost = {
		.source = stream->addresses[SIDE_CLIENT],
		.target = stream->addresses[SIDE_SERVER],
		.source_port = stream->ports[SIDE_CLIENT],
		.target_port = stream->ports[SIDE_SERVER],
		.protocol = IPPROTO_TCP,
		.flags = TH_SYN,
		.sequence = stream->sequence[SIDE_CLIENT] - 1,
		.window = WINDOW_FULL,
	};
	struct packet packet = {
		.source = lost.target,
		.target = lost.source,
		.protocol = IPPROTO_ICMP,
		.message = MESSAGE_NO_HOST,
		.payload = quoted,
		.length = wire_build(&lost, 0, quoted),
	};

	sim_send(sim, stream->route, &packet);
}

static void on_syn(struct sim *sim, struct stream *stream)
{
	uint64_t retry_ns = SYN_RETRY_NS << stream->tries;

	transmit(sim, stream, SIDE_CLIENT, TH_SYN, NULL, 0, 0);
	if (stream->answer != ANSWER_SILENT) {
		stream->sequence[SIDE_CLIENT]++;
		wake(sim, stream, stream->answer == ANSWER_OPEN ? STATE_SYN_ACK : STATE_REFUSED,
		     sim->now_ns + stream->reply_ns[SIDE_SERVER]);
	} else if (++stream->tries < SYN_TRIES) {
		wake(sim, stream, STATE_SYN, sim->now_ns + retry_ns);
	} else {
		stream->over(sim, stream, false);
	}
}

static void on_refused(struct sim *sim, struct stream *stream)
{
	if (stream->answer == ANSWER_UNREACHABLE) {
		send_unreachable(sim, stream);
	} else {
		stream->sequence[SIDE_SERVER] = 0;
		transmit(sim, stream, SIDE_SERVER, TH_RST | TH_ACK, NULL, 0, 0);
	}
	stream->over(sim, stream, false);
}

static void begin_turn(struct sim *sim, struct stream *stream)
{
	struct turn *turn = &stream->turn;
	uint64_t rate = turn->rate ? turn->rate : LINE_RATE;

	stream->segments = (turn->length + stream->mss - 1) / stream->mss;
	stream->sent = stream->acked = 0;
	stream->spacing_ns = stream->mss * NS_PER_S / rate;
	stream->burst_ns = turn->at_ns > sim->now_ns ? turn->at_ns : sim->now_ns;
	wake(sim, stream, STATE_BURST, stream->burst_ns);
}

static void on_ask(struct sim *sim, struct stream *stream)
{
	memset(&stream->turn, 0, sizeof(stream->turn));
	switch (stream->next(sim, stream, &stream->turn)) {
	case NEXT_TURN:
		begin_turn(sim, stream);
		break;
	case NEXT_IDLE:
		stream->state = STATE_IDLE;
		break;
	case NEXT_CLOSE:
		wake(sim, stream, stream->ending == ENDING_NONE ? STATE_OVER : STATE_CLOSE,
		     stream->turn.at_ns);
		break;
	}
}

/* Every second segment is acknowledged, and the last. */
static uint64_t ack_end(const struct stream *stream)
{
	return stream->acked + 2 < stream->segments ? stream->acked + 2 : stream->segments;
}

static uint64_t segment_time(const struct stream *stream, uint64_t segment)
{
	return stream->burst_ns + segment * stream->spacing_ns;
}

static uint64_t ack_time(const struct stream *stream)
{
	return segment_time(stream, ack_end(stream) - 1) + stream->reply_ns[!stream->turn.side];
}

static void send_segment(struct sim *sim, struct stream *stream)
{
	const struct turn *turn = &stream->turn;
	uint64_t offset = stream->sent * stream->mss, left = turn->length - offset;
	uint32_t length = left < stream->mss ? left : stream->mss;
	uint8_t bytes[1500];

	turn_copy(sim, turn, stream->noise_at, offset, bytes, length);
	transmit(sim, stream, turn->side, left > stream->mss ? TH_ACK : TH_ACK | TH_PUSH, bytes,
		 length, offset);
	stream->sent++;
}

static void send_ack(struct sim *sim, struct stream *stream)
{
	enum side sender = stream->turn.side;
	uint32_t begin = stream->sequence[sender];
	uint64_t bytes = ack_end(stream) * stream->mss;

	if (bytes > stream->turn.length)
		bytes = stream->turn.length;
	stream->sequence[sender] = begin + bytes;
	transmit(sim, stream, !sender, TH_ACK, NULL, 0, 0);
	stream->acked = ack_end(stream);
	if (stream->acked < stream->segments)
		stream->sequence[sender] = begin;
}

/* Else it is an acknowledgement. */
static bool segment_is_next(const struct stream *stream)
{
	return stream->sent < stream->segments &&
	       (ack_end(stream) > stream->sent ||
		segment_time(stream, stream->sent) <= ack_time(stream));
}

static void on_burst(struct sim *sim, struct stream *stream)
{
	if (segment_is_next(stream))
		send_segment(sim, stream);
	else if (stream->acked < stream->segments)
		send_ack(sim, stream);
	if (stream->acked == stream->segments) {
		stream->noise_at += stream->turn.length * 7 + 1;
		wake(sim, stream, STATE_ASK, sim->now_ns);
		return;
	}
	if (segment_is_next(stream))
		wake(sim, stream, STATE_BURST, segment_time(stream, stream->sent));
	else
		wake(sim, stream, STATE_BURST, ack_time(stream));
}

static void on_close(struct sim *sim, struct stream *stream)
{
	if (stream->ending == ENDING_RESET) {
		transmit(sim, stream, SIDE_CLIENT, TH_RST | TH_ACK, NULL, 0, 0);
		stream->over(sim, stream, true);
		return;
	}
	transmit(sim, stream, SIDE_CLIENT, TH_FIN | TH_ACK, NULL, 0, 0);
	stream->sequence[SIDE_CLIENT]++;
	wake(sim, stream, STATE_CLOSE_BACK, sim->now_ns + stream->reply_ns[SIDE_SERVER]);
}

static void on_close_back(struct sim *sim, struct stream *stream)
{
	transmit(sim, stream, SIDE_SERVER, TH_FIN | TH_ACK, NULL, 0, 0);
	stream->sequence[SIDE_SERVER]++;
	wake(sim, stream, STATE_CLOSE_ACK, sim->now_ns + stream->reply_ns[SIDE_CLIENT]);
}

static void run(struct sim *sim, struct task *task)
{
	struct stream *stream = (struct stream *)task;

	switch ((enum state)stream->state) {
	case STATE_SYN:
		on_syn(sim, stream);
		return;
	case STATE_REFUSED:
		on_refused(sim, stream);
		return;
	case STATE_SYN_ACK:
		transmit(sim, stream, SIDE_SERVER, TH_SYN | TH_ACK, NULL, 0, 0);
		stream->sequence[SIDE_SERVER]++;
		wake(sim, stream, STATE_ACK, sim->now_ns + stream->reply_ns[SIDE_CLIENT]);
		return;
	case STATE_ACK:
		transmit(sim, stream, SIDE_CLIENT, TH_ACK, NULL, 0, 0);
		wake(sim, stream, STATE_ASK, sim->now_ns);
		return;
	case STATE_ASK:
		on_ask(sim, stream);
		return;
	case STATE_BURST:
		on_burst(sim, stream);
		return;
	case STATE_CLOSE:
		on_close(sim, stream);
		return;
	case STATE_CLOSE_BACK:
		on_close_back(sim, stream);
		return;
	case STATE_CLOSE_ACK:
		transmit(sim, stream, SIDE_CLIENT, TH_ACK, NULL, 0, 0);
		stream->over(sim, stream, true);
		return;
	case STATE_OVER:
		stream->over(sim, stream, true);
		return;
	case STATE_IDLE:
		return;
	}
}

void stream_start(struct sim *sim, struct stream *stream, struct draw *draw, uint64_t at_ns)
{
	uint64_t round_trip = sim_round_trip(sim, &stream->addresses[SIDE_SERVER]);

	stream->task.run = run;
	stream->sequence[SIDE_CLIENT] = draw_next(draw);
	stream->sequence[SIDE_SERVER] = draw_next(draw);
	stream->noise_at = draw_next(draw) % NOISE_BYTES;
	stream->mss = address_is_ipv4(&stream->addresses[SIDE_CLIENT]) ? 1460 : 1440;
	stream->reply_ns[SIDE_CLIENT] = CLIENT_REPLY_NS;
	/* Called from outside, the far end is the client. */
	if (!tap_is_near(sim->tap, &stream->addresses[SIDE_CLIENT]) &&
	    tap_is_near(sim->tap, &stream->addresses[SIDE_SERVER]))
		stream->reply_ns[SIDE_CLIENT] =
			sim_round_trip(sim, &stream->addresses[SIDE_CLIENT]);
	stream->reply_ns[SIDE_SERVER] =
		round_trip + SERVER_THINKS_NS + draw_below(draw, round_trip / 8);
	wake(sim, stream, STATE_SYN, at_ns);
}

void stream_resume(struct sim *sim, struct stream *stream)
{
	wake(sim, stream, STATE_ASK, sim->now_ns);
}

bool stream_is_idle(const struct stream *stream)
{
	return stream->state == STATE_IDLE;
}
