// SPDX-License-Identifier: BSD-2-Clause
/* Lookups with many different names: shards of content networks, hashes, addresses, a resolver's.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "dns.h"
#include "habit.h"
#include "kinds.h"
#include "names.h"

#define DELAY_LOW_NS 400000
#define DELAY_HIGH_NS 40000000
#define UNNAMED_PPM 400000  /* of addresses that have no name */
#define HARMLESS_PPM 950000 /* of files a virus scanner knows nothing about */
#define SILENT_PPM 30000    /* of zones' servers */
#define MISSING_PPM 60000   /* of names a resolver is asked for */
#define RETRY_NS 800000000

static int start(struct sim *sim, struct actor *actor, void (*act)(struct sim *, struct habit *))
{
	struct truth *truth = truth_add(&sim->truth, actor, NULL, "dns");

	return truth ? habits_start(sim, actor, PHASE_SCATTER, truth, NULL, act) : -ENOMEM;
}

/* rcode DNS_NXDOMAIN: no content. */
static void ask(struct sim *sim, struct habit *habit, uint16_t type, const char *name,
		uint8_t rcode, const void *content, uint16_t length)
{
	const struct actor *actor = habit->actor;
	struct address server = addresses_at(&actor->spec.via, 0);
	struct dns query = { .id = draw_next(&habit->draw), .type = type, .name = name };
	struct dns answer = query;

	habit->truth->count++;
	answer.response = true;
	answer.rcode = rcode;
	answer.ttl = 300;
	answer.answer = content;
	answer.answer_length = rcode ? 0 : length;
	dns_ask(sim, actor, &habit->host, &server, &query, &answer,
		draw_between(&habit->draw, DELAY_LOW_NS, DELAY_HIGH_NS));
}

/* "r3---sn-4g5e6nsz": which server of which site, as video networks name them. */
static void ask_shard(struct sim *sim, struct habit *habit)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-zxnq76";
	const struct spec *spec = &habit->actor->spec;
	struct draw site = draw_from(draw_size(&habit->draw, 1, spec->sites), 77);
	char name[SPEC_TEXT + 32], code[9];
	struct address address;

	for (unsigned i = 0; i < 8; i++)
		code[i] = letters[draw_below(&site, i && i < 7 ? sizeof(letters) - 1 : 26)];
	code[8] = 0;
	snprintf(name, sizeof(name), "r%u---sn-%s.%s", 1 + (unsigned)draw_below(&habit->draw, 6),
		 code, spec->name);
	address = name_address(name, true);
	ask(sim, habit, DNS_A, name, DNS_OK, address.bytes + 12, 4);
}

int shards_start(struct sim *sim, struct actor *actor)
{
	return start(sim, actor, ask_shard);
}

/* The hash of a file, as virus scanners ask about it: an address out of 127/8 is a verdict. */
static void ask_hash(struct sim *sim, struct habit *habit)
{
	static const uint8_t verdict[4] = { 127, 0, 0, 8 };
	const struct spec *spec = &habit->actor->spec;
	struct draw file = draw_from(draw_below(&habit->draw, spec->sites), 78);
	uint64_t high = draw_next(&file), low = draw_next(&file);
	char name[SPEC_TEXT + 40];

	snprintf(name, sizeof(name), "%016llx%016llx.%s", (unsigned long long)high,
		 (unsigned long long)low, spec->name);
	ask(sim, habit, DNS_A, name, draw_chance(&file, HARMLESS_PPM) ? DNS_NXDOMAIN : DNS_OK,
	    verdict, sizeof(verdict));
}

int hashes_start(struct sim *sim, struct actor *actor)
{
	return start(sim, actor, ask_hash);
}

/* Whose address is it, as log analysers and mail servers ask. */
static void ask_address(struct sim *sim, struct habit *habit)
{
	struct draw peer = draw_from(draw_size(&habit->draw, 1, habit->actor->spec.sites), 79);
	unsigned c = draw_below(&peer, 256), d = 1 + draw_below(&peer, 254);
	uint8_t content[64];
	char name[48], host[48];

	snprintf(name, sizeof(name), "%u.%u.%u.198.in-addr.arpa", d, c,
		 18 + (unsigned)draw_below(&peer, 2));
	snprintf(host, sizeof(host), "dyn-%u-%u.isp%u.example", c, d,
		 (unsigned)draw_below(&peer, 12));
	ask(sim, habit, DNS_PTR, name, draw_chance(&peer, UNNAMED_PPM) ? DNS_NXDOMAIN : DNS_OK,
	    content, dns_write_name(content, host));
}

int reverse_start(struct sim *sim, struct actor *actor)
{
	return start(sim, actor, ask_address);
}

static void ask_zone(struct sim *sim, struct habit *habit, const struct address *server,
		     const char *name, bool answers)
{
	struct address address = name_address(name, true);
	struct dns query = { .id = draw_next(&habit->draw),
			     .type = draw_chance(&habit->draw, 300000) ? DNS_AAAA : DNS_A,
			     .name = name,
			     .extended = true,
			     .iterative = true };
	struct dns answer = query;

	answer.response = true;
	answer.ttl = 300;
	answer.rcode = draw_chance(&habit->draw, MISSING_PPM) ? DNS_NXDOMAIN : DNS_OK;
	answer.answer = address.bytes + 12;
	answer.answer_length = query.type == DNS_A && !answer.rcode ? 4 : 0;
	dns_ask(sim, habit->actor, &habit->host, server, &query, answers ? &answer : NULL,
		sim_round_trip(sim, server) + draw_below(&habit->draw, 3000000));
}

/* The second server of a zone is asked when the first is silent. */
struct retry {
	struct task task;
	struct habit *habit;
	char name[NAME_MOST];
	struct address server;
};

static void ask_again(struct sim *sim, struct task *task)
{
	struct retry *retry = (struct retry *)task;

	ask_zone(sim, retry->habit, &retry->server, retry->name, true);
	sim_end(sim, task);
}

/* A resolver asks a zone's own server for what its clients want to know. */
static void recurse(struct sim *sim, struct habit *habit)
{
	uint32_t sites = habit->actor->spec.sites;
	unsigned site = draw_size(&habit->draw, 1, sites);
	unsigned rank = site * 29 + draw_below(&habit->draw, 3);
	struct retry *retry;
	char name[NAME_MOST], zone[NAME_MOST + 8];
	struct address server;
	bool silent;

	habit->truth->count++;
	name_site(rank, draw_below(&habit->draw, PARTS), name);
	snprintf(zone, sizeof(zone), "ns1%s", strchr(name, '.'));
	server = name_address(zone, true);
	silent = server.bytes[15] * (PPM / 256) < SILENT_PPM;
	ask_zone(sim, habit, &server, name, !silent);
	if (!silent)
		return;
	retry = sim_new(sim, sizeof(*retry), ask_again);
	if (!retry)
		return;
	retry->habit = habit;
	zone[2] = '2';
	retry->server = name_address(zone, true);
	strcpy(retry->name, name);
	sim_wake(sim, &retry->task, sim->now_ns + RETRY_NS);
}

int recursion_start(struct sim *sim, struct actor *actor)
{
	return start(sim, actor, recurse);
}
