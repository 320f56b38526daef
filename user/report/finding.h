/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A finding: what a detector concluded, with the numbers behind the score and
 * one plain sentence.  Detectors fill it, sinks print it; whoever comes
 * between them (context, ledger) adds and removes nothing else.  A finding is
 * a plain value without pointers, except to constant text.
 */
#ifndef SKUA_REPORT_FINDING_H
#define SKUA_REPORT_FINDING_H

#include <stdbool.h>
#include <stdint.h>
#include "base/address.h"

enum finding_kind {
	FINDING_BEACON = 1,
	FINDING_SCAN,
	FINDING_EXFIL,
	FINDING_DNS_EXFIL,
	FINDING_DNS_DGA,
	FINDING_TRIGGER,
	FINDING_SUSPICIOUS_PORT,
	FINDING_KINDS
};

enum finding_state { FINDING_NEW, FINDING_UPDATE, FINDING_CLOSED };

#define FINDING_NAME 256
#define FINDING_REASON 320
#define FINDING_FACTORS 12
#define FINDING_PORTS 10
#define FINDING_RULE 12
#define FINDING_WAIVER 160
#define FINDING_ID 33 /* 32 hexadecimal digits and a zero */

/* One rule of context that applied: a factor below 1 calms, a raise adds. */
struct finding_factor {
	const char *name; /* constant text, such as "known-time-service" */
	double factor;    /* multiplies the score, or is added to it when raise is set */
	bool raise;
	char why[128];
};

struct beacon_numbers {
	uint32_t exchanges;
	double interval_s, mad_s, span_s;
	double regularity, size, coverage; /* sub-scores, 0..1 */
	double by_count, by_time, by_tail; /* regularities, of which the largest counts ... */
	uint64_t bytes_out_median;
	uint32_t missed;         /* callbacks that did not come when due */
	uint32_t failed;         /* attempts that nobody answered */
	bool keepalive;          /* polls inside one connection, instead of reconnecting */
	char name[FINDING_NAME]; /* SNI, Host or registered domain; may be empty */
	char ja4[40];
	uint32_t clients, clients_seen; /* who talks to this server, out of how many */
	double by_mixture;              /* ... and the fourth of them */
	double evidence;                /* nats against chance, which bound all four */
};

enum scan_shape { SCAN_VERTICAL, SCAN_HORIZONTAL, SCAN_BLOCK, SCAN_MIXED };
enum scan_technique {
	SCAN_SYN,
	SCAN_CONNECT,
	SCAN_FIN,
	SCAN_NULL,
	SCAN_XMAS,
	SCAN_MAIMON,
	SCAN_ACK,
	SCAN_UDP,
	SCAN_ICMP,
	SCAN_ARP,
	SCAN_NS,
	SCAN_ODD /* SYN+FIN, SYN+RST */
};
enum scan_direction { SCAN_OUTBOUND, SCAN_INBOUND, SCAN_INTERNAL };

struct scan_numbers {
	enum scan_shape shape;
	enum scan_technique technique;
	enum scan_direction direction;
	bool slow;         /* found on a horizon beyond the shortest only */
	bool overflow;     /* counted by sketch: too many attempts to list */
	bool noise;        /* of strangers who were not let in: summed up by the day */
	uint32_t contacts; /* distinct (target, port) that failed; estimates above 64 */
	uint32_t targets, ports;
	uint32_t refused, unreachable, unanswered, half_open, empty, odd, answered;
	double cusum; /* s of detection.md 3 */
	double horizon_s, span_s;
	uint16_t port_list[FINDING_PORTS]; /* the first ports tried */
	uint32_t port_count;               /* valid entries of port_list */
};

enum exfil_channel { EXFIL_VOLUME, EXFIL_SLOW, EXFIL_ICMP, EXFIL_UNUSUAL };

struct exfil_numbers {
	enum exfil_channel channel;
	uint64_t bytes_out, bytes_in;
	double ratio, window_s;
	uint32_t active_hours;
	uint32_t mismatches, unsolicited, sizes; /* EXFIL_ICMP */
	struct {                                 /* EXFIL_UNUSUAL: log2(1 + bytes) of an hour */
		bool of_source;                  /* all it sends; else to this destination */
		double mean, deviation, z;
		uint32_t hours; /* learnt */
	} baseline;
	char name[FINDING_NAME]; /* SNI or Host; may be empty */
};

struct dns_numbers {
	uint64_t queries, responses, distinct, nxdomain;
	uint64_t information_bytes; /* distinct information in the names */
	uint64_t answer_bytes;      /* of TXT, NULL, CNAME, MX, KEY */
	double mean_subname, distinct_share, odd_type_share, nxdomain_share, span_s;
	uint16_t top_type;
	char sample[FINDING_NAME]; /* one of the names, presentation form */
	bool pooled; /* no shared base domain: everything this client asks this resolver */
};

struct port_numbers {
	uint16_t port;
	uint64_t packets;
};

#define FINDING_CGROUP 384 /* FACT_PATH */
#define FINDING_ACCOUNT 33

/* Whose sockets opened what the finding is about, where the source is this machine. */
struct finding_origin {
	uint64_t cgroup; /* 0: not known */
	uint32_t uid;
	uint32_t others;               /* further groups and accounts that did it, at least */
	char path[FINDING_CGROUP];     /* base/cgroup_path.h reads it; empty: not known */
	char account[FINDING_ACCOUNT]; /* may be empty */
};

/* Where the packets behind a finding are. */
struct finding_snapshot {
	char file[72];   /* below the vault; empty: there is none */
	char sha256[65]; /* of the file, hexadecimal */
	uint64_t packets, bytes;
	double pre_trigger_s;  /* how long before the trigger it begins */
	uint64_t ring_dropped; /* samples that were lost or refused while it lived, of anybody */
	bool truncated;        /* some of what was sampled of these hosts is not in it */
	int error;             /* why there is none: -errno; 0: none is wanted, or not yet */
	const char *proof;     /* constant text: what its replay gave; NULL: not tried */
};

/* Which rule says that it need not be said, and why. */
struct finding_waiver {
	char rule[FINDING_RULE]; /* empty: none does */
	char reason[FINDING_WAIVER];
};

enum trigger_match {
	TRIGGER_ADDRESS = 1,
	TRIGGER_NETWORK,
	TRIGGER_NAME, /* asked of DNS, or told to an HTTP server or proxy */
	TRIGGER_SNI,  /* told to a TLS server */
	TRIGGER_JA4,
	TRIGGER_FILTER, /* an expression of libpcap matched a sampled packet */
	TRIGGER_MANUAL, /* somebody said: keep this one */
	TRIGGER_MATCHES
};

#define TRIGGER_SOURCE 128

/* What others said to look out for, and where it was met. */
struct trigger_numbers {
	enum trigger_match matched;
	char indicator[FINDING_NAME]; /* as the list has it, or the expression */
	char source[TRIGGER_SOURCE];  /* file and line; may be empty */
	char label[TRIGGER_SOURCE];   /* may be empty */
	char seen[FINDING_NAME];      /* the name on the wire that matched; may be empty */
};

struct finding {
	enum finding_kind kind;
	enum finding_state state;
	char id[FINDING_ID]; /* set by the ledger */
	uint32_t view;       /* tells apart what shares an id: two keys of a beacon... */
	struct address src;
	struct address dst;
	bool has_dst;   /* a scan of many targets has none */
	uint16_t sport; /* 0: none */
	uint16_t dport;
	uint8_t proto;             /* IP protocol; 0: ARP or none */
	char entity[FINDING_NAME]; /* DNS: domain; beacon, trigger by name: that; else empty */
	uint32_t ifindex;
	uint64_t first_ns, last_ns;
	uint64_t trigger_ns; /* of the packet or tick that made it a finding */
	bool at_end;         /* decided after the last packet */
	double score_raw;    /* before context */
	double score;
	struct finding_origin
		origin; /* not part of what it is: neither of its id nor of its score */
	struct finding_waiver suppressed;
	unsigned factor_count;
	struct finding_factor factors[FINDING_FACTORS];
	uint64_t count; /* of what the score rests on: exchanges, contacts, names, bytes */
	union {
		struct beacon_numbers beacon;
		struct scan_numbers scan;
		struct exfil_numbers exfil;
		struct dns_numbers dns;
		struct port_numbers port;
		struct trigger_numbers trigger;
	};
	char reason[FINDING_REASON];
	struct finding_snapshot snapshot;
};

/* "beacon", "scan", ...: the event_type. */
const char *finding_kind_name(enum finding_kind kind);
/* "address", "network", ...: what of a trigger matched. */
const char *trigger_match_name(enum trigger_match matched);
/* "new", "update" or "closed". */
const char *finding_state_name(enum finding_state state);
/* 1 high, 2 medium, 3 low, 4 info (detection.md 5). */
int finding_severity(const struct finding *finding);
/* The same of a score alone. */
int finding_severity_of(double score);
/* "high", "medium", "low" or "info"; of any other number "". */
const char *finding_severity_word(int severity);
/* Sets finding->id from kind, entities and UTC day of the trigger; state and score do not matter.
 */
void finding_set_id(struct finding *finding);

#endif /* SKUA_REPORT_FINDING_H */
