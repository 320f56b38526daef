// SPDX-License-Identifier: BSD-2-Clause
/* Under which key the series of a finding is kept. */
#include "page/page_keys.h"
#include "track/names.h"

#define DNS_PORT 53

struct pair_key page_key_scan(const struct address *from, uint8_t proto, bool neighbours)
{
	return (struct pair_key){
		.client = *from, .proto = proto, .port = neighbours, .kind = SERIES_SCAN
	};
}

struct pair_key page_key_domain(const struct address *client, const char *domain)
{
	return (struct pair_key){ .client = *client,
				  .name_hash = name_hash(domain),
				  .kind = SERIES_DOMAIN };
}

/* One that follows a name has no address; lookups have the port of DNS. */
static struct pair_key beacon_key(const struct finding *finding)
{
	if (finding->entity[0])
		return pair_key_name(&finding->src, name_hash(finding->entity),
				     finding->dport == DNS_PORT ? PAIR_DOMAIN : PAIR_NAME);
	return (struct pair_key){ .client = finding->src,
				  .server = finding->dst,
				  .port = finding->dport,
				  .proto = finding->proto,
				  .kind = PAIR_SERVER };
}

bool page_key_of(const struct finding *finding, struct pair_key *key)
{
	bool neighbours;

	switch (finding->kind) {
	case FINDING_BEACON:
		*key = beacon_key(finding);
		return true;
	case FINDING_SCAN:
		neighbours =
			finding->scan.technique == SCAN_ARP || finding->scan.technique == SCAN_NS;
		*key = page_key_scan(&finding->src, finding->proto, neighbours);
		return !finding->entity[0];
	case FINDING_DNS_EXFIL:
		*key = page_key_domain(&finding->src, finding->entity);
		return !finding->dns.pooled;
	default:
		return false;
	}
}
