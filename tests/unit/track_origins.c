// SPDX-License-Identifier: BSD-2-Clause
/* Who on this machine talks to whom. */
#include <stdlib.h>
#include <string.h>
#include "track/origins.h"
#include "tap.h"

#define START (1700000000 * SKUA_SECOND_NS)
#define CLIENT "10.0.0.1"

static struct origins origins;

static struct address address(const char *text)
{
	struct address made;

	if (address_parse(&made, text))
		abort();
	return made;
}

static void open_flow(const char *server, uint16_t port, uint64_t cgroup, uint32_t uid,
		      uint64_t at_ns)
{
	struct skua_identity_event event = { .cgroup = cgroup, .uid = uid };
	struct address client = address(CLIENT), to = address(server);
	__u64 one[2], other[2];

	memcpy(one, &client, sizeof(one));
	memcpy(other, &to, sizeof(other));
	event.head.time_ns = at_ns;
	event.head.key.proto = SKUA_TCP;
	event.client = skua_flow_key_order(&event.head.key, one, other, 40000, port);
	origins_identity(&origins, &event);
}

static bool find(const char *server, uint16_t port, struct origin *out)
{
	struct origin_ends ends;

	memset(&ends, 0, sizeof(ends));
	ends.client = address(CLIENT);
	if (server)
		ends.server = address(server);
	ends.port = port;
	ends.proto = port ? SKUA_TCP : 0;
	return origins_find(&origins, &ends, out);
}

static void test_ends(void)
{
	struct origin found;

	open_flow("203.0.113.5", 443, 7, 1000, START);
	open_flow("203.0.113.5", 443, 7, 1000, START);
	open_flow("203.0.113.5", 80, 8, 0, START);
	open_flow("10.0.0.0", 80, 9, 0, START); /* a lower address: the other side of the key */
	ok(find("203.0.113.5", 443, &found) && found.cgroup == 7 && found.uid == 1000 &&
		   !found.others,
	   "by server and port one group and account");
	ok(find("203.0.113.5", 80, &found) && found.cgroup == 8 && !found.others,
	   "another port, another group");
	ok(find("203.0.113.5", 0, &found) && found.cgroup == 7 && found.others == 1,
	   "by server who opened most, and how many others did");
	ok(find(NULL, 80, &found) && found.others == 1, "by port likewise");
	ok(find(NULL, 0, &found) && found.cgroup == 7 && found.others == 2, "and of all");
	ok(find("10.0.0.0", 80, &found) && found.cgroup == 9, "whichever end is the lower");
	ok(!find("203.0.113.6", 443, &found), "of a server nobody went to nothing is said");
}

static void test_age(void)
{
	struct origin found;

	for (int i = 0; i < 1000; i++)
		open_flow("203.0.113.7", 443, 20, 0, START + i * SKUA_SECOND_NS);
	for (int i = 0; i < 100; i++)
		open_flow("203.0.113.7", 443, 21, 0, START + (1000 + i) * SKUA_SECOND_NS);
	ok(find("203.0.113.7", 443, &found) && found.cgroup == 21 && found.others == 1,
	   "what was done of late outweighs a long past, which is not forgotten");
}

static void test_many(void)
{
	struct origin found;

	for (unsigned i = 0; i < 20; i++)
		open_flow("203.0.113.8", 443, 100 + i, i, START);
	open_flow("203.0.113.8", 443, 119, 19, START);
	ok(find("203.0.113.8", 443, &found) && found.cgroup == 119 &&
		   found.others == ORIGINS_OF - 1,
	   "of many groups the last are kept");
}

static void test_names(void)
{
	struct fact_origin fact = { .cgroup = 7, .uid = 1000, .path = "/a.service" };
	struct origin found;

	ok(find("203.0.113.5", 443, &found) && !found.name, "without a fact there is no name");
	origins_fact(&origins, &fact, START);
	ok(find("203.0.113.5", 443, &found) && found.name &&
		   !strcmp(found.name->path, "/a.service"),
	   "one that comes later is the name of what was seen before");
	for (uint32_t i = 0; i < ORIGINS_NAMES + 10; i++) {
		fact.cgroup = 1000 + i;
		origins_fact(&origins, &fact, START + i + 1);
	}
	ok(origins.names.used == ORIGINS_NAMES && origins.names.evictions >= 10,
	   "when names are too many, the oldest give way and are counted");
}

int main(void)
{
	if (origins_init(&origins))
		return 1;
	test_ends();
	test_age();
	test_many();
	test_names();
	for (unsigned i = 0; i < ORIGINS_ROWS; i++)
		open_flow("203.0.113.9", 1 + i, 5, 5, START + i);
	ok(origins.rows.used == ORIGINS_ROWS && origins.rows.evictions,
	   "when ends are too many, the oldest give way and are counted");
	origins_fini(&origins);
	return done();
}
