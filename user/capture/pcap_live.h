/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Live packets as a source of events, without BPF: all interfaces read by
 * libpcap (CAP_NET_RAW), the wanted ones' frames through the native engine.
 * Each packet is copied to user space, so it costs more and loses earlier than
 * the kernel programs; the answers are the same.  One thread.
 *
 * Time is that of the packets.  The tick of a second is told once the wall
 * clock is PCAP_LIVE_LAG_MS beyond it and the kernel's ring was found empty, or
 * once a packet so much later was seen; so silence is decided when nothing
 * arrives as well.  Packets of the second that begins may come before it.
 */
#ifndef SKUA_CAPTURE_PCAP_LIVE_H
#define SKUA_CAPTURE_PCAP_LIVE_H

#include "capture/cooked.h"
#include "capture/engines.h"
#include "capture/pcap_device.h"
#include "capture/source.h"

/* Twice what the kernel may keep a packet to itself, and once more for a busy machine. */
#define PCAP_LIVE_LAG_MS (5 * PCAP_DEVICE_WAIT_MS)
#define PCAP_LIVE_INTERFACES_MAX 1024

/* What is there of a packet: bytes behind a cooked header, and its length with Ethernet's. */
struct pcap_live_bytes {
	const struct skua_packet *pkt;
	const uint8_t *bytes;
	uint32_t captured, length;
	uint64_t time_ns;
};
typedef void pcap_live_bytes_fn(void *arg, const struct pcap_live_bytes *bytes);

struct pcap_live_options {
	const struct cooked_interface *interfaces; /* at least one; copied */
	size_t interface_count;
	const char *filter;           /* a libpcap expression for cooked frames, or NULL */
	struct engine_options engine; /* one_way is set where there is a tap */
	/* Shown each packet that was parsed, behind a cooked header, after its events; may be NULL.
	 */
	pcap_live_bytes_fn *shown;
	void *shown_arg;
	bool whole;            /* capture all of each packet: who is shown them wants that */
	uint32_t buffer_bytes; /* of the kernel's ring; 0: PCAP_DEVICE_BUFFER */
};

struct pcap_live_totals {
	uint64_t packets, bytes;    /* shown to the engine; bytes on the wire */
	uint64_t first_ns, last_ns; /* earliest and latest packet */
	uint64_t late;      /* packets of a second whose end had been told; shown nevertheless */
	uint64_t backwards; /* times the wall clock was set back */
	uint64_t unwanted;  /* packets of other interfaces: filtered, or before the kernel knew */
	struct pcap_device_losses losses; /* as of the last second */
	bool at_end;                      /* stopping: what comes now is decided by silence */
};

struct pcap_live;

/* On failure -errno and one line in error. */
int pcap_live_open(struct pcap_live **out, const struct pcap_live_options *options,
		   char error[PCAP_DEVICE_ERROR]);
/*
 * The source, borrowed; its close() frees all.  poll() looks at some hundred
 * packets and never waits; besides when wait_fd is readable it must be called
 * each 100 ms, for the ticks.  -errno, logged: capturing has ended.
 */
struct source *pcap_live_source(struct pcap_live *live);
/*
 * From now on these interfaces, also none; those without a role are left out.
 * Needs no privilege.  Taps become promiscuous.
 * -E2BIG: too many, nothing changed.  What still waits of one that is left out
 * is not looked at.  What was opened without a tap goes on to judge streams by
 * both directions.  The loopback device shows each packet once, as received:
 * whose it is only addresses tell, so make it a tap.
 */
int pcap_live_watch(struct pcap_live *live, const struct cooked_interface *interfaces,
		    size_t count);
/* What arrived up to now, which may take a tenth of a second, and what the end decides.  Once,
 * and only between two polls. */
void pcap_live_stop(struct pcap_live *live, source_event_fn *deliver, void *arg);
/* As engine_arm(), in the time of the packets. */
int pcap_live_arm(struct pcap_live *live, const struct skua_armed_key *key, uint64_t until_ns);
const struct pcap_live_totals *pcap_live_totals(const struct pcap_live *live);
const struct engines *pcap_live_engines(const struct pcap_live *live);

#endif /* SKUA_CAPTURE_PCAP_LIVE_H */
