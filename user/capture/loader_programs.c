// SPDX-License-Identifier: BSD-2-Clause
/* Loads programs at the same time; see loader_programs.h. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>
#include <bpf/libbpf.h>
#include "capture/loader_programs.h"

struct part {
	const struct loader_programs *of;
	const char *name;
	pthread_t thread;
	bool running;
	int fd; /* or -errno */
};

static int share_maps(struct bpf_object *object, const struct bpf_object *loaded)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, object)
	{
		const char *name = bpf_map__name(map);
		const struct bpf_map *made = bpf_object__find_map_by_name(loaded, name);
		int err = made ? bpf_map__reuse_fd(map, bpf_map__fd(made)) : -ENOENT;

		if (err)
			return err;
	}
	return 0;
}

static int choose(struct bpf_object *object, const char *name)
{
	struct bpf_program *program;
	int err = -ENOENT;

	bpf_object__for_each_program(program, object)
	{
		bool chosen = !strcmp(bpf_program__name(program), name);

		bpf_program__set_autoload(program, chosen);
		if (chosen)
			err = 0;
	}
	return err;
}

/* The program lives on by the descriptor; what libbpf knows of it is not needed again. */
static int load(const struct part *part)
{
	/* The maps of constants are named after the object. */
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = bpf_object__name(part->of->loaded));
	struct bpf_object *object = bpf_object__open_mem(part->of->elf, part->of->size, &opts);
	const struct bpf_program *program;
	int fd = object ? 0 : -errno;

	if (!fd)
		fd = share_maps(object, part->of->loaded);
	if (!fd)
		fd = choose(object, part->name);
	if (!fd)
		fd = bpf_object__load(object);
	if (!fd) {
		program = bpf_object__find_program_by_name(object, part->name);
		fd = fcntl(bpf_program__fd(program), F_DUPFD_CLOEXEC, 0);
		if (fd < 0)
			fd = -errno;
	}
	bpf_object__close(object);
	return fd;
}

static void *run(void *arg)
{
	struct part *part = arg;

	part->fd = load(part);
	return NULL;
}

/* Without a thread it takes longer, and is the same. */
static void begin(struct part *part, bool last)
{
	part->running = !last && !pthread_create(&part->thread, NULL, run, part);
	if (!part->running)
		run(part);
}

int loader_programs_load(const struct loader_programs *programs, int fds[])
{
	struct part parts[LOADER_PROGRAMS_MAX] = {};
	int err = 0;

	if (programs->count > LOADER_PROGRAMS_MAX)
		return -E2BIG;
	for (unsigned i = 0; i < programs->count; i++) {
		parts[i] = (struct part){ .of = programs, .name = programs->names[i], .fd = -1 };
		if (parts[i].name)
			begin(&parts[i], i + 1 == programs->count);
	}
	for (unsigned i = 0; i < programs->count; i++) {
		if (parts[i].running)
			pthread_join(parts[i].thread, NULL);
		if (parts[i].name && parts[i].fd < 0 && !err)
			err = parts[i].fd;
	}
	for (unsigned i = 0; i < programs->count; i++) {
		if (!err)
			fds[i] = parts[i].fd;
		else if (parts[i].fd >= 0)
			close(parts[i].fd);
	}
	return err;
}
