// SPDX-License-Identifier: BSD-2-Clause
/* Fills the view of a running agent, and checks one that was received. */
#include <ctype.h>
#include <string.h>
#include "serve/view.h"

void view_text(char *to, size_t size, const char *text)
{
	size_t length = strnlen(text, size - 1);

	memcpy(to, text, length);
	memset(to + length, 0, size - length);
}

struct status_interface *view_add_interface(struct status_view *view, const char *name)
{
	struct status_interface *interface;

	if (view->interface_count == STATUS_INTERFACES) {
		view->interfaces_beyond++;
		return NULL;
	}
	interface = &view->interfaces[view->interface_count++];
	view_text(interface->name, sizeof(interface->name), name);
	return interface;
}

void view_add_cause(struct status_view *view, enum status_group group, const char *name,
		    uint64_t count)
{
	struct status_cause *cause;

	if (!count)
		return;
	view->ignored += group == STATUS_IGNORED ? count : 0;
	view->lost += group == STATUS_LOST ? count : 0;
	if (view->cause_count == STATUS_CAUSES) {
		view->causes_beyond++;
		return;
	}
	cause = &view->causes[view->cause_count++];
	view_text(cause->name, sizeof(cause->name), name);
	cause->group = group;
	cause->count = count;
}

void view_add_table(struct status_view *view, const char *name, uint64_t entries, uint64_t capacity)
{
	struct status_table *table;

	if (view->table_count == STATUS_TABLES) {
		view->tables_beyond++;
		return;
	}
	table = &view->tables[view->table_count++];
	view_text(table->name, sizeof(table->name), name);
	table->entries = entries;
	table->capacity = capacity;
}

void view_add_ring(struct status_view *view, const char *name, uint64_t used, uint64_t size)
{
	struct status_ring *ring;

	if (view->ring_count == STATUS_RINGS)
		return;
	ring = &view->rings[view->ring_count++];
	view_text(ring->name, sizeof(ring->name), name);
	ring->used = used;
	ring->size = size;
}

static void add_causes(struct status_view *view, enum status_group group,
		       const struct stats_cause *causes, unsigned count)
{
	for (unsigned i = 0; i < count && i < STATS_CAUSES; i++)
		view_add_cause(view, group, causes[i].name, causes[i].packets);
}

void view_add_stats(struct status_view *view, const struct stats *stats)
{
	view->packets = stats->packets;
	view->bytes = stats->bytes;
	view->accounted = stats->accounted;
	view->source_only = stats->source_only;
	view->events = stats->events;
	view->clock_steps = stats->backwards;
	memcpy(view->findings, stats->findings, sizeof(view->findings));
	add_causes(view, STATUS_IGNORED, stats->ignored, stats->ignored_count);
	add_causes(view, STATUS_LOST, stats->lost, stats->lost_count);
	add_causes(view, STATUS_GIVEN_UP, stats->tables, stats->table_count);
}

static bool is_ended(const char *text, size_t size)
{
	return memchr(text, 0, size) != NULL;
}

/* A word that may be a field of JSON as it is. */
static bool is_name(const char *text, size_t size)
{
	if (!text[0] || !is_ended(text, size))
		return false;
	for (; *text; text++)
		if (!isascii(*text) || !(isalnum((unsigned char)*text) || strchr("_.-", *text)))
			return false;
	return true;
}

static bool interface_check(const struct status_interface *interface)
{
	return is_ended(interface->name, STATUS_WORD) && is_ended(interface->role, STATUS_WORD) &&
	       is_ended(interface->hook, STATUS_WORD) && is_ended(interface->state, STATUS_WORD);
}

bool view_check(const struct status_view *view)
{
	if (view->interface_count > STATUS_INTERFACES || view->cause_count > STATUS_CAUSES ||
	    view->table_count > STATUS_TABLES || view->ring_count > STATUS_RINGS ||
	    !is_ended(view->version, STATUS_NAME) || !is_ended(view->source, STATUS_WORD))
		return false;
	for (unsigned i = 0; i < view->interface_count; i++)
		if (!interface_check(&view->interfaces[i]))
			return false;
	for (unsigned i = 0; i < view->cause_count; i++)
		if (view->causes[i].group >= STATUS_GROUPS ||
		    !is_name(view->causes[i].name, STATUS_NAME))
			return false;
	for (unsigned i = 0; i < view->table_count; i++)
		if (!is_name(view->tables[i].name, STATUS_NAME))
			return false;
	for (unsigned i = 0; i < view->ring_count; i++)
		if (!is_name(view->rings[i].name, STATUS_NAME))
			return false;
	return true;
}

unsigned view_blind(const struct status_view *view)
{
	unsigned blind = 0;

	for (unsigned i = 0; i < view->interface_count; i++)
		blind += !strcmp(view->interfaces[i].state, "blind");
	return blind;
}
