// SPDX-License-Identifier: BSD-2-Clause
/* Keeps a program that does nothing on both directions of an interface until a signal: the least
 * that any agent on tc costs. */
#include <bpf/bpf.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "datapath/drive.h"
#include "bench/drive_object.skel.h"

/* From Linux 6.6's uapi; older headers lack them. */
#define ATTACH_TCX_INGRESS 46
#define ATTACH_TCX_EGRESS 47

static int attach(const struct drive_object *object, int ifindex)
{
	int fd = bpf_program__fd(object->progs.empty_tc);

	if (bpf_link_create(fd, ifindex, ATTACH_TCX_INGRESS, NULL) < 0 ||
	    bpf_link_create(fd, ifindex, ATTACH_TCX_EGRESS, NULL) < 0)
		return -errno;
	return 0;
}

int main(int argc, char **argv)
{
	struct drive_object *object = drive_object__open_and_load();
	int err = object ? 0 : -errno;

	if (argc != 2) {
		fprintf(stderr, "usage: empty_tc IFACE\n");
		return 2;
	}
	if (!err)
		err = attach(object, if_nametoindex(argv[1]));
	if (err) {
		fprintf(stderr, "empty_tc: cannot attach to %s: %s\n", argv[1], strerror(-err));
		return 1;
	}
	fprintf(stderr, "empty_tc: attached\n");
	pause(); /* the links die with us */
	return 0;
}
