// SPDX-License-Identifier: BSD-2-Clause
/* Judges what clients ask of DNS: tunnels in names, and names that are computed. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "skua/log2.h"
#include "detect/derive.h"
#include "detect/detect.h"
#include "track/domains.h"

#define DNS_PORT 53
#define LOG2_ONE 256.0 /* skua_log2_q8() of 2 */

/* Types that tunnels use or that are common; others are told by number. */
static const struct {
	uint16_t type;
	const char *name;
} types[] = {
	{ 1, "A" },     { 2, "NS" },    { 5, "CNAME" }, { 6, "SOA" },
	{ 10, "NULL" }, { 12, "PTR" },  { 15, "MX" },   { 16, "TXT" },
	{ 25, "KEY" },  { 28, "AAAA" }, { 33, "SRV" },  { 65, "HTTPS" },
};

static const char *type_name(uint16_t type, char number[16])
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i].type == type)
			return types[i].name;
	snprintf(number, 16, "type %u", type);
	return number;
}

static double clamp(double value)
{
	return value < 0 ? 0 : value > 1 ? 1 : value;
}

#define OCTET_TEXT 5 /* "\\255" and a zero */

static size_t format_octet(uint8_t c, char *to)
{
	if (c <= ' ' || c > '~')
		return snprintf(to, OCTET_TEXT, "\\%03u", c);
	if (c == '.' || c == '\\')
		return snprintf(to, OCTET_TEXT, "\\%c", c);
	*to = c;
	return 1;
}

/* Labels as sent, of which the end may be missing, in presentation form (RFC 1035, 5.1). */
static void format_name(const uint8_t *wire, size_t size, char *to, size_t room)
{
	size_t used = 0, label_end = 0;

	for (size_t at = 0; at < size && used + OCTET_TEXT < room; at++) {
		if (at < label_end) {
			used += format_octet(wire[at], to + used);
			continue;
		}
		if (!wire[at])
			break;
		label_end = at + 1 + wire[at];
		if (at)
			to[used++] = '.';
	}
	to[used] = '\0';
}

static double nxdomain_share(const struct domain *domain)
{
	return domain->responses ? (double)domain->nxdomain / domain->responses : 0;
}

struct dns_signs {
	struct derivation_test rows[5];
};

static struct dns_signs signs_of(const struct domain *domain, const struct dns_limits *limits)
{
	struct dns_signs signs = { {
		{ "odd_types", domain_odd_share(domain), limits->odd_share, 0, false },
		{ "mean_subname", information_mean_length(&domain->information),
		  limits->mean_subname, 0, false },
		{ "distinct_names", domain_distinct_share(domain), limits->distinct_share, 0,
		  false },
		{ "nxdomain", nxdomain_share(domain), limits->nxdomain_share, 0, false },
		{ "nobody_went_there", !domain->contacted, 1, 0, false },
	} };

	for (unsigned i = 0; i < 5; i++) {
		signs.rows[i].bonus = limits->bonus;
		signs.rows[i].holds = signs.rows[i].value >= signs.rows[i].limit;
	}
	return signs;
}

static double octaves_of(uint64_t bytes, const struct dns_limits *limits)
{
	return ((double)skua_log2_q8(bytes) - skua_log2_q8(limits->floor_bytes)) / LOG2_ONE;
}

static double score_of(uint64_t bytes, const struct dns_signs *signs,
		       const struct dns_limits *limits)
{
	int held = 0;

	for (unsigned i = 0; i < 5; i++)
		held += signs->rows[i].holds;
	return clamp(clamp(octaves_of(bytes, limits) / limits->octaves) + limits->bonus * held);
}

static double dns_score(const struct domain *domain, const struct dns_limits *limits)
{
	const struct dns_signs signs = signs_of(domain, limits);

	return score_of(information_bytes(&domain->information), &signs, limits);
}

/* So many names, each with as much information as the mean: the least that is still found. */
static uint64_t fewest_names(const struct domain *domain, const struct derive_call *call)
{
	const struct dns_limits *limits = &call->limits->dns;
	const struct dns_signs signs = signs_of(domain, limits);
	uint64_t bytes = information_bytes(&domain->information);
	uint64_t names = information_distinct(&domain->information);

	for (uint64_t n = 1; n <= names; n++) {
		double raw = score_of(bytes * n / names, &signs, limits);

		if (raw >= limits->threshold && derive_shows(call, raw))
			return n;
	}
	return 0;
}

static void derive_tunnel(const struct derive_call *call, struct derivation *out)
{
	const struct domain *domain = call->subject->domain;
	const struct dns_limits *limits = &call->limits->dns;
	const struct dns_signs signs = signs_of(domain, limits);

	out->threshold = limits->threshold;
	out->dns.bytes = information_bytes(&domain->information);
	out->dns.floor_bytes = limits->floor_bytes;
	out->dns.octaves = octaves_of(out->dns.bytes, limits);
	out->dns.full_octaves = limits->octaves;
	out->dns.base = clamp(out->dns.octaves / limits->octaves);
	out->score = dns_score(domain, limits);
	for (; out->test_count < 5; out->test_count++)
		out->tests[out->test_count] = signs.rows[out->test_count];
	out->smallest_of = "distinct names";
	out->smallest = fewest_names(domain, call);
}

static void derive_dga(const struct derive_call *call, struct derivation *out)
{
	const struct dns_limits *limits = &call->limits->dns;

	derive_rule(call, out,
		    &(struct derivation_rule){
			    .name = "failing_domains",
			    .of = "domains that do not exist",
			    .horizon_s = 3600,
			    .measure = asker_count(call->subject->asker, call->subject->now_ns),
			    .from = limits->dga_domains,
			    .floor = limits->dga_score,
			    .step = limits->dga_step,
			    .factor = 1,
			    .holds = true });
}

static void fill_numbers(const struct domain *domain, struct dns_numbers *numbers)
{
	numbers->queries = domain->queries;
	numbers->responses = domain->responses;
	numbers->nxdomain = domain->nxdomain;
	numbers->distinct = information_distinct(&domain->information);
	numbers->information_bytes = information_bytes(&domain->information);
	numbers->answer_bytes = domain->answer_bytes;
	numbers->mean_subname = information_mean_length(&domain->information);
	numbers->distinct_share = domain_distinct_share(domain);
	numbers->odd_type_share = domain_odd_share(domain);
	numbers->nxdomain_share = nxdomain_share(domain);
	numbers->span_s = (domain->last_ns - domain->first_ns) / 1e9;
	numbers->top_type = domain->top_type;
	numbers->pooled = domain->pooled;
	format_name(domain->sample, sizeof(domain->sample), numbers->sample,
		    sizeof(numbers->sample));
}

static void explain(const struct domain *domain, struct finding *out)
{
	char number[16];

	snprintf(out->reason, sizeof(out->reason),
		 "%s%" PRIu64 " distinct names%s, about %.1f kB hidden in them; %" PRIu64
		 " queries, mostly %s%s",
		 information_is_full(&domain->information) ? "more than " : "", out->dns.distinct,
		 domain->pooled ? " that share no domain" : "", out->dns.information_bytes / 1000.0,
		 out->dns.queries, type_name(domain->top_type, number),
		 domain->contacted ? "" : "; nobody went to an address that was answered");
}

static bool judge_tunnel(const struct subject *subject, const struct detect_limits *limits,
			 struct finding *out)
{
	const struct domain *domain = subject->domain;
	double score = dns_score(domain, &limits->dns);

	if (score < limits->dns.threshold)
		return false;
	out->kind = FINDING_DNS_EXFIL;
	out->src = domain->client;
	out->dst = domain->resolver;
	out->has_dst = true;
	out->dport = DNS_PORT;
	out->proto = domain->tcp ? SKUA_TCP : SKUA_UDP;
	if (domain->pooled)
		address_format(&domain->resolver, out->entity);
	else
		snprintf(out->entity, sizeof(out->entity), "%s", domain->name);
	out->ifindex = subject->ifindex;
	out->first_ns = domain->first_ns;
	out->last_ns = domain->last_ns;
	out->trigger_ns = subject->now_ns;
	out->at_end = subject->at_end;
	out->score_raw = score;
	fill_numbers(domain, &out->dns);
	out->count = out->dns.distinct;
	explain(domain, out);
	return true;
}

static bool judge_dga(const struct subject *subject, const struct detect_limits *limits,
		      struct finding *out)
{
	const struct asker *asker = subject->asker;
	uint32_t count = asker_count(asker, subject->now_ns);

	if (count < limits->dns.dga_domains)
		return false;
	out->kind = FINDING_DNS_DGA;
	out->src = asker->client;
	out->dst = asker->resolver;
	out->has_dst = true;
	out->dport = DNS_PORT;
	out->proto = SKUA_UDP;
	out->ifindex = subject->ifindex;
	out->first_ns = asker->first_ns;
	out->last_ns = asker->last_ns;
	out->trigger_ns = subject->now_ns;
	out->at_end = subject->at_end;
	out->score_raw = clamp(limits->dns.dga_score +
			       limits->dns.dga_step * (count - limits->dns.dga_domains));
	out->count = count;
	out->dns.distinct = count;
	out->dns.nxdomain = asker->nxdomain;
	out->dns.nxdomain_share = 1;
	out->dns.span_s = (asker->last_ns - asker->first_ns) / 1e9;
	snprintf(out->dns.sample, sizeof(out->dns.sample), "%s", asker->sample);
	snprintf(out->reason, sizeof(out->reason),
		 "asked within an hour for %s%u registered domains that do not exist, such as %s",
		 count == ASKER_DOMAINS ? "at least " : "", count, asker->sample);
	return true;
}

const struct detector dns_exfil_detector = { .name = "dns_exfil",
					     .subject = SUBJECT_DOMAIN,
					     .judge = judge_tunnel,
					     .derive = derive_tunnel };
const struct detector dns_dga_detector = {
	.name = "dns_dga", .subject = SUBJECT_ASKER, .judge = judge_dga, .derive = derive_dga
};
