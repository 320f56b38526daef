// SPDX-License-Identifier: BSD-2-Clause
/* BPF links of XDP and tcx.  libbpf 1.1 knows no tcx, so the system call is made here. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include "capture/hook_link.h"

/* From Linux 6.6's uapi; Debian 12's headers are older. */
#define ATTACH_TCX_INGRESS 46
#define ATTACH_TCX_EGRESS 47
#define FLAG_BEFORE (1u << 3) /* without a relative: in front of all others */

/* union bpf_attr of BPF_PROG_QUERY, as far as tcx needs it. */
struct program_query {
	uint32_t target_ifindex;
	uint32_t attach_type;
	uint32_t query_flags;
	uint32_t attach_flags;
	uint64_t ids;
	uint32_t count;
	uint32_t reserved;
	uint64_t flags_of_programs, links, flags_of_links, revision;
};

/* union bpf_attr of BPF_LINK_CREATE, as far as XDP and tcx need it. */
struct link_create {
	uint32_t prog_fd;
	uint32_t target_ifindex;
	uint32_t attach_type;
	uint32_t flags;
	uint32_t relative_fd;
	uint32_t reserved;
	uint64_t expected_revision;
};

static const uint32_t types[] = { [HOOK_LINK_XDP] = BPF_XDP,
				  [HOOK_LINK_TCX_INGRESS] = ATTACH_TCX_INGRESS,
				  [HOOK_LINK_TCX_EGRESS] = ATTACH_TCX_EGRESS };

static int create(const struct hook_link *link)
{
	struct link_create attr = { .prog_fd = link->program,
				    .target_ifindex = link->ifindex,
				    .attach_type = types[link->type],
				    .flags = link->type == HOOK_LINK_XDP ? link->flags
									 : FLAG_BEFORE };
	int fd = syscall(__NR_bpf, BPF_LINK_CREATE, &attr, sizeof(attr));

	return fd < 0 ? -errno : fd;
}

static void pin_name(char out[256], const struct hook_link *link)
{
	snprintf(out, 256, "%s/link-%d-%s", link->pin_path, link->ifindex, link->pin_name);
}

/* The number may be another device's by now: then the old link is dead, and gives way. */
static int take_over(const struct hook_link *link, const char *path)
{
	int fd = bpf_obj_get(path), err;

	if (fd < 0)
		return -errno;
	err = bpf_link_update(fd, link->program, NULL);
	if (!err)
		return fd;
	close(fd);
	unlink(path);
	return err;
}

int hook_link_attach(const struct hook_link *link)
{
	char path[256];
	int fd = -ENOENT;

	if (!link->pin_path)
		return create(link);
	pin_name(path, link);
	fd = take_over(link, path);
	if (fd >= 0)
		return fd;
	fd = create(link);
	if (fd >= 0 && bpf_obj_pin(fd, path)) {
		int err = -errno;

		close(fd);
		return err;
	}
	return fd;
}

void hook_link_detach(int fd)
{
	if (fd >= 0)
		bpf_link_detach(fd);
}

int hook_link_query(int ifindex, enum hook_link_type type, uint32_t *ids, uint32_t *count)
{
	struct program_query attr = { .target_ifindex = ifindex,
				      .attach_type = types[type],
				      .ids = (uintptr_t)ids,
				      .count = *count };

	if (syscall(__NR_bpf, BPF_PROG_QUERY, &attr, sizeof(attr)))
		return -errno;
	*count = attr.count;
	return 0;
}

bool hook_link_lacks_tcx(int err)
{
	return err == -EINVAL || err == -EOPNOTSUPP || err == -ENOTSUPP_KERNEL;
}
