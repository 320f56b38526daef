// SPDX-License-Identifier: BSD-2-Clause
/* Collects what a page will show. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "page/page.h"
#include "page/page_keys.h"
#include "track/names.h"

static int take(struct sink *sink, const struct record *record)
{
	struct page *page = (struct page *)sink;

	if (record->kind == RECORD_STATS)
		page->stats = *record->stats;
	if (record->kind != RECORD_FINDING)
		return 0;
	return found_add(&page->found, record->finding, record->derivation);
}

static void stay(struct sink *sink)
{
	(void)sink;
}

static uint64_t names_worth(const void *value)
{
	return ((const struct page_names *)value)->last_ns;
}

int page_open(struct page **out)
{
	const struct table_options names = { .key_size = sizeof(struct pair_key),
					     .value_size = sizeof(struct page_names),
					     .capacity = PAGE_DOMAINS,
					     .worth = names_worth };
	struct page *page = calloc(1, sizeof(*page));
	int err;

	if (!page)
		return -ENOMEM;
	page->sink = (struct sink){ "html", take, stay };
	err = series_init(&page->series, SERIES_POINTS, SERIES_COUNT);
	if (!err)
		err = traffic_init(&page->traffic);
	if (!err)
		err = table_init(&page->names, &names);
	if (!err)
		err = found_init(&page->found);
	if (err)
		page_close(page);
	else
		*out = page;
	return err;
}

void page_close(struct page *page)
{
	if (!page)
		return;
	found_fini(&page->found);
	table_fini(&page->names);
	traffic_fini(&page->traffic);
	series_fini(&page->series);
	free(page);
}

void page_packet(struct page *page, const struct skua_packet *pkt, uint64_t time_ns)
{
	traffic_packet(&page->traffic, pkt, time_ns);
}

void page_pair(void *arg, const struct pair *pair, const struct pair_moment *moment)
{
	bool known = moment->out != PAIR_SIZE_UNKNOWN;
	const struct series_point point = { .time_ns = moment->time_ns,
					    .value = known ? moment->out : 0,
					    .what = known };

	series_add(&((struct page *)arg)->series, &pair->key, &point, !known);
}

static void on_contact(struct page *page, const struct skua_contact_event *event)
{
	const struct skua_flow_key *key = &event->head.key;
	bool low = event->source == SKUA_LOW;
	struct address from = address_from(low ? key->low : key->high);
	const struct pair_key series = page_key_scan(&from, key->proto, false);
	const struct series_point point = { .time_ns = event->first_ns,
					    .other = address_from(low ? key->high : key->low),
					    .port = low ? key->high_port : key->low_port,
					    .what = event->outcome };

	series_add(&page->series, &series, &point, true);
}

static void on_neighbour(struct page *page, const struct skua_neighbour_event *event)
{
	const struct skua_flow_key *key = &event->head.key;
	bool low = event->asker == SKUA_LOW;
	struct address speaker = address_from(low ? key->low : key->high);
	struct address other = address_from(low ? key->high : key->low);
	const struct pair_key series =
		page_key_scan(event->reply ? &other : &speaker, key->proto, true);
	const struct series_point point = { .time_ns = event->head.time_ns,
					    .other = event->reply ? speaker : other,
					    .what = event->reply ? SKUA_ANSWERED
								 : SKUA_UNANSWERED };

	series_add(&page->series, &series, &point, !event->reply);
}

void page_event(struct page *page, const struct skua_event *event)
{
	if (event->version != SKUA_ABI_VERSION)
		return;
	if (event->kind == SKUA_EVENT_CONTACT)
		on_contact(page, (const struct skua_contact_event *)event);
	else if (event->kind == SKUA_EVENT_NEIGHBOUR)
		on_neighbour(page, (const struct skua_neighbour_event *)event);
}

static void keep_name(struct page_names *names, const struct skua_dns_event *event)
{
	unsigned half = PAGE_SAMPLES / 2, length = event->dns.name_length;
	unsigned place = names->fresh < PAGE_SAMPLES ? names->fresh : half + names->fresh % half;

	names->fresh++;
	length = length <= SKUA_DNS_NAME_MAX ? length : SKUA_DNS_NAME_MAX;
	names->lengths[place] = length;
	memcpy(names->names[place], event->name, length);
}

/* What is known of a domain halves after a day, so what it grew by is summed up here. */
void page_domain(void *arg, const struct domain *domain, const struct skua_dns_event *event)
{
	struct page *page = arg;
	const struct pair_key key = page_key_domain(&domain->client, domain->name);
	uint64_t bytes = information_bytes(&domain->information);
	struct page_names *names = table_get(&page->names, &key, NULL);
	struct series_point point = { .time_ns = event->head.time_ns };

	if (bytes > names->bytes) {
		names->sum += bytes - names->bytes;
		keep_name(names, event);
	}
	names->bytes = bytes;
	names->last_ns = point.time_ns;
	point.value = names->sum;
	series_add(&page->series, &key, &point, true);
}
