// SPDX-License-Identifier: BSD-2-Clause
/* The rhythm of what hosts do again and again. */
#include <errno.h>
#include "habit.h"
#include "law.h"

uint64_t habit_gap(struct habit *habit)
{
	const struct spec *spec = &habit->actor->spec;
	uint64_t gap = law_gap(&habit->draw, spec);

	habit->step++;
	if (habit->sooner_ns) {
		gap = habit->sooner_ns;
		habit->sooner_ns = 0;
		return gap;
	}
	while (draw_chance(&habit->draw, spec->loss_ppm)) {
		gap += law_gap(&habit->draw, spec);
		habit->step++;
		if (habit->truth)
			habit->truth->missed++;
	}
	if (spec->noise_ns)
		gap += draw_exponential(&habit->draw, spec->noise_ns);
	return gap + gap / PPM * spec->drift_ppm;
}

bool habit_goes_on(const struct habit *habit, uint64_t at_ns)
{
	const struct actor *actor = habit->actor;

	return at_ns < actor->end_ns && (!actor->spec.count || habit->step < actor->spec.count);
}

struct address habit_target(struct habit *habit)
{
	const struct addresses *to = &habit->actor->spec.to;

	return addresses_at(to, draw_below(&habit->draw, addresses_count(to)));
}

static void run(struct sim *sim, struct task *task)
{
	struct habit *habit = (struct habit *)task;

	/* It stays, for conversations it began may still ask for it. */
	if (!habit_goes_on(habit, sim->now_ns))
		return;
	if (habit->truth)
		truth_note(habit->truth, sim->now_ns);
	habit->act(sim, habit);
	habit->due_ns = sim->now_ns + habit_gap(habit);
	sim_wake(sim, task, habit->due_ns);
}

uint64_t habit_hosts(const struct actor *actor)
{
	const struct spec *spec = &actor->spec;

	return addresses_count(&spec->from) * (spec->behind ? spec->behind : 1);
}

struct address habit_host(const struct actor *actor, uint64_t index)
{
	const struct addresses *from = &actor->spec.from;

	return addresses_at(from, index % addresses_count(from));
}

void *habit_new(struct sim *sim, struct actor *actor, size_t size, enum phase phase,
		const struct address *host, uint64_t number,
		void (*act)(struct sim *, struct habit *))
{
	struct habit *habit = sim_new(sim, size, run);

	if (!habit)
		return NULL;
	habit->actor = actor;
	habit->host = *host;
	habit->draw = draw_from(draw_next(&actor->draw), number);
	habit->act = act;
	habit->due_ns = actor->start_ns;
	if ((phase == PHASE_SCATTER || actor->spec.behind) && actor->spec.every_ns)
		habit->due_ns += draw_below(&habit->draw, actor->spec.every_ns);
	sim_wake(sim, &habit->task, habit->due_ns);
	return habit;
}

int habits_start(struct sim *sim, struct actor *actor, enum phase phase, struct truth *truth,
		 const char *protocol, void (*act)(struct sim *, struct habit *))
{
	for (uint64_t i = 0; i < habit_hosts(actor); i++) {
		struct address host = habit_host(actor, i);
		struct habit *habit = habit_new(sim, actor, sizeof(*habit), phase, &host, i, act);

		if (!habit)
			return -ENOMEM;
		habit->truth = truth;
		if (!truth)
			habit->truth = truth_add(&sim->truth, actor, &habit->host, protocol);
		if (!habit->truth)
			return -ENOMEM;
	}
	return 0;
}
