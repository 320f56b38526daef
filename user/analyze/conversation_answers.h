/* SPDX-License-Identifier: BSD-2-Clause */
/* skua conversations and skua talkers: who exchanged how much with whom; the most bytes first. */
#ifndef SKUA_ANALYZE_CONVERSATION_ANSWERS_H
#define SKUA_ANALYZE_CONVERSATION_ANSWERS_H

#include "analyze/gaps.h"

/* Told apart at a time, 150 bytes each; beyond, the smallest of a few gives way and is counted. */
#define CONVERSATION_ANSWERS_MAX (1u << 20)

enum conversation_layer { CONVERSATION_TCP, CONVERSATION_UDP, CONVERSATION_IP };

struct conversation_options {
	enum conversation_layer layer;
	bool failed;   /* TCP: a SYN was sent and never answered by a SYN */
	uint64_t top;  /* rows; 0: all */
	bool by_gap;   /* only those of which a frame came so long after the one before it */
	bool per_pair; /* the one before it in the same conversation, not of all of the layer */
	struct gap_range gap;
	uint32_t capacity; /* told apart at a time; 0: CONVERSATION_ANSWERS_MAX */
};

/* 0 or -ENOMEM. */
int conversation_answers_open(struct analyst **out, const struct conversation_options *options);

struct talker_options {
	uint64_t top;      /* rows; 0: all */
	uint32_t capacity; /* as above */
};

int talker_answers_open(struct analyst **out, const struct talker_options *options);

#endif /* SKUA_ANALYZE_CONVERSATION_ANSWERS_H */
