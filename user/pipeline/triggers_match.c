// SPDX-License-Identifier: BSD-2-Clause
/* Holds what passes against indicators and expressions. */
#include "pipeline/triggers.h"

static const struct indicator_set *set_of(const struct triggers *triggers)
{
	return indicators_set(triggers->options.indicators);
}

static void cite(struct sighting *sighting, const struct indicator *indicator)
{
	sighting->indicator = indicator->text;
	sighting->source = indicator->file;
	sighting->line = indicator->line;
	sighting->label = indicator->label;
}

/* Is the server of this talk on a list? */
static void meet_server(struct triggers *triggers, struct sighting sighting)
{
	char text[ADDRESS_TEXT];
	struct indicator indicator;

	if (!indicator_set_find_address(set_of(triggers), &sighting.talk.server, &indicator))
		return;
	cite(&sighting, &indicator);
	sighting.matched = indicator.kind == INDICATOR_ADDRESS ? TRIGGER_ADDRESS : TRIGGER_NETWORK;
	sighting.how = "contact with";
	sighting.seen = address_format(&sighting.talk.server, text);
	triggers_meet(triggers, &sighting);
}

/* Our server was talked to: its port says nothing of who is on the list. */
static struct sighting turned(struct sighting sighting)
{
	struct address client = sighting.talk.client;

	sighting.talk.client = sighting.talk.server;
	sighting.talk.server = client;
	sighting.talk.server_port = 0;
	return sighting;
}

static struct sighting sighting_of(const struct skua_event *head, unsigned client)
{
	return (struct sighting){ .talk = talk_of(&head->key, client),
				  .first_ns = head->time_ns,
				  .now_ns = head->time_ns,
				  .ifindex = head->ifindex };
}

void triggers_exchange(struct triggers *triggers, const struct skua_exchange_event *event)
{
	struct sighting sighting = sighting_of(&event->head, event->client);

	if (!triggers->options.indicators)
		return;
	if (event->start_ns && event->start_ns < sighting.first_ns)
		sighting.first_ns = event->start_ns;
	meet_server(triggers, sighting);
	meet_server(triggers, turned(sighting));
}

/* An attempt that succeeds opens an exchange as well. */
void triggers_contact(struct triggers *triggers, const struct skua_contact_event *event)
{
	struct sighting sighting = sighting_of(&event->head, event->source);

	if (!triggers->options.indicators)
		return;
	sighting.echo = event->outcome == SKUA_ANSWERED || event->outcome == SKUA_EMPTY;
	sighting.first_ns = event->first_ns;
	meet_server(triggers, sighting);
}

void triggers_icmp(struct triggers *triggers, const struct skua_icmp_event *event)
{
	unsigned asker = event->reply ? skua_other(event->sender) : event->sender;
	struct sighting sighting = sighting_of(&event->head, asker);

	if (!triggers->options.indicators)
		return;
	sighting.talk.server_port = 0; /* its id stands there */
	sighting.echo = event->reply;
	meet_server(triggers, sighting);
}

/* Labels as sent -> text.  What would look like another name, or end the text, does not. */
static bool name_text(const struct skua_dns_event *event, char to[FINDING_NAME])
{
	size_t at = 0, length = 0;

	while (at < sizeof(event->name) && event->name[at]) {
		size_t label = event->name[at++];

		if (label > sizeof(event->name) - at || length + label + 1 >= FINDING_NAME)
			return false;
		for (size_t i = 0; i < label; i++) {
			uint8_t octet = event->name[at + i];

			to[length++] = octet && octet != '.' ? octet : '?';
		}
		to[length++] = '.';
		at += label;
	}
	if (!length)
		return false;
	to[length - 1] = '\0';
	return true;
}

/* Where queries are not captured, their answers tell. */
void triggers_dns(struct triggers *triggers, const struct skua_dns_event *event)
{
	unsigned client = event->dns.response ? skua_other(event->sender) : event->sender;
	struct sighting sighting = sighting_of(&event->head, client);
	struct indicator indicator;
	char name[FINDING_NAME];

	if (!triggers->options.indicators || !name_text(event, name) ||
	    !indicator_set_find_name(set_of(triggers), name, false, &indicator))
		return;
	cite(&sighting, &indicator);
	sighting.matched = TRIGGER_NAME;
	sighting.how = "asked DNS for";
	sighting.seen = name;
	sighting.echo = event->dns.response;
	triggers_meet(triggers, &sighting);
}

void triggers_hello(struct triggers *triggers, const struct fact_hello *hello, uint64_t now_ns)
{
	struct sighting sighting = { .talk = talk_of(&hello->key, hello->client),
				     .first_ns = now_ns,
				     .now_ns = now_ns };
	struct indicator indicator;

	if (!triggers->options.indicators)
		return;
	if (hello->name[0] &&
	    indicator_set_find_name(set_of(triggers), hello->name, hello->tls, &indicator)) {
		cite(&sighting, &indicator);
		sighting.matched = hello->tls ? TRIGGER_SNI : TRIGGER_NAME;
		sighting.how = hello->tls ? "TLS to" : "HTTP to";
		sighting.seen = hello->name;
		triggers_meet(triggers, &sighting);
	}
	if (hello->ja4[0] && indicator_set_find_ja4(set_of(triggers), hello->ja4, &indicator)) {
		cite(&sighting, &indicator);
		sighting.matched = TRIGGER_JA4;
		sighting.how = "TLS client with JA4";
		sighting.seen = hello->ja4;
		triggers_meet(triggers, &sighting);
	}
}

uint16_t triggers_linktype(unsigned link)
{
	static const uint16_t types[TRIGGER_LINKS] = {
		[SKUA_LINK_ETHERNET] = 1, [SKUA_LINK_RAW] = 101,  [SKUA_LINK_NULL] = 0,
		[SKUA_LINK_SLL] = 113,    [SKUA_LINK_SLL2] = 276,
	};

	return link < TRIGGER_LINKS ? types[link] : UINT16_MAX;
}

void triggers_sample(struct triggers *triggers, const struct skua_sample_event *event,
		     const __u8 *bytes)
{
	const struct frame frame = { .bytes = bytes,
				     .captured = event->captured,
				     .length = event->length,
				     .linktype = triggers_linktype(event->link) };
	unsigned client = event->from_client ? event->sender : skua_other(event->sender);
	struct sighting sighting;

	if (!triggers->options.filter_count)
		return;
	sighting = sighting_of(&event->head, client);
	if (sighting.talk.proto != SKUA_TCP && sighting.talk.proto != SKUA_UDP)
		sighting.talk.server_port = 0;
	sighting.matched = TRIGGER_FILTER;
	sighting.how = "sampled packets match";
	sighting.of_conversation = true;
	for (unsigned i = 0; i < triggers->options.filter_count; i++) {
		if (!file_filter_matches(triggers->filters[i], &frame))
			continue;
		sighting.indicator = sighting.seen = triggers->options.filters[i];
		triggers_meet(triggers, &sighting);
	}
}
