/* SPDX-License-Identifier: BSD-2-Clause */
/* What one line of a scenario asks for: every option any kind of actor knows, as values. */
#ifndef SKUA_GEN_SPEC_H
#define SKUA_GEN_SPEC_H

#include "tap.h"

#define SPEC_TEXT 160 /* names and user agents, the final zero included */

/* What a target does with an attempt. */
enum answer { ANSWER_OPEN, ANSWER_REFUSED, ANSWER_SILENT, ANSWER_UNREACHABLE, ANSWERS };

enum law {
	LAW_FIXED,       /* every */
	LAW_UNIFORM,     /* every (1 +- jitter) */
	LAW_SUB,         /* every (1 - jitter) .. every */
	LAW_ADD,         /* every .. every (1 + jitter) */
	LAW_NORMAL,      /* deviation every x jitter */
	LAW_GAMMA,       /* four exponentials of every / 4 */
	LAW_EXPONENTIAL, /* mean every */
	/* Known implants' and other named ones (law.c). */
	LAW_COBALT,
	LAW_SLIVER,
	LAW_EMPIRE,
	LAW_POSHC2,
	LAW_MYTHIC,
	LAW_COVENANT,
	LAW_CALDERA,
	LAW_WEIBULL,
	LAW_LOGNORMAL,
};

enum mode { MODE_RECONNECT, MODE_KEEPALIVE };
enum application { APPLICATION_TLS, APPLICATION_HTTP, APPLICATION_RAW, APPLICATION_UDP };
enum ending { ENDING_FIN, ENDING_RESET, ENDING_NONE };
enum sizes { SIZES_EVEN, SIZES_CONSTANT, SIZES_PADDED, SIZES_RANDOM }; /* beacon.c */
enum order {
	ORDER_RANDOM,
	ORDER_SEQUENTIAL,  /* all ports of a target, then the next */
	ORDER_INTERLEAVED, /* all targets of a port, then the next */
	ORDER_BLOCK,       /* the same within groups of targets */
	ORDER_MASSCAN,     /* a permutation by cipher, without any pattern */
};
enum style {
	STYLE_IODINE,
	STYLE_DNSCAT2,
	STYLE_DNS2TCP,
	STYLE_SLOW,
	STYLE_DNSEXFILTRATOR,
	STYLE_HEXFILE,
	STYLE_WORDS,
};
enum icmp_shape { SHAPE_RANDOM, SHAPE_PTUNNEL, SHAPE_ICMPSH, SHAPE_ONEWAY }; /* icmptunnel.c */
enum expectation { EXPECT_BY_KIND, EXPECT_ALERT, EXPECT_NO_ALERT };

enum technique {
	TECHNIQUE_SYN,
	TECHNIQUE_CONNECT,
	TECHNIQUE_FIN,
	TECHNIQUE_NULL,
	TECHNIQUE_XMAS,
	TECHNIQUE_MAIMON,
	TECHNIQUE_ACK,
	TECHNIQUE_UDP,
	TECHNIQUE_ICMP,
	TECHNIQUE_ARP,
	TECHNIQUE_NS,
};

/* "2x30m": so many spells of a length within the actor's time (spells.c). */
struct spells {
	unsigned count; /* 0: none */
	uint64_t length_ns;
};

struct spec {
	struct addresses from, to, via;
	uint16_t port; /* of to; 0: none given */
	struct ports ports;
	uint64_t every_ns, start_ns, until_ns,
		life_ns; /* start and until from the scenario's start */
	uint32_t jitter_ppm, loss_ppm, alive_ppm, udp_ppm;
	uint32_t answers_ppm[ANSWERS];
	struct spread size, reply;
	struct rate rate; /* amount 0: none given */
	uint64_t count, bytes, flows, packets;
	struct spells tasking, outage;
	struct ports together; /* connections of one callback; used == 0: one */
	uint64_t noise_ns;     /* mean of what a sleeper wakes too late */
	uint32_t drift_ppm;    /* a clock that is slow */
	uint64_t retry_ns;     /* after an outage's failure; 0: the law's gap */
	struct addresses proxy;
	uint16_t proxy_port;
	uint32_t behind; /* hosts that share each address of from; 0: one */
	unsigned sizes, shape;
	uint32_t retries, source_ports; /* of probes */
	bool grab;                      /* a request once a probe's connection stands */
	uint32_t polls_ppm;             /* of queries, carrying nothing; 0: as the style does */
	uint32_t letters; /* of a name of style slow, or its words; 0: as the style does */
	bool quic;
	unsigned law, mode, application, ending, order, style, technique, expect;
	bool no_lookup, alpn;
	uint16_t type; /* of DNS records */
	uint32_t sites;
	uint32_t turns; /* exchanges of a connection; 0: one */
	uint32_t connections;
	uint32_t busy_ppm;     /* turns that carry more than the pair's usual */
	bool steady;           /* a pair's replies are of one size, nearly */
	uint64_t pace_ns;      /* within a bout */
	char path[SPEC_TEXT];  /* asked for over HTTP; "" for a new one each time */
	char name[SPEC_TEXT];  /* SNI, Host or tunnelled domain; "" for none */
	char agent[SPEC_TEXT]; /* User-Agent */
	struct route route;
};

#endif /* SKUA_GEN_SPEC_H */
