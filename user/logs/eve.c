// SPDX-License-Identifier: BSD-2-Clause
/* The outside of EVE lines, and flows. */
#include <stdio.h>
#include <string.h>
#include "logs/eve.h"
#include "report/envelope.h"
#include "report/protocol.h"

const char *eve_app_proto(const char *service)
{
	if (!service)
		return NULL;
	return !strcmp(service, "ssl") ? "tls" : service;
}

static bool has_ports(uint8_t proto)
{
	return proto == SKUA_TCP || proto == SKUA_UDP || proto == SKUA_SCTP;
}

static void put_ends(struct json *json, const struct identity *identity)
{
	char text[ADDRESS_TEXT], name[PROTOCOL_NAME];

	json_put_text(json, "src_ip", address_format(&identity->src, text));
	if (has_ports(identity->proto))
		json_put_uint(json, "src_port", identity->sport);
	json_put_text(json, "dest_ip", address_format(&identity->dst, text));
	if (has_ports(identity->proto))
		json_put_uint(json, "dest_port", identity->dport);
	json_put_text(json, "proto", protocol_text(identity->proto, name));
	if (identity->proto == SKUA_ICMP || identity->proto == SKUA_ICMPV6) {
		json_put_uint(json, "icmp_type", identity->sport);
		json_put_uint(json, "icmp_code", identity->dport);
	}
	json_put_text(json, "community_id", identity->community_id);
}

void eve_begin(struct json *json, const struct sink_envelope *envelope, const struct eve_head *head)
{
	envelope_time(json, "timestamp", head->time_ns);
	json_put_text(json, "schema_version", ENVELOPE_VERSION);
	json_put_text(json, "event_type", head->event_type);
	json_put_uint(json, "flow_id", head->identity->flow_id);
	if (head->frame)
		json_put_uint(json, "pcap_cnt", head->frame);
	envelope_origin(json, envelope);
	put_ends(json, head->identity);
	if (head->app_proto)
		json_put_text(json, "app_proto", head->app_proto);
}

static const char *state_of(const struct log_flow *flow, bool tcp)
{
	bool both = flow->way[0].packets && flow->way[1].packets;

	if (flow->closed)
		return "closed";
	if (!tcp)
		return both ? "established" : "new";
	return flow->way[0].payload || flow->way[1].payload || both ? "established" : "new";
}

static void put_flags(struct json *json, const char *name, uint8_t flags)
{
	char text[3];

	snprintf(text, sizeof(text), "%02x", flags);
	json_put_text(json, name, text);
}

static void put_tcp(struct json *json, const struct log_flow *flow)
{
	static const struct {
		uint8_t flag;
		const char *name;
	} names[] = { { SKUA_SYN, "syn" }, { SKUA_FIN, "fin" }, { SKUA_RST, "rst" },
		      { SKUA_PSH, "psh" }, { SKUA_ACK, "ack" }, { SKUA_URG, "urg" } };
	uint8_t flags = flow->way[0].flags | flow->way[1].flags | flow->all_flags;

	json_open_object(json, "tcp");
	put_flags(json, "tcp_flags", flags);
	if (!flow->events) {
		put_flags(json, "tcp_flags_ts", flow->way[flow->client].flags);
		put_flags(json, "tcp_flags_tc", flow->way[skua_other(flow->client)].flags);
	}
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (flags & names[i].flag)
			json_put_bool(json, names[i].name, true);
	json_close(json);
}

void eve_flow(struct json *json, const struct log_flow *flow, enum log_flow_end end, bool tcp)
{
	/* "forced": as Suricata says of one that its memory limit ended. */
	static const char *const reasons[] = { "timeout", "timeout", "tcp_reuse", "forced",
					       "shutdown" };
	const struct log_way *client = &flow->way[flow->client];
	const struct log_way *server = &flow->way[skua_other(flow->client)];

	json_open_object(json, "flow");
	json_put_uint(json, "pkts_toserver", client->packets);
	json_put_uint(json, "pkts_toclient", server->packets);
	if (!flow->uncounted) {
		json_put_uint(json, "bytes_toserver", client->bytes);
		json_put_uint(json, "bytes_toclient", server->bytes);
	}
	envelope_time(json, "start", flow->first_ns);
	envelope_time(json, "end", flow->last_ns);
	json_put_uint(json, "age", (flow->last_ns - flow->first_ns) / 1000000000);
	json_put_text(json, "state", state_of(flow, tcp));
	json_put_text(json, "reason", reasons[end]);
	json_put_bool(json, "alerted", false);
	json_close(json);
	if (tcp)
		put_tcp(json, flow);
}
