/* SPDX-License-Identifier: BSD-2-Clause */
/* A harmless scan, beacon and DNS pattern, and whether an agent found them. */
#ifndef SKUA_SELFTEST_SELFTEST_H
#define SKUA_SELFTEST_SELFTEST_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "base/address.h"

#define SELFTEST_DOMAIN "skua-selftest.example" /* of RFC 6761: nobody owns it */
#define SELFTEST_EXCHANGES 18 /* with the next, a rhythm of 27 s: 15 and 20 s are asked for */
#define SELFTEST_PORTS 30
#define SELFTEST_QUERIES 64
#define SELFTEST_INTERVAL_MS 1500

/* What is sent, and whom to. */
struct selftest_plan {
	struct address target, source;
	uint16_t beacon_port; /* closed, as are SELFTEST_PORTS from scan_port on */
	uint16_t scan_port;
	char domain[64];
};

struct selftest_sent {
	uint32_t exchanges, contacts, queries;
	int error; /* -errno of what could not be sent; 0: all was */
};

enum selftest_pattern { SELFTEST_SCAN, SELFTEST_BEACON, SELFTEST_DNS, SELFTEST_PATTERNS };

/* What came of a pattern. */
struct selftest_verdict {
	bool found, known; /* known: such a finding was there before */
	char id[40];
	double score;
	double after_s;
};

/* "scan", "beacon", "dns_exfil": the event_type that each must give. */
extern const char *const selftest_kinds[SELFTEST_PATTERNS];
bool selftest_all_found(const struct selftest_verdict verdicts[SELFTEST_PATTERNS]);
void selftest_print(bool table, const struct selftest_plan *plan, const struct selftest_sent *sent,
		    const struct selftest_verdict verdicts[SELFTEST_PATTERNS]);
/* Can names be asked for below it?  Lower case, no empty label, room for what comes before. */
bool selftest_is_domain(const char *domain);

/* Sends it all, at most 20 packets a second; *stopped ends it early. */
void selftest_send(const struct selftest_plan *plan, struct selftest_sent *out,
		   const volatile int *stopped);
/* Which address this host would use; 0 or -errno. */
int selftest_source(const struct address *target, struct address *out);

/* Two namespaces at a bridge of this one; of each host end the name is told. */
struct selftest_net {
	pid_t client, server;   /* processes that hold them; 0: none */
	int client_go, results; /* to the client's, from it; -1: none */
	int server_go;
	char bridge[16], watched[16], other[16];
	bool made; /* the bridge is there */
};

/* Plan's addresses are chosen.  0 or -errno, which has been logged. */
int selftest_net_open(struct selftest_net *net, struct selftest_plan *plan);
/* Lets the client send; its counts come on net->results. */
void selftest_net_start(struct selftest_net *net, const struct selftest_plan *plan);
/* Ends the processes, which takes namespaces and links, and removes the bridge. */
void selftest_net_close(struct selftest_net *net);

/* An agent of our own on one interface; its socket is in a folder that goes with it. */
struct selftest_agent {
	pid_t pid; /* 0: none */
	char folder[40], socket[64];
};

/* 0 or -errno, which has been logged. */
int selftest_agent_open(struct selftest_agent *agent, const char *interface);
void selftest_agent_close(struct selftest_agent *agent);

#endif /* SKUA_SELFTEST_SELFTEST_H */
