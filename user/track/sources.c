// SPDX-License-Identifier: BSD-2-Clause
/* Sorts contacts by source and class of protocol, and shows who changed once a second. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "skua/hash.h"
#include "track/sources.h"

/* A failed contact is worth as much as having been seen so much later. */
#define WORTH_FAILURE_S 600
#define WORTH_FAILURES_MAX 255
#define WORTH_OURS_S 86400 /* strangers come in any number, forged ones included */

/* Bounds of overflow that is a flood, not a scan: SYNs in masses to a few places. */
#define FLOOD_ATTEMPTS_MIN 400 /* in a minute */
#define FLOOD_CONTACTS_MAX 10

static uint64_t worth(const void *value)
{
	const struct tracked_source *source = value;
	uint64_t failed = source_failures(source) + source->overflow.contacts;

	if (failed > WORTH_FAILURES_MAX)
		failed = WORTH_FAILURES_MAX;
	return source->last_ns / SKUA_SECOND_NS + failed * WORTH_FAILURE_S +
	       (source->ours ? WORTH_OURS_S : 0);
}

/* The last of the list takes its place: closing up would cost a walk for each new source of a
 * flood, and a tick sorts the list anyway. */
static void evicted(void *arg, const void *key, void *value)
{
	struct sources *sources = arg;
	struct tracked_source *source = value, *last;

	(void)key;
	if (!source->changed)
		return;
	last = sources->changed[--sources->changed_count];
	sources->changed[source->changed - 1] = last;
	last->changed = source->changed;
}

int sources_init(struct sources *sources, const struct sources_options *options)
{
	struct table_options table = {
		.key_size = sizeof(struct source_key),
		.value_size = sizeof(struct tracked_source),
		.capacity = options->capacity,
		.worth = worth,
		.evicted = evicted,
		.arg = sources,
	};

	memset(sources, 0, sizeof(*sources));
	sources->options = *options;
	if (table_init(&sources->table, &table))
		return -ENOMEM;
	sources->changed = calloc(options->capacity, sizeof(struct tracked_source *));
	if (!sources->changed) {
		table_fini(&sources->table);
		return -ENOMEM;
	}
	return 0;
}

void sources_fini(struct sources *sources)
{
	table_fini(&sources->table);
	free(sources->changed);
	memset(sources, 0, sizeof(*sources));
}

static bool is_inside(const struct sources *sources, const struct address *address)
{
	const struct sources_options *options = &sources->options;

	return address_is_local(address, options->locals, options->local_count);
}

static void mark_changed(struct sources *sources, struct tracked_source *source)
{
	if (source->changed)
		return;
	sources->changed[sources->changed_count++] = source;
	source->changed = sources->changed_count;
}

/* The source, which has just done something. */
static struct tracked_source *touch(struct sources *sources, const struct skua_event *head,
				    const struct address *address, enum source_class class)
{
	struct source_key key = { .address = *address, .class = class };
	struct tracked_source *source;
	bool is_new;

	source = table_get(&sources->table, &key, &is_new);
	if (is_new) {
		source->key = key;
		source->first_ns = head->time_ns;
	}
	if (head->time_ns > source->last_ns)
		source->last_ns = head->time_ns;
	source->ifindex = head->ifindex;
	source->proto = head->key.proto;
	mark_changed(sources, source);
	return source;
}

/* 0.0.0.0 and ::, which ask before they have an address. */
static bool is_unspecified(const struct address *address)
{
	return !address->words[0] && (!address->words[1] || (address_is_ipv4(address) &&
							     !skua_be32(address->bytes + 12)));
}

static struct address side_address(const struct skua_flow_key *key, enum skua_side side)
{
	return address_from(side == SKUA_HIGH ? key->high : key->low);
}

static uint32_t hash_address(const struct sources *sources, const struct address *address)
{
	return skua_hash(address->bytes, sizeof(address->bytes), sources->options.hash_seed);
}

void sources_contact(struct sources *sources, const struct skua_contact_event *event)
{
	const struct skua_flow_key *key = &event->head.key;
	enum source_class class = source_class_of(key->proto, event->flags, event->outcome);
	struct address from = side_address(key, event->source);
	struct attempt attempt = {
		.now_ns = event->head.time_ns,
		.first_ns = event->first_ns,
		.target = side_address(key, skua_other(event->source)),
		.port = event->source == SKUA_HIGH ? key->low_port : key->high_port,
		.source_port = event->source == SKUA_HIGH ? key->high_port : key->low_port,
		.outcome = event->outcome,
	};
	struct tracked_source *source;

	if (class == SOURCE_CLASSES || !event->outcome || event->outcome >= SKUA_OUTCOMES ||
	    address_is_multicast(&attempt.target) || is_unspecified(&from)) {
		sources->ignored++;
		return;
	}
	sources->contacts++;
	attempt.target_hash = hash_address(sources, &attempt.target);
	source = touch(sources, &event->head, &from, class);
	source->ours = event->ours;
	if (event->outcome != SKUA_ANSWERED)
		source_vote(source, is_inside(sources, &attempt.target));
	source_note(source, &attempt, event->flags, event->icmp_code);
}

static struct tracked_source *find_stranger(struct sources *sources, const struct address *address)
{
	struct source_key key = { .address = *address, .class = SOURCE_TCP };
	struct tracked_source *source = table_find(&sources->table, &key);

	return source && !source->ours ? source : NULL;
}

void sources_spoke(struct sources *sources, const struct address *client,
		   const struct address *server)
{
	struct tracked_source *source;

	if (is_inside(sources, client) || !is_inside(sources, server))
		return;
	source = find_stranger(sources, client);
	if (!source || address_equal(&source->spoke_with, server))
		return;
	source->spoke_with = *server;
	mark_changed(sources, source);
}

void sources_called(struct sources *sources, const struct address *client,
		    const struct address *server)
{
	struct tracked_source *source = find_stranger(sources, server);

	if (!source || source->called_back || !address_equal(&source->spoke_with, client))
		return;
	source->called_back = true;
	mark_changed(sources, source);
}

void sources_overflow(struct sources *sources, const struct skua_source_event *event)
{
	/* What is beyond the budget has no flags; TCP in such numbers is SYN. */
	enum source_class class = source_class_of(event->proto, SKUA_SYN, SKUA_UNANSWERED);
	struct address from = address_from(event->head.key.low);
	struct tracked_source *source;
	bool before, flood;

	if (class == SOURCE_CLASSES || is_unspecified(&from)) {
		sources->ignored++;
		return;
	}
	source = touch(sources, &event->head, &from, class);
	source->proto = event->proto;
	source->ours = event->ours;
	before = source->overflow.window_ns == event->window_ns &&
		 source->overflow.attempts >= FLOOD_ATTEMPTS_MIN;
	source_note_overflow(source, event);
	flood = class == SOURCE_TCP && event->attempts >= FLOOD_ATTEMPTS_MIN &&
		source->overflow.contacts <= FLOOD_CONTACTS_MAX;
	sources->syn_floods += flood && !before;
}

void sources_neighbour(struct sources *sources, const struct skua_neighbour_event *event)
{
	const struct skua_flow_key *key = &event->head.key;
	enum source_class class = key->proto ? SOURCE_NS : SOURCE_ARP;
	struct address speaker = side_address(key, event->asker);
	struct address other = side_address(key, skua_other(event->asker));
	struct source_key asked_by = { .address = other, .class = class };
	struct tracked_source *source;

	if (address_equal(&speaker, &other) || is_unspecified(&speaker) ||
	    address_is_multicast(&other)) {
		sources->ignored++;
		return;
	}
	sources->contacts++;
	if (event->reply) {
		source = table_find(&sources->table, &asked_by);
		if (source)
			source_answer(source, hash_address(sources, &speaker));
		return;
	}
	source = touch(sources, &event->head, &speaker, class);
	source->ours = true; /* neighbours are inside, all of them */
	source_vote(source, true);
	source_ask(source,
		   &(struct attempt){ .now_ns = event->head.time_ns,
				      .first_ns = event->head.time_ns,
				      .target = other,
				      .target_hash = hash_address(sources, &other),
				      .outcome = SKUA_UNANSWERED },
		   0);
}

static int compare(const struct tracked_source *a, const struct tracked_source *b)
{
	int order = memcmp(a->key.address.bytes, b->key.address.bytes, sizeof(struct address));

	return order ? order : (int)a->key.class - (int)b->key.class;
}

static void sift(struct tracked_source **heap, uint32_t root, uint32_t count)
{
	for (uint32_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
		struct tracked_source *swap = heap[root];

		if (child + 1 < count && compare(heap[child], heap[child + 1]) < 0)
			child++;
		if (compare(heap[root], heap[child]) >= 0)
			return;
		heap[root] = heap[child];
		heap[child] = swap;
		root = child;
	}
}

/* A heap sort, for qsort() may allocate. */
static void sort(struct tracked_source **sources, uint32_t count)
{
	for (uint32_t i = count / 2; i > 0; i--)
		sift(sources, i - 1, count);
	for (uint32_t end = count; end > 1; end--) {
		struct tracked_source *largest = sources[0];

		sources[0] = sources[end - 1];
		sources[end - 1] = largest;
		sift(sources, 0, end - 1);
	}
}

void sources_tick(struct sources *sources, uint64_t now_ns, sources_judge_fn *judge, void *arg)
{
	uint32_t kept = 0;

	sort(sources->changed, sources->changed_count);
	for (uint32_t i = 0; i < sources->changed_count; i++) {
		struct tracked_source *source = sources->changed[i];

		source->changed = 0;
		if (!source_is_listed(source->key.class))
			horizons_book(&source->horizons, now_ns);
		judge(arg, source);
		/* Whether empty connections have a rhythm shows later. */
		if (source->key.class == SOURCE_TCP && empties_wait(&source->empties, now_ns)) {
			sources->changed[kept++] = source;
			source->changed = kept;
		}
	}
	sources->changed_count = kept;
}
