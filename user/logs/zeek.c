// SPDX-License-Identifier: BSD-2-Clause
/* The outside of Zeek's lines, and conn.log. */
#include <string.h>
#include "logs/flow_history.h"
#include "logs/zeek.h"

static const char *proto_name(uint8_t proto)
{
	switch (proto) {
	case SKUA_TCP:
		return "tcp";
	case SKUA_UDP:
		return "udp";
	case SKUA_ICMP:
	case SKUA_ICMPV6:
		return "icmp";
	default:
		return "unknown_transport";
	}
}

/* Whole microseconds: a double holds them exactly enough until the year 2255. */
void zeek_time(struct json *json, const char *name, uint64_t time_ns)
{
	json_put_real(json, name, (double)(time_ns / 1000) / 1e6, 6);
}

void zeek_begin(struct json *json, const char *path, uint64_t time_ns,
		const struct identity *identity, bool proto)
{
	char text[ADDRESS_TEXT];

	json_put_text(json, "_path", path);
	zeek_time(json, "ts", time_ns);
	json_put_text(json, "uid", identity->uid);
	json_put_text(json, "id.orig_h", address_format(&identity->src, text));
	json_put_uint(json, "id.orig_p", identity->sport);
	json_put_text(json, "id.resp_h", address_format(&identity->dst, text));
	json_put_uint(json, "id.resp_p", identity->dport);
	if (proto)
		json_put_text(json, "proto", proto_name(identity->proto));
}

void zeek_conn(struct json *json, const struct skua_flow_key *key, const struct log_flow *flow)
{
	const struct log_way *client = &flow->way[flow->client];
	const struct log_way *server = &flow->way[skua_other(flow->client)];
	char history[LOG_HISTORY];

	if (flow->service)
		json_put_text(json, "service", flow->service);
	json_put_real(json, "duration", (double)((flow->last_ns - flow->first_ns) / 1000) / 1e6, 6);
	if (!flow->uncounted) {
		json_put_uint(json, "orig_bytes", client->payload);
		json_put_uint(json, "resp_bytes", server->payload);
	}
	json_put_text(json, "conn_state", history_state(key, flow));
	json_put_uint(json, "missed_bytes", 0);
	if (flow->history_length)
		json_put_text(json, "history", history_text(flow, history));
	json_put_uint(json, "orig_pkts", client->packets);
	if (!flow->events)
		json_put_uint(json, "orig_ip_bytes", client->ip_bytes);
	json_put_uint(json, "resp_pkts", server->packets);
	if (!flow->events)
		json_put_uint(json, "resp_ip_bytes", server->ip_bytes);
	if (flow->vlan)
		json_put_uint(json, "vlan", flow->vlan);
}
