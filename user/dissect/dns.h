/* SPDX-License-Identifier: BSD-2-Clause */
/* A DNS message (RFC 1035, 4): the question and the addresses it was answered with. */
#ifndef SKUA_DISSECT_DNS_H
#define SKUA_DISSECT_DNS_H

#include "dissect/fact.h"
#include "dissect/verdict.h"

struct dns_message {
	bool response;
	bool refused; /* the question's name holds a dot or a zero inside a label */
	uint8_t rcode;
	uint16_t type;            /* of the question */
	char name[FACT_NAME_MAX]; /* of the question; empty: the root, or refused */
	unsigned address_count;   /* the first FACT_ADDRESSES of A and AAAA */
	struct address addresses[FACT_ADDRESSES];
};

/*
 * bytes: one message, without the length that TCP puts in front.  Whatever the
 * owners of the answers are called, their addresses belong to the question:
 * CNAME leads from one to the other.  DISSECT_NEED_MORE: the message ends too
 * early; addresses before its end are there.
 */
enum dissect_verdict dns_message_parse(const uint8_t *bytes, size_t length,
				       struct dns_message *out);

#endif /* SKUA_DISSECT_DNS_H */
