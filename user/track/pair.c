// SPDX-License-Identifier: BSD-2-Clause
/* One client and what it talks to: the state a beacon is judged by. */
#include <string.h>
#include "skua/hash.h"
#include "track/pair.h"

struct pair_key pair_key_server(const struct talk *talk)
{
	bool ports = talk->proto == SKUA_TCP || talk->proto == SKUA_UDP || talk->proto == SKUA_SCTP;

	return (struct pair_key){ .client = talk->client,
				  .server = talk->server,
				  .port = ports ? talk->server_port : 0,
				  .proto = talk->proto,
				  .kind = PAIR_SERVER };
}

struct pair_key pair_key_name(const struct address *client, uint64_t hash, enum pair_kind kind)
{
	return (struct pair_key){ .client = *client, .name_hash = hash, .kind = kind };
}

static struct pair_moment *moment_at(struct pair *pair, uint32_t exchange)
{
	return &pair->moments[exchange % PAIR_MOMENTS];
}

const struct pair_moment *pair_moment(const struct pair *pair, unsigned i)
{
	if (i >= PAIR_MOMENTS || i >= pair->exchanges)
		return NULL;
	return &pair->moments[(pair->exchanges - 1 - i) % PAIR_MOMENTS];
}

bool pair_open_exchange(struct pair *pair, uint64_t start_ns)
{
	struct pair_moment *moment = moment_at(pair, pair->exchanges);

	if (pair->exchanges && start_ns < pair->last_ns + PAIR_MERGE_NS) {
		pair->merged++;
		return false;
	}
	if (pair->exchanges)
		gap_count(pair->gaps, start_ns - pair->last_ns);
	else
		pair->first_ns = start_ns;
	pair->last_ns = start_ns;
	strip_mark(&pair->strip, &pair->strip_shift, start_ns - pair->first_ns);
	*moment = (struct pair_moment){ start_ns, PAIR_SIZE_UNKNOWN, PAIR_SIZE_UNKNOWN };
	if (pair->exchanges != UINT32_MAX)
		pair->exchanges++;
	return true;
}

static bool outlived(const struct pair *pair, uint64_t flow_ns, uint64_t start_ns)
{
	uint64_t kept = pair->flow_last_ns - pair->flow_ns;

	return start_ns > pair->flow_last_ns && start_ns - pair->flow_last_ns > kept &&
	       start_ns - flow_ns > kept;
}

bool pair_is_kept_flow(const struct pair *pair, uint64_t flow_ns, uint16_t port)
{
	return pair->flow_exchanges && pair->flow_ns == flow_ns && pair->flow_port == port;
}

void pair_keep_flow(struct pair *pair, uint64_t flow_ns, uint16_t port, uint64_t start_ns)
{
	if (start_ns < flow_ns)
		return;
	if (pair_is_kept_flow(pair, flow_ns, port)) {
		if (start_ns <= pair->flow_last_ns)
			return;
		gap_count(pair->flow.gaps, start_ns - pair->flow_last_ns);
		pair->flow_last_ns = start_ns;
		pair->flow_exchanges++;
		return;
	}
	if (pair->flow_exchanges && !outlived(pair, flow_ns, start_ns))
		return;
	memset(&pair->flow, 0, sizeof(pair->flow));
	pair->flow_ns = flow_ns;
	pair->flow_port = port;
	pair->flow_from_ns = pair->flow_last_ns = start_ns;
	pair->flow_exchanges = 1;
	pair->order = 0;
}

/* false: its totals were counted already.  One that was merged is in no moment, and counts. */
static bool set_moment(struct pair *pair, const struct pair_totals *totals)
{
	for (unsigned i = 0; i < PAIR_MOMENTS && i < pair->exchanges; i++) {
		struct pair_moment *moment = moment_at(pair, pair->exchanges - 1 - i);

		if (moment->time_ns != totals->start_ns)
			continue;
		if (moment->out != PAIR_SIZE_UNKNOWN)
			return false;
		moment->out = totals->out < PAIR_SIZE_UNKNOWN ? totals->out : PAIR_SIZE_UNKNOWN - 1;
		moment->in = totals->in < PAIR_SIZE_UNKNOWN ? totals->in : PAIR_SIZE_UNKNOWN - 1;
		break;
	}
	return true;
}

static bool near(uint64_t size, uint64_t usual)
{
	uint64_t part = usual / PAIR_ALIKE_PART;
	uint64_t off = part > PAIR_ALIKE_BYTES ? part : PAIR_ALIKE_BYTES;

	return size <= usual + off && usual <= size + off;
}

/* The usual sizes are those with the majority, by voting: each other size takes one vote away. */
static void weigh(struct pair *pair, const struct pair_totals *totals)
{
	bool small =
		totals->in && totals->out <= PAIR_SMALL_BYTES && totals->in <= PAIR_SMALL_BYTES;

	pair->weighed++;
	if (small && pair->usual_votes && near(totals->out, pair->usual_out) &&
	    near(totals->in, pair->usual_in)) {
		pair->alike++;
		if (pair->usual_votes != UINT16_MAX)
			pair->usual_votes++;
		return;
	}
	if (pair->usual_votes) {
		pair->usual_votes--;
		return;
	}
	if (!small)
		return;
	pair->usual_out = totals->out;
	pair->usual_in = totals->in;
	pair->usual_votes = 1;
	pair->alike++;
}

/*
 * An order is a large answer to a poll; its result is a larger request soon
 * after in the same flow.  In a chat, one large message follows another some
 * time.
 */
static void follow_orders(struct pair *pair, const struct pair_totals *totals)
{
	if (pair->order && pair->order_age++ >= PAIR_ORDER_PATIENCE)
		pair->order = 0;
	if (pair->order && totals->out > pair->order) {
		pair->tasked++;
		pair->order = 0;
	}
	if (totals->in > PAIR_SMALL_BYTES && totals->in < UINT32_MAX) {
		pair->order = totals->in;
		pair->order_age = 0;
	}
}

void pair_close_exchange(struct pair *pair, const struct pair_totals *totals)
{
	if (!set_moment(pair, totals))
		return;
	size_count(pair->sizes, totals->out);
	if (totals->first)
		return; /* handshakes and logins are larger than what follows */
	weigh(pair, totals);
	if (totals->kept)
		follow_orders(pair, totals);
}

/* Half of the bits are set by about 1,400 names; beyond, known ones would hide new ones. */
static void forget_names(struct pair_names *names)
{
	unsigned set = 0;

	for (unsigned i = 0; i < PAIR_NAME_WORDS; i++)
		set += __builtin_popcountll(names->bits[i]);
	if (set <= 64 * PAIR_NAME_WORDS / 2)
		return;
	memset(names->bits, 0, sizeof(names->bits));
	names->asked /= 2;
	names->fresh /= 2;
	names->odd /= 2;
}

static uint8_t fold(uint8_t octet)
{
	return octet >= 'A' && octet <= 'Z' ? octet + 'a' - 'A' : octet;
}

/* Types whose answers carry what the asked side likes to say. */
static bool is_odd_type(uint16_t type)
{
	return type == 16 || type == 10 || type == 5 || type == 15; /* TXT NULL CNAME MX */
}

bool pair_is_question(struct pair *pair, uint32_t hash, uint64_t now_ns)
{
	if (now_ns >= pair->asked.time_ns + PAIR_TWICE_NS)
		memset(&pair->asked, 0, sizeof(pair->asked));
	for (unsigned i = 0; i < PAIR_QUESTIONS; i++)
		if (pair->asked.hashes[i] == hash)
			return false;
	memmove(pair->asked.hashes + 1, pair->asked.hashes,
		sizeof(pair->asked.hashes) - sizeof(pair->asked.hashes[0]));
	pair->asked.hashes[0] = hash;
	pair->asked.time_ns = now_ns;
	return true;
}

void pair_ask(struct pair *pair, const uint8_t *name, unsigned length, uint16_t type)
{
	struct pair_names *names = &pair->names;
	uint64_t hash = 0, *word;

	for (unsigned i = 0; i < length; i++) /* case is no information: 0x20 mixes it */
		hash = skua_mix(hash, fold(name[i]));
	hash %= 64 * PAIR_NAME_WORDS;
	word = &names->bits[hash / 64];
	names->asked++;
	names->odd += is_odd_type(type);
	if (*word >> hash % 64 & 1)
		return;
	*word |= 1ull << hash % 64;
	names->fresh++;
	forget_names(names);
}
