// SPDX-License-Identifier: BSD-2-Clause
/* A ClientHello, what was answered, and whether both sides encrypted afterwards. */
#include <errno.h>
#include "logs/tls_handshakes.h"

static uint64_t handshake_worth(const void *value)
{
	return ((const struct tls_handshake *)value)->place.time_ns;
}

static void evicted(void *arg, const void *key, void *value)
{
	struct tls_handshakes *all = arg;

	(void)key;
	all->early++;
	all->told(all->arg, value, false);
}

int tls_handshakes_init(struct tls_handshakes *all, tls_told_fn *told, void *arg)
{
	const struct table_options table = { .key_size = sizeof(uint64_t),
					     .value_size = sizeof(struct tls_handshake),
					     .capacity = TLS_HANDSHAKES_MAX,
					     .worth = handshake_worth,
					     .evicted = evicted,
					     .arg = all };

	*all = (struct tls_handshakes){ .told = told, .arg = arg };
	return table_init(&all->table, &table);
}

void tls_handshakes_fini(struct tls_handshakes *all)
{
	table_fini(&all->table);
}

static void tell(struct tls_handshakes *all, uint64_t conversation, bool established)
{
	struct tls_handshake *handshake = table_find(&all->table, &conversation);

	if (!handshake)
		return;
	all->told(all->arg, handshake, established);
	table_remove(&all->table, handshake);
}

void tls_handshakes_item(struct tls_handshakes *all, const struct item *item, uint64_t born_ns)
{
	uint64_t conversation = item->place->conversation;
	struct tls_handshake *handshake;

	if (item->kind == ITEM_TLS) {
		tell(all, conversation, false); /* another hello of the same connection */
		handshake = table_insert(&all->table, &conversation);
		handshake->place = *item->place;
		handshake->born_ns = born_ns;
		handshake->view = *(const struct tls_view *)item->is;
	} else if (item->kind == ITEM_TLS_SEALED || item->kind == ITEM_OVER) {
		tell(all, conversation, item->kind == ITEM_TLS_SEALED);
	}
}
