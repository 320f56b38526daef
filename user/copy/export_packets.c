// SPDX-License-Identifier: BSD-2-Clause
/* Copies packets alone: from any format to pcap, from pcap to pcapng. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include "capture/file_reader.h"
#include "base/exit.h"
#include "copy/export.h"
#include "record/pcap_file.h"
#include "record/pcapng.h"

#define ETHERNET 1
#define MICROSECONDS 6
#define BINARY 0x80 /* if_tsresol: a power of two */
#define BINARY_MICROSECONDS 20

struct writing {
	struct export *export;
	bool to_pcapng, begun, fine;
	uint16_t linktype;
	struct pcapng pcapng;
};

uint32_t export_frame(struct export *export, const struct file_part *part, uint8_t *at)
{
	const struct frame *frame = &part->frame;
	uint32_t keep = frame->captured;
	int link = file_reader_link(part->linktype);

	memcpy(at, frame->bytes, frame->captured);
	if (export->scrub)
		keep = scrub_frame(export->scrub, at, frame->captured, frame->length, link);
	export->counts.packets++;
	export->counts.cut += keep < frame->captured;
	export->counts.emptied += link < 0 && export->scrub;
	return keep;
}

static bool is_fine(uint8_t resolution)
{
	return resolution & BINARY ? (resolution & ~BINARY) > BINARY_MICROSECONDS
				   : resolution > MICROSECONDS;
}

static int begin(struct writing *writing)
{
	static const struct pcapng_section section = { .application = "skua " SKUA_VERSION };
	const struct pcapng_interface interface = { .linktype = writing->linktype };
	FILE *to = writing->export->to;
	int err;

	writing->begun = true;
	if (!writing->to_pcapng)
		return pcap_file_begin(to, writing->linktype, writing->fine);
	err = pcapng_begin(&writing->pcapng, to, &section);
	return err ? err : pcapng_add_interface(&writing->pcapng, &interface);
}

static int add_frame(struct writing *writing, const struct file_part *part)
{
	struct export *export = writing->export;
	const uint8_t *bytes = export->block;
	uint32_t keep = export_frame(export, part, export->block);
	const struct pcap_packet plain = { part->frame.time_ns, keep, part->frame.length, bytes };
	const struct pcapng_packet packet = {
		.time_ns = part->frame.time_ns,
		.captured = keep,
		.length = part->frame.length,
		.bytes = bytes,
	};

	return writing->to_pcapng ? pcapng_add_packet(&writing->pcapng, &packet)
				  : pcap_file_add(export->to, &plain, writing->fine);
}

static int add_packet(struct writing *writing, const struct file_part *part)
{
	struct export *export = writing->export;
	int err = 0;

	if (!writing->begun) {
		writing->linktype = part->linktype;
		err = begin(writing);
	}
	if (!err && part->linktype != writing->linktype) {
		snprintf(export->error, sizeof(export->error),
			 "packet %" PRIu64 " has link type %u, those before it %u: a pcap file has "
			 "one; choose --format pcapng",
			 export->counts.packets + 1, part->linktype, writing->linktype);
		return -EINVAL;
	}
	if (!err)
		err = add_frame(writing, part);
	if (err == -EOVERFLOW)
		snprintf(export->error, sizeof(export->error),
			 "packet %" PRIu64 " is of a time that a pcap file cannot tell; choose "
			 "--format pcapng",
			 export->counts.packets);
	return err;
}

static int add_part(struct writing *writing, const struct file_part *part)
{
	switch (part->kind) {
	case FILE_PART_PACKET:
		return add_packet(writing, part);
	case FILE_PART_INTERFACE:
		if (!writing->begun) {
			writing->linktype = writing->linktype ? writing->linktype : part->linktype;
			writing->fine |= is_fine(part->resolution);
		}
		return 0;
	default:
		return 0;
	}
}

int export_packets(struct export *export, bool to_pcapng)
{
	struct writing writing = { .export = export, .to_pcapng = to_pcapng };
	struct file_part part;
	int got, err = 0;

	while (!err && (got = file_parts_next(export->from, &part)) == 1)
		err = *export->stopped ? -EINTR : add_part(&writing, &part);
	if (!err)
		err = got;
	if (!err && !writing.begun) { /* no packet came: a file nevertheless */
		writing.linktype = writing.linktype ? writing.linktype : ETHERNET;
		err = begin(&writing);
	}
	if (!err && to_pcapng)
		err = pcapng_end(&writing.pcapng);
	return err;
}
