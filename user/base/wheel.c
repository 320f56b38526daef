// SPDX-License-Identifier: BSD-2-Clause
/* A timing wheel of whole seconds with intrusive nodes. */
#include <string.h>
#include "base/wheel.h"

void wheel_init(struct wheel *wheel, uint64_t now_s)
{
	memset(wheel, 0, sizeof(*wheel));
	wheel->now_s = now_s;
}

void wheel_remove(struct wheel *wheel, struct wheel_node *node)
{
	if (!node->link)
		return;
	*node->link = node->next;
	if (node->next)
		node->next->link = node->link;
	node->link = NULL;
	node->next = NULL;
	wheel->nodes--;
}

void wheel_put(struct wheel *wheel, struct wheel_node *node, uint64_t due_s)
{
	struct wheel_node **head;

	wheel_remove(wheel, node);
	if (due_s <= wheel->now_s)
		due_s = wheel->now_s + 1;
	if (due_s >= wheel->now_s + WHEEL_SPAN)
		due_s = wheel->now_s + WHEEL_SPAN - 1;
	head = &wheel->slots[due_s % WHEEL_SPAN];
	node->due_s = due_s;
	node->next = *head;
	node->link = head;
	if (*head)
		(*head)->link = &node->next;
	*head = node;
	wheel->nodes++;
}

void wheel_put_earlier(struct wheel *wheel, struct wheel_node *node, uint64_t due_s)
{
	if (!node->link || due_s < node->due_s)
		wheel_put(wheel, node, due_s);
}

struct wheel_node *wheel_turn(struct wheel *wheel, uint64_t now_s)
{
	struct wheel_node *came_up = NULL;

	/* One turn meets every node, however far the clock jumps. */
	if (now_s > wheel->now_s + WHEEL_SPAN)
		wheel->now_s = now_s - WHEEL_SPAN;
	while (wheel->now_s < now_s) {
		struct wheel_node **head;

		if (!wheel->nodes) {
			wheel->now_s = now_s;
			break;
		}
		head = &wheel->slots[++wheel->now_s % WHEEL_SPAN];
		while (*head) {
			struct wheel_node *node = *head;

			wheel_remove(wheel, node);
			node->next = came_up;
			came_up = node;
		}
	}
	return came_up;
}

uint64_t wheel_next(const struct wheel *wheel)
{
	if (!wheel->nodes)
		return UINT64_MAX;
	for (uint64_t s = wheel->now_s + 1;; s++)
		if (wheel->slots[s % WHEEL_SPAN])
			return s;
}
