// SPDX-License-Identifier: BSD-2-Clause
/* The client's hello of QUIC, put together from CRYPTO frames in any order. */
#include <string.h>
#include "dissect/quic.h"
#include "dissect/quic_initial.h"
#include "dissect/tls_view.h"

#define MESSAGE_CLIENT_HELLO 1
#define MESSAGE_HEADER 4
#define MESSAGE_MAX (MESSAGE_HEADER + TLS_HELLO_MAX)

struct hello_key {
	struct skua_flow_key flow;
	uint64_t client; /* enum skua_side */
};

struct hello {
	uint64_t used_ns;
	struct quic_keys keys;
	bool done; /* said, or known to be something else */
	uint8_t bytes[MESSAGE_MAX];
	uint8_t there[MESSAGE_MAX / 8 + 1]; /* a bit for each byte */
	size_t begun;                       /* bytes before the first hole */
};

static uint64_t hello_worth(const void *value)
{
	return ((const struct hello *)value)->used_ns;
}

int quic_init(struct quic *quic)
{
	const struct table_options options = { .key_size = sizeof(struct hello_key),
					       .value_size = sizeof(struct hello),
					       .capacity = QUIC_HELLOS,
					       .worth = hello_worth };

	return table_init(&quic->hellos, &options);
}

void quic_fini(struct quic *quic)
{
	table_fini(&quic->hellos);
}

static void add_piece(struct hello *hello, const struct quic_crypto *piece)
{
	if (piece->offset > MESSAGE_MAX || piece->bytes.left > MESSAGE_MAX - piece->offset) {
		hello->done = true;
		return;
	}
	for (size_t i = 0; i < piece->bytes.left; i++) {
		size_t at = piece->offset + i;

		if (hello->there[at / 8] >> at % 8 & 1)
			continue;
		hello->there[at / 8] |= 1 << at % 8;
		hello->bytes[at] = piece->bytes.at[i];
	}
	while (hello->begun < MESSAGE_MAX && hello->there[hello->begun / 8] >> hello->begun % 8 & 1)
		hello->begun++;
}

static void say_if_whole(struct hello *hello, const struct item_place *place, item_fn *say,
			 void *arg)
{
	const uint8_t *bytes = hello->bytes;
	struct tls_view view = { .quic = true };
	const struct item item = { ITEM_TLS, place, &view };
	size_t size;

	if (hello->done || hello->begun < MESSAGE_HEADER)
		return;
	size = (size_t)bytes[1] << 16 | bytes[2] << 8 | bytes[3];
	hello->done = bytes[0] != MESSAGE_CLIENT_HELLO || size > TLS_HELLO_MAX;
	if (hello->done || hello->begun < MESSAGE_HEADER + size)
		return;
	hello->done = true;
	if (tls_view_client_hello(&view, (struct cursor){ bytes + MESSAGE_HEADER, size }))
		say(arg, &item);
}

/* With the keys that the connection has, or with those that it would begin with. */
static struct hello *open_packet(struct quic *quic, const struct hello_key *key,
				 const struct quic_initial *initial, uint8_t to[QUIC_INITIAL_MAX],
				 size_t *length)
{
	struct hello *hello = table_find(&quic->hellos, key);
	struct quic_keys keys;

	*length = hello ? quic_initial_open(initial, &hello->keys, to) : 0;
	if (*length)
		return hello;
	if (!quic_keys_derive(initial, &keys))
		return NULL;
	*length = quic_initial_open(initial, &keys, to);
	if (!*length)
		return NULL;
	if (hello)
		table_remove(&quic->hellos, hello);
	hello = table_insert(&quic->hellos, key);
	hello->keys = keys;
	return hello;
}

bool quic_datagram(struct quic *quic, const struct item_place *place, struct cursor datagram,
		   item_fn *say, void *arg)
{
	struct hello_key key = { .flow = place->key, .client = place->sender };
	uint8_t clear[QUIC_INITIAL_MAX];
	struct quic_initial initial;
	struct quic_crypto piece;
	bool is_quic = false;
	size_t length;

	while (quic_initial_next(&datagram, &initial)) {
		struct hello *hello = open_packet(quic, &key, &initial, clear, &length);
		struct cursor frames = { clear, length };

		if (!hello)
			continue;
		is_quic = true;
		hello->used_ns = place->time_ns;
		while (!hello->done && quic_crypto_next(&frames, &piece))
			add_piece(hello, &piece);
		say_if_whole(hello, place, say, arg);
	}
	return is_quic;
}
