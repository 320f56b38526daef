/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A timing wheel (Varghese and Lauck 1987): what is due at which whole second.
 * Nodes live inside the caller's entries, so nothing is allocated; putting,
 * moving and removing one costs a few pointer writes.  A deadline beyond the
 * wheel's span comes up early, for the caller to put again.
 */
#ifndef SKUA_BASE_WHEEL_H
#define SKUA_BASE_WHEEL_H

#include <stdbool.h>
#include <stdint.h>

#define WHEEL_SPAN 4096 /* seconds; a power of two */

/* Zeroed: not on the wheel. */
struct wheel_node {
	struct wheel_node *next;
	struct wheel_node **link; /* what points to this node; NULL: not on the wheel */
	uint64_t due_s;
};

struct wheel {
	struct wheel_node *slots[WHEEL_SPAN];
	uint64_t now_s; /* everything up to here has come up */
	uint64_t nodes;
};

void wheel_init(struct wheel *wheel, uint64_t now_s);
/* Let it come up at due_s, or at the next second if that is past; moves a node that is there. */
void wheel_put(struct wheel *wheel, struct wheel_node *node, uint64_t due_s);
/* As wheel_put(), but a node that already comes up earlier stays where it is. */
void wheel_put_earlier(struct wheel *wheel, struct wheel_node *node, uint64_t due_s);
void wheel_remove(struct wheel *wheel, struct wheel_node *node);
/* The clock reaches now_s: returns the nodes that come up, off the wheel and chained by next. */
struct wheel_node *wheel_turn(struct wheel *wheel, uint64_t now_s);
/* The next second at which something comes up; UINT64_MAX: nothing ever does. */
uint64_t wheel_next(const struct wheel *wheel);

#endif /* SKUA_BASE_WHEEL_H */
