// SPDX-License-Identifier: BSD-2-Clause
/* The view of a running agent as one JSON record. */
#include "report/envelope.h"
#include "serve/status.h"

static void write_causes(struct json *json, const char *name, const struct status_view *view,
			 enum status_group group)
{
	json_open_object(json, name);
	for (unsigned i = 0; i < view->cause_count; i++)
		if (view->causes[i].group == group)
			json_put_uint(json, view->causes[i].name, view->causes[i].count);
	json_close(json);
}

static void write_packets(struct json *json, const struct status_view *view)
{
	json_put_uint(json, "packets", view->packets);
	json_put_uint(json, "bytes", view->bytes);
	json_put_uint(json, "packets_per_s", view->packets_per_s);
	json_put_uint(json, "bytes_per_s", view->bytes_per_s);
	json_put_uint(json, "accounted", view->accounted);
	json_put_uint(json, "source_only", view->source_only);
	write_causes(json, "ignored", view, STATUS_IGNORED);
	write_causes(json, "lost", view, STATUS_LOST);
	write_causes(json, "given_up", view, STATUS_GIVEN_UP);
	json_put_uint(json, "causes_beyond", view->causes_beyond);
}

static void write_findings(struct json *json, const struct status_view *view)
{
	json_open_object(json, "findings");
	json_put_uint(json, "high", view->findings[1]);
	json_put_uint(json, "medium", view->findings[2]);
	json_put_uint(json, "low", view->findings[3]);
	json_put_uint(json, "info", view->findings[4]);
	json_close(json);
}

static void write_interfaces(struct json *json, const struct status_view *view)
{
	json_open_array(json, "interfaces");
	for (unsigned i = 0; i < view->interface_count; i++) {
		const struct status_interface *interface = &view->interfaces[i];

		json_open_object(json, NULL);
		json_put_text(json, "name", interface->name);
		json_put_uint(json, "ifindex", interface->ifindex);
		json_put_text(json, "role", interface->role);
		json_put_text(json, "hook", interface->hook);
		json_put_text(json, "state", interface->state);
		json_put_uint(json, "packets", interface->packets);
		json_put_uint(json, "bytes", interface->bytes);
		json_put_uint(json, "packets_per_s", interface->packets_per_s);
		json_put_uint(json, "bytes_per_s", interface->bytes_per_s);
		json_close(json);
	}
	json_close(json);
	json_put_uint(json, "interfaces_beyond", view->interfaces_beyond);
}

static void write_fill(struct json *json, const struct status_view *view)
{
	json_open_array(json, "tables");
	for (unsigned i = 0; i < view->table_count; i++) {
		json_open_object(json, NULL);
		json_put_text(json, "name", view->tables[i].name);
		json_put_uint(json, "entries", view->tables[i].entries);
		json_put_uint(json, "capacity", view->tables[i].capacity);
		json_close(json);
	}
	json_close(json);
	json_put_uint(json, "tables_beyond", view->tables_beyond);
	json_open_array(json, "rings");
	for (unsigned i = 0; i < view->ring_count; i++) {
		json_open_object(json, NULL);
		json_put_text(json, "name", view->rings[i].name);
		json_put_uint(json, "used", view->rings[i].used);
		json_put_uint(json, "size", view->rings[i].size);
		json_close(json);
	}
	json_close(json);
}

static void write_status(struct json *json, const struct status_view *view)
{
	json_put_text(json, "version", view->version);
	json_put_uint(json, "pid", view->pid);
	json_put_text(json, "source", view->source);
	envelope_time(json, "started", view->started_ns);
	write_packets(json, view);
	json_put_uint(json, "events", view->events);
	json_put_uint(json, "events_per_s", view->events_per_s);
	write_findings(json, view);
	json_put_uint(json, "clock_steps", view->clock_steps);
	json_put_uint(json, "journal_bytes", view->journal_bytes);
	json_put_uint(json, "answered", view->answered);
	json_put_uint(json, "turned_away", view->turned_away);
	write_interfaces(json, view);
	write_fill(json, view);
	write_causes(json, "config", view, STATUS_CONFIG);
}

void status_write_json(FILE *stream, const struct status_view *view)
{
	const struct sink_envelope envelope = { .mode = "live" };
	struct json json;

	json_init(&json, stream);
	envelope_begin(&json, "status", view->now_ns);
	envelope_origin(&json, &envelope);
	json_open_object(&json, "status");
	write_status(&json, view);
	json_close(&json);
	json_close(&json);
	json_end_line(&json);
}
