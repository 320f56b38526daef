// SPDX-License-Identifier: BSD-2-Clause
/*
 * Somebody else who is attached to a device before or after the agent: tenant xdp|tcx OBJECT DEVICE
 * Says "attached", and at each SIGUSR1 how many packets its program has seen; SIGTERM detaches it.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TCX_INGRESS 46 /* enum bpf_attach_type; headers of Linux 6.1 do not have it */

static int attach(struct bpf_object *object, const char *how, unsigned ifindex)
{
	bool xdp = !strcmp(how, "xdp");
	struct bpf_program *program = bpf_object__find_program_by_name(
		object, xdp ? "lab_foreign_xdp" : "lab_foreign_tc");
	int link;

	if (!program)
		return -ENOENT;
	link = bpf_link_create(bpf_program__fd(program), ifindex, xdp ? BPF_XDP : TCX_INGRESS,
			       NULL);
	return link < 0 ? -errno : link;
}

static void serve(struct bpf_object *object, __u32 which)
{
	int map = bpf_object__find_map_fd_by_name(object, "lab_seen"), got;
	sigset_t awaited;

	sigemptyset(&awaited);
	sigaddset(&awaited, SIGUSR1);
	sigaddset(&awaited, SIGTERM);
	sigprocmask(SIG_BLOCK, &awaited, NULL);
	puts("attached");
	fflush(stdout);
	while (!sigwait(&awaited, &got) && got == SIGUSR1) {
		__u64 seen = 0;

		bpf_map_lookup_elem(map, &which, &seen);
		printf("%llu\n", (unsigned long long)seen);
		fflush(stdout);
	}
}

int main(int argc, char **argv)
{
	struct bpf_object *object;
	int link;

	if (argc != 4 || (strcmp(argv[1], "xdp") && strcmp(argv[1], "tcx"))) {
		fprintf(stderr, "usage: tenant xdp|tcx OBJECT DEVICE\n");
		return 2;
	}
	object = bpf_object__open_file(argv[2], NULL);
	if (!object || bpf_object__load(object)) {
		fprintf(stderr, "tenant: cannot load %s: %s\n", argv[2], strerror(errno));
		return 1;
	}
	link = attach(object, argv[1], if_nametoindex(argv[3]));
	if (link < 0) {
		fprintf(stderr, "tenant: cannot attach to %s: %s\n", argv[3], strerror(-link));
		return 1;
	}
	serve(object, !strcmp(argv[1], "tcx"));
	close(link);
	bpf_object__close(object);
	return 0;
}
