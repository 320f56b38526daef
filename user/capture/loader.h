/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel programs: opened, sized, told their constants and loaded.  It
 * attaches nothing.  Replay loads them to run them on frames of a file, a live
 * agent to attach them; the object files are the same.  Needs CAP_BPF,
 * CAP_NET_ADMIN and CAP_PERFMON.  One thread; while it loads, one for each
 * program.
 */
#ifndef SKUA_CAPTURE_LOADER_H
#define SKUA_CAPTURE_LOADER_H

#include "capture/engine.h"

#define LOADER_ERROR_SIZE 256

struct loader_options {
	struct engine_options engine;
	uint32_t ring_bytes;  /* of each of the two; a power of two */
	bool test_run;        /* time and place are told with each frame */
	unsigned later;       /* sets of 1 << enum loader_program: not loaded at once */
	const char *pin_path; /* directory on bpffs whose maps are taken over, or made; NULL */
};

/* The first ones are enum skua_table. */
enum loader_map {
	LOADER_COUNTERS = SKUA_TABLES,
	LOADER_EVENTS,
	LOADER_SAMPLES,
	LOADER_LINKS,
	LOADER_LINKS_FAR,
	LOADER_ARMED,
	LOADER_ARMING,
	LOADER_MAPS,                    /* that a worker is given */
	LOADER_SIGHTINGS = LOADER_MAPS, /* for test runs, which begin anew */
	LOADER_ALL
};

enum loader_program { LOADER_XDP, LOADER_TC_INGRESS, LOADER_TC_EGRESS, LOADER_PROGRAMS };

struct loader;

const char *loader_version(void); /* of libbpf */
/* 0, or -errno and one line in error. */
int loader_open(struct loader **out, const struct loader_options *options,
		char error[LOADER_ERROR_SIZE]);
void loader_close(struct loader *loader);
int loader_map_fd(const struct loader *loader, int map); /* enum loader_map or skua_table */
/* Borrowed; loads it where it was left for later.  -errno: it cannot be, and is not tried again. */
int loader_program_fd(struct loader *loader, enum loader_program which);
/* Loads what was left for later, while the process still may. */
void loader_complete(struct loader *loader);
/* The maps of pin_path were there already: somebody's state goes on. */
bool loader_adopted(const struct loader *loader);
/* Bytes that the kernel has reserved for a map; 0: it does not tell. */
uint64_t loader_map_memory(int map_fd);
/* For all of them. */
uint64_t loader_memory(const struct loader *loader);
/* Compares the clock of the packet path with the exact one: 0 or -errno. */
int loader_set_clock(struct loader *loader);
/* All programs are attached: identities that were said before are said again, once each. */
void loader_begin(struct loader *loader);
/* Programs observe until then (CLOCK_MONOTONIC), and rest afterwards. */
void loader_renew(struct loader *loader, uint64_t until_ns);

#endif /* SKUA_CAPTURE_LOADER_H */
