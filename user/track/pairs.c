// SPDX-License-Identifier: BSD-2-Clause
/* Feeds pairs from events and hands over those that are due. */
#include <string.h>
#include "skua/hash.h"
#include "track/names.h"
#include "track/pairs.h"
#include "track/talk.h"

#define SECOND_NS 1000000000ull
/* Told from the first packet on, for a cut message gives no DNS event. */
#define DNS_PORT 53
#define HELLO_LATE_NS (10 * SECOND_NS) /* a hello comes this soon after its exchange opened */
/* A pair that came back deserves more patience than one seen once: else a scan, which makes pairs
 * of one exchange, would push out a slow beacon. */
#define PATIENCE_NS (3600 * SECOND_NS) /* per exchange */
#define PATIENCE_MAX 24

struct flow_name {
	uint64_t used_ns;
	uint64_t hash;
};

static uint64_t pair_worth(const void *value)
{
	const struct pair *pair = value;
	uint64_t back = pair->exchanges < PATIENCE_MAX ? pair->exchanges : PATIENCE_MAX;

	return pair->last_ns + back * PATIENCE_NS;
}

static uint64_t flow_name_worth(const void *value)
{
	return ((const struct flow_name *)value)->used_ns;
}

int pairs_init(struct pairs *pairs, uint32_t capacity, pairs_judge_fn *judge, void *arg)
{
	struct table_options options = {
		.key_size = sizeof(struct pair_key),
		.value_size = sizeof(struct pair),
		.capacity = capacity,
		.worth = pair_worth,
	};
	struct table_options names = {
		.key_size = sizeof(struct skua_flow_key),
		.value_size = sizeof(struct flow_name),
		.capacity = capacity,
		.worth = flow_name_worth,
	};
	int err;

	memset(pairs, 0, sizeof(*pairs));
	pairs->judge = judge;
	pairs->judge_arg = arg;
	err = table_init(&pairs->tables[true], &options);
	options.capacity = capacity / 4 + 1;
	if (!err)
		err = table_init(&pairs->tables[false], &options);
	if (!err)
		err = table_init(&pairs->flow_names, &names);
	if (err)
		pairs_fini(pairs);
	return err;
}

void pairs_fini(struct pairs *pairs)
{
	table_fini(&pairs->tables[true]);
	table_fini(&pairs->tables[false]);
	table_fini(&pairs->flow_names);
}

/* Of our clients first. */
static struct pair *find(const struct pairs *pairs, const struct pair_key *key)
{
	struct pair *pair = table_find(&pairs->tables[true], key);

	return pair ? pair : table_find(&pairs->tables[false], key);
}

const struct pair *pairs_find(const struct pairs *pairs, const struct pair_key *key)
{
	return find(pairs, key);
}

static struct pair *get(struct pairs *pairs, const struct pair_key *key, bool ours)
{
	bool is_new;
	struct pair *pair = table_get(&pairs->tables[ours], key, &is_new);

	if (is_new)
		pair->key = *key;
	return pair;
}

static bool is_due(const struct pair *pair)
{
	if (pair->resolver || pair->exchanges < PAIR_JUDGED_FROM || pair->exchanges == pair->judged)
		return false;
	return pair->exchanges <= PAIR_JUDGED_EACH ||
	       pair->exchanges - pair->judged >= pair->judged / 16;
}

static void judge_due(struct pairs *pairs, struct pair *pair)
{
	if (!is_due(pair))
		return;
	pair->judged = pair->exchanges;
	pairs->judge(pairs->judge_arg, pair);
}

static void tell_opened(const struct pairs *pairs, const struct pair *pair, uint64_t start_ns)
{
	const struct pair_moment moment = { start_ns, PAIR_SIZE_UNKNOWN, PAIR_SIZE_UNKNOWN };

	if (pairs->watch)
		pairs->watch(pairs->watch_arg, pair, &moment);
}

static uint32_t known_size(uint64_t bytes)
{
	return bytes < PAIR_SIZE_UNKNOWN ? bytes : PAIR_SIZE_UNKNOWN - 1;
}

static void close_exchange(const struct pairs *pairs, struct pair *pair,
			   const struct pair_totals *totals)
{
	const struct pair_moment moment = { totals->start_ns, known_size(totals->out),
					    known_size(totals->in) };

	pair_close_exchange(pair, totals);
	if (pairs->watch)
		pairs->watch(pairs->watch_arg, pair, &moment);
}

static void close_previous(const struct pairs *pairs, struct pair *pair,
			   const struct skua_exchange_event *event, uint16_t client_port)
{
	const struct skua_exchange *previous = &event->previous;
	struct pair_totals totals = {
		.start_ns = previous->start_ns,
		.out = previous->payload[event->client & 1],
		.in = previous->payload[!(event->client & 1)],
		.first = event->head.key.proto == SKUA_TCP && previous->start_ns == event->flow_ns,
		.kept = pair_is_kept_flow(pair, event->flow_ns, client_port),
	};

	if (previous->start_ns)
		close_exchange(pairs, pair, &totals);
}

static void feed(struct pairs *pairs, const struct pair_key *key,
		 const struct skua_exchange_event *event, uint16_t client_port)
{
	struct pair *pair = get(pairs, key, event->ours);

	if (!pair->exchanges) {
		pair->midstream = event->head.key.proto == SKUA_TCP && !event->by_syn;
		pair->resolver = key->port == DNS_PORT && key->proto == SKUA_UDP;
	}
	close_previous(pairs, pair, event, client_port);
	if (pair->exchanges && event->start_ns < pair->last_ns)
		pairs->late++;
	if (pair_open_exchange(pair, event->start_ns))
		tell_opened(pairs, pair, event->start_ns);
	pair_keep_flow(pair, event->flow_ns, client_port, event->start_ns);
	judge_due(pairs, pair);
}

void pairs_exchange(struct pairs *pairs, const struct skua_exchange_event *event)
{
	struct talk talk = talk_of(&event->head.key, event->client);
	struct pair_key key = pair_key_server(&talk);
	struct flow_name *name;

	if (talk_is_housekeeping(&talk)) {
		pairs->excluded++;
		return;
	}
	feed(pairs, &key, event, talk.client_port);
	name = table_find(&pairs->flow_names, &event->head.key);
	if (!name)
		return;
	if (event->by_syn) { /* the ports are used again: a new conversation, not named yet */
		table_remove(&pairs->flow_names, name);
		return;
	}
	name->used_ns = event->start_ns;
	key = pair_key_name(&talk.client, name->hash, PAIR_NAME);
	feed(pairs, &key, event, talk.client_port);
}

static void close_open(struct pairs *pairs, const struct pair_key *key,
		       const struct skua_flow *flow, uint16_t client_port, bool tcp)
{
	unsigned client = skua_flow_client(flow);
	struct pair *pair = find(pairs, key);
	struct pair_totals totals = {
		.start_ns = flow->exchange_ns,
		.out = flow->way[client].payload - flow->opened_payload[client],
		.in = flow->way[!client].payload - flow->opened_payload[!client],
		.first = tcp && flow->exchange_ns == flow->first_ns,
	};

	if (!pair)
		return;
	totals.kept = pair_is_kept_flow(pair, flow->first_ns, client_port);
	close_exchange(pairs, pair, &totals);
}

void pairs_flow(struct pairs *pairs, const struct skua_flow_event *event)
{
	const struct skua_flow *flow = &event->flow;
	struct talk talk = talk_of(&event->head.key, skua_flow_client(flow));
	struct pair_key key = pair_key_server(&talk);
	bool tcp = talk.proto == SKUA_TCP;
	struct flow_name *name;

	if (event->reason == SKUA_FLOW_REPORT || !flow->exchange_ns || talk_is_housekeeping(&talk))
		return;
	close_open(pairs, &key, flow, talk.client_port, tcp);
	name = table_find(&pairs->flow_names, &event->head.key);
	if (!name)
		return;
	key = pair_key_name(&talk.client, name->hash, PAIR_NAME);
	close_open(pairs, &key, flow, talk.client_port, tcp);
	table_remove(&pairs->flow_names, name);
}

void pairs_contact(struct pairs *pairs, const struct skua_contact_event *event)
{
	struct talk talk = talk_of(&event->head.key, event->source);
	struct pair_key key = pair_key_server(&talk);
	struct pair *pair;

	if (event->outcome != SKUA_REFUSED && event->outcome != SKUA_UNREACHABLE &&
	    event->outcome != SKUA_UNANSWERED)
		return;
	pair = find(pairs, &key);
	if (pair)
		pair->failed++;
}

void pairs_icmp(struct pairs *pairs, const struct skua_icmp_event *event)
{
	unsigned client = event->reply ? !event->sender : event->sender;
	struct talk talk = talk_of(&event->head.key, client);
	struct pair_key key = pair_key_server(&talk);
	struct pair *pair = find(pairs, &key);
	uint16_t *count;

	if (!pair)
		return;
	if (!event->reply) {
		pair->echo.hash = event->hash;
		pair->echo.id = event->id;
		pair->echo.seq = event->seq;
	} else if (pair->echo.id == event->id && pair->echo.seq == event->seq) {
		count = pair->echo.hash == event->hash ? &pair->echo.alike : &pair->echo.unlike;
		if (*count != UINT16_MAX)
			++*count;
	}
}

/* Remembers the name of a conversation; false: it was known, and its exchanges are counted. */
static bool name_flow(struct pairs *pairs, const struct fact_hello *hello, uint64_t hash,
		      uint64_t now_ns)
{
	struct flow_name *name = table_get(&pairs->flow_names, &hello->key, NULL);
	bool known = name->hash == hash;

	name->hash = hash;
	name->used_ns = now_ns;
	return !known;
}

static void report_as(struct pair *named, const struct pair_key *server)
{
	named->reported = true;
	named->reported_as.server = server->server;
	named->reported_as.port = server->port;
	named->reported_as.proto = server->proto;
}

void pairs_hello(struct pairs *pairs, const struct fact_hello *hello, uint64_t now_ns)
{
	struct talk talk = talk_of(&hello->key, hello->client);
	struct pair_key key = pair_key_server(&talk), by_name;
	struct pair *server = find(pairs, &key), *named;
	uint64_t start_ns;
	bool reported, ours;

	if (!talk_is_named(hello) || !server)
		return;
	server->partner = name_hash(hello->name);
	by_name = pair_key_name(&talk.client, server->partner, PAIR_NAME);
	if (!name_flow(pairs, hello, server->partner, now_ns))
		return;
	/* The exchange opened with the connection, a round trip before it told the name. */
	start_ns = now_ns - server->last_ns < HELLO_LATE_NS ? server->last_ns : now_ns;
	reported = server->reported;
	ours = server == table_find(&pairs->tables[true], &key);
	named = get(pairs, &by_name, ours); /* may evict server */
	if (reported && !named->reported)
		report_as(named, &key);
	if (pair_open_exchange(named, start_ns))
		tell_opened(pairs, named, start_ns);
	pair_keep_flow(named, start_ns, talk.client_port, start_ns);
	judge_due(pairs, named);
}

/* A retry has the same id, name and port, too, but comes a second later. */
static uint32_t question_hash(const struct skua_dns_event *event, uint16_t client_port)
{
	uint64_t hash =
		(uint64_t)client_port << 32 | (uint32_t)event->dns.id << 16 | event->dns.type;

	for (unsigned i = 0; i < event->dns.name_length; i++)
		hash = skua_mix(hash, event->name[i]);
	return hash | 1; /* 0 is no question */
}

void pairs_dns(struct pairs *pairs, const struct skua_dns_event *event, const char *domain,
	       bool ours)
{
	bool response = event->dns.response;
	struct talk talk = talk_of(&event->head.key, response ? !event->sender : event->sender);
	struct pair_key key = pair_key_server(&talk);
	struct pair_totals totals = { .start_ns = event->head.time_ns, .out = event->length };
	struct pair *pair = find(pairs, &key);

	if (pair)
		pair->resolver = true;
	if (response || !domain[0] || talk_is_housekeeping(&talk))
		return;
	key = pair_key_name(&talk.client, name_hash(domain), PAIR_DOMAIN);
	pair = get(pairs, &key, ours);
	if (!pair_is_question(pair, question_hash(event, talk.client_port), totals.start_ns))
		return;
	pair_ask(pair, event->name, event->dns.name_length, event->dns.type);
	if (pair_open_exchange(pair, totals.start_ns))
		tell_opened(pairs, pair, totals.start_ns);
	close_exchange(pairs, pair, &totals);
	judge_due(pairs, pair);
}

void pairs_finish(struct pairs *pairs)
{
	for (int ours = 1; ours >= 0; ours--)
		for (struct pair *pair = NULL; (pair = table_next(&pairs->tables[ours], pair));)
			if (!pair->resolver && pair->exchanges >= PAIR_JUDGED_FROM)
				pairs->judge(pairs->judge_arg, pair);
}

/* The key that a pair by name goes by: its own, unless its server was reported before. */
static struct pair_key key_of_named(const struct pair *named)
{
	struct pair_key key = named->key;

	if (!named->reported_as.proto)
		return key;
	key.name_hash = 0;
	key.kind = PAIR_SERVER;
	key.server = named->reported_as.server;
	key.port = named->reported_as.port;
	key.proto = named->reported_as.proto;
	return key;
}

void pairs_reported(struct pairs *pairs, const struct pair *judged, struct pair_key *as)
{
	struct pair_key by_name = pair_key_name(&judged->key.client, judged->partner, PAIR_NAME);
	struct pair *pair = find(pairs, &judged->key), *named = NULL;

	*as = judged->key;
	if (!pair)
		return;
	if (pair->key.kind == PAIR_NAME) {
		*as = key_of_named(pair);
	} else if (pair->key.kind == PAIR_SERVER && pair->partner && !pair->reported) {
		named = find(pairs, &by_name);
		if (named && named->reported) {
			*as = key_of_named(named);
			return;
		}
	}
	pair->reported = true;
	if (named)
		report_as(named, &pair->key);
}
