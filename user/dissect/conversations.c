// SPDX-License-Identifier: BSD-2-Clause
/* TCP connections in order, each read by the dissector that knows its protocol. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "dissect/conversations.h"
#include "dissect/datagrams.h"
#include "dissect/waiting.h"

const struct dissector *const dissectors[] = {
	&http_dissector, &tls_dissector,    &smb2_dissector, &line_dissector,
	&ldap_dissector, &telnet_dissector, &dns_dissector,  NULL,
};

#define CLAIM_MAX 4096 /* who does not know a protocol by that much of it never will */

struct conversation {
	uint64_t used_ns, number;
	const struct dissector *dissector; /* NULL: not recognised */
	void *state;
	struct segments segments[2];
	struct waiting waiting[2];
	uint8_t client;
	bool client_known; /* by a SYN */
	bool said;         /* somebody said something of it */
	bool over;         /* and was told that this is all */
	uint8_t ended;     /* a bit by side: no more comes */
	uint8_t closed;    /* a bit by side: by a FIN */
};

/* One packet on its way through. */
struct passage {
	struct conversations *all;
	struct conversation *conversation;
	struct dissector_call call;
};

static uint64_t conversation_worth(const void *value)
{
	return ((const struct conversation *)value)->used_ns;
}

static void say(void *arg, const struct item *item)
{
	struct passage *p = arg;

	p->conversation->said = true;
	p->all->options.say(p->all->options.arg, item);
}

static void expect(struct dissector_call *call, uint16_t port)
{
	struct passage *p = call->arg;

	expected_add(&p->all->expected, &call->place.key, call->place.sender, port,
		     call->place.time_ns);
}

static struct passage passage_of(struct conversations *all, struct conversation *conversation,
				 const struct skua_flow_key *key)
{
	return (struct passage){ .all = all,
				 .conversation = conversation,
				 .call = { .place = { .key = *key,
						      .conversation = conversation->number,
						      .time_ns = conversation->used_ns,
						      .client = conversation->client },
					   .closed = conversation->closed,
					   .expect = expect,
					   .say = say } };
}

static void forget_dissector(struct conversation *c)
{
	free(c->state);
	c->state = NULL;
	c->dissector = NULL;
}

static bool attach(struct conversation *c, const struct dissector *dissector)
{
	c->state = calloc(1, dissector->state_size);
	if (c->state)
		c->dissector = dissector;
	return c->state != NULL;
}

/* CLAIM_NO: nobody knows how this begins. */
static enum dissector_claim recognise(struct passage *p)
{
	struct conversation *c = p->conversation;
	const struct dissector_begin begin = {
		.key = &p->call.place.key,
		.said = { { c->waiting[0].bytes, c->waiting[0].length },
			  { c->waiting[1].bytes, c->waiting[1].length } },
		.client = c->client,
	};
	enum dissector_claim best = CLAIM_NO;

	for (unsigned i = 0; dissectors[i]; i++) {
		enum dissector_claim claim = dissectors[i]->claim(&begin);

		if (claim == CLAIM_YES)
			return attach(c, dissectors[i]) ? CLAIM_YES : CLAIM_NO;
		if (claim > best)
			best = claim;
	}
	return best;
}

static void feed(struct passage *p, unsigned side);

/* What nobody knows is dropped: the next segment may be the beginning of a message. */
static void find_reader(struct passage *p)
{
	struct conversation *c = p->conversation;
	uint32_t said = c->waiting[0].length + c->waiting[1].length;
	enum dissector_claim claim = recognise(p);

	if (claim == CLAIM_YES) {
		feed(p, c->client);
		if (c->dissector)
			feed(p, skua_other(c->client));
	} else if (claim == CLAIM_NO || said > CLAIM_MAX) {
		waiting_drop(&p->all->room, &c->waiting[0]);
		waiting_drop(&p->all->room, &c->waiting[1]);
	}
}

/* Shows bytes to the dissector; returns how many it took. */
static size_t show(struct passage *p, unsigned side, const uint8_t *bytes, size_t length)
{
	struct conversation *c = p->conversation;
	size_t taken = 0, step;

	p->call.place.sender = side;
	p->call.last = c->ended >> side & 1;
	p->call.say = say;
	p->call.arg = p;
	do {
		step = c->dissector->take(c->state, &p->call, bytes + taken, length - taken);
		taken += step;
	} while (step && taken < length && !p->call.restart);
	return taken;
}

static void feed(struct passage *p, unsigned side)
{
	struct conversation *c = p->conversation;
	struct waiting *waiting = &c->waiting[side];

	if (!waiting->length)
		return;
	waiting_take(&p->all->room, waiting, show(p, side, waiting->bytes, waiting->length));
	if (!p->call.restart)
		return;
	p->call.restart = false;
	forget_dissector(c);
	if (c->waiting[0].length || c->waiting[1].length)
		find_reader(p);
}

static void lose(struct passage *p, unsigned side, uint64_t bytes)
{
	struct conversation *c = p->conversation;

	waiting_drop(&p->all->room, &c->waiting[side]);
	p->call.place.sender = side;
	p->call.say = say;
	p->call.arg = p;
	if (c->dissector && c->dissector->lost)
		c->dissector->lost(c->state, &p->call, bytes);
}

static void deliver(void *arg, uint64_t lost, const uint8_t *bytes, uint32_t length)
{
	struct passage *p = arg;
	struct conversation *c = p->conversation;
	unsigned side = p->call.place.sender;
	struct waiting *waiting = &c->waiting[side];

	if (lost)
		lose(p, side, lost);
	/* Mostly nothing waits, and what comes is taken where it lies. */
	if (c->dissector && !waiting->length && length) {
		size_t taken = show(p, side, bytes, length);

		bytes += taken;
		length -= taken;
	}
	if (length && !waiting_add(&p->all->room, waiting, bytes, length)) {
		lose(p, side, length);
		return;
	}
	if (p->call.restart) {
		p->call.restart = false;
		forget_dissector(c);
	}
	if (!waiting->length)
		return;
	if (c->dissector)
		feed(p, side);
	else
		find_reader(p);
	p->call.place.sender = side;
}

static void finish_side(struct passage *p, unsigned side)
{
	struct conversation *c = p->conversation;

	p->call.place.sender = side;
	segments_finish(&c->segments[side], &p->all->room, &p->all->counters.segments, deliver, p);
	c->ended |= 1 << side;
	p->call.place.sender = side;
	if (c->dissector)
		feed(p, side);
	p->call.place.sender = side;
	p->call.say = say;
	p->call.arg = p;
	if (c->dissector && c->dissector->ended)
		c->dissector->ended(c->state, &p->call);
}

static void finish(struct passage *p)
{
	struct conversation *c = p->conversation;

	if (c->over)
		return;
	c->over = true;
	finish_side(p, c->client);
	finish_side(p, skua_other(c->client));
	p->call.say = say;
	p->call.arg = p;
	if (c->dissector && c->dissector->end)
		c->dissector->end(c->state, &p->call);
	if (c->said)
		dissector_say(&p->call, ITEM_OVER, NULL);
}

static void release(struct conversations *all, struct conversation *c)
{
	for (unsigned side = 0; side < 2; side++) {
		segments_fini(&c->segments[side], &all->room);
		waiting_drop(&all->room, &c->waiting[side]);
	}
	forget_dissector(c);
}

static void evicted(void *arg, const void *key, void *value)
{
	struct conversations *all = arg;
	struct passage p = passage_of(all, value, key);

	all->counters.evicted++;
	finish(&p);
	release(all, value);
}

int conversations_init(struct conversations *all, const struct conversations_options *options)
{
	const struct table_options table = { .key_size = sizeof(struct skua_flow_key),
					     .value_size = sizeof(struct conversation),
					     .capacity = options->capacity,
					     .worth = conversation_worth,
					     .evicted = evicted,
					     .arg = all };

	*all = (struct conversations){ .options = *options,
				       .room = { .limit = options->memory_bytes } };
	if (table_init(&all->table, &table))
		return -ENOMEM;
	if (expected_init(&all->expected) || quic_init(&all->quic)) {
		conversations_fini(all);
		return -ENOMEM;
	}
	return 0;
}

void conversations_fini(struct conversations *all)
{
	struct conversation *c = NULL;

	while (all->table.slots && (c = table_next(&all->table, c)))
		release(all, c);
	table_fini(&all->table);
	quic_fini(&all->quic);
	expected_fini(&all->expected);
}

static void begin(struct conversations *all, struct conversation *c, unsigned client, bool known)
{
	release(all, c);
	*c = (struct conversation){ .used_ns = c->used_ns,
				    .number = ++all->counters.connections,
				    .client = client,
				    .client_known = known };
	all->counters.midstream += !known;
}

/* A SYN that continues nothing begins another connection of the same ends. */
static bool is_another(const struct conversation *c, unsigned side, uint32_t seq)
{
	const struct segments *segments = &c->segments[side];

	return segments->begun && segments->first != seq + 1;
}

static struct conversation *find(struct conversations *all, const struct conversation_packet *in,
				 const struct skua_flow_key *key, unsigned side)
{
	const struct skua_packet *pkt = in->pkt;
	bool opens = (pkt->tcp_flags & (SKUA_SYN | SKUA_ACK)) == SKUA_SYN, is_new;
	struct conversation *c = table_get(&all->table, key, &is_new);

	if (!is_new && opens && is_another(c, side, pkt->seq)) {
		struct passage p = passage_of(all, c, key);

		finish(&p);
		is_new = true;
	}
	if (is_new) {
		bool answers = pkt->tcp_flags & SKUA_SYN && !opens;
		bool serves = !opens && !answers && pkt->sport < 1024 && pkt->dport >= 1024;

		begin(all, c, answers || serves ? skua_other(side) : side, opens || answers);
		if (expected_take(&all->expected, key))
			attach(c, &bytes_dissector);
	}
	c->used_ns = in->time_ns;
	return c;
}

static void add_segment(struct passage *p, const struct conversation_packet *in, unsigned side)
{
	const struct skua_packet *pkt = in->pkt;
	struct segments *segments = &p->conversation->segments[side];
	const struct segments_in segment = { pkt->seq + !!(pkt->tcp_flags & SKUA_SYN), in->payload,
					     in->captured, pkt->payload };

	if (pkt->tcp_flags & SKUA_SYN && !segments->begun)
		segments_begin(segments, pkt->seq + 1);
	p->call.place.sender = side;
	if (pkt->payload)
		segments_add(segments, &segment, &p->all->room, &p->all->counters.segments, deliver,
			     p);
}

static void tcp_packet(struct conversations *all, const struct conversation_packet *in)
{
	const struct skua_packet *pkt = in->pkt;
	struct skua_flow_key key;
	unsigned side = skua_flow_key_init(&key, pkt);
	struct conversation *c = find(all, in, &key, side);
	struct passage p = passage_of(all, c, &key);

	p.call.place.frame = in->frame;
	p.call.place.time_ns = in->time_ns;
	add_segment(&p, in, side);
	if (pkt->tcp_flags & SKUA_ACK)
		segments_acked(&c->segments[skua_other(side)], pkt->ack);
	if (pkt->tcp_flags & SKUA_FIN)
		p.call.closed = c->closed |= 1 << side;
	if (pkt->tcp_flags & (SKUA_FIN | SKUA_RST) && !(c->ended >> side & 1))
		finish_side(&p, side);
	if (c->ended == 3 || pkt->tcp_flags & SKUA_RST)
		finish(&p);
}

void conversations_packet(struct conversations *all, const struct conversation_packet *in)
{
	if (in->pkt->fragment == SKUA_LATER_FRAGMENT)
		return;
	if (in->pkt->proto == SKUA_TCP)
		tcp_packet(all, in);
	else if (in->pkt->proto == SKUA_UDP)
		datagrams_show(&all->quic, in, all->options.say, all->options.arg);
}

void conversations_finish(struct conversations *all)
{
	struct conversation *c = NULL;

	while ((c = table_next(&all->table, c))) {
		struct passage p = passage_of(all, c, table_key(&all->table, c));

		finish(&p);
		release(all, c);
	}
}
