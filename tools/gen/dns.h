/* SPDX-License-Identifier: BSD-2-Clause */
/* DNS messages (RFC 1035, 6891), and what hosts ask before they connect. */
#ifndef SKUA_GEN_DNS_H
#define SKUA_GEN_DNS_H

#include "sim.h"

#define DNS_NAME_MOST 253 /* characters of a dotted name */
#define DNS_LABEL_MOST 63
#define DNS_MESSAGE_MOST 4096

enum {
	DNS_A = 1,
	DNS_CNAME = 5,
	DNS_NULL = 10,
	DNS_PTR = 12,
	DNS_MX = 15,
	DNS_TXT = 16,
	DNS_KEY = 25,
	DNS_AAAA = 28,
};

enum { DNS_OK, DNS_NXDOMAIN = 3 };

struct dns {
	uint16_t id, type;
	const char *name;        /* dotted */
	bool response, extended; /* with an OPT record of 4,096 bytes */
	bool iterative;          /* between a resolver and a zone's own server */
	uint8_t rcode;
	uint32_t ttl;
	/* One answer's content as it is in the message, or none. */
	const uint8_t *answer;
	uint16_t answer_length;
};

/* Writes a message, returns its length. */
uint32_t dns_write(uint8_t to[DNS_MESSAGE_MOST], const struct dns *dns);
/* A dotted name as labels, the root's included; returns its length. */
uint32_t dns_write_name(uint8_t *to, const char *name);

/* Client asks server; the answer (which may be NULL) comes delay_ns later. */
void dns_ask(struct sim *sim, const struct actor *actor, const struct address *client,
	     const struct address *server, const struct dns *query, const struct dns *answer,
	     uint64_t delay_ns);
/* Client asks the scenario's resolver, if there is one, for A and AAAA of name, which has address
 * alone.  Returns when the answers are there, or now. */
uint64_t dns_lookup(struct sim *sim, const struct actor *actor, struct draw *draw,
		    const struct address *client, const char *name, const struct address *address);

#endif /* SKUA_GEN_DNS_H */
