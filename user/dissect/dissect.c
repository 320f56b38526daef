// SPDX-License-Identifier: BSD-2-Clause
/* Finds names in the bytes that others sampled. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "dissect/dissect.h"
#include "dissect/dns.h"
#include "dissect/http.h"
#include "dissect/name.h"
#include "dissect/tls.h"

/* What may still come in a direction: a count of CONNECT heads, or STAGE_RETRY. */
#define STAGE_CONNECTS_MAX 4 /* NTLM asks three times before the tunnel is there */
#define STAGE_RETRY 0x80     /* behind a ClientHello: only another one is of interest */

struct dissect {
	struct heads heads;
	struct dissect_counters counters;
};

/* What is looked at, and who wants to know. */
struct inquiry {
	struct dissect *dissect;
	const struct skua_sample_event *sample;
	fact_fn *deliver;
	void *arg;
};

int dissect_open(struct dissect **out, uint32_t heads)
{
	struct dissect *dissect = calloc(1, sizeof(*dissect));
	int err;

	if (!dissect)
		return -ENOMEM;
	err = heads_init(&dissect->heads, heads, &dissect->counters.heads);
	if (err) {
		free(dissect);
		return err;
	}
	*out = dissect;
	return 0;
}

void dissect_close(struct dissect *dissect)
{
	if (!dissect)
		return;
	heads_fini(&dissect->heads);
	free(dissect);
}

const struct dissect_counters *dissect_counters(const struct dissect *dissect)
{
	return &dissect->counters;
}

static void hello_init(struct fact *fact, const struct inquiry *inquiry)
{
	memset(fact, 0, sizeof(*fact));
	fact->kind = FACT_HELLO;
	fact->time_ns = inquiry->sample->head.time_ns;
	fact->hello.key = inquiry->sample->head.key;
	fact->hello.client = inquiry->sample->sender;
}

static void hello_deliver(const struct inquiry *inquiry, struct fact *fact, bool refused)
{
	fact->hello.literal = name_is_address(fact->hello.name);
	inquiry->dissect->counters.refused += refused;
	inquiry->dissect->counters.hellos++;
	inquiry->deliver(inquiry->arg, fact);
}

static void tell_tls(const struct inquiry *inquiry, const struct tls_hello *hello)
{
	struct fact fact;

	hello_init(&fact, inquiry);
	fact.hello.tls = true;
	memcpy(fact.hello.name, hello->name, sizeof(fact.hello.name));
	memcpy(fact.hello.alpn, hello->alpn, sizeof(fact.hello.alpn));
	memcpy(fact.hello.ja4, hello->ja4, sizeof(fact.hello.ja4));
	hello_deliver(inquiry, &fact, hello->refused);
}

static void tell_http(const struct inquiry *inquiry, const struct http_head *head)
{
	struct fact fact;

	hello_init(&fact, inquiry);
	fact.hello.connect = head->connect;
	memcpy(fact.hello.name, head->name, sizeof(fact.hello.name));
	hello_deliver(inquiry, &fact, head->refused);
}

static void tell_dns(const struct inquiry *inquiry, const struct dns_message *message)
{
	const struct skua_sample_event *sample = inquiry->sample;
	bool high = sample->sender == SKUA_LOW; /* the client is the other side */
	struct fact fact;

	inquiry->dissect->counters.refused += message->refused;
	if (!message->response || !message->name[0] || !message->address_count)
		return;
	memset(&fact, 0, sizeof(fact));
	fact.kind = FACT_NAME;
	fact.time_ns = sample->head.time_ns;
	fact.name.client = address_from(high ? sample->head.key.high : sample->head.key.low);
	memcpy(fact.name.name, message->name, sizeof(fact.name.name));
	fact.name.address_count = message->address_count;
	memcpy(fact.name.addresses, message->addresses, sizeof(fact.name.addresses));
	inquiry->dissect->counters.names++;
	inquiry->deliver(inquiry->arg, &fact);
}

/* TCP puts two bytes of length in front of each message (RFC 1035, 4.2.2). */
static enum head_verdict judge_dns(const struct inquiry *inquiry, struct head_view *view)
{
	struct dns_message message;
	size_t length, have;

	if (view->length < 2)
		return HEAD_WAIT;
	length = view->bytes[0] << 8 | view->bytes[1];
	have = view->length - 2 < length ? view->length - 2 : length;
	if (dns_message_parse(view->bytes + 2, have, &message) == DISSECT_NOT)
		return HEAD_DECIDED;
	if (have < length && !view->last)
		return HEAD_WAIT;
	tell_dns(inquiry, &message);
	if (have < length)
		return HEAD_WAIT;
	view->taken = 2 + length;
	return HEAD_TAKEN;
}

static enum head_verdict judge_tls(const struct inquiry *inquiry, struct head_view *view,
				   enum dissect_verdict verdict, const struct tls_hello *hello)
{
	if (verdict == DISSECT_NEED_MORE) {
		if (view->last && hello->name[0]) /* better than nothing */
			tell_tls(inquiry, hello);
		return HEAD_WAIT;
	}
	tell_tls(inquiry, hello);
	if (!hello->retry || *view->stage & STAGE_RETRY)
		return HEAD_DECIDED;
	*view->stage |= STAGE_RETRY;
	view->taken = hello->length;
	return HEAD_TAKEN;
}

static enum head_verdict judge_http(const struct inquiry *inquiry, struct head_view *view)
{
	struct http_head head;
	enum dissect_verdict verdict = http_head_parse(view->bytes, view->length, &head);

	if (verdict == DISSECT_NOT)
		return HEAD_DECIDED;
	if (verdict == DISSECT_NEED_MORE) {
		if (view->last && head.name[0])
			tell_http(inquiry, &head);
		return HEAD_WAIT;
	}
	tell_http(inquiry, &head);
	if (!head.connect || ++*view->stage == STAGE_CONNECTS_MAX)
		return HEAD_DECIDED;
	view->taken = head.length;
	return HEAD_TAKEN;
}

static uint16_t sender_port(const struct skua_sample_event *sample)
{
	const struct skua_flow_key *key = &sample->head.key;

	return sample->sender == SKUA_LOW ? key->low_port : key->high_port;
}

static enum head_verdict judge(void *arg, struct head_view *view)
{
	const struct inquiry *inquiry = arg;
	enum dissect_verdict verdict;
	struct tls_hello hello;

	if (sender_port(inquiry->sample) == SKUA_DNS_PORT)
		return judge_dns(inquiry, view);
	verdict = tls_hello_parse(view->bytes, view->length, &hello);
	if (verdict != DISSECT_NOT)
		return judge_tls(inquiry, view, verdict, &hello);
	if (*view->stage & STAGE_RETRY)
		return HEAD_DECIDED;
	return judge_http(inquiry, view);
}

static void look_at_datagram(const struct inquiry *inquiry, const uint8_t *payload,
			     uint32_t captured)
{
	struct dns_message message;

	if (dns_message_parse(payload, captured, &message) != DISSECT_NOT)
		tell_dns(inquiry, &message);
}

/* Servers name nobody, except in DNS answers. */
static bool may_tell(const struct skua_sample_event *sample)
{
	uint16_t port = sender_port(sample);

	return port && (sample->from_client || port == SKUA_DNS_PORT);
}

void dissect_sample(struct dissect *dissect, const struct skua_sample_event *sample,
		    const uint8_t *bytes, fact_fn *deliver, void *arg)
{
	struct inquiry inquiry = { dissect, sample, deliver, arg };
	uint32_t captured =
		sample->captured > sample->offset ? sample->captured - sample->offset : 0;
	const uint8_t *payload = captured ? bytes + sample->offset : NULL;

	if (captured > sample->payload)
		captured = sample->payload;
	switch (sample->head.key.proto) {
	case SKUA_TCP:
		/* Later fragments have no ports; most acknowledgements have nothing to tell. */
		if (may_tell(sample) && (captured || sample->tcp_flags & SKUA_SYN))
			heads_add(&dissect->heads, sample, payload, captured, judge, &inquiry);
		break;
	case SKUA_UDP:
		if (captured && sender_port(sample) == SKUA_DNS_PORT)
			look_at_datagram(&inquiry, payload, captured);
		break;
	}
}
