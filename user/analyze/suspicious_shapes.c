// SPDX-License-Identifier: BSD-2-Clause
/*
 * Finds what looks like refused logins where the answer is encrypted: many
 * short connections of SSH or RDP from one client to one server, all of about
 * the same small size.  The port does not matter, the first bytes do.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "analyze/login_runs.h"

/* Programs that log in over SSH make some in a row; guessers do not stop there. */
#define SHAPE_CONNECTIONS 10
/* A key exchange and a few refused secrets: 2 to 5 KB each way; what is done after a login adds. */
#define SHAPE_BYTES 8192
/* Servers wait two minutes for a login (OpenSSH, LoginGraceTime); guessers do not wait. */
#define SHAPE_DURATION_NS (120ull * 1000000000)
/* The sizes of secrets and of random padding differ; other work differs more. */
#define SHAPE_SPREAD 4   /* a fourth of the mean */
#define SHAPE_OPEN 65536 /* connections that are watched at a time; then the oldest is not */

enum shape_kind { SHAPE_NONE, SHAPE_SSH, SHAPE_RDP, SHAPE_KINDS };

#define SHAPE_WHY                                                                                  \
	"By their shape these are logins that fail, one after the other; a program that asks for " \
	"little, often, looks alike."

static const struct sighting_words words[SHAPE_KINDS] = {
	[SHAPE_SSH] = { "SSH_LOGINS", "MEDIUM", "short SSH connections of one size", SHAPE_WHY },
	[SHAPE_RDP] = { "RDP_LOGINS", "MEDIUM", "short RDP connections of one size", SHAPE_WHY },
};

struct shape {
	struct suspicion_span span;
	uint64_t bytes[2]; /* of payload, by enum skua_side */
	uint8_t client;    /* enum skua_side */
	uint8_t kind;      /* of the first bytes that were said */
	bool said;
};

struct shapes {
	struct table open;
	struct login_runs runs;
};

static uint64_t last_seen(const void *value)
{
	return ((const struct shape *)value)->span.last_ns;
}

/* RFC 4253, 4.2; and a TPKT with an X.224 connection request (RFC 905, MS-RDPBCGR 2.2.1.1). */
static enum shape_kind kind_of(const uint8_t *bytes, uint32_t length)
{
	if (length >= 4 && !memcmp(bytes, "SSH-", 4))
		return SHAPE_SSH;
	if (length >= 7 && bytes[0] == 3 && !bytes[1] && (bytes[5] & 0xf0) == 0xe0)
		return SHAPE_RDP;
	return SHAPE_NONE;
}

static bool is_like(const struct login_run *run, uint64_t bytes)
{
	uint64_t mean = run->bytes / run->count;

	return (bytes > mean ? bytes - mean : mean - bytes) <= mean / SHAPE_SPREAD;
}

static void judge(struct shapes *s, const struct skua_flow_key *flow, const struct shape *shape)
{
	const struct item_place place = { .key = *flow, .sender = shape->client };
	const struct analyst_ends ends = analyst_ends_of(&place);
	const struct login_run_key key = {
		.client = ends.src, .server = ends.dst, .port = ends.dport, .kind = shape->kind
	};
	uint64_t bytes = shape->bytes[shape->client];
	const struct login_run *run;

	if (!shape->kind || !bytes || bytes > SHAPE_BYTES ||
	    !shape->bytes[skua_other(shape->client)] ||
	    shape->bytes[skua_other(shape->client)] > SHAPE_BYTES ||
	    shape->span.last_ns - shape->span.first_ns > SHAPE_DURATION_NS)
		return;
	run = login_runs_find(&s->runs, &key, shape->span.first_ns);
	if (!run || is_like(run, bytes))
		login_runs_add(&s->runs, &key, &shape->span, bytes);
}

static void see(struct shape *shape, const struct analyst_frame *frame, unsigned side)
{
	shape->span.last_frame = frame->number;
	if (frame->time_ns > shape->span.last_ns)
		shape->span.last_ns = frame->time_ns;
	if (!frame->pkt->payload)
		return;
	shape->bytes[side] += frame->pkt->payload;
	if (!shape->said)
		shape->kind = kind_of(frame->payload, frame->payload_captured);
	shape->said = true;
}

static void shapes_frame(void *state, const struct analyst_frame *frame, suspicion_fn *say,
			 void *arg)
{
	const struct skua_packet *pkt = frame->pkt;
	struct shapes *s = state;
	struct skua_flow_key key;
	struct shape *shape;
	unsigned side;

	(void)say;
	(void)arg;
	if (frame->verdict != SKUA_PARSED || pkt->proto != SKUA_TCP ||
	    pkt->fragment == SKUA_LATER_FRAGMENT)
		return;
	side = skua_flow_key_init(&key, pkt);
	shape = table_find(&s->open, &key);
	/* Of what began before the capture nobody knows the size. */
	if ((pkt->tcp_flags & (SKUA_SYN | SKUA_ACK)) == SKUA_SYN) {
		shape = table_get(&s->open, &key, NULL);
		*shape = (struct shape){ .span = { frame->number, frame->number, frame->time_ns,
						   frame->time_ns },
					 .client = side };
		return;
	}
	if (!shape)
		return;
	see(shape, frame, side);
	if (!(pkt->tcp_flags & (SKUA_FIN | SKUA_RST)) && (shape->kind || !shape->said))
		return;
	judge(s, &key, shape);
	table_remove(&s->open, shape);
}

static int shapes_open(void **state, const struct suspicious_options *options)
{
	const struct table_options open = { .key_size = sizeof(struct skua_flow_key),
					    .value_size = sizeof(struct shape),
					    .capacity = SHAPE_OPEN,
					    .worth = last_seen };
	struct shapes *s = calloc(1, sizeof(*s));

	(void)options;
	if (!s)
		return -ENOMEM;
	if (table_init(&s->open, &open) || login_runs_init(&s->runs, SHAPE_CONNECTIONS)) {
		suspicious_shapes.close(s);
		return -ENOMEM;
	}
	*state = s;
	return 0;
}

static void shapes_finish(void *state, suspicion_fn *say, void *arg)
{
	struct shapes *s = state;

	login_runs_finish(&s->runs, "logins by shape", words, say, arg);
	suspicious_say_lost(s->open.evictions, "connections");
}

static void shapes_close(void *state)
{
	struct shapes *s = state;

	table_fini(&s->open);
	login_runs_fini(&s->runs);
	free(s);
}

const struct suspicious_rule suspicious_shapes = {
	.open = shapes_open,
	.frame = shapes_frame,
	.finish = shapes_finish,
	.close = shapes_close,
};
