// SPDX-License-Identifier: BSD-2-Clause
/* The numbers behind a finding as a JSON object, kind by kind. */
#include "report/finding_json.h"

static void score(struct json *json, const char *name, double value)
{
	json_put_real(json, name, value, FINDING_SCORE_DECIMALS);
}

static void seconds(struct json *json, const char *name, double value)
{
	json_put_real(json, name, value, FINDING_SECOND_DECIMALS);
}

/* Names that may be unknown. */
static void text(struct json *json, const char *name, const char *value)
{
	if (value[0])
		json_put_text(json, name, value);
}

static void write_beacon(struct json *json, const struct finding *finding)
{
	const struct beacon_numbers *n = &finding->beacon;

	json_put_uint(json, "exchanges", n->exchanges);
	seconds(json, "interval_s", n->interval_s);
	seconds(json, "mad_s", n->mad_s);
	seconds(json, "span_s", n->span_s);
	json_open_object(json, "scores");
	score(json, "regularity", n->regularity);
	score(json, "size", n->size);
	score(json, "coverage", n->coverage);
	score(json, "by_count", n->by_count);
	score(json, "by_time", n->by_time);
	score(json, "by_tail", n->by_tail);
	score(json, "by_mixture", n->by_mixture);
	json_close(json);
	json_put_real(json, "evidence_nats", n->evidence, 1);
	json_put_uint(json, "bytes_out_median", n->bytes_out_median);
	json_put_uint(json, "missed", n->missed);
	json_put_uint(json, "failed", n->failed);
	json_put_bool(json, "keepalive", n->keepalive);
	json_put_uint(json, "clients", n->clients);
	json_put_uint(json, "clients_seen", n->clients_seen);
	text(json, "name", n->name);
	text(json, "ja4", n->ja4);
}

static const char *const shapes[] = {
	[SCAN_VERTICAL] = "vertical",
	[SCAN_HORIZONTAL] = "horizontal",
	[SCAN_BLOCK] = "block",
	[SCAN_MIXED] = "mixed",
};
static const char *const techniques[] = {
	[SCAN_SYN] = "syn",   [SCAN_CONNECT] = "connect", [SCAN_FIN] = "fin", [SCAN_NULL] = "null",
	[SCAN_XMAS] = "xmas", [SCAN_MAIMON] = "maimon",   [SCAN_ACK] = "ack", [SCAN_UDP] = "udp",
	[SCAN_ICMP] = "icmp", [SCAN_ARP] = "arp",         [SCAN_NS] = "ns",   [SCAN_ODD] = "odd",
};
static const char *const directions[] = {
	[SCAN_OUTBOUND] = "outbound",
	[SCAN_INBOUND] = "inbound",
	[SCAN_INTERNAL] = "internal",
};

static void write_scan(struct json *json, const struct finding *finding)
{
	const struct scan_numbers *n = &finding->scan;

	json_put_text(json, "shape", shapes[n->shape]);
	json_put_text(json, "technique", techniques[n->technique]);
	json_put_text(json, "direction", directions[n->direction]);
	json_put_bool(json, "slow", n->slow);
	json_put_bool(json, "overflow", n->overflow);
	json_put_uint(json, "contacts", n->contacts);
	json_put_uint(json, "targets", n->targets);
	json_put_uint(json, "ports", n->ports);
	json_open_object(json, "outcomes");
	json_put_uint(json, "refused", n->refused);
	json_put_uint(json, "unreachable", n->unreachable);
	json_put_uint(json, "unanswered", n->unanswered);
	json_put_uint(json, "half_open", n->half_open);
	json_put_uint(json, "empty", n->empty);
	json_put_uint(json, "odd", n->odd);
	json_put_uint(json, "answered", n->answered);
	json_close(json);
	score(json, "cusum", n->cusum);
	seconds(json, "horizon_s", n->horizon_s);
	seconds(json, "span_s", n->span_s);
	json_open_array(json, "port_list");
	for (unsigned i = 0; i < n->port_count && i < FINDING_PORTS; i++)
		json_put_uint(json, NULL, n->port_list[i]);
	json_close(json);
}

static void write_baseline(struct json *json, const struct exfil_numbers *n)
{
	json_open_object(json, "baseline");
	json_put_text(json, "of", n->baseline.of_source ? "source" : "destination");
	score(json, "mean_log2", n->baseline.mean);
	score(json, "sd_log2", n->baseline.deviation);
	score(json, "z", n->baseline.z);
	json_put_uint(json, "hours", n->baseline.hours);
	json_close(json);
}

static void write_exfil(struct json *json, const struct finding *finding)
{
	static const char *const channels[] = {
		[EXFIL_VOLUME] = "volume",
		[EXFIL_SLOW] = "slow",
		[EXFIL_ICMP] = "icmp",
		[EXFIL_UNUSUAL] = "unusual",
	};
	const struct exfil_numbers *n = &finding->exfil;

	json_put_text(json, "channel", channels[n->channel]);
	json_put_uint(json, "bytes_out", n->bytes_out);
	json_put_uint(json, "bytes_in", n->bytes_in);
	score(json, "ratio", n->ratio);
	seconds(json, "window_s", n->window_s);
	json_put_uint(json, "active_hours", n->active_hours);
	json_put_uint(json, "mismatches", n->mismatches);
	json_put_uint(json, "unsolicited", n->unsolicited);
	json_put_uint(json, "sizes", n->sizes);
	if (n->channel == EXFIL_UNUSUAL)
		write_baseline(json, n);
	text(json, "name", n->name);
}

static void write_dns(struct json *json, const struct finding *finding)
{
	const struct dns_numbers *n = &finding->dns;

	json_put_uint(json, "queries", n->queries);
	json_put_uint(json, "responses", n->responses);
	json_put_uint(json, "distinct", n->distinct);
	json_put_uint(json, "nxdomain", n->nxdomain);
	json_put_uint(json, "information_bytes", n->information_bytes);
	json_put_uint(json, "answer_bytes", n->answer_bytes);
	json_put_real(json, "mean_subname", n->mean_subname, 1);
	score(json, "distinct_share", n->distinct_share);
	score(json, "odd_type_share", n->odd_type_share);
	score(json, "nxdomain_share", n->nxdomain_share);
	seconds(json, "span_s", n->span_s);
	json_put_uint(json, "top_type", n->top_type);
	json_put_bool(json, "pooled", n->pooled);
	text(json, "sample", n->sample);
}

static void write_port(struct json *json, const struct finding *finding)
{
	json_put_uint(json, "port", finding->port.port);
	json_put_uint(json, "packets", finding->port.packets);
}

static void write_trigger(struct json *json, const struct finding *finding)
{
	const struct trigger_numbers *n = &finding->trigger;

	json_put_text(json, "matched", trigger_match_name(n->matched));
	json_put_text(json, "indicator", n->indicator);
	text(json, "source", n->source);
	text(json, "label", n->label);
	text(json, "seen", n->seen);
}

void finding_write_numbers(struct json *json, const struct finding *finding)
{
	static void (*const writers[FINDING_KINDS])(struct json *, const struct finding *) = {
		[FINDING_BEACON] = write_beacon,   [FINDING_SCAN] = write_scan,
		[FINDING_EXFIL] = write_exfil,     [FINDING_DNS_EXFIL] = write_dns,
		[FINDING_DNS_DGA] = write_dns,     [FINDING_SUSPICIOUS_PORT] = write_port,
		[FINDING_TRIGGER] = write_trigger,
	};

	bool domain = finding->kind == FINDING_DNS_EXFIL && !finding->dns.pooled;

	json_open_object(json, finding_kind_name(finding->kind));
	json_put_uint(json, "count", finding->count);
	text(json, domain ? "domain" : "entity", finding->entity);
	if (writers[finding->kind])
		writers[finding->kind](json, finding);
	json_close(json);
}
