/* SPDX-License-Identifier: BSD-2-Clause */
/* What one client asks of one registered domain, and what it is answered. */
#ifndef SKUA_TRACK_DOMAIN_H
#define SKUA_TRACK_DOMAIN_H

#include "skua/event.h"
#include "base/address.h"
#include "track/information.h"

#define DOMAIN_NAME 128   /* of a longer registered domain the end is kept */
#define DOMAIN_SAMPLE 128 /* octets */
#define DOMAIN_NXDOMAIN 3 /* rcode: there is no such name */
#define DOMAIN_RECENT 8
#define DOMAIN_ADDRESSES 4

/* One client and one registered domain.  Sums are of about a day: they halve when one is over. */
struct domain {
	struct address client;
	struct address resolver; /* asked last */
	char name[DOMAIN_NAME];  /* in lower case; empty when pooled */
	bool pooled;
	bool contacted;  /* somebody went to an address that an answer named */
	bool mixes_case; /* letters of names come in random case (0x20) */
	bool asked;      /* queries are captured, so responses are not counted as such */
	bool tcp;
	uint32_t ifindex;
	uint64_t first_ns, last_ns;
	uint64_t day_ns; /* the day began */
	uint64_t queries, responses, nxdomain;
	uint64_t measured;     /* queries while information still counted names */
	uint64_t odd_types;    /* queries for types that carry data: TXT, NULL, CNAME... */
	uint64_t answer_bytes; /* of these */
	uint16_t top_type;     /* the type of most queries, if it is that of half of them */
	uint64_t top_lead;
	struct information information;
	uint64_t judged_bytes;         /* of information, when it was last judged */
	uint8_t sample[DOMAIN_SAMPLE]; /* begin of the longest name, as sent */
	uint8_t sample_length;         /* of the whole name */
	uint8_t next_recent, next_address, address_count;
	uint8_t answered; /* bit i: recent[i] was */
	uint32_t recent[DOMAIN_RECENT];
	struct address addresses[DOMAIN_ADDRESSES]; /* answered last */
};

/* A DNS event, and what its name says. */
struct domain_message {
	const struct skua_dns_event *event;
	struct address client, resolver;
	size_t length;   /* of the labels before the registered domain, as sent */
	uint32_t digest; /* of id, type and name: the same question */
	bool mixes_case; /* in the registered domain, where case says nothing */
};

/* Repeated questions and answers count once.  Where only answers are captured, their questions
 * count. */
void domain_count(struct domain *domain, const struct domain_message *message);

/* Part of the queries that brought a new name, and that asked for types that carry data: 0..1. */
double domain_distinct_share(const struct domain *domain);
double domain_odd_share(const struct domain *domain);

#endif /* SKUA_TRACK_DOMAIN_H */
