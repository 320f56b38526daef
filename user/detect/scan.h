/* SPDX-License-Identifier: BSD-2-Clause */
/* Thresholds of the scan detector (detection.md 3); windows and horizons are in user/track. */
#ifndef SKUA_DETECT_SCAN_H
#define SKUA_DETECT_SCAN_H

#include <stdbool.h>
#include <stdint.h>
#include "track/horizon.h"

struct scan_limits {
	uint32_t cusum;            /* failed minus succeeded first contacts */
	uint32_t failed;           /* distinct failed contacts */
	uint32_t udp_silent;       /* distinct contacts over UDP that nobody answered */
	uint32_t udp_silent_share; /* of them for each one that was answered */
	uint32_t empty_ports;      /* of one target, opened and closed unused */
	uint32_t empty_targets;    /* on one port */
	uint32_t probes;           /* distinct contacts with odd flags, or refused ones, in 60 s */
	uint32_t probes_silent;    /* FIN, FIN+ACK, ACK to which nobody answered, in 60 s */
	uint32_t sweep_targets;    /* pinged or asked for in 60 s */
	uint32_t sweep_percent;    /* of them that did not answer, at least */
	/* The same on each horizon of 5 min, 1 h, 24 h. */
	uint32_t slow_odd[HORIZONS];     /* probes that no sound stack sends */
	uint32_t slow_refused[HORIZONS]; /* these, and others that met a RST */
	uint32_t slow_silent[HORIZONS];  /* all of them, whatever came back */
	uint32_t slow_sweep[HORIZONS];   /* targets asked for, most but not each once */
	uint32_t slow_unseen[HORIZONS];  /* by ARP or NS, where no answer is seen */
	uint32_t overflow_attempts;      /* in a minute, beyond the budget */
	uint32_t overflow_contacts;      /* distinct among them */
	bool inbound_summary; /* strangers who were not let in are summed up by the day */
};

/*
 * cusum 10: a scanner of which 9 in 10 contacts fail needs 12; a host with one
 * in five more than 10^5.  Probes 5: no sound stack sends one, but
 * crafted packets of a tester may be a few; silence means less, for after the
 * start of a capture or a NAT timeout old connections look alike.  Empty
 * connections: browsers open some in advance.  Sweeps: a gateway asks for a
 * dozen neighbours a minute.
 *
 * slow: a host that wakes up, or whose NAT forgot, is refused a few connections
 * an hour, tens a day.  A gateway asks for sixty neighbours in five minutes and
 * a hundred a day, but for most of them more than twice.
 */
#define SCAN_LIMITS_DEFAULT                                                                        \
	{                                                                                          \
		.cusum = 10, .failed = 10, .udp_silent = 20, .udp_silent_share = 20,               \
		.empty_ports = 15, .empty_targets = 20, .probes = 5, .probes_silent = 20,          \
		.sweep_targets = 20, .sweep_percent = 50, .slow_odd = { 5, 6, 8 },                 \
		.slow_refused = { 8, 10, 30 }, .slow_silent = { 20, 30, 80 },                      \
		.slow_sweep = { 20, 25, 30 }, .slow_unseen = { 64, 80, 90 },                       \
		.overflow_attempts = 400, .overflow_contacts = 100, .inbound_summary = true        \
	}

#endif /* SKUA_DETECT_SCAN_H */
