/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The network interfaces of this namespace and what becomes of them, as the
 * kernel tells by rtnetlink.  What is told is always the difference to what was
 * told before: a link that was made, renamed and given an address between two
 * polls appears once, as it is now.  When the kernel had to drop messages, all
 * links are asked for anew and the differences told as ever.
 * Sees no packet and changes nothing.  Not thread-safe.
 */
#ifndef SKUA_CAPTURE_LINKS_H
#define SKUA_CAPTURE_LINKS_H

#include <stdbool.h>
#include <stdint.h>

/* Known at a time; links beyond are counted, and told once others have gone. */
#define LINKS_MAX 1024

/* <net/if.h> says IF_NAMESIZE, but does not go together with <linux/if_arp.h>. */
#define LINK_NAME_SIZE 16
#define LINK_KIND_SIZE 16

struct link {
	int32_t ifindex;
	int32_t master; /* bridge, bond or the like that it is a port of; 0: none */
	uint32_t mtu;
	uint16_t type;             /* ARPHRD_* */
	bool up;                   /* as the administrator wants it, carrier or not */
	bool peer_elsewhere;       /* the other end is in another namespace */
	bool addressed;            /* has an IPv4 or a global IPv6 address */
	bool xdp;                  /* any program, ours too; a BPF link alone is not news */
	char name[LINK_NAME_SIZE]; /* any byte but '/', ':' and white space */
	char kind[LINK_KIND_SIZE]; /* "veth", "bridge", ...; "" physical, or loopback */
	uint8_t reserved[2];       /* compared whole: no hidden padding */
};
_Static_assert(sizeof(struct link) == 52, "no hidden padding");

/*
 * Gone is what was deleted or moved to another namespace, and what came back
 * under the same number as another device.  A moved device keeps the BPF links
 * attached to it: close them.
 */
enum link_change { LINK_APPEARED, LINK_CHANGED, LINK_GONE };

/* Those that go are told first, for their names may be taken by those that come. */
typedef void links_fn(void *arg, enum link_change change, const struct link *link);

/* As the interface itself counts. */
struct link_counters {
	uint64_t rx_packets, tx_packets;
	uint64_t rx_bytes, tx_bytes;
};

struct links_stats {
	uint64_t dumps;    /* all links were asked for: at the start, after a loss, and for pairs */
	uint64_t overruns; /* times the kernel dropped messages for us */
	uint64_t refused;  /* messages about links beyond LINKS_MAX */
};

struct links;

/* One of two ends, of which each may be in another namespace. */
bool link_is_pair(const struct link *link);

int links_open(struct links **out);
void links_close(struct links *links);

/* Readable when there is something to poll for. */
int links_fd(const struct links *links);

/*
 * The first poll tells what is there.  Never waits for news.  What could not be
 * told for -errno the next poll tells; do not wait for links_fd() to poll again.
 */
int links_poll(struct links *links, links_fn *tell, void *arg);

/* What was told and is not gone, in no order; borrowed until the next poll. */
const struct link *links_known(const struct links *links, uint32_t *count);

/* Asks the kernel; -ENODEV: there is no such link, known or not. */
int links_counters(struct links *links, int ifindex, struct link_counters *out);

const struct links_stats *links_stats(const struct links *links);

#endif /* SKUA_CAPTURE_LINKS_H */
