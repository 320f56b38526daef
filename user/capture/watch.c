// SPDX-License-Identifier: BSD-2-Clause
/* The watched interfaces; see watch.h. */
#include <errno.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "capture/watch.h"
#include "capture/watched_map.h"

struct watched_link {
	struct hooks hooks;
	char name[IF_NAMESIZE];
	uint8_t role; /* SKUA_ROLE_NONE: the place is free */
	bool refused; /* said once that it cannot be; tried again when it changes */
};

struct watch {
	struct loader *loader;
	struct links *links;
	const struct attacher_options *options;
	int channel;
	struct watched_map map;
	struct watched_link watched[LINKS_MAX];
};

static struct watched_link *find(struct watch *watch, int ifindex)
{
	struct watched_link *free_place = NULL;

	for (unsigned i = 0; i < LINKS_MAX; i++) {
		struct watched_link *at = &watch->watched[i];

		if ((at->role || at->refused) && at->hooks.ifindex == ifindex)
			return at;
		if (!at->role && !at->refused && !free_place)
			free_place = at;
	}
	if (free_place)
		*free_place = (struct watched_link){ .hooks.ifindex = ifindex };
	return free_place;
}

static void say(const struct watch *watch, enum channel_kind kind, const struct watched_link *link,
		const char *text)
{
	struct channel_message message = { .kind = kind,
					   .ifindex = link->hooks.ifindex,
					   .role = link->role,
					   .in = link->hooks.in,
					   .out = link->hooks.out };

	memcpy(message.name, link->name, sizeof(message.name));
	snprintf(message.text, sizeof(message.text), "%s", text);
	if (kind == CHANNEL_GONE)
		watched_map_get(&watch->map, message.ifindex, &message.packets, &message.bytes);
	channel_send(watch->channel, &message, NULL);
}

static void let_go(struct watch *watch, struct watched_link *at, bool keep)
{
	hooks_detach(&at->hooks, keep);
	if (keep)
		return;
	say(watch, CHANNEL_GONE, at, "");
	watched_map_delete(&watch->map, at->hooks.ifindex);
	at->role = SKUA_ROLE_NONE;
}

static void refuse(struct watch *watch, struct watched_link *at, int err)
{
	char text[CHANNEL_TEXT];

	snprintf(text, sizeof(text), "%s%s%s", strerror(-err), at->hooks.note[0] ? "; " : "",
		 at->hooks.note);
	say(watch, CHANNEL_REFUSED, at, text);
	at->role = SKUA_ROLE_NONE;
	at->refused = true;
}

/* Physical, as far as rtnetlink tells: a driver that may have XDP.  veth has it too, at a higher
 * price than tc. */
static bool is_native(const struct link *link)
{
	return !link->kind[0];
}

static bool is_sent_only(const struct link *link)
{
	return link->type == ARPHRD_LOOPBACK;
}

static unsigned programs_for(enum hook_choice choice, const struct link *link)
{
	bool xdp = choice == HOOK_WANT_XDP || choice == HOOK_WANT_GENERIC ||
		   (choice == HOOK_AUTO && is_native(link));

	if (is_sent_only(link))
		return 1u << LOADER_TC_EGRESS;
	return 1u << LOADER_TC_EGRESS | 1u << (xdp ? LOADER_XDP : LOADER_TC_INGRESS);
}

unsigned watch_programs(const struct attacher_options *options, const struct link *links,
			uint32_t count)
{
	unsigned programs = 0;

	for (uint32_t i = 0; i < count; i++)
		if (wanted_role(&options->wanted, &links[i]))
			programs |= programs_for(options->hook, &links[i]);
	return programs;
}

static void begin(struct watch *watch, struct watched_link *at, const struct link *link,
		  uint8_t role)
{
	const struct hook_options options = { .choice = watch->options->hook,
					      .sent_only = is_sent_only(link),
					      .native = is_native(link),
					      .pin_path = watch->options->loader.pin_path };
	int err;

	memcpy(at->name, link->name, sizeof(at->name));
	at->role = role;
	/* First the map, so that the first packet is known. */
	err = watched_map_set(&watch->map, link->ifindex, role, wanted_layer(link->type));
	if (!err)
		err = hooks_attach(&at->hooks, link->ifindex, watch->loader, &options);
	if (err) {
		watched_map_delete(&watch->map, link->ifindex);
		refuse(watch, at, err);
		return;
	}
	at->refused = false;
	say(watch, CHANNEL_WATCHED, at, at->hooks.note);
}

/* A new name or role of one that is watched; a name that is not wanted any more keeps it: the
 * device is the one that was asked for. */
static void follow(struct watch *watch, struct watched_link *at, const struct link *link,
		   uint8_t role)
{
	bool renamed = memcmp(at->name, link->name, sizeof(at->name)) != 0;
	bool moved = role && role != at->role;

	if (!renamed && !moved)
		return;
	memcpy(at->name, link->name, sizeof(at->name));
	if (moved && !watched_map_set(&watch->map, link->ifindex, role, wanted_layer(link->type)))
		at->role = role;
	say(watch, CHANNEL_WATCHED, at, at->hooks.note);
}

void watch_link(void *arg, enum link_change change, const struct link *link)
{
	struct watch *watch = arg;
	enum skua_role role = wanted_role(&watch->options->wanted, link);
	struct watched_link *at = find(watch, link->ifindex);

	if (!at)
		return;
	if (change == LINK_GONE) {
		if (at->role)
			let_go(watch, at, false);
		at->refused = false;
	} else if (at->role) {
		follow(watch, at, link, role);
	} else if (role) {
		begin(watch, at, link, role);
	}
}

void watch_say_started(const struct watch *watch)
{
	const struct channel_message message = { .kind = CHANNEL_STARTED };

	channel_send(watch->channel, &message, NULL);
}

void watch_say_counters(const struct watch *watch)
{
	for (unsigned i = 0; i < LINKS_MAX; i++) {
		const struct watched_link *at = &watch->watched[i];
		struct channel_message message = { .kind = CHANNEL_COUNTERS,
						   .ifindex = at->hooks.ifindex };
		struct link_counters counters;
		uint64_t bytes;

		if (!at->role || links_counters(watch->links, at->hooks.ifindex, &counters))
			continue;
		/* Both now: a worker that is behind reads this later, and the next one at once. */
		watched_map_get(&watch->map, at->hooks.ifindex, &message.seen, &bytes);
		message.packets = counters.rx_packets + counters.tx_packets;
		message.bytes = counters.rx_bytes + counters.tx_bytes;
		channel_send(watch->channel, &message, NULL);
	}
}

int watch_open(struct watch **out, struct loader *loader, struct links *links,
	       const struct attacher_options *options, int channel)
{
	struct watch *watch = calloc(1, sizeof(*watch));

	if (!watch)
		return -ENOMEM;
	watch->map = (struct watched_map){ loader_map_fd(loader, LOADER_LINKS),
					   loader_map_fd(loader, LOADER_LINKS_FAR) };
	watch->loader = loader;
	watch->links = links;
	watch->options = options;
	watch->channel = channel;
	*out = watch;
	return 0;
}

void watch_close(struct watch *watch, bool keep)
{
	if (!watch)
		return;
	for (unsigned i = 0; i < LINKS_MAX; i++)
		if (watch->watched[i].role)
			let_go(watch, &watch->watched[i], keep);
	free(watch);
}
