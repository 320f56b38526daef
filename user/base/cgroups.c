// SPDX-License-Identifier: BSD-2-Clause
/* Walks the unified hierarchy of control groups. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "base/cgroups.h"
#include "base/table.h"

#define DEPTH_MAX 32       /* a descriptor each */
#define WALK_MAX 16384     /* folders; one takes some 10 us */
#define PAUSE_NS 100000000 /* between two walks, at least */
#define PAUSE_SHARE 20     /* and so many times what the last one took */

struct cgroup_row {
	uint64_t seen; /* number of the walk that saw it last */
	char path[CGROUPS_PATH];
};

struct cgroups {
	struct table rows; /* by id */
	struct cgroups_counts counts;
	uint64_t next_ns; /* when the tree may be walked again */
	unsigned left;    /* folders that this walk may still see */
	int root;
	char path[CGROUPS_PATH]; /* of the folder at hand */
};

static uint64_t seen_last(const void *value)
{
	return ((const struct cgroup_row *)value)->seen;
}

static void keep(struct cgroups *cgroups, uint64_t id, const char *path)
{
	struct cgroup_row *row = table_get(&cgroups->rows, &id, NULL);

	row->seen = cgroups->counts.walks;
	snprintf(row->path, sizeof(row->path), "%s", path);
}

static void walk(struct cgroups *cgroups, int fd, size_t length, unsigned depth);

/* false: it may not be entered. */
static bool visit(struct cgroups *cgroups, int parent, const struct dirent *entry, size_t length,
		  unsigned depth)
{
	size_t name = strlen(entry->d_name);
	int fd;

	if (depth >= DEPTH_MAX || !cgroups->left || length + 1 + name >= sizeof(cgroups->path))
		return false;
	cgroups->left--;
	cgroups->path[length] = '/';
	memcpy(cgroups->path + length + 1, entry->d_name, name + 1);
	keep(cgroups, entry->d_ino, cgroups->path);
	fd = openat(parent, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0) /* else it has gone meanwhile, or is somebody's secret */
		walk(cgroups, fd, length + 1 + name, depth + 1);
	return true;
}

/* Takes fd.  length: of cgroups->path, which names it. */
static void walk(struct cgroups *cgroups, int fd, size_t length, unsigned depth)
{
	DIR *folder = fdopendir(fd);
	const struct dirent *entry;

	if (!folder) {
		close(fd);
		return;
	}
	while ((entry = readdir(folder)))
		if (entry->d_type == DT_DIR && strcmp(entry->d_name, ".") &&
		    strcmp(entry->d_name, "..") && !visit(cgroups, fd, entry, length, depth))
			cgroups->counts.unlooked++;
	closedir(folder);
}

static uint64_t clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void walk_all(struct cgroups *cgroups, uint64_t now_ns)
{
	uint64_t begun_ns = clock_ns(), pause_ns;
	struct stat status;
	int fd = openat(cgroups->root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	cgroups->counts.walks++;
	cgroups->left = WALK_MAX;
	if (fd >= 0 && !fstat(fd, &status))
		keep(cgroups, status.st_ino, "/");
	if (fd >= 0)
		walk(cgroups, fd, 0, 0);
	pause_ns = PAUSE_SHARE * (clock_ns() - begun_ns);
	cgroups->next_ns = now_ns + (pause_ns > PAUSE_NS ? pause_ns : PAUSE_NS);
}

const char *cgroups_path(struct cgroups *cgroups, uint64_t id, uint64_t now_ns)
{
	const struct cgroup_row *row = table_find(&cgroups->rows, &id);

	if (!row && now_ns >= cgroups->next_ns) {
		walk_all(cgroups, now_ns);
		row = table_find(&cgroups->rows, &id);
	}
	return row ? row->path : NULL;
}

/* As getmntent() has it: the first of its kind. */
static int open_mount(void)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent entry;
	char text[4096];
	int fd = -ENOENT;

	if (!mounts)
		return -errno;
	while (fd == -ENOENT && getmntent_r(mounts, &entry, text, sizeof(text))) {
		if (strcmp(entry.mnt_type, "cgroup2"))
			continue;
		fd = open(entry.mnt_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		fd = fd < 0 ? -errno : fd;
	}
	endmntent(mounts);
	return fd;
}

static int open_root(const char *root)
{
	int fd;

	if (!root)
		return open_mount();
	fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int cgroups_open(struct cgroups **out, const char *root)
{
	const struct table_options rows = { .key_size = sizeof(uint64_t),
					    .value_size = sizeof(struct cgroup_row),
					    .capacity = CGROUPS_KEPT,
					    .worth = seen_last };
	struct cgroups *cgroups = calloc(1, sizeof(*cgroups));
	int err = cgroups ? table_init(&cgroups->rows, &rows) : -ENOMEM;

	if (!err) {
		cgroups->root = open_root(root);
		err = cgroups->root < 0 ? cgroups->root : 0;
		if (err)
			table_fini(&cgroups->rows);
	}
	if (err)
		free(cgroups);
	else
		*out = cgroups;
	return err;
}

void cgroups_close(struct cgroups *cgroups)
{
	if (!cgroups)
		return;
	close(cgroups->root);
	table_fini(&cgroups->rows);
	free(cgroups);
}

void cgroups_count(const struct cgroups *cgroups, struct cgroups_counts *out)
{
	*out = cgroups->counts;
	out->known = cgroups->rows.used;
	out->evicted = cgroups->rows.evictions;
}
