// SPDX-License-Identifier: BSD-2-Clause
/* DNS messages, and what hosts ask before they connect. */
#include <assert.h>
#include <string.h>
#include "dns.h"

#define DNS_PORT 53
#define TYPE_OPT 41
#define CLASS_IN 1
#define FLAGS_QUERY 0x0100    /* recursion desired */
#define FLAGS_RESPONSE 0x8180 /* and available */
#define FLAGS_AUTHORITATIVE 0x8400
#define POINTER_TO_QUESTION 0xc00c

uint32_t dns_write_name(uint8_t *to, const char *name)
{
	uint8_t *at = to;

	while (*name) {
		size_t length = strcspn(name, ".");

		assert(length && length <= DNS_LABEL_MOST);
		at = wire_put(wire_put8(at, length), name, length);
		name += length + (name[length] == '.');
	}
	at = wire_put8(at, 0);
	assert(at - to <= DNS_NAME_MOST + 2);
	return at - to;
}

uint32_t dns_write(uint8_t to[DNS_MESSAGE_MOST], const struct dns *dns)
{
	bool answered = dns->response && dns->answer_length;
	uint8_t *at = wire_put16(to, dns->id);

	if (dns->iterative)
		at = wire_put16(at, dns->response ? FLAGS_AUTHORITATIVE | dns->rcode : 0);
	else
		at = wire_put16(at, dns->response ? FLAGS_RESPONSE | dns->rcode : FLAGS_QUERY);
	at = wire_put16(wire_put16(at, 1), answered);
	at = wire_put16(wire_put16(at, 0), dns->extended);
	at += dns_write_name(at, dns->name);
	at = wire_put16(wire_put16(at, dns->type), CLASS_IN);
	if (answered) {
		at = wire_put16(wire_put16(at, POINTER_TO_QUESTION), dns->type);
		at = wire_put32(wire_put16(at, CLASS_IN), dns->ttl);
		at = wire_put16(at, dns->answer_length);
		at = wire_put(at, dns->answer, dns->answer_length);
	}
	if (dns->extended) {
		at = wire_put16(wire_put8(at, 0), TYPE_OPT);
		at = wire_put32(wire_put16(at, DNS_MESSAGE_MOST), 0);
		at = wire_put16(at, 0);
	}
	return at - to;
}

void dns_ask(struct sim *sim, const struct actor *actor, const struct address *client,
	     const struct address *server, const struct dns *query, const struct dns *answer,
	     uint64_t delay_ns)
{
	uint8_t message[DNS_MESSAGE_MOST];
	struct packet packet = {
		.source = *client,
		.target = *server,
		.source_port = sim_port(sim),
		.target_port = DNS_PORT,
		.protocol = IPPROTO_UDP,
		.payload = message,
	};
	struct packet reply = packet;

	packet.length = dns_write(message, query);
	sim_send(sim, &actor->spec.route, &packet);
	if (!answer)
		return;
	reply.source = *server;
	reply.target = *client;
	reply.source_port = DNS_PORT;
	reply.target_port = packet.source_port;
	reply.length = dns_write(message, answer);
	sim_send_at(sim, sim->now_ns + delay_ns, &actor->spec.route, &reply);
}

uint64_t dns_lookup(struct sim *sim, const struct actor *actor, struct draw *draw,
		    const struct address *client, const char *name, const struct address *address)
{
	static const uint16_t types[] = { DNS_A, DNS_AAAA };
	const struct addresses *resolver = &sim->scenario->resolver;
	bool ipv4 = address_is_ipv4(address);
	uint64_t delay_ns = draw_between(draw, 400000, 30000000);
	struct address server;

	/* Whoever is named by an address needs no lookup; a proxy makes it itself. */
	if (!resolver->used || actor->spec.proxy.used || !name[0] || actor->spec.no_lookup ||
	    !address_parse(&server, name))
		return sim->now_ns;
	server = addresses_at(resolver, 0);
	for (unsigned i = 0; i < 2; i++) {
		bool known = ipv4 == (types[i] == DNS_A);
		struct dns query = { .id = draw_next(draw), .type = types[i], .name = name };
		struct dns answer = query;

		answer.response = true;
		answer.ttl = 300;
		answer.answer = address->bytes + (ipv4 ? 12 : 0);
		answer.answer_length = known ? ipv4 ? 4 : 16 : 0;
		dns_ask(sim, actor, client, &server, &query, &answer, delay_ns + i * 200000);
	}
	return sim->now_ns + delay_ns + 500000;
}
