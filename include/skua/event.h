/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What a capture source says to the agent: one ABI for the ring buffers and
 * for replay.  Fixed widths, no implicit padding, sizes asserted; a reader
 * refuses and counts a version or kind that it does not know.
 *
 * Times are nanoseconds (since the Unix epoch once past user/capture), ports
 * and numbers are in host order, addresses are 16 bytes as sent, IPv4
 * v4-mapped.
 */
#ifndef SKUA_EVENT_H
#define SKUA_EVENT_H

#include "skua/dns.h"
#include "skua/flow.h"
#include "skua/source.h"

#define SKUA_ABI_VERSION 1

enum skua_event_kind {
	SKUA_EVENT_EXCHANGE = 1, /* one opened; totals of the one before it */
	SKUA_EVENT_FLOW,         /* totals of a conversation so far, or at its end */
	SKUA_EVENT_CONTACT,      /* how an attempt to reach (target, port) ended */
	SKUA_EVENT_SOURCE,       /* a source with too many attempts: counted, not listed */
	SKUA_EVENT_DNS,          /* one query or response */
	SKUA_EVENT_ICMP,         /* one echo request or reply */
	SKUA_EVENT_NEIGHBOUR,    /* ARP, ICMPv6 NS and NA: who asked for whom */
	SKUA_EVENT_SAMPLE,       /* the bytes of one packet, for names and the recorder */
	SKUA_EVENT_IDENTITY,     /* whose socket opened a conversation of ours; live only */
	SKUA_EVENT_KINDS
};

/* Every event begins with this.  key.low and key.high are the two ends; who is who says the kind.
 */
struct skua_event {
	__u16 version; /* SKUA_ABI_VERSION */
	__u16 kind;    /* enum skua_event_kind */
	__u32 ifindex; /* capture files: number of the interface, from 1 */
	__u64 time_ns; /* of the packet or tick that made it due */
	struct skua_flow_key key;
};
_Static_assert(sizeof(struct skua_event) == 56, "skua_event is ABI");

struct skua_exchange_event {
	struct skua_event head;
	__u64 start_ns;
	__u64 flow_ns; /* first packet of the conversation: with the key, its name */
	struct skua_exchange previous; /* all zero: this is the first */
	__u8 client;                   /* enum skua_side */
	__u8 ours;                     /* the client is on our side */
	__u8 by_syn;                   /* opened by a SYN, not by payload */
	__u8 answered;                 /* payload was seen both ways before this exchange */
	__u8 reserved[4];
};
_Static_assert(sizeof(struct skua_exchange_event) == 112, "skua_exchange_event is ABI");

enum skua_flow_reason {
	SKUA_FLOW_REPORT = 0, /* it lives on: due by time or by volume */
	SKUA_FLOW_END,        /* closed by FIN or RST */
	SKUA_FLOW_IDLE,       /* silent for too long; it is forgotten */
	SKUA_FLOW_EVICTED,    /* its place was needed */
	SKUA_FLOW_STOP,       /* the capture ended, or the agent stops */
};

struct skua_flow_event {
	struct skua_event head;
	struct skua_flow flow;
	__u8 reason; /* enum skua_flow_reason */
	__u8 ours;   /* the client is on our side */
	__u8 reserved[6];
};
_Static_assert(sizeof(struct skua_flow_event) == 192, "skua_flow_event is ABI");

struct skua_contact_event {
	struct skua_event head;
	__u64 first_ns; /* of the attempt */
	__u8 source;    /* enum skua_side that tried; the other end and its port are the target */
	__u8 outcome;   /* enum skua_outcome */
	__u8 flags;     /* TCP flags of the attempt: tells a SYN from a FIN or XMAS probe */
	__u8 attempts;  /* packets of the attempt, saturating */
	__u8 ours;      /* the source is on our side */
	__u8 icmp_code; /* SKUA_UNREACHABLE: code of the ICMP error */
	__u8 reserved[2];
};
_Static_assert(sizeof(struct skua_contact_event) == 72, "skua_contact_event is ABI");

/* Said once a tick while a source is in overflow.  key.low is its address, key.high is zero. */
struct skua_source_event {
	struct skua_event head;
	__u64 window_ns; /* attempts and sketch count from here; it moves on after a minute */
	__u32 attempts;  /* beyond the budget */
	__u8 ours;
	__u8 proto; /* of the last attempt */
	__u8 reserved[2];
	__u64 sketch[SKUA_SKETCH_WORDS]; /* distinct (target, port), by linear counting */
};
_Static_assert(sizeof(struct skua_source_event) == 136, "skua_source_event is ABI");

struct skua_dns_event {
	struct skua_event head;
	struct skua_dns dns;
	__u8 sender; /* enum skua_side */
	__u8 tcp;    /* carried by TCP */
	__u8 reserved[2];
	__u32 length;                     /* of the whole message */
	__u8 name[SKUA_DNS_NAME_MAX + 1]; /* labels as sent: length octet, text, ..., 0 */
};
_Static_assert(sizeof(struct skua_dns_event) == 336, "skua_dns_event is ABI");

struct skua_icmp_event {
	struct skua_event head;
	__u64 hash;    /* of the first 64 payload bytes */
	__u32 payload; /* bytes */
	__u16 id;
	__u16 seq;
	__u8 sender; /* enum skua_side */
	__u8 reply;  /* else a request */
	__u8 ours;   /* the sender is on our side */
	__u8 reserved[5];
};
_Static_assert(sizeof(struct skua_icmp_event) == 80, "skua_icmp_event is ABI");

struct skua_neighbour_event {
	struct skua_event head; /* proto: 0 ARP, SKUA_ICMPV6 NS and NA */
	__u8 asker;             /* enum skua_side: who asks (request) or answers (reply) */
	__u8 reply;
	__u8 reserved[6];
};
_Static_assert(sizeof(struct skua_neighbour_event) == 64, "skua_neighbour_event is ABI");

/* A sample without these is the beginning of something, whole: names are read from no others, so
 * that arming changes nothing but what is recorded. */
#define SKUA_SAMPLE_ARMED 0x01       /* sampled, or more of it, only because it was armed */
#define SKUA_SAMPLE_HEADER_ONLY 0x02 /* headers are all that was wanted, payload may be cut */
#define SKUA_SAMPLE_WHY 0x03         /* either of these */
#define SKUA_SAMPLE_CLIENT_HIGH 0x04 /* the higher end is the client, known or taken for it */
#define SKUA_SAMPLE_EITHER 0x08      /* both ends are on our side, or neither is */

/* The captured bytes follow: in the ring behind the struct, in replay at the pointer that is
 * handed over with the event. */
struct skua_sample_event {
	struct skua_event head;
	__u32 length;   /* of the frame on the wire */
	__u32 captured; /* bytes that follow */
	__u32 seq;      /* TCP */
	__u32 payload;  /* bytes on the wire behind the transport header */
	__u16 offset;   /* of the payload in the captured bytes; may lie beyond captured */
	__u8 tcp_flags;
	__u8 link;        /* enum skua_link */
	__u8 sender;      /* enum skua_side */
	__u8 ours;        /* the sender is on our side */
	__u8 from_client; /* the sender is the client, or nobody knows who is */
	__u8 flags;       /* SKUA_SAMPLE_* */
};
_Static_assert(sizeof(struct skua_sample_event) == 80, "skua_sample_event is ABI");

/*
 * Said once of a conversation, before its exchange, by the one program that
 * sees the socket: tc egress, attached.  Test runs and user space have none, so
 * that no offline engine says it.
 */
struct skua_identity_event {
	struct skua_event head;
	__u64 cgroup; /* its id in the unified hierarchy: the inode number of its folder */
	__u32 uid;    /* owner of the socket, as the socket's user namespace is seen from ours */
	__u8 client;  /* enum skua_side whose socket it is */
	__u8 reserved[3];
};
_Static_assert(sizeof(struct skua_identity_event) == 72, "skua_identity_event is ABI");

/* Of a whole event, a sample's bytes apart; 0: there is no such kind. */
skua_inline __u32 skua_event_size(__u32 kind)
{
	static const __u16 sizes[SKUA_EVENT_KINDS] = {
		[SKUA_EVENT_EXCHANGE] = sizeof(struct skua_exchange_event),
		[SKUA_EVENT_FLOW] = sizeof(struct skua_flow_event),
		[SKUA_EVENT_CONTACT] = sizeof(struct skua_contact_event),
		[SKUA_EVENT_SOURCE] = sizeof(struct skua_source_event),
		[SKUA_EVENT_DNS] = sizeof(struct skua_dns_event),
		[SKUA_EVENT_ICMP] = sizeof(struct skua_icmp_event),
		[SKUA_EVENT_NEIGHBOUR] = sizeof(struct skua_neighbour_event),
		[SKUA_EVENT_SAMPLE] = sizeof(struct skua_sample_event),
		[SKUA_EVENT_IDENTITY] = sizeof(struct skua_identity_event),
	};

	return kind < SKUA_EVENT_KINDS ? sizes[kind] : 0;
}

skua_inline void skua_event_init(struct skua_event *event, enum skua_event_kind kind,
				 const struct skua_flow_key *key, __u32 ifindex, __u64 now_ns)
{
	event->version = SKUA_ABI_VERSION;
	event->kind = kind;
	event->ifindex = ifindex;
	event->time_ns = now_ns;
	event->key = *key;
}

#endif /* SKUA_EVENT_H */
