/* SPDX-License-Identifier: BSD-2-Clause */
/* The head of an HTTP/1 request (RFC 9112): whom the client wants to reach. */
#ifndef SKUA_DISSECT_HTTP_H
#define SKUA_DISSECT_HTTP_H

#include "dissect/fact.h"
#include "dissect/verdict.h"

struct http_head {
	char name[FACT_NAME_MAX]; /* of the target (CONNECT, absolute URI), else of Host */
	size_t length;            /* CONNECT: bytes of the head, behind which the tunnel begins */
	bool connect;
	bool refused; /* what was given is no name */
};

/*
 * bytes: of one direction, from where a request may begin.  Done as soon as
 * the name is known; CONNECT when the head ends, whose name is set before.
 * The HTTP/2 preface is not HTTP/1: DISSECT_NOT.
 */
enum dissect_verdict http_head_parse(const uint8_t *bytes, size_t length, struct http_head *out);

#endif /* SKUA_DISSECT_HTTP_H */
