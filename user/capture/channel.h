/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What attacher and worker say to each other: messages of one size over a
 * socket pair that keeps them apart.  The attacher tells what it watches; the
 * worker says only that it is done.  Descriptors of the maps go over once.
 */
#ifndef SKUA_CAPTURE_CHANNEL_H
#define SKUA_CAPTURE_CHANNEL_H

#include <net/if.h>
#include <stddef.h>
#include "capture/loader.h"

#define CHANNEL_TEXT 512

enum channel_kind {
	CHANNEL_FAILED = 1, /* text says why, ifindex is -errno; the attacher ends */
	CHANNEL_READY,      /* the maps' descriptors come along; packets: bytes of their memory */
	CHANNEL_WATCHED,    /* an interface, new or changed */
	CHANNEL_REFUSED,    /* a wanted interface that cannot be watched; text says why */
	CHANNEL_GONE,       /* no longer watched; packets and bytes: what was counted on it */
	CHANNEL_STARTED,    /* all that was there is watched */
	CHANNEL_COUNTERS,   /* packets: as the interface itself counts them, both ways; seen */
	CHANNEL_STOP,       /* from the worker: detach */
	CHANNEL_KEEP,       /* from the worker: leave what is pinned to the next agent */
	CHANNEL_STOPPED,    /* detached */
	CHANNEL_KINDS
};

struct channel_message {
	uint32_t kind; /* enum channel_kind */
	int32_t ifindex;
	char name[IF_NAMESIZE];
	uint8_t role; /* enum skua_role */
	uint8_t in;   /* enum hook */
	uint8_t out;
	uint8_t adopted; /* READY: another agent's maps go on */
	uint32_t reserved;
	uint64_t packets;
	uint64_t bytes;
	uint64_t seen; /* COUNTERS: packets that the programs counted until then */
	char text[CHANNEL_TEXT];
};

int channel_open(int ends[2]);
/* fds, if not NULL: LOADER_MAPS of them.  0 or -errno. */
int channel_send(int fd, const struct channel_message *message, const int *fds);
/* 1: one was read; 0: none is there; -errno, -EPIPE when the other end is gone.  fds may be NULL.
 */
int channel_receive(int fd, struct channel_message *message, int fds[LOADER_MAPS]);

#endif /* SKUA_CAPTURE_CHANNEL_H */
