// SPDX-License-Identifier: BSD-2-Clause
/* Who did it, in findings; and units that are listed calm what they alone opened. */
#include "detect/context_origin.h"
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

static void test_names(void)
{
	struct scene *scene = web();

	if (origins_init(&origins))
		abort();
	scene->context.origins = &origins;
	scene->pair.key.port = 53;
	scene->pair.key.proto = 17;
	open_flow(scene, 5, "/system.slice/systemd-resolved.service");
	scene->pair.key.kind = PAIR_NAME;
	apply(scene);
	ok(!scene->finding.origin.cgroup, "a name whose server is not known is nobody's");
	scene->pair.key.kind = PAIR_DOMAIN;
	apply(scene);
	ok(scene->finding.origin.cgroup == 5, "a name that was looked up is who alone asks DNS");
	open_flow(scene, 6, "/system.slice/dig.service");
	scene->finding.origin.cgroup = 0;
	apply(scene);
	ok(!scene->finding.origin.cgroup, "where two ask it is nobody's");
	origins_fini(&origins);
	free_scene(scene);
}

static void test_trigger(void)
{
	struct scene *scene = web();

	if (origins_init(&origins))
		abort();
	scene->context.origins = &origins;
	open_flow(scene, 5, "/system.slice/curl.service");
	scene->finding.kind = FINDING_TRIGGER;
	context_origin_of(&scene->context, &scene->finding);
	ok(scene->finding.origin.cgroup == 5, "what others judged has its group as well");
	scene->finding.origin.cgroup = 0;
	scene->finding.has_dst = false;
	scene->finding.dport = 0;
	context_origin_of(&scene->context, &scene->finding);
	ok(!scene->finding.origin.cgroup, "but not where it names no server");
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
	test_names();
	test_trigger();
	lists_close(lists);
	return done();
}
