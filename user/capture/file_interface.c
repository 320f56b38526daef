// SPDX-License-Identifier: BSD-2-Clause
/* The list of numbered interfaces, and who may take over whose number. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "capture/file_interface.h"

#define SHARED_NUMBER (FILE_INTERFACES_MAX + 1)

struct file_interfaces {
	uint32_t count;
	struct numbered {
		char name[FILE_INTERFACE_NAME_SIZE];
		uint16_t linktype;
		bool running;
	} list[FILE_INTERFACES_MAX];
};

struct file_interfaces *file_interfaces_open(void)
{
	return calloc(1, sizeof(struct file_interfaces));
}

void file_interfaces_close(struct file_interfaces *all)
{
	free(all);
}

static bool may_take_over(const struct numbered *old, const struct file_interface *interface)
{
	return !old->running && old->linktype == interface->linktype &&
	       !strcmp(old->name, interface->name);
}

void file_interfaces_take(struct file_interfaces *all, struct file_interface *interface)
{
	uint32_t i = 0;

	if (interface->number)
		return;
	while (i < all->count && !may_take_over(&all->list[i], interface))
		i++;
	if (i == FILE_INTERFACES_MAX) {
		interface->number = SHARED_NUMBER;
		return;
	}
	if (i == all->count) {
		memcpy(all->list[i].name, interface->name, sizeof(interface->name));
		all->list[i].linktype = interface->linktype;
		all->count++;
	}
	all->list[i].running = true;
	interface->number = i + 1;
}

void file_interfaces_release(struct file_interfaces *all, const struct file_interface *interface)
{
	if (interface->number >= 1 && interface->number <= all->count)
		all->list[interface->number - 1].running = false;
}

const char *file_interfaces_name(const struct file_interfaces *all, uint32_t number)
{
	if (number == SHARED_NUMBER)
		return "(further interfaces)";
	return number >= 1 && number <= all->count ? all->list[number - 1].name : NULL;
}
