// SPDX-License-Identifier: BSD-2-Clause
/* Hellos that wait for the end of their handshake, and what happens when too many do. */
#include "logs/tls_handshakes.h"
#include "tap.h"

static unsigned told, established;

static void tell(void *arg, const struct tls_handshake *handshake, bool done)
{
	(void)arg, (void)handshake;
	told++;
	established += done;
}

static void say(struct tls_handshakes *all, uint64_t conversation, enum item_kind kind)
{
	static const struct tls_view view;
	const struct item_place place = { .conversation = conversation, .time_ns = conversation };
	const struct item item = { kind, &place, &view };

	tls_handshakes_item(all, &item, conversation);
}

int main(void)
{
	struct tls_handshakes all;

	ok(!tls_handshakes_init(&all, tell, NULL), "handshakes wait");
	for (uint64_t i = 1; i <= TLS_HANDSHAKES_MAX; i++)
		say(&all, i, ITEM_TLS);
	ok(!told && !all.early, "as many as there is room for");
	say(&all, TLS_HANDSHAKES_MAX + 1, ITEM_TLS);
	ok(told == 1 && !established && all.early == 1, "one more makes one early, and counted");
	say(&all, TLS_HANDSHAKES_MAX, ITEM_TLS_SEALED);
	say(&all, TLS_HANDSHAKES_MAX - 1, ITEM_OVER);
	ok(told == 3 && established == 1 && all.early == 1,
	   "those that come to an end are told for it, and are not early");
	tls_handshakes_fini(&all);
	return done();
}
