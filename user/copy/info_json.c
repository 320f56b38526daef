// SPDX-License-Identifier: BSD-2-Clause
/* What a capture file tells of itself, as one line of JSON. */
#include <string.h>
#include "base/json.h"
#include "base/time_text.h"
#include "capture/file_filter.h"
#include "copy/info.h"

#define DURATION_DECIMALS 9

bool info_find(const struct info_view *view, const char *prefix, const char **at, size_t *size)
{
	const struct info_text *text = file_info_find(view->file, prefix);

	if (!text)
		return false;
	*at = text->bytes + strlen(prefix);
	*size = text->size - strlen(prefix);
	return true;
}

static void put_text(struct json *json, const char *name, const struct info_text *text)
{
	if (text->bytes)
		json_put_bytes(json, name, text->bytes, text->size);
}

static void put_comments(struct json *json, const char *name, const struct info_comment *comments,
			 uint64_t count, const char *number)
{
	static const char *const about[] = { "section", "interface", "names", "statistics",
					     "packet" };

	json_open_array(json, name);
	for (uint64_t i = 0; i < count; i++) {
		json_open_object(json, NULL);
		if (comments[i].about != INFO_PACKET)
			json_put_text(json, "about", about[comments[i].about]);
		json_put_uint(json, number, comments[i].number);
		put_text(json, "comment", &comments[i].text);
		json_close(json);
	}
	json_close(json);
}

static void put_sections(struct json *json, const struct file_info *info)
{
	uint64_t count = file_info_kept(info->counts.sections, FILE_INFO_SECTIONS);

	json_open_array(json, "sections");
	for (uint64_t i = 0; i < count; i++) {
		json_open_object(json, NULL);
		put_text(json, "hardware", &info->sections[i].hardware);
		put_text(json, "os", &info->sections[i].os);
		put_text(json, "application", &info->sections[i].application);
		json_close(json);
	}
	json_close(json);
}

static void put_interface(struct json *json, const struct info_interface *interface)
{
	json_open_object(json, NULL);
	json_put_uint(json, "section", interface->section);
	json_put_uint(json, "interface", interface->number);
	put_text(json, "name", &interface->name);
	put_text(json, "description", &interface->description);
	put_text(json, "filter", &interface->filter);
	put_text(json, "os", &interface->os);
	json_put_uint(json, "linktype", interface->linktype);
	json_put_text(json, "linktype_name", file_filter_linktype_name(interface->linktype));
	json_put_uint(json, "snaplen", interface->snaplen);
	json_put_uint(json, "tsresol", interface->resolution);
	json_put_uint(json, "packets", interface->packets);
	json_put_uint(json, "statistics", interface->statistics);
	if (interface->has_received)
		json_put_uint(json, "received", interface->received);
	if (interface->has_dropped)
		json_put_uint(json, "dropped", interface->dropped);
	if (interface->has_delivered)
		json_put_uint(json, "delivered", interface->delivered);
	json_close(json);
}

static void put_names(struct json *json, const struct file_info *info)
{
	uint64_t count = file_info_kept(info->counts.names, FILE_INFO_NAMES);
	char text[ADDRESS_TEXT];

	json_open_array(json, "names");
	for (uint64_t i = 0; i < count; i++) {
		json_open_object(json, NULL);
		json_put_text(json, "address", address_format(&info->names[i].address, text));
		put_text(json, "name", &info->names[i].name);
		json_close(json);
	}
	json_close(json);
}

/* What the lists above do not hold, and what was only counted. */
static void put_counts(struct json *json, const struct info_counts *counts)
{
	json_open_object(json, "counts");
	json_put_uint(json, "sections", counts->sections);
	json_put_uint(json, "interfaces", counts->interfaces);
	json_put_uint(json, "names", counts->names);
	json_put_uint(json, "notes", counts->notes);
	json_put_uint(json, "comments", counts->comments);
	json_put_uint(json, "secrets", counts->secrets);
	json_put_uint(json, "custom", counts->custom);
	json_put_uint(json, "other", counts->other);
	json_put_uint(json, "oversized", counts->oversized);
	json_put_uint(json, "texts_left_out", counts->texts_dropped);
	json_close(json);
}

static void put_times(struct json *json, const struct file_info *info)
{
	char text[TIME_TEXT];

	if (info->timed) {
		json_put_text(json, "first_packet", time_format(text, info->first_ns));
		json_put_text(json, "last_packet", time_format(text, info->last_ns));
		json_put_real(json, "duration_s", (double)(info->last_ns - info->first_ns) / 1e9,
			      DURATION_DECIMALS);
		json_put_bool(json, "strict_time_order", info->ordered);
	}
	if (info->untimed)
		json_put_uint(json, "packets_without_time", info->untimed);
}

/* As text: it is what the file says, and no JSON until somebody parsed it. */
static void put_said(struct json *json, const struct info_view *view)
{
	const char *at;
	size_t size;

	if (info_find(view, INFO_FINDING, &at, &size))
		json_put_bytes(json, "finding", at, size);
	if (info_find(view, INFO_CONTEXT, &at, &size))
		json_put_bytes(json, "context", at, size);
}

static void put_problem(struct json *json, const struct file_info *info)
{
	if (!info->problem[0])
		return;
	json_open_object(json, "damaged");
	json_put_uint(json, "offset", info->problem_offset);
	json_put_text(json, "reason", info->problem);
	json_close(json);
}

void info_write_json(FILE *stream, const struct info_view *view)
{
	const struct file_info *info = view->file;
	uint64_t count = file_info_kept(info->counts.interfaces, FILE_INFO_INTERFACES);
	struct json json;

	json_init(&json, stream);
	json_open_object(&json, NULL);
	json_put_text(&json, "file", view->path);
	json_put_text(&json, "format", info->pcapng ? "pcapng" : "pcap");
	json_put_bool(&json, "compressed", info->packed);
	if (view->sha256[0]) {
		json_put_uint(&json, "size", view->size);
		json_put_text(&json, "sha256", view->sha256);
	}
	json_put_uint(&json, "packets", info->packets);
	json_put_uint(&json, "bytes", info->length);
	json_put_uint(&json, "captured_bytes", info->captured);
	put_times(&json, info);
	put_said(&json, view);
	put_sections(&json, info);
	json_open_array(&json, "interfaces");
	for (uint64_t i = 0; i < count; i++)
		put_interface(&json, &info->interfaces[i]);
	json_close(&json);
	put_names(&json, info);
	put_comments(&json, "notes", info->notes,
		     file_info_kept(info->counts.notes, FILE_INFO_NOTES), "number");
	put_comments(&json, "comments", info->comments,
		     file_info_kept(info->counts.comments, FILE_INFO_COMMENTS), "frame");
	put_counts(&json, &info->counts);
	put_problem(&json, info);
	json_close(&json);
	json_end_line(&json);
}
