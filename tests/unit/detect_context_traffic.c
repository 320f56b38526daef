// SPDX-License-Identifier: BSD-2-Clause
/* Context that calms a beacon by what it carries: each rule fits, and leaves its twin alone. */
#include "scene.h"

static void set_sizes(struct scene *scene, uint16_t out, uint16_t in, uint32_t alike)
{
	scene->pair.weighed = 100;
	scene->pair.alike = alike;
	scene->pair.usual_out = out;
	scene->pair.usual_in = in;
}

/* The last exchanges, all of these sizes. */
static void set_moments(struct scene *scene, uint32_t out, uint32_t in)
{
	for (unsigned i = 0; i < PAIR_MOMENTS; i++)
		scene->pair.moments[i] = (struct pair_moment){ NOW - i * SECOND, out, in };
}

static void test_connections(void)
{
	struct scene *scene = web();

	set_sizes(scene, 55, 49, 100);
	scene->pair.exchanges = 104;
	expect(scene, "keep-alive", 0.45, "pings in a few connections of long life are one");
	scene->pair.exchanges = 200;
	expect(scene, "keep-alive", 0, "of a connection for every second exchange they are not");
	scene->pair.exchanges = 104;
	scene->pair.key.proto = 17;
	expect(scene, "keep-alive", 0, "datagrams from ever new ports neither");
	free_scene(scene);
}

static void test_bare(void)
{
	struct scene *scene = web();

	scene->finding.beacon.keepalive = true;
	set_sizes(scene, 28, 24, 80);
	expect(scene, "keep-alive", 0.45, "bare pings may have other messages among them");
	set_sizes(scene, 28, 24, 70);
	expect(scene, "keep-alive", 0, "but not three in ten");
	set_sizes(scene, 60, 24, 80);
	expect(scene, "keep-alive", 0, "what is large enough for a poll may not");
	set_sizes(scene, 28, 24, 80);
	scene->pair.tasked = 2;
	expect(scene, "keep-alive", 0, "nor what is given orders");
	free_scene(scene);
}

static void test_bulk(void)
{
	struct scene *scene = web();

	set_moments(scene, 900, 150000);
	expect(scene, "bulk-download", 0.4, "a video that is fetched piece by piece is calmed");
	set_moments(scene, 900, 60000);
	expect(scene, "bulk-download", 0, "pieces below 64 kB are none");
	set_moments(scene, 100000, 150000);
	expect(scene, "bulk-download", 0, "nor is what sends as much");
	set_moments(scene, 900, 150000);
	for (unsigned i = 0; i < 5; i++)
		scene->pair.moments[i].in = 300;
	expect(scene, "bulk-download", 0, "nor a file now and then");
	free_scene(scene);
}

static void test_nothing_carried(void)
{
	struct scene *scene = new_scene("10.0.0.5", "10.0.0.9", 6, 8080);

	set_moments(scene, 0, 0);
	expect(scene, "nothing-carried", 0.4, "a balancer that only opens and closes is calmed");
	scene->pair.failed = 50;
	expect(scene, "nothing-carried", 0, "not when half is not answered");
	scene->pair.failed = 0;
	scene->pair.moments[3].out = 1;
	expect(scene, "nothing-carried", 0, "nor when one carried something");
	free_scene(scene);
	scene = web();
	set_moments(scene, 0, 0);
	expect(scene, "nothing-carried", 0, "nor outside");
	free_scene(scene);
}

int main(void)
{
	if (lists_open(&lists, NULL))
		abort();
	test_connections();
	test_bare();
	test_bulk();
	test_nothing_carried();
	lists_close(lists);
	return done();
}
