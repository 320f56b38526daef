// SPDX-License-Identifier: BSD-2-Clause
/* Loads the kernel programs; see loader.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "skua/armed.h"
#include "skua/clock.h"
#include "skua/sighting.h"
#include "skua/watched.h"
#include "capture/loader.h"
#include "capture/loader_programs.h"
#include "capture/locals.h"
#include "capture/refusal.h"
#include "agent.skel.h" /* last: it names types of skua/ without including them */

#define LATER (-ENOENT)
#define CLOCK_READINGS 40
#define CLOCK_PAUSE_NS 250000 /* so that the readings span more than a tick */

struct loader {
	struct agent *skel;            /* all maps, and what reads the clock */
	int programs[LOADER_PROGRAMS]; /* LATER, or -errno of the attempt to load it */
	bool adopted;
};

const char *loader_version(void)
{
	return libbpf_version_string();
}

static struct bpf_map *map_of(const struct loader *loader, int which)
{
	struct bpf_map *const maps[LOADER_ALL] = {
		[SKUA_TABLE_OUT] = loader->skel->maps.flows_out,
		[SKUA_TABLE_IN] = loader->skel->maps.flows_in,
		[SKUA_TABLE_PENDING] = loader->skel->maps.half_open,
		[SKUA_TABLE_SOURCES] = loader->skel->maps.sources,
		[LOADER_COUNTERS] = loader->skel->maps.counters,
		[LOADER_EVENTS] = loader->skel->maps.events,
		[LOADER_SAMPLES] = loader->skel->maps.samples,
		[LOADER_LINKS] = loader->skel->maps.links,
		[LOADER_LINKS_FAR] = loader->skel->maps.links_far,
		[LOADER_ARMED] = loader->skel->maps.armed,
		[LOADER_ARMING] = loader->skel->maps.arming,
		[LOADER_SIGHTINGS] = loader->skel->maps.sightings,
	};

	return maps[which];
}

int loader_map_fd(const struct loader *loader, int which)
{
	return bpf_map__fd(map_of(loader, which));
}

/* libbpf's own words are for developers; the caller's line names reason and remedy. */
static int be_silent(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level, (void)format, (void)args;
	return 0;
}

static uint64_t tick_ns(void)
{
	struct timespec tick = { .tv_nsec = 4000000 };

	clock_getres(CLOCK_MONOTONIC_COARSE, &tick);
	return tick.tv_nsec;
}

static void tell_constants(const struct loader *loader, const struct loader_options *options)
{
	const struct engine_options *o = &options->engine;
	struct skua_locals locals;

	locals_fill(&locals, o->locals, o->local_count);
	memcpy((void *)&loader->skel->rodata->config, &o->config, sizeof(o->config));
	memcpy((void *)&loader->skel->rodata->locals, &locals, sizeof(locals));
	loader->skel->rodata->test_run = options->test_run;
	loader->skel->rodata->tick_ns = tick_ns();
}

static void set_sizes(const struct loader *loader, const struct loader_options *options)
{
	const struct engine_options *o = &options->engine;

	bpf_map__set_max_entries(map_of(loader, SKUA_TABLE_OUT), o->flows);
	bpf_map__set_max_entries(map_of(loader, SKUA_TABLE_IN), o->flows);
	bpf_map__set_max_entries(map_of(loader, SKUA_TABLE_PENDING), o->pending);
	bpf_map__set_max_entries(map_of(loader, SKUA_TABLE_SOURCES), o->sources);
	bpf_map__set_max_entries(map_of(loader, LOADER_EVENTS), options->ring_bytes);
	bpf_map__set_max_entries(map_of(loader, LOADER_SAMPLES), options->ring_bytes);
}

/* Maps that are pinned there are used again; libbpf refuses those of another shape. */
static int set_pins(struct loader *loader, const char *path)
{
	struct bpf_map *map;
	char name[256];
	int err = 0;

	bpf_object__for_each_map(map, loader->skel->obj)
	{
		if (!err && !strchr(bpf_map__name(map), '.')) {
			snprintf(name, sizeof(name), "%s/%s", path, bpf_map__name(map));
			loader->adopted |= !access(name, F_OK);
			err = bpf_map__set_pin_path(map, name);
		}
	}
	return err;
}

static void say_why(int err, const char *pin_path, char error[LOADER_ERROR_SIZE])
{
	char remedy[LOADER_ERROR_SIZE / 2] = "";

	if (err == -EINVAL && pin_path) {
		snprintf(error, LOADER_ERROR_SIZE,
			 "the tables that an earlier run left in %s are of another size or "
			 "version: remove that folder",
			 pin_path);
		return;
	}
	if (err == -EPERM || err == -EACCES)
		refusal_explain(remedy, sizeof(remedy));
	else if (err == -ENOMEM || err == -E2BIG)
		snprintf(remedy, sizeof(remedy),
			 "; the tables do not fit in memory: make them smaller");
	snprintf(error, LOADER_ERROR_SIZE, "cannot load the kernel programs: %s%s", strerror(-err),
		 remedy);
}

/* The maps come first: each program's own object takes them from here. */
static int load_maps(struct loader *loader)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, loader->skel->obj)
		bpf_program__set_autoload(program, program == loader->skel->progs.skua_read_clock);
	return agent__load(loader->skel);
}

/* Of a set those that are missing, all or none. */
static int load_programs(struct loader *loader, unsigned set)
{
	static const char *const all[LOADER_PROGRAMS] = {
		[LOADER_XDP] = "skua_xdp_ingress",
		[LOADER_TC_INGRESS] = "skua_tc_ingress",
		[LOADER_TC_EGRESS] = "skua_tc_egress",
	};
	const char *names[LOADER_PROGRAMS] = {};
	struct loader_programs programs = { .loaded = loader->skel->obj,
					    .names = names,
					    .count = LOADER_PROGRAMS };
	int fds[LOADER_PROGRAMS], err;

	for (int i = 0; i < LOADER_PROGRAMS; i++)
		if (set & 1u << i && loader->programs[i] == LATER)
			names[i] = all[i];
	programs.elf = agent__elf_bytes(&programs.size);
	err = loader_programs_load(&programs, fds);
	for (int i = 0; i < LOADER_PROGRAMS; i++)
		if (names[i])
			loader->programs[i] = err ? err : fds[i];
	return err;
}

int loader_program_fd(struct loader *loader, enum loader_program which)
{
	if (loader->programs[which] == LATER)
		load_programs(loader, 1u << which);
	return loader->programs[which];
}

void loader_complete(struct loader *loader)
{
	load_programs(loader, ~0u); /* what fails is told by loader_program_fd() */
}

int loader_open(struct loader **out, const struct loader_options *options,
		char error[LOADER_ERROR_SIZE])
{
	struct loader *loader = calloc(1, sizeof(*loader));
	int err;

	say_why(-ENOMEM, NULL, error);
	if (!loader)
		return -ENOMEM;
	for (int i = 0; i < LOADER_PROGRAMS; i++)
		loader->programs[i] = LATER;
	libbpf_set_print(be_silent);
	loader->skel = agent__open();
	err = loader->skel ? 0 : -errno;
	if (!err && options->pin_path)
		err = set_pins(loader, options->pin_path);
	if (!err) {
		set_sizes(loader, options);
		tell_constants(loader, options);
		err = load_maps(loader);
	}
	if (!err)
		err = load_programs(loader, ~options->later);
	if (!err) {
		*out = loader;
		return 0;
	}
	say_why(err, loader->adopted ? options->pin_path : NULL, error);
	loader_close(loader);
	return err;
}

void loader_close(struct loader *loader)
{
	if (!loader)
		return;
	for (int i = 0; i < LOADER_PROGRAMS; i++)
		if (loader->programs[i] >= 0)
			close(loader->programs[i]);
	agent__destroy(loader->skel);
	free(loader);
}

bool loader_adopted(const struct loader *loader)
{
	return loader->adopted;
}

/* Only the kernel knows what a map costs: it says so in the descriptor's fdinfo. */
uint64_t loader_map_memory(int map_fd)
{
	unsigned long long bytes = 0;
	char path[64], line[128];
	FILE *info;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", map_fd);
	info = fopen(path, "r");
	if (!info)
		return 0;
	while (fgets(line, sizeof(line), info))
		if (sscanf(line, "memlock: %llu", &bytes) == 1)
			break;
	fclose(info);
	return bytes;
}

uint64_t loader_memory(const struct loader *loader)
{
	uint64_t bytes = 0;

	for (int i = 0; i < LOADER_ALL; i++)
		bytes += loader_map_memory(loader_map_fd(loader, i));
	return bytes;
}

/* jiffies step: the smallest difference is the one read right behind a step. */
int loader_set_clock(struct loader *loader)
{
	const struct timespec pause = { .tv_nsec = CLOCK_PAUSE_NS };
	uint64_t offset = UINT64_MAX;
	int fd = bpf_program__fd(loader->skel->progs.skua_read_clock);

	for (int i = 0; i < CLOCK_READINGS; i++) {
		struct skua_clock clock = {};
		/* Of this kind of program the kernel writes the context back. */
		LIBBPF_OPTS(bpf_test_run_opts, opts, .ctx_in = &clock,
			    .ctx_size_in = sizeof(clock));

		if (bpf_prog_test_run_opts(fd, &opts))
			return -errno;
		/* Unsigned: jiffies begin five minutes before they wrap. */
		if (clock.monotonic_ns - clock.jiffies_ns < offset)
			offset = clock.monotonic_ns - clock.jiffies_ns;
		nanosleep(&pause, NULL);
	}
	loader->skel->bss->clock_offset_ns = offset;
	return 0;
}

static uint64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * SKUA_SECOND_NS + (uint64_t)now.tv_nsec;
}

void loader_begin(struct loader *loader)
{
	loader->skel->bss->begun_ns = monotonic_ns();
}

void loader_renew(struct loader *loader, uint64_t until_ns)
{
	loader->skel->bss->lease_ns = until_ns;
}
