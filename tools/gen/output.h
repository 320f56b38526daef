/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A classic pcap file (draft-ietf-opsawg-pcap), microseconds, little-endian on
 * every machine, so that the same scenario is the same file.
 */
#ifndef SKUA_GEN_OUTPUT_H
#define SKUA_GEN_OUTPUT_H

#include <stdint.h>

#define OUTPUT_SNAPLEN 262144 /* what tcpdump takes for "everything" */

struct output;

/* path "-" is standard output; 0 or -errno. */
int output_open(struct output **out, const char *path, uint32_t linktype, uint32_t snaplen);
/* Errors are kept until output_close(). */
void output_write(struct output *output, uint64_t time_ns, const uint8_t *bytes, uint32_t length,
		  uint32_t snaplen);
uint64_t output_packets(const struct output *output);
/* 0, or the first error as -errno; NULL is fine. */
int output_close(struct output *output);

#endif /* SKUA_GEN_OUTPUT_H */
