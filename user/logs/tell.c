// SPDX-License-Identifier: BSD-2-Clause
/* One line each: of a flow, a DNS message, a TLS hello, an HTTP exchange, a file. */
#include "logs/eve.h"
#include "logs/logs_state.h"
#include "logs/zeek.h"

/* The name of the flow in which something was said; side: whose address comes first. */
static void identify(struct logs *logs, struct identity *identity, const struct item_place *place,
		     unsigned side)
{
	identity_set(identity, &place->key, side,
		     flows_born_ns(&logs->flows, &place->key, place->time_ns));
}

struct json *logs_begin_eve(struct logs *logs, enum log_kind kind, const struct eve_head *head)
{
	struct json *json = lines_begin(&logs->lines, kind);

	eve_begin(json, &logs->options.envelope, head);
	return json;
}

struct json *logs_begin_zeek(struct logs *logs, enum log_kind kind, uint64_t time_ns,
			     const struct identity *identity)
{
	static const char *const paths[LOG_KINDS] = { "conn", "dns", "ssl", "http", "files" };
	struct json *json = lines_begin(&logs->lines, kind);

	zeek_begin(json, paths[kind], time_ns, identity, kind == LOG_FLOW || kind == LOG_DNS);
	return json;
}

void logs_tell_flow(void *arg, const struct skua_flow_key *key, const struct log_flow *flow,
		    enum log_flow_end end)
{
	struct logs *logs = arg;
	struct identity identity;

	if (!logs_want(logs, LOG_FLOW))
		return;
	if (key->proto == SKUA_ICMP || key->proto == SKUA_ICMPV6)
		identity_set_icmp(&identity, key, flow->client, flow->born_ns, flow->icmp_type,
				  flow->icmp_code);
	else
		identity_set(&identity, key, flow->client, flow->born_ns);
	if (logs_zeek(logs)) {
		struct json *json = logs_begin_zeek(logs, LOG_FLOW, flow->first_ns, &identity);

		zeek_conn(json, key, flow);
	} else {
		const struct eve_head head = { "flow", flow->last_ns, 0, &identity,
					       eve_app_proto(flow->service) };

		eve_flow(logs_begin_eve(logs, LOG_FLOW, &head), flow, end, key->proto == SKUA_TCP);
	}
	lines_end(&logs->lines);
}

void logs_tell_dns(struct logs *logs, const struct item *item)
{
	const struct dns_view *view = item->is;
	const struct item_place *place = item->place;
	bool answers = dns_view_is_response(view) && !view->multicast;
	struct identity identity;
	struct eve_head head = { "dns", place->time_ns, place->frame, &identity, "dns" };

	if (logs_zeek(logs)) {
		dns_queries_message(&logs->queries, place, view,
				    flows_born_ns(&logs->flows, &place->key, place->time_ns));
		return;
	}
	identify(logs, &identity, place, answers ? skua_other(place->sender) : place->sender);
	logs->counters.answers += eve_dns(logs_begin_eve(logs, LOG_DNS, &head), view);
	lines_end(&logs->lines);
}

void logs_tell_query(void *arg, const struct dns_query *query, const struct dns_view *response,
		     uint64_t response_ns)
{
	struct logs *logs = arg;
	bool answers = !query->asked && !(response && response->multicast);
	unsigned side = answers ? skua_other(query->place.sender) : query->place.sender;
	struct identity identity;

	identity_set(&identity, &query->place.key, side, query->born_ns);
	logs->counters.answers +=
		zeek_dns(logs_begin_zeek(logs, LOG_DNS, query->time_ns, &identity), query, response,
			 response_ns);
	lines_end(&logs->lines);
}

void logs_tell_tls(struct logs *logs, const struct item *item)
{
	const struct tls_view *view = item->is;
	const struct item_place *place = item->place;
	struct identity identity;
	struct eve_head head = { "tls", place->time_ns, place->frame, &identity,
				 view->quic ? "quic" : "tls" };

	identify(logs, &identity, place, place->sender);
	if (logs_zeek(logs))
		zeek_ssl(logs_begin_zeek(logs, LOG_TLS, place->time_ns, &identity), view);
	else
		eve_tls(logs_begin_eve(logs, LOG_TLS, &head), view);
	lines_end(&logs->lines);
}

void logs_tell_handshake(void *arg, const struct tls_handshake *handshake, bool established)
{
	struct logs *logs = arg;
	const struct item_place *place = &handshake->place;
	struct identity identity;
	struct json *json;

	identity_set(&identity, &place->key, place->sender, handshake->born_ns);
	json = logs_begin_zeek(logs, LOG_TLS, place->time_ns, &identity);
	zeek_ssl(json, &handshake->view);
	json_put_bool(json, "established", established);
	lines_end(&logs->lines);
}

void logs_tell_http(void *arg, const struct http_exchange *exchange)
{
	struct logs *logs = arg;
	const struct item_place *place = &exchange->place;
	struct identity identity;
	struct eve_head head = { "http", place->time_ns, place->frame, &identity, "http" };

	identify(logs, &identity, place,
		 exchange->requested ? place->sender : skua_other(place->sender));
	if (logs_zeek(logs))
		zeek_http(logs_begin_zeek(logs, LOG_HTTP, place->time_ns, &identity), exchange);
	else
		eve_http(logs_begin_eve(logs, LOG_HTTP, &head), exchange);
	lines_end(&logs->lines);
}

void logs_tell_file(void *arg, struct object *object)
{
	struct logs *logs = arg;
	const struct item_place *place = &object->origin.place;
	char text[OBJECT_SHA256];
	const char *sha256 = object_sha256(object, text);
	struct identity identity;
	struct eve_head head = { "fileinfo", place->time_ns, place->frame, &identity,
				 object->origin.protocol };

	if (logs_zeek(logs)) {
		identify(logs, &identity, place, place->client);
		zeek_file(logs_begin_zeek(logs, LOG_FILE, place->time_ns, &identity), object,
			  sha256, &identity);
	} else {
		identify(logs, &identity, place, place->sender);
		eve_file(logs_begin_eve(logs, LOG_FILE, &head), object, sha256);
	}
	lines_end(&logs->lines);
}
