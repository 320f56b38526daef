/* SPDX-License-Identifier: BSD-2-Clause */
/* A file sent away in names, chunk by chunk, in the shapes of DNSExfiltrator and of shell scripts.
 */
#ifndef SKUA_GEN_DNSFILE_H
#define SKUA_GEN_DNSFILE_H

#include "dns.h"
#include "habit.h"

#define DNSFILE_ANSWER_MOST 16

/* The name of the habit's step: the announcement, a chunk or the end. */
void dnsfile_name(struct habit *habit, char to[DNS_NAME_MOST + 1]);
/* The server's word for it as content of a record; returns its length. */
uint16_t dnsfile_answer(struct habit *habit, uint16_t type, uint8_t to[DNSFILE_ANSWER_MOST]);

#endif /* SKUA_GEN_DNSFILE_H */
