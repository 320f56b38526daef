/* SPDX-License-Identifier: BSD-2-Clause */
/* A network interface opened by libpcap (CAP_NET_RAW), read without waiting, its losses counted. */
#ifndef SKUA_CAPTURE_PCAP_DEVICE_H
#define SKUA_CAPTURE_PCAP_DEVICE_H

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdint.h>

#define PCAP_DEVICE_ERROR 256
#define PCAP_DEVICE_ANY "any"

/* Packets wait in the kernel's ring for so long before they are shown; twice that at worst, for
 * a block begun just behind the timer is closed by the next one. */
#define PCAP_DEVICE_WAIT_MS 50
/* The ring: tcpdump's 2 MiB hold 16 ms of a full gigabit, less than a busy loop may take. */
#define PCAP_DEVICE_BUFFER (8u << 20)
#define PCAP_DEVICE_SNAPLEN_MAX 262144u /* tcpdump's, and libpcap's */

struct pcap_device_options {
	const char *name; /* an interface, or PCAP_DEVICE_ANY: all, as Linux cooked frames */
	uint32_t snaplen;
	uint32_t buffer_bytes; /* 0: PCAP_DEVICE_BUFFER */
	bool promiscuous;      /* not with PCAP_DEVICE_ANY */
	bool nanoseconds;      /* tv_usec of packets counts these */
};

/* Packets that the kernel had no room for, and that the interface lost itself. */
struct pcap_device_losses {
	uint64_t dropped, interface_dropped;
};

struct pcap_device {
	pcap_t *pcap;
	bpf_u_int32 netmask; /* for filters such as `ip broadcast`; 0: not known */
	struct pcap_device_losses losses;
	struct pcap_stat before; /* libpcap counts in 32 bits, which wrap within hours */
};

/* On failure -errno and one line in error: the name, the reason, the remedy. */
int pcap_device_init(struct pcap_device *device, const struct pcap_device_options *options,
		     char error[PCAP_DEVICE_ERROR]);
void pcap_device_fini(struct pcap_device *device);
/* expression: see pcap-filter(7).  -EINVAL and one line in error. */
int pcap_device_filter(struct pcap_device *device, const char *expression,
		       char error[PCAP_DEVICE_ERROR]);
/* Brings the losses up to date; often enough is once in minutes. */
void pcap_device_count(struct pcap_device *device);
/* What pcap_dispatch() failed with, as -errno. */
int pcap_device_errno(int status);

#endif /* SKUA_CAPTURE_PCAP_DEVICE_H */
