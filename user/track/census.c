// SPDX-License-Identifier: BSD-2-Clause
/* Counts who talks to what, over everybody. */
#include <stdio.h>
#include <string.h>
#include "skua/hash.h"
#include "track/census.h"
#include "track/distinct.h"
#include "track/talk.h"

enum group_kind { GROUP_SERVER = 1, GROUP_NETWORK, GROUP_NAME, GROUP_CLIENT };

struct group_key {
	uint64_t words[2]; /* address, or hash of the name */
	uint64_t kind;     /* enum group_kind */
};

struct group {
	uint64_t used_ns;
	uint64_t name;                            /* of an address: the last one known */
	uint64_t answered_names[CENSUS_ANSWERED]; /* the last ones that DNS gave it, newest first */
	uint64_t clients[CENSUS_SKETCH_WORDS];
	uint8_t answered; /* GROUP_SERVER: a DNS answer named it; GROUP_CLIENT: got answers */
	uint8_t resolver; /* GROUP_SERVER */
};

#define RHYTHM_WORDS (CENSUS_SKETCH_WORDS / 2)
#define RHYTHM_NS (24 * 3600 * 1000000000ull) /* then those of before are forgotten, in turn */

struct rhythm_key {
	struct address client;
	uint32_t gap_bin;
	uint32_t ring;
};

struct rhythm_group {
	uint64_t used_ns;
	uint64_t since_ns;
	uint64_t servers[RHYTHM_WORDS], before[RHYTHM_WORDS];
};

/* used_ns comes first in every value. */
static uint64_t oldest(const void *value)
{
	return *(const uint64_t *)value;
}

static int open_table(struct table *table, size_t key_size, size_t value_size, uint32_t capacity)
{
	struct table_options options = {
		.key_size = key_size,
		.value_size = value_size,
		.capacity = capacity,
		.worth = oldest,
	};

	return table_init(table, &options);
}

int census_init(struct census *census, uint32_t capacity, const struct network *local,
		unsigned local_count)
{
	int err;

	memset(census, 0, sizeof(*census));
	census->local = local;
	census->local_count = local_count;
	err = open_table(&census->groups, sizeof(struct group_key), sizeof(struct group), capacity);
	if (!err)
		err = open_table(&census->hellos, sizeof(struct pair_key),
				 sizeof(struct census_hello), capacity);
	if (!err)
		err = open_table(&census->rhythms, sizeof(struct rhythm_key),
				 sizeof(struct rhythm_group), capacity / 4 + 1);
	if (!err)
		err = names_init(&census->names, capacity);
	if (err)
		census_fini(census);
	return err;
}

void census_fini(struct census *census)
{
	table_fini(&census->groups);
	table_fini(&census->hellos);
	table_fini(&census->rhythms);
	names_fini(&census->names);
}

/* Neighbours must fall on bits as by chance, or linear counting errs: so mixed twice more. */
static uint32_t address_hash(const struct address *address)
{
	return skua_mix(skua_mix(skua_hash(address, sizeof(*address), 0), 0), 0);
}

static struct group_key group_of(const struct address *address, enum group_kind kind)
{
	return (struct group_key){ { address->words[0], address->words[1] }, kind };
}

static struct group_key network_of(const struct address *address)
{
	struct address network = *address;
	size_t kept = address_is_ipv4(address) ? 15 : 6;

	memset(network.bytes + kept, 0, sizeof(network.bytes) - kept);
	return group_of(&network, GROUP_NETWORK);
}

static struct group_key name_group(uint64_t name)
{
	return (struct group_key){ { name, 0 }, GROUP_NAME };
}

static struct group *touch(struct census *census, const struct group_key *key, uint64_t now_ns)
{
	struct group *group = table_get(&census->groups, key, NULL);

	group->used_ns = now_ns;
	return group;
}

static void join(struct census *census, const struct group_key *key, const struct address *client,
		 uint64_t now_ns)
{
	struct group *group = touch(census, key, now_ns);

	distinct_mark(group->clients, CENSUS_SKETCH_WORDS, address_hash(client));
}

static uint32_t members(const struct census *census, const struct group_key *key)
{
	const struct group *group = table_find(&census->groups, key);

	return group ? distinct_estimate(group->clients, CENSUS_SKETCH_WORDS) : 0;
}

/* Strangers are not counted: they would make every service of ours look rare. */
void census_exchange(struct census *census, const struct skua_exchange_event *event)
{
	struct talk talk = talk_of(&event->head.key, event->client);
	struct group_key server = group_of(&talk.server, GROUP_SERVER);
	struct group_key network = network_of(&talk.server);

	if (!event->ours || talk_is_housekeeping(&talk))
		return;
	distinct_mark(census->clients, CENSUS_SKETCH_WORDS, address_hash(&talk.client));
	join(census, &server, &talk.client, event->start_ns);
	if (!census_is_inside(census, &talk.server))
		join(census, &network, &talk.client, event->start_ns);
}

static void note_hello(struct census *census, const struct pair_key *key,
		       const struct fact_hello *fact, uint64_t name, uint64_t now_ns)
{
	struct census_hello *hello = table_get(&census->hellos, key, NULL);
	struct talk talk = talk_of(&fact->key, fact->client);

	hello->used_ns = now_ns;
	hello->server = talk.server;
	hello->port = talk.server_port;
	hello->proto = talk.proto;
	if (name)
		hello->name = name;
	hello->tls |= fact->tls;
	hello->http |= !fact->tls;
	if (fact->ja4[0])
		memcpy(hello->ja4, fact->ja4, sizeof(hello->ja4));
}

/* Anybody can say hello to a name; what DNS answered weighs more. */
static void note_told_name(struct group *group, uint64_t name)
{
	if (!group->answered_names[0])
		group->name = name;
}

void census_hello(struct census *census, const struct fact_hello *fact, uint64_t now_ns)
{
	struct talk talk = talk_of(&fact->key, fact->client);
	struct pair_key by_server = pair_key_server(&talk), by_name;
	struct group_key group = group_of(&talk.server, GROUP_SERVER);
	uint64_t name = talk_is_named(fact) ? names_add(&census->names, fact->name, now_ns) : 0;

	note_hello(census, &by_server, fact, name, now_ns);
	if (!name)
		return;
	by_name = pair_key_name(&talk.client, name, PAIR_NAME);
	note_hello(census, &by_name, fact, name, now_ns);
	if (!fact->connect)
		note_told_name(touch(census, &group, now_ns), name);
	group = name_group(name);
	join(census, &group, &talk.client, now_ns);
}

/* Content networks give one address many names: the last one alone would be chance. */
static void note_answered(struct group *group, uint64_t name)
{
	unsigned place = 0;

	while (place < CENSUS_ANSWERED - 1 && group->answered_names[place] != name)
		place++;
	memmove(group->answered_names + 1, group->answered_names, place * sizeof(name));
	group->answered_names[0] = name;
}

void census_name(struct census *census, const struct fact_name *fact, uint64_t now_ns)
{
	struct group_key client = group_of(&fact->client, GROUP_CLIENT);
	uint64_t name = names_add(&census->names, fact->name, now_ns);

	touch(census, &client, now_ns)->answered = true;
	for (unsigned i = 0; i < fact->address_count && i < FACT_ADDRESSES; i++) {
		struct group_key server = group_of(&fact->addresses[i], GROUP_SERVER);
		struct group *group = touch(census, &server, now_ns);

		group->answered = true;
		group->name = name;
		note_answered(group, name);
	}
}

void census_query(struct census *census, const struct address *client, bool ours,
		  const char *domain, uint64_t now_ns)
{
	struct group_key group = name_group(names_add(&census->names, domain, now_ns));

	if (!ours)
		return;
	distinct_mark(census->clients, CENSUS_SKETCH_WORDS, address_hash(client));
	join(census, &group, client, now_ns);
}

void census_resolver(struct census *census, const struct address *server, uint64_t now_ns)
{
	struct group_key key = group_of(server, GROUP_SERVER);

	touch(census, &key, now_ns)->resolver = true;
}

static void unite(uint64_t to[RHYTHM_WORDS], const struct rhythm_group *group, uint64_t now_ns)
{
	if (!group || now_ns >= group->since_ns + 2 * RHYTHM_NS)
		return;
	for (unsigned i = 0; i < RHYTHM_WORDS; i++)
		to[i] |= group->servers[i] | group->before[i];
}

/* In months, anybody polls many servers at about any interval. */
static void forget_rhythm(struct rhythm_group *group, uint64_t now_ns)
{
	if (now_ns < group->since_ns + RHYTHM_NS)
		return;
	if (now_ns < group->since_ns + 2 * RHYTHM_NS)
		memcpy(group->before, group->servers, sizeof(group->before));
	else
		memset(group->before, 0, sizeof(group->before));
	memset(group->servers, 0, sizeof(group->servers));
	group->since_ns = now_ns;
}

unsigned census_rhythm(struct census *census, enum census_ring ring, const struct pair_key *key,
		       unsigned gap_bin, uint64_t now_ns)
{
	struct rhythm_key rhythm = { key->client, gap_bin, ring };
	struct rhythm_group *group = table_get(&census->rhythms, &rhythm, NULL);
	uint64_t alike[RHYTHM_WORDS] = { 0 };

	group->used_ns = now_ns;
	forget_rhythm(group, now_ns);
	distinct_mark(group->servers, RHYTHM_WORDS, address_hash(&key->server));
	unite(alike, group, now_ns);
	rhythm.gap_bin = gap_bin - 1;
	unite(alike, gap_bin ? table_find(&census->rhythms, &rhythm) : NULL, now_ns);
	rhythm.gap_bin = gap_bin + 1;
	unite(alike, table_find(&census->rhythms, &rhythm), now_ns);
	return distinct_estimate(alike, RHYTHM_WORDS);
}

bool census_is_inside(const struct census *census, const struct address *address)
{
	return networks_contain(census->local, census->local_count, address) ||
	       address_is_private(address);
}

uint32_t census_clients(const struct census *census)
{
	return distinct_estimate(census->clients, CENSUS_SKETCH_WORDS);
}

uint32_t census_clients_of_server(const struct census *census, const struct address *server)
{
	struct group_key alone = group_of(server, GROUP_SERVER), network = network_of(server);
	uint32_t of_server = members(census, &alone), of_network = members(census, &network);

	return of_server > of_network ? of_server : of_network;
}

uint32_t census_clients_of_name(const struct census *census, uint64_t name)
{
	struct group_key group = name_group(name);

	return members(census, &group);
}

static const struct group *find_group(const struct census *census, const struct address *address,
				      enum group_kind kind)
{
	struct group_key key = group_of(address, kind);

	return table_find(&census->groups, &key);
}

bool census_is_named(const struct census *census, const struct address *server)
{
	const struct group *group = find_group(census, server, GROUP_SERVER);

	return group && group->answered;
}

bool census_has_answers(const struct census *census, const struct address *client)
{
	const struct group *group = find_group(census, client, GROUP_CLIENT);

	return group && group->answered;
}

bool census_is_resolver(const struct census *census, const struct address *server)
{
	const struct group *group = find_group(census, server, GROUP_SERVER);

	return group && group->resolver;
}

const char *census_answered_name(const struct census *census, const struct address *server,
				 unsigned i)
{
	const struct group *group = find_group(census, server, GROUP_SERVER);

	return group && i < CENSUS_ANSWERED ? census_text(census, group->answered_names[i]) : "";
}

void census_keep_hello(struct census *census, const struct pair_key *key, uint64_t now_ns)
{
	struct census_hello *hello = table_find(&census->hellos, key);

	if (hello && now_ns > hello->used_ns)
		hello->used_ns = now_ns;
}

const struct census_hello *census_hello_of(const struct census *census, const struct pair_key *key)
{
	return table_find(&census->hellos, key);
}

const char *census_text(const struct census *census, uint64_t name)
{
	return names_text(&census->names, name);
}

const char *census_name_of(const struct census *census, const struct address *server)
{
	const struct group *group = find_group(census, server, GROUP_SERVER);

	return group ? names_text(&census->names, group->name) : "";
}
