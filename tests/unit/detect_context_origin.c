// SPDX-License-Identifier: BSD-2-Clause
/* Who did it, in findings; and units that are listed calm what they alone opened. */
#include "scene.h"

static struct origins origins;

static void open_flow(const struct scene *scene, uint64_t cgroup, const char *path)
{
	struct skua_identity_event event = { .cgroup = cgroup };
	struct fact_origin fact = { .cgroup = cgroup };
	const struct pair_key *key = &scene->pair.key;
	__u64 one[2], other[2];

	memcpy(one, &key->client, sizeof(one));
	memcpy(other, &key->server, sizeof(other));
	event.head.key.proto = key->proto;
	event.client = skua_flow_key_order(&event.head.key, one, other, 40000, key->port);
	origins_identity(&origins, &event);
	snprintf(fact.path, sizeof(fact.path), "%s", path);
	origins_fact(&origins, &fact, NOW);
}

static void test_unit(const char *path, double value, const char *sentence)
{
	struct scene *scene = web();

	if (origins_init(&origins))
		abort();
	scene->context.origins = &origins;
	open_flow(scene, 7, path);
	expect(scene, "known-unit", value, sentence);
	origins_fini(&origins);
	free_scene(scene);
}

static void test_mixed(void)
{
	struct scene *scene = web();

	if (origins_init(&origins))
		abort();
	scene->context.origins = &origins;
	apply(scene);
	ok(!scene->finding.origin.cgroup, "of a pair that nobody here opened nothing is said");
	open_flow(scene, 7, "/system.slice/apt-daily.service");
	open_flow(scene, 7, "/system.slice/apt-daily.service");
	open_flow(scene, 8, "/user.slice/user-1000.slice/session-1.scope");
	expect(scene, "known-unit", 0, "a server that others call as well is not an updater's");
	ok(scene->finding.origin.cgroup == 7 && scene->finding.origin.others == 1,
	   "the finding says who, and that there are others");
	origins_fini(&origins);
	free_scene(scene);
}

static void test_scan(void)
{
	struct scene *scene = web();
	struct subject subject = { .kind = SUBJECT_SOURCE, .now_ns = NOW };

	if (origins_init(&origins))
		abort();
	scene->context.origins = &origins;
	open_flow(scene, 9, "/system.slice/nmap.service");
	scene->finding.kind = FINDING_SCAN;
	scene->finding.has_dst = false;
	scene->finding.dport = 0;
	context_apply(&scene->context, &subject, &scene->finding);
	ok(scene->finding.origin.cgroup == 9, "a scan without one target is its source's");
	scene->finding.dport = 22;
	scene->finding.origin.cgroup = 0;
	context_apply(&scene->context, &subject, &scene->finding);
	ok(!scene->finding.origin.cgroup, "of one port it is that of who went to this port");
	origins_fini(&origins);
	free_scene(scene);
}

int main(void)
{
	if (lists_open(&lists, NULL))
		return 1;
	test_unit("/system.slice/apt-daily.service", 0.2, "a unit that is listed calms");
	test_unit("/system.slice/fwupd.service", 0.2, "and so does another");
	test_unit("/system.slice/apt-dailyx.service", 0, "one that only looks like it does not");
	test_unit("/user.slice/user-1.slice/user@1.service/app.slice/apt-daily.service", 0,
		  "nor does a user's unit of that name");
	test_unit("/system.slice/docker-"
		  "0011223344556677001122334455667700112233445566770011223344556677"
		  ".scope/system.slice/apt-daily.service",
		  0, "nor a container's");
	test_unit("", 0, "nor a group whose path is not known");
	test_mixed();
	test_scan();
	lists_close(lists);
	return done();
}
