/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel programs loaded as a live agent loads them, in a network
 * namespace of their own, and test runs of them behind the prelude of
 * drive.bpf.c.  The XDP prelude stays attached to loopback meanwhile: the
 * kernel waits for RCU on each test run of a program that is not attached.
 */
#ifndef BENCH_STAGE_H
#define BENCH_STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "skua/flow.h"
#include "drive.h"

#define STAGE_IFINDEX 1 /* loopback: where a test run says its frames come from */
#define STAGE_FRAME_MAX 1514

struct agent;
struct drive_object;
struct yardstick;
struct ring_buffer;

enum hook { HOOK_XDP, HOOK_TC };

struct stage {
	struct agent *agent;
	struct drive_object *drive;
	struct yardstick *yardstick;
	struct ring_buffer *rings;
};

struct stage_frame {
	unsigned char bytes[STAGE_FRAME_MAX];
	unsigned length;
};

/* flows: entries of each flow table, and of the yardstick's; sample_rate: bytes a source may have
 * sampled in a second.  0 or -errno; says what failed. */
int stage_open(struct stage *stage, uint32_t flows, uint32_t sample_rate);
void stage_close(struct stage *stage);
/* Empty every table and ring. */
void stage_forget(struct stage *stage);
/* Empty the rings. */
void stage_drain(struct stage *stage);
/* What the prelude does from now on, beginning with packet 0; its target is left to stage_run(). */
void stage_drive(struct stage *stage, const struct drive *drive);
/* Its order, from packet 0 on. */
void stage_drive_in_order(struct stage *stage, bool in_order);
/* ns per packet over so many of them, or -errno. */
int stage_run(struct stage *stage, enum hook hook, enum target target,
	      const struct stage_frame *frame, unsigned packets);

/* From hexadecimal digits; padded with zeros up to length. */
void stage_frame_init(struct stage_frame *frame, const char *hex, unsigned length);
uint32_t stage_be32(const unsigned char *at);
void stage_put_be32(unsigned char *at, uint32_t value);

int stage_flows_fd(const struct stage *stage, bool ours);
int stage_yardstick_fd(const struct stage *stage);

#endif /* BENCH_STAGE_H */
