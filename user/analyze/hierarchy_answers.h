/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * skua hierarchy: frames and bytes by protocol, each within the one that
 * carries it.  A protocol above TCP is counted where a message of it ends (of
 * TLS also where a record begins), as Wireshark does; frames in between are
 * TCP's alone.
 */
#ifndef SKUA_ANALYZE_HIERARCHY_ANSWERS_H
#define SKUA_ANALYZE_HIERARCHY_ANSWERS_H

#include "analyze/layers.h"

/* Different paths; some hundred are real.  Beyond, the rarest of a few gives way and is counted. */
#define HIERARCHY_PATHS 8192

struct hierarchy_options {
	bool tree;   /* names alone, each further in than what carries it, not "eth:ip:tcp" */
	bool frames; /* a row for each frame instead */
};

/* 0 or -ENOMEM. */
int hierarchy_answers_open(struct analyst **out, const struct hierarchy_options *options);

#endif /* SKUA_ANALYZE_HIERARCHY_ANSWERS_H */
