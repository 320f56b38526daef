/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes classic pcap files, for tools that know nothing newer: one link type,
 * in the byte order of this machine, times in microseconds or nanoseconds.
 */
#ifndef SKUA_RECORD_PCAP_FILE_H
#define SKUA_RECORD_PCAP_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct pcap_packet {
	uint64_t time_ns;
	uint32_t captured, length; /* in the file, on the wire */
	const void *bytes;
};

/* Both: 0 or -errno of the stream; -EOVERFLOW: a time beyond 2106. */
int pcap_file_begin(FILE *stream, uint16_t linktype, bool nanoseconds);
int pcap_file_add(FILE *stream, const struct pcap_packet *packet, bool nanoseconds);

#endif /* SKUA_RECORD_PCAP_FILE_H */
