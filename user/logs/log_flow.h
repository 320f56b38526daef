/* SPDX-License-Identifier: BSD-2-Clause */
/* One flow as the logs tell it: who opened it, what went each way, how it ended. */
#ifndef SKUA_LOGS_LOG_FLOW_H
#define SKUA_LOGS_LOG_FLOW_H

#include <stdint.h>
#include "skua/flow_key.h"

enum log_flow_end {
	LOG_FLOW_CLOSED,  /* by FIN both ways, or RST */
	LOG_FLOW_SILENT,  /* for too long */
	LOG_FLOW_REUSED,  /* its ports began another connection */
	LOG_FLOW_EARLY,   /* it gave way to others */
	LOG_FLOW_STOPPED, /* the input ended */
};

#define LOG_HISTORY 20 /* letters, each at most once a way, and a zero */

struct log_way {
	uint64_t packets;
	uint64_t bytes;    /* of frames */
	uint64_t ip_bytes; /* of IP packets */
	uint64_t payload;  /* TCP: progress of the sequence number; else bytes of payload */
	uint32_t first, next;
	uint32_t letters; /* of the history, by bit from 'a' */
	uint8_t flags;    /* TCP flags seen */
	bool begun;       /* first is known */
	bool fin;
};

struct log_flow {
	uint64_t born_ns;   /* of its first packet: with the key, its name */
	uint64_t before_ns; /* that of the flow of the same ends before it; 0: none */
	uint64_t first_ns, last_ns;
	struct log_way way[2]; /* by enum skua_side */
	const char *service;   /* as Zeek names it; NULL: not known */
	uint16_t vlan;
	uint8_t client; /* enum skua_side */
	bool client_known;
	bool closed;
	bool told;
	uint8_t held;      /* events: it is over, and told soon; 1 + enum log_flow_end */
	bool events;       /* made of events: no IP bytes, no history, flags not by side */
	bool uncounted;    /* an attempt that came to nothing: its bytes are not known */
	uint8_t all_flags; /* events: TCP flags of both sides */
	uint8_t icmp_type, icmp_code;
	char history[LOG_HISTORY];
	uint8_t history_length;
};

#endif /* SKUA_LOGS_LOG_FLOW_H */
