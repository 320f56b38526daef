// SPDX-License-Identifier: BSD-2-Clause
/* What one client asks of one registered domain, and what it is answered. */
#include <string.h>
#include "track/domain.h"

#define DAY_NS (86400 * SKUA_SECOND_NS)

enum { TYPE_CNAME = 5, TYPE_NULL = 10, TYPE_MX = 15, TYPE_TXT = 16, TYPE_KEY = 25 };
#define TYPE_PRIVATE_FIRST 65280 /* RFC 6895, 3.1 */
#define TYPE_PRIVATE_LAST 65534

double domain_distinct_share(const struct domain *domain)
{
	double share = 0;

	if (domain->measured)
		share = (double)domain->information.distinct_q8 / (256.0 * domain->measured);
	return share < 1 ? share : 1;
}

double domain_odd_share(const struct domain *domain)
{
	return domain->queries ? (double)domain->odd_types / domain->queries : 0;
}

static bool type_is_odd(uint16_t type)
{
	return type == TYPE_TXT || type == TYPE_NULL || type == TYPE_CNAME || type == TYPE_MX ||
	       type == TYPE_KEY || (type >= TYPE_PRIVATE_FIRST && type <= TYPE_PRIVATE_LAST);
}

static void halve_day(struct domain *domain)
{
	domain->queries /= 2;
	domain->measured /= 2;
	domain->responses /= 2;
	domain->nxdomain /= 2;
	domain->odd_types /= 2;
	domain->answer_bytes /= 2;
	domain->top_lead /= 2;
	domain->judged_bytes = 0; /* what is still worth a finding is one of the new day, too */
	information_decay(&domain->information);
}

static void pass_days(struct domain *domain, uint64_t now_ns)
{
	for (int i = 0; i < 64 && now_ns >= domain->day_ns + DAY_NS; i++) {
		halve_day(domain);
		domain->day_ns += DAY_NS;
	}
	if (now_ns >= domain->day_ns + DAY_NS) /* nothing is left after 64 days */
		domain->day_ns = now_ns;
}

static void keep_sample(struct domain *domain, const struct skua_dns_event *event)
{
	if (event->dns.name_length <= domain->sample_length)
		return;
	domain->sample_length = event->dns.name_length;
	memcpy(domain->sample, event->name, sizeof(domain->sample));
}

static void count_query(struct domain *domain, const struct domain_message *message)
{
	const struct skua_dns_event *event = message->event;
	uint16_t type = event->dns.type;

	domain->queries++;
	domain->measured += !information_is_full(&domain->information);
	domain->odd_types += type_is_odd(type);
	if (!domain->top_lead) /* Boyer and Moore's majority vote */
		domain->top_type = type;
	if (domain->top_type == type)
		domain->top_lead++;
	else
		domain->top_lead--;
	information_add(&domain->information, event->name, message->length, domain->mixes_case);
	keep_sample(domain, event);
}

static void count_response(struct domain *domain, const struct skua_dns_event *event)
{
	domain->responses++;
	domain->nxdomain += event->dns.rcode == DOMAIN_NXDOMAIN;
	if (type_is_odd(event->dns.type))
		domain->answer_bytes += event->dns.answer_bytes;
}

static int recent_find(const struct domain *domain, uint32_t digest)
{
	for (int i = 0; i < DOMAIN_RECENT; i++)
		if (domain->recent[i] == digest)
			return i;
	return -1;
}

static void recent_add(struct domain *domain, uint32_t digest, bool answered)
{
	unsigned i = domain->next_recent;

	domain->recent[i] = digest;
	domain->answered &= ~(1u << i);
	domain->answered |= answered << i;
	domain->next_recent = (i + 1) % DOMAIN_RECENT;
}

void domain_count(struct domain *domain, const struct domain_message *message)
{
	bool response = message->event->dns.response;
	int known = recent_find(domain, message->digest);

	pass_days(domain, message->event->head.time_ns);
	if (known >= 0) {
		if (!response || domain->answered & 1u << known)
			return;
		domain->answered |= 1u << known;
	} else if (!response || !domain->asked) {
		domain->asked |= !response;
		recent_add(domain, message->digest, response);
		count_query(domain, message);
	}
	if (response)
		count_response(domain, message->event);
}
