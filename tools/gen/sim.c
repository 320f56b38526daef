// SPDX-License-Identifier: BSD-2-Clause
/* The clock of a scenario: a heap of tasks in the order of time. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "sim.h"

#define FIRST_PORT 32768u /* Linux's ip_local_port_range */
#define PORTS 28232u
#define PORT_STRIDE 7919u /* no common divisor with PORTS, so all are given in turn */

/* One packet that waits for its time. */
struct letter {
	struct task task;
	const struct route *route;
	struct packet packet;
	enum arp arp; /* 0: packet is meant */
	uint8_t payload[];
};

void sim_init(struct sim *sim, const struct scenario *scenario, struct tap *tap)
{
	static const char line[] = "{\"value\": 1, \"from\": \"skua-gen\"}\n";
	struct draw draw = draw_from(scenario->seed, UINT64_MAX);

	memset(sim, 0, sizeof(*sim));
	sim->scenario = scenario;
	sim->tap = tap;
	sim->now_ns = scenario->start_ns;
	sim->end_ns = scenario->start_ns + scenario->duration_ns;
	sim->tasks.next = sim->tasks.previous = &sim->tasks;
	draw_bytes(&draw, sim->noise, sizeof(sim->noise));
	for (unsigned i = 0; i < sizeof(sim->text); i++)
		sim->text[i] = line[i % (sizeof(line) - 1)];
}

void sim_fini(struct sim *sim)
{
	while (sim->tasks.next != &sim->tasks)
		sim_end(sim, sim->tasks.next);
	truth_fini(&sim->truth);
	free(sim->heap);
}

void *sim_new(struct sim *sim, size_t size, void (*run)(struct sim *, struct task *))
{
	struct task *task = calloc(1, size);

	if (!task) {
		sim->err = -ENOMEM;
		return NULL;
	}
	task->run = run;
	task->previous = &sim->tasks;
	task->next = sim->tasks.next;
	task->next->previous = sim->tasks.next = task;
	return task;
}

void sim_end(struct sim *sim, struct task *task)
{
	(void)sim;
	if (!task)
		return;
	task->previous->next = task->next;
	task->next->previous = task->previous;
	free(task);
}

static bool earlier(const struct alarm *a, const struct alarm *b)
{
	return a->at_ns != b->at_ns ? a->at_ns < b->at_ns : a->order < b->order;
}

static int grow(struct sim *sim)
{
	size_t capacity = sim->capacity ? sim->capacity * 2 : 1024;
	struct alarm *heap = realloc(sim->heap, capacity * sizeof(*heap));

	if (!heap)
		return -ENOMEM;
	sim->heap = heap;
	sim->capacity = capacity;
	return 0;
}

void sim_wake(struct sim *sim, struct task *task, uint64_t at_ns)
{
	struct alarm alarm = { at_ns > sim->now_ns ? at_ns : sim->now_ns, sim->order++, task };
	size_t hole;

	if (sim->alarms == sim->capacity && grow(sim)) {
		sim->err = -ENOMEM;
		return;
	}
	hole = sim->alarms++;
	while (hole && earlier(&alarm, &sim->heap[(hole - 1) / 2])) {
		sim->heap[hole] = sim->heap[(hole - 1) / 2];
		hole = (hole - 1) / 2;
	}
	sim->heap[hole] = alarm;
}

/* Takes the first alarm out of a heap that is not empty. */
static struct alarm take(struct sim *sim)
{
	struct alarm first = sim->heap[0], last = sim->heap[--sim->alarms];
	size_t hole = 0, child;

	while ((child = 2 * hole + 1) < sim->alarms) {
		if (child + 1 < sim->alarms && earlier(&sim->heap[child + 1], &sim->heap[child]))
			child++;
		if (!earlier(&sim->heap[child], &last))
			break;
		sim->heap[hole] = sim->heap[child];
		hole = child;
	}
	sim->heap[hole] = last;
	return first;
}

int sim_run(struct sim *sim)
{
	const struct scenario *scenario = sim->scenario;

	for (unsigned i = 0; i < scenario->actor_count && !sim->err; i++) {
		struct actor *actor = &scenario->actors[i];
		int err = actor->kind->start(sim, actor);

		if (err)
			return err;
	}
	while (sim->alarms && !sim->err) {
		struct alarm alarm = take(sim);

		if (alarm.at_ns >= sim->end_ns)
			break;
		assert(alarm.at_ns >= sim->now_ns);
		sim->now_ns = alarm.at_ns;
		alarm.task->run(sim, alarm.task);
	}
	return sim->err;
}

void sim_send(struct sim *sim, const struct route *route, const struct packet *packet)
{
	tap_send(sim->tap, sim->now_ns, route, packet);
}

static void deliver(struct sim *sim, struct task *task)
{
	struct letter *letter = (struct letter *)task;

	if (letter->arp)
		tap_send_arp(sim->tap, sim->now_ns, letter->route, letter->arp,
			     &letter->packet.source, &letter->packet.target);
	else
		sim_send(sim, letter->route, &letter->packet);
	sim_end(sim, task);
}

void sim_send_at(struct sim *sim, uint64_t at_ns, const struct route *route,
		 const struct packet *packet)
{
	struct letter *letter = sim_new(sim, sizeof(*letter) + packet->length, deliver);

	if (!letter)
		return;
	letter->route = route;
	letter->packet = *packet;
	letter->packet.payload = letter->payload;
	if (packet->length)
		memcpy(letter->payload, packet->payload, packet->length);
	sim_wake(sim, &letter->task, at_ns);
}

void sim_send_arp_at(struct sim *sim, uint64_t at_ns, const struct route *route, enum arp operation,
		     const struct address *sender, const struct address *target)
{
	struct letter *letter = sim_new(sim, sizeof(*letter), deliver);

	if (!letter)
		return;
	letter->route = route;
	letter->arp = operation;
	letter->packet.source = *sender;
	letter->packet.target = *target;
	sim_wake(sim, &letter->task, at_ns);
}

uint16_t sim_port(struct sim *sim)
{
	return FIRST_PORT + (uint64_t)sim->ports_given++ * PORT_STRIDE % PORTS;
}

uint64_t sim_round_trip(const struct sim *sim, const struct address *there)
{
	const uint8_t *b = there->bytes;

	if (tap_is_near(sim->tap, there))
		return 250000 + (b[15] & 15) * 20000;
	return 5000000 + ((b[13] ^ b[14] ^ b[15] * 5u) & 63) * 1000000;
}
