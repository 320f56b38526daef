// SPDX-License-Identifier: BSD-2-Clause
/* The view of a running agent as a person reads it. */
#include <string.h>
#include "base/text.h"
#include "base/time_text.h"
#include "serve/grid.h"
#include "serve/status.h"

static void write_count(FILE *stream, uint64_t number, const char *what)
{
	char text[TEXT_NUMBER];

	fprintf(stream, "%s%s", text_count(text, number), what);
}

/* "skua 0.1.0, pid 4711, kernel programs, up 3 h since 2026-11-21T11:02:03Z". */
static void write_head(FILE *stream, const struct status_view *view)
{
	char version[TEXT_ESCAPED(STATUS_NAME)], source[TEXT_ESCAPED(STATUS_WORD)];
	char up[TEXT_NUMBER], since[TIME_TEXT];
	double up_s = view->now_ns > view->started_ns ? (view->now_ns - view->started_ns) / 1e9 : 0;

	text_escape(version, sizeof(version), view->version, strlen(view->version));
	text_escape(source, sizeof(source), view->source, strlen(view->source));
	fprintf(stream, "skua %s, pid %u, source %s, up %s since %.19sZ\n", version, view->pid,
		source, text_duration(up, up_s), time_format(since, view->started_ns));
}

static void write_findings(FILE *stream, const struct status_view *view)
{
	static const char *const names[] = { "", " high", " medium", " low", " info" };
	const char *before = " (";
	uint64_t total = 0;

	for (int i = 1; i <= 4; i++)
		total += view->findings[i];
	fputs("Findings  ", stream);
	write_count(stream, total, "");
	for (int i = 1; i <= 4; i++) {
		if (!view->findings[i])
			continue;
		fputs(before, stream);
		write_count(stream, view->findings[i], names[i]);
		before = ", ";
	}
	fputs(before[0] == ',' ? ")\n" : "\n", stream);
}

static void write_packets(FILE *stream, const struct status_view *view)
{
	char total[TEXT_NUMBER], rate[TEXT_NUMBER];

	fputs("Packets   ", stream);
	write_count(stream, view->packets, " (");
	write_count(stream, view->packets_per_s, "/s), ");
	fprintf(stream, "%s (%s/s) = ", text_bytes(total, view->bytes),
		text_bytes(rate, view->bytes_per_s));
	write_count(stream, view->accounted, " accounted");
	if (view->source_only) {
		fputs(" (", stream);
		write_count(stream, view->source_only, " to their source only)");
	}
	fputs(" + ", stream);
	write_count(stream, view->ignored, " ignored + ");
	write_count(stream, view->lost, " lost\n");
}

static void write_events(FILE *stream, const struct status_view *view)
{
	fputs("Events    ", stream);
	write_count(stream, view->events, " (");
	write_count(stream, view->events_per_s, "/s)\n");
}

/* "Ignored   arp 300, lldp 13": a line if there is anything to say. */
static void write_causes(FILE *stream, const struct status_view *view, enum status_group group,
			 const char *title)
{
	const char *before = title;

	for (unsigned i = 0; i < view->cause_count; i++) {
		if (view->causes[i].group != group)
			continue;
		fprintf(stream, "%s%s ", before, view->causes[i].name);
		write_count(stream, view->causes[i].count, "");
		before = ", ";
	}
	if (before != title)
		fputc('\n', stream);
}

static void write_blind(FILE *stream, const struct status_view *view)
{
	const char *before = "Blind     ";
	char name[TEXT_ESCAPED(STATUS_WORD)];

	if (!view_blind(view))
		return;
	for (unsigned i = 0; i < view->interface_count; i++) {
		const struct status_interface *interface = &view->interfaces[i];

		if (strcmp(interface->state, "blind"))
			continue;
		text_escape(name, sizeof(name), interface->name, strlen(interface->name));
		fprintf(stream, "%s%s", before, name);
		before = ", ";
	}
	fputs(": packets are counted there that we do not see\n", stream);
}

static void write_rest(FILE *stream, const struct status_view *view)
{
	char text[TEXT_NUMBER];

	if (view->clock_steps) {
		fputs("Clock     ", stream);
		write_count(stream, view->clock_steps,
			    view->clock_steps == 1 ? " step\n" : " steps\n");
	}
	if (view->journal_bytes)
		fprintf(stream, "Journal   %s\n", text_bytes(text, view->journal_bytes));
	if (view->turned_away) {
		fputs("Socket    ", stream);
		write_count(stream, view->answered, " answered, ");
		write_count(stream, view->turned_away, " turned away\n");
	}
}

static void add_words(struct grid *grid, const char *const *words)
{
	grid_add_row(grid);
	for (; *words; words++)
		grid_add_text(grid, *words);
}

static void write_interfaces(FILE *stream, const struct status_view *view)
{
	static const char *const head[] = { "INTERFACE", "ROLE",  "HOOK", "STATE", "PACKETS",
					    "PER S",     "BYTES", "RATE", NULL };
	struct grid grid;

	grid_init(&grid, "llllrrrr");
	add_words(&grid, head);
	for (unsigned i = 0; i < view->interface_count; i++) {
		const struct status_interface *interface = &view->interfaces[i];

		grid_add_row(&grid);
		grid_add_text(&grid, interface->name);
		grid_add_text(&grid, interface->role);
		grid_add_text(&grid, interface->hook);
		grid_add_text(&grid, interface->state);
		grid_add_count(&grid, interface->packets);
		grid_add_count(&grid, interface->packets_per_s);
		grid_add_bytes(&grid, interface->bytes, "");
		grid_add_bytes(&grid, interface->bytes_per_s, "/s");
	}
	fputc('\n', stream);
	grid_write(&grid, stream);
	if (view->interfaces_beyond)
		fprintf(stream, "and %u more interfaces\n", view->interfaces_beyond);
}

/* Tables and rings in one grid, so that their columns are the same. */
static void write_fill(FILE *stream, const struct status_view *view)
{
	static const char *const tables[] = { "TABLE", "ENTRIES", "ROOM", "FULL", NULL };
	static const char *const rings[] = { "RING", "USED", "ROOM", "FULL", NULL };
	struct grid grid;

	grid_init(&grid, "lrrr");
	if (view->table_count)
		add_words(&grid, tables);
	for (unsigned i = 0; i < view->table_count; i++) {
		grid_add_row(&grid);
		grid_add_text(&grid, view->tables[i].name);
		grid_add_count(&grid, view->tables[i].entries);
		grid_add_count(&grid, view->tables[i].capacity);
		grid_add_share(&grid, view->tables[i].entries, view->tables[i].capacity);
	}
	if (view->ring_count)
		add_words(&grid, rings);
	for (unsigned i = 0; i < view->ring_count; i++) {
		grid_add_row(&grid);
		grid_add_text(&grid, view->rings[i].name);
		grid_add_bytes(&grid, view->rings[i].used, "");
		grid_add_bytes(&grid, view->rings[i].size, "");
		grid_add_share(&grid, view->rings[i].used, view->rings[i].size);
	}
	if (grid.rows)
		fputc('\n', stream);
	grid_write(&grid, stream);
	if (view->tables_beyond)
		fprintf(stream, "and %u more tables\n", view->tables_beyond);
}

void status_write_table(FILE *stream, const struct status_view *view)
{
	write_head(stream, view);
	write_findings(stream, view);
	write_packets(stream, view);
	write_causes(stream, view, STATUS_IGNORED, "Ignored   ");
	write_causes(stream, view, STATUS_LOST, "Lost      ");
	write_causes(stream, view, STATUS_GIVEN_UP, "Given up  ");
	write_causes(stream, view, STATUS_CONFIG, "Config    ");
	if (view->causes_beyond)
		fprintf(stream, "and %u more causes\n", view->causes_beyond);
	write_events(stream, view);
	write_blind(stream, view);
	write_rest(stream, view);
	if (view->interface_count)
		write_interfaces(stream, view);
	write_fill(stream, view);
}
