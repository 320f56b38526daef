// SPDX-License-Identifier: BSD-2-Clause
/* What a capture file tells of itself, for people: a line for each thing that there is. */
#include <inttypes.h>
#include <string.h>
#include "base/text.h"
#include "base/time_text.h"
#include "capture/file_filter.h"
#include "copy/info.h"

#define LABEL "  %-11s "
#define SHOWN_BYTES 2048 /* of a text; JSON has all of it */
#define BINARY 0x80      /* if_tsresol: a power of two */

static void write_bytes(FILE *stream, const char *bytes, size_t size)
{
	char text[TEXT_ESCAPED(SHOWN_BYTES)];

	text_escape(text, sizeof(text), bytes, size < SHOWN_BYTES ? size : SHOWN_BYTES);
	fputs(text, stream);
	if (size > SHOWN_BYTES)
		fprintf(stream, "... (%zu bytes more)", size - SHOWN_BYTES);
}

/* A word, then the text; nothing when there is none. */
static void write_text(FILE *stream, const char *before, const struct info_text *text)
{
	if (!text->size)
		return;
	fputs(before, stream);
	write_bytes(stream, text->bytes, text->size);
}

static void write_line(FILE *stream, const char *label, const struct info_text *text)
{
	if (!text->size)
		return;
	fprintf(stream, LABEL, label);
	write_bytes(stream, text->bytes, text->size);
	fputc('\n', stream);
}

static void write_resolution(FILE *stream, uint8_t resolution)
{
	static const char *const known[] = { [0] = "s", [3] = "ms", [6] = "us", [9] = "ns" };

	if (resolution < sizeof(known) / sizeof(known[0]) && known[resolution])
		fprintf(stream, ", times in %s", known[resolution]);
	else
		fprintf(stream, ", times in %d^-%d s", resolution & BINARY ? 2 : 10,
			resolution & (BINARY - 1));
}

static void write_count(FILE *stream, const char *before, uint64_t number, const char *after)
{
	char text[TEXT_NUMBER];

	fprintf(stream, "%s%s%s", before, text_count(text, number), after);
}

static void write_interface(FILE *stream, const struct info_interface *interface)
{
	const char *link = file_filter_linktype_name(interface->linktype);

	fprintf(stream, "  Interface %" PRIu32, interface->number);
	write_text(stream, " ", &interface->name);
	fprintf(stream, ": %s (%u)", link[0] ? link : "link type", interface->linktype);
	if (interface->snaplen)
		write_count(stream, ", snapshot length ", interface->snaplen, "");
	write_resolution(stream, interface->resolution);
	write_count(stream, ", ", interface->packets, " packets\n");
	write_line(stream, "description", &interface->description);
	write_line(stream, "filter", &interface->filter);
	write_line(stream, "os", &interface->os);
	if (!interface->has_received && !interface->has_dropped && !interface->has_delivered)
		return;
	fprintf(stream, LABEL, "counted");
	if (interface->has_received)
		write_count(stream, "", interface->received, " received; ");
	if (interface->has_dropped)
		write_count(stream, "", interface->dropped, " dropped; ");
	if (interface->has_delivered)
		write_count(stream, "", interface->delivered, " delivered; ");
	fputs("at its end\n", stream);
}

/* Shown above already. */
static bool is_said(const struct file_info *info, const struct info_text *text)
{
	return text == file_info_find(info, INFO_FINDING) ||
	       text == file_info_find(info, INFO_CONTEXT);
}

static void write_section(FILE *stream, const struct file_info *info, uint64_t section)
{
	uint64_t notes = file_info_kept(info->counts.notes, FILE_INFO_NOTES);
	uint64_t interfaces = file_info_kept(info->counts.interfaces, FILE_INFO_INTERFACES);

	if (info->pcapng && section < FILE_INFO_SECTIONS) {
		fprintf(stream, "Section %" PRIu64 "\n", section);
		write_line(stream, "hardware", &info->sections[section].hardware);
		write_line(stream, "os", &info->sections[section].os);
		write_line(stream, "application", &info->sections[section].application);
	}
	for (uint64_t i = 0; i < notes; i++)
		if (info->notes[i].about == INFO_SECTION && info->notes[i].number == section &&
		    !is_said(info, &info->notes[i].text))
			write_line(stream, "comment", &info->notes[i].text);
	for (uint64_t i = 0; i < interfaces; i++)
		if (info->interfaces[i].section == section)
			write_interface(stream, &info->interfaces[i]);
}

static void write_names(FILE *stream, const struct file_info *info)
{
	uint64_t count = file_info_kept(info->counts.names, FILE_INFO_NAMES);
	char text[ADDRESS_TEXT];

	if (count)
		fputs("Names\n", stream);
	for (uint64_t i = 0; i < count; i++) {
		fprintf(stream, "  %s", address_format(&info->names[i].address, text));
		write_text(stream, "  ", &info->names[i].name);
		fputc('\n', stream);
	}
	if (count < info->counts.names)
		write_count(stream, "  and ", info->counts.names - count, " more\n");
}

static void write_comments(FILE *stream, const struct file_info *info)
{
	uint64_t count = file_info_kept(info->counts.comments, FILE_INFO_COMMENTS);

	if (count)
		fputs("Comments of packets\n", stream);
	for (uint64_t i = 0; i < count; i++) {
		fprintf(stream, "  %8" PRIu64, info->comments[i].number);
		write_text(stream, "  ", &info->comments[i].text);
		fputc('\n', stream);
	}
	if (count < info->counts.comments)
		write_count(stream, "  and ", info->counts.comments - count, " more\n");
}

static void write_totals(FILE *stream, const struct file_info *info)
{
	char first[TIME_TEXT], last[TIME_TEXT], span[TEXT_NUMBER];

	fprintf(stream, LABEL, "packets");
	write_count(stream, "", info->packets, ", ");
	write_count(stream, "", info->length, " bytes on the wire, ");
	write_count(stream, "", info->captured, " bytes captured\n");
	if (info->timed)
		fprintf(stream, LABEL "%s to %s (%s), %s\n", "time",
			time_format(first, info->first_ns), time_format(last, info->last_ns),
			text_duration(span, (double)(info->last_ns - info->first_ns) / 1e9),
			info->ordered ? "in strict order" : "not in order");
	if (info->untimed) {
		fprintf(stream, LABEL, "untimed");
		write_count(stream, "", info->untimed, " packets without a time\n");
	}
}

static void write_rest(FILE *stream, const struct info_counts *counts)
{
	if (counts->secrets)
		write_count(stream, "  ", counts->secrets,
			    " blocks of secrets, such as TLS keys\n");
	if (counts->custom)
		write_count(stream, "  ", counts->custom, " custom blocks\n");
	if (counts->other)
		write_count(stream, "  ", counts->other, " blocks of other kinds\n");
	if (counts->oversized)
		write_count(stream, "  ", counts->oversized, " blocks too large to look into\n");
	if (counts->texts_dropped)
		write_count(stream, "  ", counts->texts_dropped,
			    " texts beyond 4 MiB of them, not kept\n");
}

static void write_said(FILE *stream, const struct info_view *view)
{
	static const char *const said[][2] = { { "finding", INFO_FINDING },
					       { "context", INFO_CONTEXT } };
	const char *at;
	size_t size;

	for (unsigned i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		if (!info_find(view, said[i][1], &at, &size))
			continue;
		fprintf(stream, LABEL, said[i][0]);
		write_bytes(stream, at, size);
		fputc('\n', stream);
	}
}

void info_write_table(FILE *stream, const struct info_view *view)
{
	const struct file_info *info = view->file;
	uint64_t sections = info->pcapng ? info->counts.sections : 1;

	write_bytes(stream, view->path, strlen(view->path));
	fprintf(stream, ": %s%s", info->pcapng ? "pcapng" : "pcap",
		info->packed ? ", compressed" : "");
	if (view->sha256[0]) {
		write_count(stream, ", ", view->size, " bytes\n");
		fprintf(stream, LABEL "%s\n", "sha256", view->sha256);
	} else {
		fputc('\n', stream);
	}
	write_totals(stream, info);
	write_said(stream, view);
	for (uint64_t i = 0; i < file_info_kept(sections, FILE_INFO_SECTIONS); i++)
		write_section(stream, info, i);
	if (sections > FILE_INFO_SECTIONS)
		write_count(stream, "and ", sections - FILE_INFO_SECTIONS, " more sections\n");
	write_names(stream, info);
	write_comments(stream, info);
	write_rest(stream, &info->counts);
	if (info->problem[0])
		fprintf(stream, "Damaged at byte %" PRIu64 ": %s; only what lies before was read\n",
			info->problem_offset, info->problem);
}
