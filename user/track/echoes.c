// SPDX-License-Identifier: BSD-2-Clause
/* ICMP echo between two hosts: does each reply repeat its request? */
#include <string.h>
#include "track/echoes.h"

#define DAY_NS (86400 * SKUA_SECOND_NS)
/* A request that is forgotten younger than this may still be answered. */
#define ANSWER_NS (60 * SKUA_SECOND_NS)
#define SEQ_AHEAD 16 /* so many lost in a row leave it the same ping */
/* Judge each odd reply up to so many, then at each growth by an eighth; volume likewise. */
#define JUDGE_EACH 16
#define JUDGE_GROWTH 8
#define JUDGE_BYTES 4096

struct echo_key {
	struct address requester, responder;
};

enum request_kind { REQUEST_ASKED = 1, REQUEST_SAID };

struct request_key {
	struct address requester;
	struct address about; /* ASKED: the responder; SAID: the hash of the payload */
	uint16_t id, seq;
	uint32_t kind;
};

static uint64_t echo_worth(const void *value)
{
	return ((const struct echo *)value)->last_ns;
}

static uint64_t request_worth(const void *value)
{
	return *(const uint64_t *)value;
}

static void request_evicted(void *arg, const void *key, void *value)
{
	struct echoes *echoes = arg;

	(void)key;
	if (*(uint64_t *)value + ANSWER_NS > echoes->now_ns)
		echoes->crowded_ns = echoes->now_ns + ANSWER_NS;
}

int echoes_init(struct echoes *echoes, const struct echoes_options *options)
{
	struct table_options table = { .key_size = sizeof(struct echo_key),
				       .value_size = sizeof(struct echo),
				       .capacity = options->echoes,
				       .worth = echo_worth };
	struct table_options requests = { .key_size = sizeof(struct request_key),
					  .value_size = sizeof(uint64_t),
					  .capacity = options->requests,
					  .worth = request_worth,
					  .evicted = request_evicted,
					  .arg = echoes };
	int err;

	memset(echoes, 0, sizeof(*echoes));
	err = table_init(&echoes->echoes, &table);
	if (!err)
		err = table_init(&echoes->requests, &requests);
	if (err)
		echoes_fini(echoes);
	return err;
}

void echoes_fini(struct echoes *echoes)
{
	table_fini(&echoes->echoes);
	table_fini(&echoes->requests);
}

static struct request_key request_key(const struct skua_icmp_event *event, enum request_kind kind,
				      const struct echo_key *ends)
{
	struct request_key key = { .requester = ends->requester,
				   .about = { .words = { event->hash } },
				   .id = event->id,
				   .seq = event->seq,
				   .kind = kind };

	if (kind == REQUEST_ASKED)
		key.about = ends->responder;
	return key;
}

static void remember(struct echoes *echoes, const struct skua_icmp_event *event,
		     const struct echo_key *ends)
{
	struct request_key asked = request_key(event, REQUEST_ASKED, ends);
	struct request_key said = request_key(event, REQUEST_SAID, ends);
	uint64_t *time_ns = table_get(&echoes->requests, &asked, NULL);

	*time_ns = event->head.time_ns;
	time_ns = table_get(&echoes->requests, &said, NULL);
	*time_ns = event->head.time_ns;
}

/* Some systems count in the other order of bytes. */
static bool seq_continues(uint16_t last, uint16_t seq)
{
	uint16_t ahead = seq - last;
	uint16_t swapped = __builtin_bswap16(seq) - __builtin_bswap16(last);

	return (ahead && ahead <= SEQ_AHEAD) || (swapped && swapped <= SEQ_AHEAD);
}

static void add_size(struct echo *echo, uint32_t size)
{
	for (uint32_t i = 0; i < echo->size_count; i++)
		if (echo->sizes[i] == size)
			return;
	if (echo->size_count < ECHO_SIZES)
		echo->sizes[echo->size_count++] = size;
}

static void add_payload(struct echo *echo, uint32_t payload)
{
	add_size(echo, payload);
	echo->bytes += payload;
	if (payload > ECHO_LARGE_BYTES)
		echo->large_bytes += payload;
}

static void count_request(struct echo *echo, const struct skua_icmp_event *event)
{
	bool continues = event->id == echo->last_id && seq_continues(echo->last_seq, event->seq);

	echo->requests++;
	echo->request_bytes += event->payload;
	if (echo->asked++ && !continues)
		echo->breaks++;
	echo->last_id = event->id;
	echo->last_seq = event->seq;
	add_payload(echo, event->payload);
}

static void count_reply(struct echoes *echoes, struct echo *echo,
			const struct skua_icmp_event *event, const struct echo_key *ends)
{
	struct request_key asked = request_key(event, REQUEST_ASKED, ends);
	struct request_key said = request_key(event, REQUEST_SAID, ends);

	echo->replies++;
	echo->reply_bytes += event->payload;
	if (event->head.time_ns < echoes->crowded_ns || table_find(&echoes->requests, &said))
		return;
	if (table_find(&echoes->requests, &asked))
		echo->mismatches++;
	else
		echo->unsolicited++;
	add_payload(echo, event->payload);
}

static void begin_window(struct echo *echo, uint64_t now_ns)
{
	echo->window_ns = now_ns;
	echo->bytes = echo->large_bytes = echo->judged_bytes = 0;
	echo->asked = echo->breaks = echo->size_count = 0;
}

static void begin_day(struct echo *echo, uint64_t now_ns)
{
	echo->day_ns = now_ns;
	echo->requests = echo->replies = echo->mismatches = echo->unsolicited = 0;
	echo->request_bytes = echo->reply_bytes = 0;
	echo->judged_odd = 0;
}

static struct echo *echo_get(struct echoes *echoes, const struct echo_key *ends, uint64_t now_ns)
{
	bool is_new;
	struct echo *echo = table_get(&echoes->echoes, ends, &is_new);

	if (is_new) {
		echo->requester = ends->requester;
		echo->responder = ends->responder;
		echo->first_ns = echo->day_ns = echo->window_ns = now_ns;
	}
	if (now_ns >= echo->window_ns + ECHO_WINDOW_NS)
		begin_window(echo, now_ns);
	if (now_ns >= echo->day_ns + DAY_NS)
		begin_day(echo, now_ns);
	if (now_ns > echo->last_ns)
		echo->last_ns = now_ns;
	return echo;
}

static bool judge_due(struct echo *echo)
{
	uint32_t odd = echo->mismatches + echo->unsolicited;
	bool replies =
		odd > echo->judged_odd &&
		(odd <= JUDGE_EACH || odd > echo->judged_odd + echo->judged_odd / JUDGE_GROWTH);
	bool volume =
		echo->bytes > echo->judged_bytes + echo->judged_bytes / JUDGE_GROWTH + JUDGE_BYTES;

	if (!replies && !volume)
		return false;
	echo->judged_odd = odd;
	echo->judged_bytes = echo->bytes;
	return true;
}

void echoes_message(struct echoes *echoes, const struct skua_icmp_event *event,
		    echoes_judge_fn *judge, void *arg)
{
	const struct skua_flow_key *key = &event->head.key;
	struct address low = address_from(key->low), high = address_from(key->high);
	bool low_asks = (event->sender == SKUA_LOW) == !event->reply;
	struct echo_key ends = { .requester = low_asks ? low : high,
				 .responder = low_asks ? high : low };
	struct subject subject = { .kind = SUBJECT_ECHO,
				   .now_ns = event->head.time_ns,
				   .ifindex = event->head.ifindex };
	struct echo *echo = echo_get(echoes, &ends, event->head.time_ns);

	if (event->head.time_ns > echoes->now_ns)
		echoes->now_ns = event->head.time_ns;
	subject.echo = echo;
	if (event->reply) {
		count_reply(echoes, echo, event, &ends);
	} else {
		remember(echoes, event, &ends);
		count_request(echo, event);
	}
	if (judge_due(echo))
		judge(arg, &subject);
}
