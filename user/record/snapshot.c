// SPDX-License-Identifier: BSD-2-Clause
/* Writes selected samples as one annotated file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "record/opening.h"
#include "record/snapshot.h"
#include "record/snapshot_totals.h"

#define INTERFACES 64 /* beyond, packets are shown on the last one */
#define LINKS 5
#define SNAPLEN 65535
#define COMMENTS 3 /* of one packet */
#define COMMENT 128
#define DNS_PORT 53

/* LINKTYPE_* of enum skua_link. */
static const uint16_t linktypes[LINKS] = { 1, 101, 0, 113, 276 };

struct writing {
	struct pcapng pcapng;
	const struct snapshot_about *about;
	const struct recorder_selection *selection;
	struct opening *opening;
	struct snapshot_totals totals;
	int link;
	uint32_t ifindex[INTERFACES];
	uint64_t received[INTERFACES];
	unsigned interfaces;
	size_t first, trigger, last; /* rows that are commented */
	bool calls;                  /* there is more than questions to resolvers */
	uint64_t callbacks, callback_ns;
	struct snapshot_result *result;
};

int snapshot_link(const struct recorder_selection *selection)
{
	size_t rows[LINKS] = { 0 };
	int most = 0;

	for (size_t i = 0; i < selection->count; i++)
		if (selection->rows[i].event->link < LINKS)
			rows[selection->rows[i].event->link]++;
	for (int i = 1; i < LINKS; i++)
		if (rows[i] > rows[most])
			most = i;
	return most;
}

static unsigned find_interface(const struct writing *w, uint32_t ifindex)
{
	unsigned i = 0;

	while (i + 1 < w->interfaces && w->ifindex[i] != ifindex)
		i++;
	return i;
}

static bool is_question(const struct skua_sample_event *event)
{
	return keep_key_of(event).port == DNS_PORT;
}

/* Which interfaces and which rows there are. */
static void look_over(struct writing *w)
{
	uint64_t trigger_ns = w->about->finding ? w->about->finding->trigger_ns : 0;
	bool any = false;

	for (size_t i = 0; i < w->selection->count; i++) {
		const struct skua_sample_event *event = w->selection->rows[i].event;

		if (event->link != w->link) {
			w->result->other_links++;
			continue;
		}
		if (!any)
			w->first = w->trigger = i;
		any = true;
		w->last = i;
		w->calls |= !is_question(event);
		if (event->head.time_ns <= trigger_ns)
			w->trigger = i;
		if (!w->interfaces ||
		    (w->ifindex[find_interface(w, event->head.ifindex)] != event->head.ifindex &&
		     w->interfaces < INTERFACES))
			w->ifindex[w->interfaces++] = event->head.ifindex;
	}
}

static int write_interfaces(struct writing *w)
{
	int err = 0;

	for (unsigned i = 0; i < w->interfaces && !err; i++) {
		char name[64], number[24];
		struct pcapng_interface interface = { .linktype = linktypes[w->link],
						      .snaplen = SNAPLEN,
						      .os = w->about->os };

		snprintf(number, sizeof(number), "%u", w->ifindex[i]);
		interface.name = number;
		if (w->about->interface)
			interface.name =
				w->about->interface(w->about->interface_arg, w->ifindex[i], name);
		interface.description = "first bytes of conversations and exchanges, then headers; "
					"original lengths are true";
		err = pcapng_add_interface(&w->pcapng, &interface);
	}
	return err;
}

/* "7f3a": enough of an id to be told by people. */
static void say_callback(struct writing *w, const struct skua_sample_event *event, char *to)
{
	const struct finding *finding = w->about->finding;
	char gap[TEXT_NUMBER] = "";
	uint64_t time_ns = event->head.time_ns;

	w->callbacks++;
	if (w->callback_ns && time_ns >= w->callback_ns)
		text_fixed(gap, (time_ns - w->callback_ns) / 1e9, 1);
	snprintf(to, COMMENT, "%s %.4s: callback %llu%s%s%s", finding_kind_name(finding->kind),
		 finding->id, (unsigned long long)w->callbacks, gap[0] ? ", +" : "", gap,
		 gap[0] ? " s" : "");
	w->callback_ns = time_ns;
}

/* A beacon is selected with the questions for its name, which call nobody back unless they are all
 * there is: then lookups are the beacon. */
static bool is_callback(const struct writing *w, const struct skua_sample_event *event)
{
	const struct finding *finding = w->about->finding;
	const struct keep_key key = keep_key_of(event);

	if (finding->kind != FINDING_BEACON)
		return false;
	if (!finding->has_dst)
		return is_question(event) != w->calls;
	return key.proto == finding->proto && key.port == finding->dport;
}

static unsigned comment(struct writing *w, size_t i, char texts[COMMENTS][COMMENT])
{
	const struct skua_sample_event *event = w->selection->rows[i].event;
	const struct finding *finding = w->about->finding;
	unsigned n = 0;

	if (!finding)
		return 0;
	if (i == w->first)
		snprintf(texts[n++], COMMENT, "%s %.4s: first packet kept",
			 finding_kind_name(finding->kind), finding->id);
	if (opening_sees(w->opening, event) && is_callback(w, event))
		say_callback(w, event, texts[n++]);
	if (n < COMMENTS && i == w->trigger)
		snprintf(texts[n++], COMMENT, "%s %.4s: found here",
			 finding_kind_name(finding->kind), finding->id);
	if (n < COMMENTS && i == w->last && i != w->trigger)
		snprintf(texts[n++], COMMENT, "%s %.4s: last packet kept",
			 finding_kind_name(finding->kind), finding->id);
	return n;
}

static int write_packet(struct writing *w, size_t i)
{
	const struct sample_row *row = &w->selection->rows[i];
	const struct skua_sample_event *event = row->event;
	char texts[COMMENTS][COMMENT], totals[TOTALS_TEXT];
	const char *comments[COMMENTS + 1] = { texts[0], texts[1], texts[2] };
	struct pcapng_packet packet = { .interface = find_interface(w, event->head.ifindex),
					.time_ns = event->head.time_ns,
					.captured = row->captured,
					.length = event->length,
					.bytes = row->bytes,
					.packet_id = row->number,
					.has_id = true,
					.comments = comments };

	if (packet.length < packet.captured)
		packet.length = packet.captured;
	/* Of two ends on one side neither sends outward. */
	if (!(event->flags & SKUA_SAMPLE_EITHER))
		packet.flags = event->ours ? PCAPNG_OUTBOUND : PCAPNG_INBOUND;
	packet.comment_count = comment(w, i, texts);
	if (snapshot_totals_text(&w->totals, i, totals))
		comments[packet.comment_count++] = totals;
	w->received[packet.interface]++;
	w->result->packets++;
	if (!w->result->first_ns || packet.time_ns < w->result->first_ns)
		w->result->first_ns = packet.time_ns;
	if (packet.time_ns > w->result->last_ns)
		w->result->last_ns = packet.time_ns;
	return pcapng_add_packet(&w->pcapng, &packet);
}

static int write_statistics(struct writing *w)
{
	int err = 0;

	for (unsigned i = 0; i < w->interfaces && !err; i++) {
		/* Nobody knows on which: once, so that the sum is true. */
		uint64_t dropped = i ? 0 : w->about->dropped;
		const struct pcapng_statistics statistics = { .interface = i,
							      .start_ns = w->result->first_ns,
							      .end_ns = w->result->last_ns,
							      .received = w->received[i] + dropped,
							      .dropped = dropped,
							      .delivered = w->received[i] };

		err = pcapng_add_statistics(&w->pcapng, &statistics);
	}
	return err;
}

static int write_section(struct writing *w, FILE *stream)
{
	const struct snapshot_about *about = w->about;
	const struct pcapng_section section = { .os = about->os,
						.application = about->application,
						.comments = about->comments,
						.comment_count = about->comment_count };
	int err = pcapng_begin(&w->pcapng, stream, &section);

	if (!err)
		err = write_interfaces(w);
	if (!err)
		err = pcapng_add_names(&w->pcapng, about->names, about->name_count);
	for (size_t i = 0; i < w->selection->count && !err; i++)
		if (w->selection->rows[i].event->link == w->link)
			err = write_packet(w, i);
	if (!err)
		err = write_statistics(w);
	return err ? err : pcapng_end(&w->pcapng);
}

int snapshot_write(FILE *stream, const struct snapshot_about *about,
		   const struct recorder_selection *selection, int link,
		   struct snapshot_result *out)
{
	struct snapshot_result result = {};
	struct writing w = {
		.about = about, .selection = selection, .link = link, .result = &result
	};
	int err = snapshot_totals_init(&w.totals, selection, link);

	if (err)
		return err;
	w.opening = opening_open();
	if (w.opening) {
		look_over(&w);
		err = write_section(&w, stream);
	} else {
		err = -ENOMEM;
	}
	opening_close(w.opening);
	snapshot_totals_fini(&w.totals);
	if (!err)
		*out = result;
	return err;
}
