// SPDX-License-Identifier: BSD-2-Clause
/* Packets to flows and conversations, what they say to lines. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "logs/logs_state.h"

#define CONVERSATIONS 65536          /* at a time */
#define WAITING_BYTES (128ull << 20) /* of messages that are not complete, of all */
#define FILE_MAX_BYTES (1ull << 30)  /* larger ones are told without a hash */

unsigned logs_kinds(const char *words, const char **bad, size_t *length)
{
	static const char *const names[LOG_KINDS] = { "flow", "dns", "tls", "http", "file" };
	unsigned kinds = 0;

	while (words) {
		const char *comma = strchrnul(words, ',');
		unsigned kind = 0;

		*length = comma - words;
		while (kind < LOG_KINDS &&
		       (strlen(names[kind]) != *length || memcmp(names[kind], words, *length)))
			kind++;
		if (kind == LOG_KINDS) {
			*bad = words;
			return 0;
		}
		kinds |= 1u << kind;
		words = *comma ? comma + 1 : NULL;
	}
	return kinds;
}

/* What a conversation speaks, as Zeek calls it; NULL: nothing new. */
static const char *service_of(const struct item *item)
{
	switch (item->kind) {
	case ITEM_DNS:
		return "dns";
	case ITEM_HTTP_REQUEST:
	case ITEM_HTTP_RESPONSE:
		return "http";
	case ITEM_TLS:
		return item->place->key.proto == SKUA_UDP ? "quic" : "ssl";
	case ITEM_SMB2:
		return "smb";
	case ITEM_BYTES:
		return "ftp-data";
	default:
		return NULL;
	}
}

/* QUIC tells nothing of its end: its hellos do not wait. */
static void on_tls(struct logs *logs, const struct item *item)
{
	const struct item_place *place = item->place;

	if (item->kind == ITEM_TLS && (!logs_zeek(logs) || place->key.proto == SKUA_UDP))
		logs_tell_tls(logs, item);
	else if (logs_zeek(logs) && place->key.proto == SKUA_TCP)
		tls_handshakes_item(&logs->handshakes, item,
				    flows_born_ns(&logs->flows, &place->key, place->time_ns));
}

static void on_item(void *arg, const struct item *item)
{
	struct logs *logs = arg;
	const char *service = service_of(item);
	struct log_flow *flow = service ? flows_find(&logs->flows, &item->place->key) : NULL;

	if (flow && !flow->told && item->place->time_ns >= flow->born_ns)
		flow->service = service;
	if (item->kind == ITEM_DNS && logs_want(logs, LOG_DNS))
		logs_tell_dns(logs, item);
	else if (logs_want(logs, LOG_TLS))
		on_tls(logs, item);
	if (logs_want(logs, LOG_HTTP))
		http_exchanges_item(&logs->exchanges, item);
	if (logs_want(logs, LOG_FILE))
		object_sources_item(&logs->sources, item);
}

static int open_files(struct logs *logs)
{
	const struct objects_options objects = { .max_bytes = FILE_MAX_BYTES,
						 .made = logs_tell_file,
						 .arg = logs };
	int err = objects_init(&logs->objects, &objects);

	return err ? err : object_sources_init(&logs->sources, &logs->objects);
}

static int open_parts(struct logs *logs)
{
	const struct conversations_options options = { .capacity = CONVERSATIONS,
						       .memory_bytes = WAITING_BYTES,
						       .say = on_item,
						       .arg = logs };
	int err = flows_init(&logs->flows, logs_tell_flow, logs);

	if (!err)
		err = conversations_init(&logs->conversations, &options);
	if (!err && logs_want(logs, LOG_HTTP))
		err = http_exchanges_init(&logs->exchanges, logs_tell_http, logs);
	if (!err && logs_want(logs, LOG_DNS))
		err = dns_queries_init(&logs->queries, logs_tell_query, logs);
	if (!err && logs_want(logs, LOG_TLS))
		err = tls_handshakes_init(&logs->handshakes, logs_tell_handshake, logs);
	if (!err && logs_want(logs, LOG_FILE))
		err = open_files(logs);
	return err;
}

int logs_open(struct logs **out, const struct logs_options *options, char error[LOGS_ERROR_SIZE])
{
	struct logs *logs = calloc(1, sizeof(*logs));
	int err = logs ? 0 : -ENOMEM;

	error[0] = '\0';
	if (!err) {
		logs->options = *options;
		err = lines_open(&logs->lines, options, error);
	}
	if (!err)
		err = open_parts(logs);
	if (err)
		logs_close(logs);
	else
		*out = logs;
	return err;
}

int logs_close(struct logs *logs)
{
	int err;

	if (!logs)
		return 0;
	conversations_fini(&logs->conversations);
	flows_fini(&logs->flows);
	http_exchanges_fini(&logs->exchanges);
	dns_queries_fini(&logs->queries);
	tls_handshakes_fini(&logs->handshakes);
	objects_fini(&logs->objects);
	object_sources_fini(&logs->sources);
	err = lines_close(&logs->lines);
	free(logs);
	return err;
}

void logs_packet(struct logs *logs, const struct logs_packet *packet)
{
	const struct skua_packet *pkt = packet->pkt;
	struct conversation_packet in = { .pkt = pkt,
					  .frame = packet->frame,
					  .time_ns = packet->time_ns };

	if (pkt->payload_at < packet->captured) {
		in.payload = packet->bytes + pkt->payload_at;
		in.captured = packet->captured - pkt->payload_at;
		if (in.captured > pkt->payload)
			in.captured = pkt->payload;
	}
	logs->counters.cut += in.captured < pkt->payload;
	/* First the flow, so that what is said bears its name. */
	flows_packet(&logs->flows, pkt, packet->time_ns);
	conversations_packet(&logs->conversations, &in);
}

void logs_tick(struct logs *logs, uint64_t now_ns)
{
	logs_release(logs, now_ns);
	flows_tick(&logs->flows, now_ns);
	if (logs_want(logs, LOG_HTTP))
		http_exchanges_tick(&logs->exchanges, now_ns);
	if (logs_want(logs, LOG_DNS) && logs_zeek(logs))
		dns_queries_tick(&logs->queries, now_ns);
	lines_flush(&logs->lines);
}

void logs_finish(struct logs *logs)
{
	conversations_finish(&logs->conversations);
	if (logs_want(logs, LOG_HTTP))
		http_exchanges_finish(&logs->exchanges);
	if (logs_want(logs, LOG_DNS))
		dns_queries_finish(&logs->queries);
	if (logs_want(logs, LOG_FILE))
		objects_finish(&logs->objects);
	logs_release(logs, UINT64_MAX);
	flows_finish(&logs->flows);
	lines_flush(&logs->lines);
}

const struct logs_counters *logs_counters(struct logs *logs)
{
	struct logs_counters *counters = &logs->counters;
	const struct waiting_room *room = &logs->conversations.room;

	counters->lines = logs->lines.count;
	counters->error = logs->lines.error;
	counters->flows_early = logs->flows.early;
	counters->connections = logs->conversations.counters.evicted;
	counters->messages = room->overlong + room->no_memory;
	counters->exchanges_early = logs->exchanges.early;
	counters->queries_early = logs->queries.early;
	counters->handshakes_early = logs->handshakes.early;
	counters->files_early = logs->objects.gave_way + logs->objects.no_memory;
	counters->files_unknown = object_sources_lost(&logs->sources);
	counters->announced = logs->conversations.expected.table.evictions;
	return counters;
}
