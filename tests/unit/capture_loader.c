// SPDX-License-Identifier: BSD-2-Clause
/* The kernel programs are loaded apart, and work on the same maps. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/bpf.h>
#include "capture/loader.h"
#include "tap.h"

#define MAPS_MAX 32

static int open_loader(struct loader **out, unsigned later)
{
	struct loader_options options = { .engine = ENGINE_OPTIONS_DEFAULT,
					  .ring_bytes = 1 << 16,
					  .later = later };
	char error[LOADER_ERROR_SIZE];
	int err;

	options.engine.flows = options.engine.pending = options.engine.sources = 128;
	err = loader_open(out, &options, error);
	if (err)
		printf("# %s\n", error);
	return err;
}

static uint32_t map_id(int fd)
{
	struct bpf_map_info info = { 0 };
	uint32_t size = sizeof(info);

	return bpf_obj_get_info_by_fd(fd, &info, &size) ? 0 : info.id;
}

static bool is_called(int fd, const char *name)
{
	struct bpf_prog_info info = { 0 };
	uint32_t size = sizeof(info);

	/* The kernel keeps 15 characters. */
	return !bpf_obj_get_info_by_fd(fd, &info, &size) && !strncmp(info.name, name, 15);
}

static bool uses(int fd, uint32_t id)
{
	uint32_t ids[MAPS_MAX], size = sizeof(struct bpf_prog_info);
	struct bpf_prog_info info = { .nr_map_ids = MAPS_MAX, .map_ids = (uintptr_t)ids };

	if (bpf_obj_get_info_by_fd(fd, &info, &size))
		return false;
	for (uint32_t i = 0; i < info.nr_map_ids && i < MAPS_MAX; i++)
		if (ids[i] == id)
			return true;
	return false;
}

static int descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	int count = 0;

	while (directory && readdir(directory))
		count++;
	closedir(directory);
	return count;
}

static void test_all(struct loader *loader)
{
	static const char *const names[LOADER_PROGRAMS] = { "skua_xdp_ingress", "skua_tc_ingress",
							    "skua_tc_egress" };
	bool named = true, shared = true;

	for (int i = 0; i < LOADER_PROGRAMS; i++) {
		int fd = loader_program_fd(loader, i);

		named &= is_called(fd, names[i]);
		for (int map = 0; map < LOADER_ALL; map++)
			shared &= uses(fd, map_id(loader_map_fd(loader, map)));
	}
	ok(named, "three programs are loaded, each under its name");
	ok(shared, "each uses the very maps that the agent reads");
}

/* Descriptors tell: asking for a program would load it. */
static void test_later(struct loader *loader)
{
	int before = descriptors(), fd;

	ok(is_called(loader_program_fd(loader, LOADER_TC_EGRESS), "skua_tc_egress") &&
		   descriptors() == before,
	   "what is not left for later is there at once");
	fd = loader_program_fd(loader, LOADER_XDP);
	ok(is_called(fd, "skua_xdp_ingress") && descriptors() == before + 1 &&
		   loader_program_fd(loader, LOADER_XDP) == fd,
	   "what is left for later is loaded when it is asked for, once");
	loader_complete(loader);
	ok(descriptors() == before + 2 &&
		   is_called(loader_program_fd(loader, LOADER_TC_INGRESS), "skua_tc_ingress") &&
		   descriptors() == before + 2,
	   "the rest is loaded when all is to be there");
	ok(loader_program_fd(loader, LOADER_XDP) == fd, "and what was there stays");
	ok(uses(fd, map_id(loader_map_fd(loader, LOADER_EVENTS))),
	   "also those use the very maps that the agent reads");
}

int main(void)
{
	struct loader *loader = NULL;
	int before = descriptors();

	if (open_loader(&loader, 0)) {
		printf("1..0 # SKIP needs CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON\n");
		return 0;
	}
	test_all(loader);
	loader_close(loader);
	ok(descriptors() == before, "closed, nothing of it stays open");
	loader = NULL;
	if (!open_loader(&loader, ~(1u << LOADER_TC_EGRESS)))
		test_later(loader);
	loader_close(loader);
	return done();
}
