// SPDX-License-Identifier: BSD-2-Clause
/* The kinds of actors: what they take, what they need, what they are without being told. */
#include <stdio.h>
#include <string.h>
#include "kinds.h"

#define BROWSER "agent Mozilla/5.0"
#define RHYTHM "every jitter law loss count noise drift behind "
#define TARGETS                                                                                    \
	"from to ports port technique rate timing every jitter law order answers count retries "   \
	"source-ports grab"

static const struct kind kinds[] = {
	{ .name = "beacon",
	  .finding = "beacon",
	  .options = RHYTHM "from to size reply mode tls http raw udp sni name agent alpn lookup "
			    "answers close tasking outage retry together sizes proxy",
	  .required = "from to port every",
	  .defaults = "size 600+-20 reply 1200+-300 law uniform tls answers open=1 agent Go/1.1",
	  .alert = true,
	  .start = beacon_start },
	{ .name = "scan",
	  .finding = "scan",
	  .options = TARGETS,
	  .required = "from to ports every",
	  .defaults = "rate 100/s answers refused=0.99,open=0.005,silent=0.005 alive 100%",
	  .alert = true,
	  .start = scan_start },
	{ .name = "sweep",
	  .finding = "scan",
	  .options = TARGETS " alive",
	  .required = "from to every",
	  .defaults = "rate 50/s answers refused=0.5,open=0.5 alive 10% port 0",
	  .alert = true,
	  .start = scan_start },
	{ .name = "dnstunnel",
	  .finding = "dns_exfil",
	  .options = RHYTHM "from via domain style queries type polls letters to",
	  .required = "from via domain every",
	  .defaults = "every 200ms style iodine law uniform jitter 30%",
	  .alert = true,
	  .start = dnstunnel_start },
	{ .name = "upload",
	  .finding = "exfil",
	  .options = RHYTHM "from to bytes size reply rate tls http raw udp sni name agent alpn "
			    "lookup proxy quic",
	  .required = "from to port bytes",
	  .defaults = "count 1 size 1200 reply 500 tls answers open=1 agent curl/7.88.1",
	  .alert = true,
	  .start = upload_start },
	{ .name = "icmptunnel",
	  .finding = "exfil",
	  .options = RHYTHM "from to size reply shape",
	  .required = "from to every",
	  .defaults = "every 200ms size 600+-400 reply 600+-400 law uniform jitter 50%",
	  .alert = true,
	  .datagrams = true,
	  .start = icmptunnel_start },
	{ .name = "ping",
	  .finding = "ping",
	  .options = RHYTHM "from hosts to server size answers",
	  .required = "from to every",
	  .defaults = "every 60s size 56 answers open=1",
	  .datagrams = true,
	  .start = ping_start },
	{ .name = "browse",
	  .finding = "browse",
	  .options = RHYTHM "from hosts sites lookup",
	  .required = "from every",
	  .defaults = "every 5m law exponential sites 20 answers open=1 alpn on " BROWSER,
	  .start = browse_start },
	{ .name = "updates",
	  .finding = "updates",
	  .options = RHYTHM "from hosts reply name tls http lookup",
	  .required = "from every",
	  .defaults = "every 6h law uniform jitter 20% reply 200k+-150k http answers open=1 "
		      "name deb.updates.example agent apt/2.6",
	  .start = updates_start },
	{ .name = "broken-ipv6",
	  .finding = "broken-ipv6",
	  .options = RHYTHM "from hosts sites lookup",
	  .required = "from every",
	  .defaults = "every 10m law exponential sites 10 answers open=1 alpn on " BROWSER,
	  .start = broken_start },
	{ .name = "probes",
	  .finding = "probes",
	  .options = RHYTHM "hosts answers",
	  .required = "from every",
	  .defaults = "every 5m law exponential answers refused=0.3,silent=0.7",
	  .start = probes_start },
	{ .name = "dns",
	  .finding = "dns",
	  .options = RHYTHM "from hosts via resolver sites",
	  .required = "from via every",
	  .defaults = "every 2m law exponential sites 200",
	  .start = dns_start },
	{ .name = "ntp",
	  .finding = "ntp",
	  .options = RHYTHM "from hosts to server",
	  .required = "from to every",
	  .defaults = "every 64s law uniform jitter 2%",
	  .start = ntp_start },
	{ .name = "arp",
	  .finding = "arp",
	  .options = RHYTHM "from hosts to server",
	  .required = "from to every",
	  .defaults = "every 4m law uniform jitter 40%",
	  .ethernet = true,
	  .start = arp_start },
	{ .name = "mdns",
	  .finding = "mdns",
	  .options = RHYTHM "from hosts",
	  .required = "from every",
	  .defaults = "every 10m law exponential",
	  .start = mdns_start },
	{ .name = "ssdp",
	  .finding = "ssdp",
	  .options = RHYTHM "from hosts",
	  .required = "from every",
	  .defaults = "every 2m law fixed",
	  .start = ssdp_start },
	{ .name = "syslog",
	  .finding = "syslog",
	  .options = RHYTHM "from hosts to server",
	  .required = "from to every",
	  .defaults = "every 1m law exponential",
	  .start = syslog_start },
	{ .name = "bulk",
	  .finding = "bulk",
	  .options = "flows packets bytes hosts from to port udp-share life",
	  .required = "from flows bytes",
	  .defaults = "bytes 600 udp-share 20% life 20s",
	  .start = bulk_start },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

const struct kind *kind_find(const char *name)
{
	for (size_t i = 0; i < KINDS; i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	for (unsigned i = 0; i < everyday_kinds_count; i++)
		if (!strcmp(everyday_kinds[i].name, name))
			return &everyday_kinds[i];
	return NULL;
}

void kind_list(char *to, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < KINDS && used < size; i++)
		used += snprintf(to + used, size - used, " %s", kinds[i].name);
	for (unsigned i = 0; i < everyday_kinds_count && used < size; i++)
		used += snprintf(to + used, size - used, " %s", everyday_kinds[i].name);
}
