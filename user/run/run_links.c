// SPDX-License-Identifier: BSD-2-Clause
/* Watched interfaces: coming, going, counting, blind or not. */
#include <stdio.h>
#include <string.h>
#include "base/log.h"
#include "base/text.h"
#include "capture/hook.h"
#include "capture/wanted.h"
#include "run/run_capture.h"

/* Fewer may be in flight, or filtered by the driver. */
#define BLIND_PACKETS 1000
/* Receive offload makes one packet of up to 64. */
#define BLIND_SHARE 100

static struct run_link *find(struct run_links *links, int ifindex)
{
	for (unsigned i = 0; i < links->count; i++)
		if (links->links[i].ifindex == ifindex)
			return &links->links[i];
	return NULL;
}

static const char *hook_text(const struct run_link *link, char out[32])
{
	if (!link->in)
		snprintf(out, 32, "%s", link->out ? hook_name(link->out) : "pcap");
	else if (link->in == link->out || link->out == HOOK_TCX)
		snprintf(out, 32, "%s", hook_name(link->in));
	else
		snprintf(out, 32, "%s and %s", hook_name(link->in), hook_name(link->out));
	return out;
}

static void watched(struct run_links *links, const struct channel_message *message)
{
	struct run_link *link = find(links, message->ifindex);
	bool is_new = !link;

	if (!link && links->count == RUN_LINKS) {
		links->beyond++;
		return;
	}
	if (!link)
		link = memset(&links->links[links->count++], 0, sizeof(*link));
	link->ifindex = message->ifindex;
	memcpy(link->name, message->name, sizeof(link->name));
	link->role = message->role;
	link->in = message->in;
	link->out = message->out;
	if (is_new && message->text[0])
		log_warning("%s: %s; using %s", link->name, message->text, hook_name(link->in));
}

static void gone(struct run_links *links, const struct channel_message *message)
{
	struct run_link *link = find(links, message->ifindex);

	links->gone_packets += message->packets;
	links->gone_bytes += message->bytes;
	if (!link) {
		links->beyond -= links->beyond > 0;
		return;
	}
	*link = links->links[--links->count];
}

/* Offloads and drivers make the two counts differ, by no means to nothing. */
static bool compare(struct run_links *links, const struct channel_message *message,
		    struct run_link **blind)
{
	struct run_link *link = find(links, message->ifindex);
	uint64_t own, seen;
	bool was_blind, known;

	if (!link)
		return false;
	own = message->packets - link->own;
	seen = message->seen - link->seen;
	known = link->compared;
	was_blind = link->blind;
	link->own = message->packets;
	link->seen = message->seen;
	link->compared = true;
	if (!known)
		return false;
	link->blind = own >= BLIND_PACKETS && seen < own / BLIND_SHARE;
	if (!link->blind || was_blind)
		return false;
	log_warning("blind on %s: %llu packets passed, of which %llu were seen; is another "
		    "program in front of ours?",
		    link->name, (unsigned long long)own, (unsigned long long)seen);
	*blind = link;
	return true;
}

bool run_links_take(struct run_links *links, const struct channel_message *message,
		    struct run_link **blind)
{
	switch (message->kind) {
	case CHANNEL_WATCHED:
		watched(links, message);
		return false;
	case CHANNEL_GONE:
		gone(links, message);
		return false;
	case CHANNEL_REFUSED:
		links->refused++;
		log_warning("cannot watch %s: %s", message->name, message->text);
		return false;
	case CHANNEL_COUNTERS:
		return blind && compare(links, message, blind);
	default:
		return false;
	}
}

int run_wanted(struct wanted *out, const struct run_settings *settings, char error[RUN_ERROR_SIZE])
{
	for (unsigned i = 0; i < settings->interfaces.count; i++) {
		char why[WANTED_ERROR_SIZE];
		int err = wanted_add(out, settings->interfaces.texts[i], why);

		if (err) {
			snprintf(error, RUN_ERROR_SIZE, "%s", why);
			return err;
		}
	}
	return 0;
}

void run_links_count(struct run_links *links, const struct live *live)
{
	for (unsigned i = 0; i < links->count; i++) {
		struct run_link *link = &links->links[i];
		uint64_t packets = 0, bytes = 0;

		if (!live_link(live, link->ifindex, &packets, &bytes))
			continue;
		link->packet_rate = packets - link->packets;
		link->byte_rate = bytes - link->bytes;
		link->packets = packets;
		link->bytes = bytes;
	}
}

void run_links_sum(const struct run_links *links, uint64_t *packets, uint64_t *bytes)
{
	*packets = links->gone_packets;
	*bytes = links->gone_bytes;
	for (unsigned i = 0; i < links->count; i++) {
		*packets += links->links[i].packets;
		*bytes += links->links[i].bytes;
	}
}

void run_links_describe(const struct run_links *links, char *out, size_t size)
{
	size_t at = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < links->count && at < size; i++) {
		const struct run_link *link = &links->links[i];
		char name[TEXT_ESCAPED(IF_NAMESIZE)], hook[32];

		text_escape(name, sizeof(name), link->name, strnlen(link->name, IF_NAMESIZE));
		at += snprintf(out + at, size - at, "%s%s (%s, %s)", i ? ", " : "", name,
			       wanted_role_name(link->role), hook_text(link, hook));
	}
	if (links->beyond && at < size)
		snprintf(out + at, size - at, " and %u more", links->beyond);
}
