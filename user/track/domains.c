// SPDX-License-Identifier: BSD-2-Clause
/* What each client asks of each registered domain. */
#include <string.h>
#include "skua/hash.h"
#include "track/domains.h"

/* A domain that was asked for once is worth as much as one that was silent for an hour. */
#define ONE_NAME_NS (3600 * SKUA_SECOND_NS)
/* Judge from half a kilobyte (a score of 0) on, at each growth by an eighth: 0.06 of score. */
#define JUDGE_FROM_BYTES 512
#define JUDGE_GROWTH 8

struct domain_key {
	struct address client;
	char name[DOMAIN_NAME]; /* pooled: a zero and the address of the resolver */
};

static uint64_t domain_worth(const void *value)
{
	const struct domain *domain = value;

	return domain->last_ns + (domain->information.marked > 1 ? ONE_NAME_NS : 0);
}

static uint64_t contact_worth(const void *value)
{
	return *(const uint64_t *)value;
}

int domains_init(struct domains *domains, const struct domains_options *options)
{
	struct table_options table = { .key_size = sizeof(struct domain_key),
				       .value_size = sizeof(struct domain),
				       .capacity = options->domains,
				       .worth = domain_worth };
	struct table_options contacts = { .key_size = sizeof(struct address),
					  .value_size = sizeof(uint64_t),
					  .capacity = options->contacts,
					  .worth = contact_worth };
	int err;

	memset(domains, 0, sizeof(*domains));
	err = registered_init(&domains->registered);
	if (!err)
		err = table_init(&domains->domains, &table);
	if (!err)
		err = table_init(&domains->contacts, &contacts);
	if (!err)
		err = askers_init(&domains->askers, options->askers);
	if (err)
		domains_fini(domains);
	return err;
}

void domains_fini(struct domains *domains)
{
	table_fini(&domains->domains);
	table_fini(&domains->contacts);
	askers_fini(&domains->askers);
}

static void key_init(struct domain_key *key, const struct address *client, const char *name)
{
	size_t length = strlen(name);

	memset(key, 0, sizeof(*key));
	key->client = *client;
	if (length >= DOMAIN_NAME) {
		name += length - (DOMAIN_NAME - 1);
		length = DOMAIN_NAME - 1;
	}
	memcpy(key->name, name, length);
}

static void key_init_pool(struct domain_key *key, const struct domain_message *message)
{
	memset(key, 0, sizeof(*key));
	key->client = message->client;
	memcpy(key->name + 1, message->resolver.bytes, sizeof(message->resolver.bytes));
}

const struct domain *domains_find(const struct domains *domains, const struct address *client,
				  const char *name)
{
	struct domain_key key;

	key_init(&key, client, name);
	return table_find(&domains->domains, &key);
}

static bool was_contacted(const struct domains *domains, const struct address *server)
{
	return table_find(&domains->contacts, server) != NULL;
}

/* Has anybody been to an address that was answered? */
static void check_contacts(const struct domains *domains, struct domain *domain)
{
	for (int i = 0; i < domain->address_count && !domain->contacted; i++)
		domain->contacted = was_contacted(domains, &domain->addresses[i]);
}

static void judge_domain(struct domains *domains, struct domain *domain,
			 const struct subject *subject, domains_judge_fn *judge, void *arg)
{
	check_contacts(domains, domain);
	domain->judged_bytes = information_bytes(&domain->information);
	judge(arg, subject);
}

static struct domain *domain_get(struct domains *domains, const struct domain_key *key,
				 const struct domain_message *message)
{
	const struct skua_dns_event *event = message->event;
	bool is_new;
	struct domain *domain = table_get(&domains->domains, key, &is_new);

	if (is_new) {
		domain->client = message->client;
		memcpy(domain->name, key->name, sizeof(domain->name));
		domain->pooled = !key->name[0];
		domain->first_ns = domain->day_ns = event->head.time_ns;
		if (domain->pooled)
			memset(domain->name, 0, sizeof(domain->name));
	}
	domain->resolver = message->resolver;
	domain->ifindex = event->head.ifindex;
	domain->tcp = event->tcp;
	domain->mixes_case |= message->mixes_case;
	if (event->head.time_ns > domain->last_ns)
		domain->last_ns = event->head.time_ns;
	return domain;
}

static struct domain *feed(struct domains *domains, const struct domain_key *key,
			   const struct domain_message *message, domains_judge_fn *judge, void *arg)
{
	struct domain *domain = domain_get(domains, key, message);
	struct subject subject = { .kind = SUBJECT_DOMAIN,
				   .now_ns = message->event->head.time_ns,
				   .ifindex = message->event->head.ifindex,
				   .domain = domain };
	uint64_t bytes;

	domain_count(domain, message);
	bytes = information_bytes(&domain->information);
	if (bytes >= JUDGE_FROM_BYTES &&
	    bytes > domain->judged_bytes + domain->judged_bytes / JUDGE_GROWTH)
		judge_domain(domains, domain, &subject, judge, arg);
	return domain;
}

static bool has_mixed_case(const uint8_t *labels)
{
	bool lower = false, upper = false;

	for (; *labels; labels += *labels + 1u) {
		for (unsigned i = 1; i <= *labels; i++) {
			lower |= labels[i] >= 'a' && labels[i] <= 'z';
			upper |= labels[i] >= 'A' && labels[i] <= 'Z';
		}
	}
	return lower && upper;
}

static void message_init(struct domain_message *message, const struct skua_dns_event *event)
{
	const struct skua_flow_key *key = &event->head.key;
	struct address low = address_from(key->low), high = address_from(key->high);
	bool from_low = (event->sender == SKUA_LOW) == !event->dns.response;

	memset(message, 0, sizeof(*message));
	message->event = event;
	message->client = from_low ? low : high;
	message->resolver = from_low ? high : low;
}

/* Of the id, the type and the name: a repetition has the same. */
static uint32_t digest(const struct skua_dns_event *event, size_t length)
{
	uint8_t octets[8 + SKUA_DNS_NAME_MAX + 1] = { event->dns.id, event->dns.id >> 8,
						      event->dns.type, event->dns.type >> 8 };

	memcpy(octets + 8, event->name, length);
	return skua_hash(octets, 8 + ((length + 7) & ~7u), 0);
}

static void tell_asker(struct domains *domains, const struct domain_message *message,
		       const char *name, domains_judge_fn *judge, void *arg)
{
	struct asker_failure failure = { .client = &message->client,
					 .resolver = &message->resolver,
					 .domain = name,
					 .now_ns = message->event->head.time_ns };
	struct subject subject = { .kind = SUBJECT_ASKER,
				   .now_ns = failure.now_ns,
				   .ifindex = message->event->head.ifindex,
				   .asker = askers_failure(&domains->askers, &failure) };

	if (subject.asker)
		judge(arg, &subject);
}

void domains_message(struct domains *domains, const struct skua_dns_event *event,
		     domains_judge_fn *judge, void *arg)
{
	char text[REGISTERED_TEXT];
	size_t length = registered_text(event->name, text);
	const struct domain *domain = NULL;
	const char *name;
	struct domain_message message;
	struct domain_key key;
	bool listed;

	if (!length) {
		domains->nameless++;
		return;
	}
	message_init(&message, event);
	message.digest = digest(event, length + 1);
	listed = registered_is_listed(&domains->registered, text);
	name = registered_find(&domains->registered, text);
	if (name) {
		message.length = name - text;
		message.mixes_case = has_mixed_case(event->name + message.length);
		key_init(&key, &message.client, name);
		domain = feed(domains, &key, &message, judge, arg);
		if (listed && event->dns.response && event->dns.rcode == DOMAIN_NXDOMAIN)
			tell_asker(domains, &message, name, judge, arg);
		if (listed || registered_is_special(text) || domain->information.marked > 1)
			return;
	}
	message.length = length + 1;
	key_init_pool(&key, &message);
	feed(domains, &key, &message, judge, arg);
}

void domains_answer(struct domains *domains, const struct fact_name *fact)
{
	const char *name = registered_find(&domains->registered, fact->name);
	struct domain *domain;
	struct domain_key key;

	if (!name || !*name)
		return;
	key_init(&key, &fact->client, name);
	domain = table_find(&domains->domains, &key);
	if (!domain || domain->contacted)
		return;
	check_contacts(domains, domain); /* before the oldest are overwritten */
	for (unsigned i = 0; i < fact->address_count && i < FACT_ADDRESSES; i++) {
		domain->contacted |= was_contacted(domains, &fact->addresses[i]);
		domain->addresses[domain->next_address] = fact->addresses[i];
		domain->next_address = (domain->next_address + 1) % DOMAIN_ADDRESSES;
		if (domain->address_count < DOMAIN_ADDRESSES)
			domain->address_count++;
	}
}

void domains_contact(struct domains *domains, const struct address *server, uint64_t now_ns)
{
	uint64_t *last_ns = table_get(&domains->contacts, server, NULL);

	*last_ns = now_ns;
}

void domains_finish(struct domains *domains, uint64_t now_ns, domains_judge_fn *judge, void *arg)
{
	struct domain *domain = NULL;

	while ((domain = table_next(&domains->domains, domain))) {
		struct subject subject = { .kind = SUBJECT_DOMAIN,
					   .now_ns = now_ns,
					   .ifindex = domain->ifindex,
					   .at_end = true,
					   .domain = domain };

		if (information_bytes(&domain->information) >= JUDGE_FROM_BYTES)
			judge_domain(domains, domain, &subject, judge, arg);
	}
}
