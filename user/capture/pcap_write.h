/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Plain full-packet capture: what one interface sees, into files in turn, as
 * tcpdump -w writes them: the same names, the same bytes.  One thread.  It
 * knows nothing of what packets hold.
 *
 * Beyond tcpdump, after each poll everything lies in the file; when writing
 * fails, the file is cut behind its last whole packet, where it can be.
 */
#ifndef SKUA_CAPTURE_PCAP_WRITE_H
#define SKUA_CAPTURE_PCAP_WRITE_H

#include "capture/pcap_device.h"
#include "capture/source.h"

struct pcap_write;

struct pcap_write_options {
	const char *interface; /* a name, or PCAP_DEVICE_ANY */
	const char *file;      /* -w: see rotation.h; "-": standard output, not in turn */
	const char *filter;    /* a libpcap expression, or NULL */
	uint32_t snaplen;      /* -s; 0: all of each packet */
	uint32_t megabytes;    /* -C */
	uint32_t seconds;      /* -G */
	uint32_t files;        /* -W; only with one of these two */
	uint64_t count;        /* -c: packets, then the end; 0: no end */
	uint32_t buffer_bytes; /* of the kernel's ring; 0: PCAP_DEVICE_BUFFER */
	bool not_promiscuous;  /* -p */
};

struct pcap_write_counts {
	uint64_t captured;  /* packets in files */
	uint64_t bytes;     /* of files, headers included; those overwritten later as well */
	uint64_t files;     /* opened, one of a ring each time */
	uint64_t unwritten; /* packets that were to be written when writing failed */
	struct pcap_device_losses losses;
};

/* Opens the first file as well.  On failure -errno and one line in error. */
int pcap_write_open(struct pcap_write **out, const struct pcap_write_options *options,
		    char error[PCAP_DEVICE_ERROR]);
/* Packets that the kernel still holds (PCAP_DEVICE_WAIT_MS) are not written. */
void pcap_write_close(struct pcap_write *write);

/*
 * Writes what is there, at most some thousand packets, and never waits for
 * more.  SOURCE_AGAIN, SOURCE_END (-c or -G with -W), or -errno, logged with
 * file and remedy; after these two it stays so.
 */
int pcap_write_poll(struct pcap_write *write);
/* Readable when there is something to poll for. */
int pcap_write_fd(const struct pcap_write *write);
/* The file at hand, or the last one. */
const char *pcap_write_name(const struct pcap_write *write);
void pcap_write_counts(struct pcap_write *write, struct pcap_write_counts *counts);

#endif /* SKUA_CAPTURE_PCAP_WRITE_H */
