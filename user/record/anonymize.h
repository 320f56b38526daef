/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Addresses replaced by others, the same way each time with the same key and
 * unpredictable without it.  Two addresses that share their first n bits do so
 * afterwards, and share no more (the idea of Crypto-PAn: whether a bit is
 * flipped depends on the key and the bits before it), so networks stay
 * networks.  What everybody knows stays: multicast, link-local, loopback and
 * "global unicast" as kinds, the unspecified address, broadcast.  One thread.
 */
#ifndef SKUA_RECORD_ANONYMIZE_H
#define SKUA_RECORD_ANONYMIZE_H

#include <stddef.h>
#include <stdint.h>

#define ANONYMIZER_SECRET_MIN 16 /* bytes: fewer can be tried out */

struct anonymizer;

/* 0, -EINVAL (a secret that is too short) or -ENOMEM. */
int anonymizer_open(struct anonymizer **out, const void *secret, size_t size);
void anonymizer_close(struct anonymizer *anonymizer);
/* All of these in place. */
void anonymizer_ipv4(struct anonymizer *anonymizer, uint8_t address[4]);
void anonymizer_ipv6(struct anonymizer *anonymizer, uint8_t address[16]);
/* Group addresses stay, but for what they hold of a host's address; the others become locally
 * administered ones. */
void anonymizer_mac(struct anonymizer *anonymizer, uint8_t address[6]);

#endif /* SKUA_RECORD_ANONYMIZE_H */
