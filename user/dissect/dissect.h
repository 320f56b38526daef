/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds names in the bytes that others sampled: SNI, Host and CONNECT targets
 * at the beginning of TCP streams (HELLO), names and addresses in answers from
 * port 53 (NAME).  Protocols are recognised by content, whatever the port;
 * only DNS is looked for at its own.  Not done: QUIC, STARTTLS, SOCKS, later
 * requests of a connection; mDNS is no source of names, for anybody may answer.
 * Each protocol is a pure function over bytes (tls.h, http.h, dns.h); streams
 * are put in order by heads.h.  One thread uses a struct dissect; no call
 * blocks or allocates but dissect_open().  The pipeline calls it.
 */
#ifndef SKUA_DISSECT_DISSECT_H
#define SKUA_DISSECT_DISSECT_H

#include "dissect/fact.h"
#include "dissect/heads.h"

struct dissect_counters {
	struct heads_counters heads;
	uint64_t hellos;  /* facts delivered */
	uint64_t names;   /* facts delivered */
	uint64_t refused; /* what stood for a name was none: zeros, or too long */
};

struct dissect;

/* heads: stream beginnings that may wait for more bytes at a time, 8 KiB each.  0 or -ENOMEM. */
int dissect_open(struct dissect **out, uint32_t heads);
void dissect_close(struct dissect *dissect);

/*
 * bytes: sample->captured of them, the frame from its link header on.  Facts
 * are delivered before it returns and are borrowed for the call.  A stream may
 * have several hellos: CONNECT and what goes through the tunnel, and a second
 * ClientHello after a HelloRetryRequest.
 */
void dissect_sample(struct dissect *dissect, const struct skua_sample_event *sample,
		    const uint8_t *bytes, fact_fn *deliver, void *arg);

/* Borrowed until dissect_close(); counting goes on in it. */
const struct dissect_counters *dissect_counters(const struct dissect *dissect);

#endif /* SKUA_DISSECT_DISSECT_H */
