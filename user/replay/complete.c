// SPDX-License-Identifier: BSD-2-Clause
/* A second pass over the input, for all packets of what the first one found. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "capture/file_in.h"
#include "base/exit.h"
#include "replay/complete.h"
#include "replay/complete_match.h"
#include "pipeline/evidence_file.h"

#define GROWTH 64
#define SNAPLEN 262144
#define NO_LINKTYPE 0x10000

/* One finding whose file is being written. */
struct target {
	struct evidence_item item;
	struct complete_match match;
	struct publish_file file;
	struct pcapng pcapng;
	uint32_t linktype; /* of the file: that of its first packet */
	uint64_t first_ns;
	int err;
};

struct complete {
	struct recorder *recorder;
	bool look_through;
	struct target *targets;
	unsigned count, capacity;
};

int complete_open(struct complete **out, struct recorder *recorder, bool look_through)
{
	struct complete *complete = calloc(1, sizeof(*complete));

	if (!complete)
		return -ENOMEM;
	complete->recorder = recorder;
	complete->look_through = look_through;
	*out = complete;
	return 0;
}

void complete_close(struct complete *complete)
{
	if (!complete)
		return;
	free(complete->targets);
	free(complete);
}

int complete_add(struct complete *complete, const struct evidence_item *item)
{
	struct target *target;

	if (complete->count == complete->capacity) {
		struct target *more =
			reallocarray(complete->targets, complete->capacity + GROWTH, sizeof(*more));

		if (!more)
			return -ENOMEM;
		complete->targets = more;
		complete->capacity += GROWTH;
	}
	target = &complete->targets[complete->count++];
	memset(target, 0, sizeof(*target));
	target->item = *item;
	target->linktype = NO_LINKTYPE;
	complete_match_init(&target->match, complete->recorder, &item->finding);
	return 0;
}

static int begin(struct target *target, const struct publish *publish)
{
	struct evidence_comments comments;
	struct pcapng_section section = { .application = "skua " SKUA_VERSION };
	int err = publish_begin(publish, &target->item, &target->file);

	if (err)
		return err;
	evidence_comments_init(&comments, &target->item.finding, target->item.begun_ns);
	section.comments = (const char *const *)comments.texts;
	section.comment_count = comments.count;
	err = pcapng_begin(&target->pcapng, vault_stream(target->file.file), &section);
	evidence_comments_fini(&comments);
	return err;
}

static int write_frame(struct target *target, const struct file_in *in, const struct frame *frame)
{
	struct finding_snapshot *snapshot = &target->item.finding.snapshot;
	struct pcapng_packet packet = { .time_ns = frame->time_ns,
					.captured = frame->captured,
					.length = frame->length,
					.bytes = frame->bytes,
					.packet_id = ++snapshot->packets,
					.has_id = true,
					.comments = &frame->comment,
					.comment_count = frame->comment != NULL };

	if (target->linktype == NO_LINKTYPE) {
		const struct pcapng_interface interface = { .name = file_in_interface_name(
								    in, frame->interface),
							    .linktype = frame->linktype,
							    .snaplen = SNAPLEN };

		target->linktype = frame->linktype;
		target->first_ns = frame->time_ns;
		target->err = pcapng_add_interface(&target->pcapng, &interface);
	}
	if (frame->direction != FRAME_UNKNOWN)
		packet.flags = frame->direction == FRAME_OUT ? PCAPNG_OUTBOUND : PCAPNG_INBOUND;
	return target->err ? target->err : pcapng_add_packet(&target->pcapng, &packet);
}

static void offer(struct complete *complete, struct target *targets, unsigned count,
		  const struct file_in *in, const struct frame *frame)
{
	struct complete_packet packet;

	if (!complete_packet_parse(&packet, frame, complete->look_through))
		return;
	for (unsigned i = 0; i < count; i++) {
		struct target *target = &targets[i];

		if (target->err || !complete_match(&target->match, &packet))
			continue;
		/* One file has one link type. */
		if (target->linktype != NO_LINKTYPE && target->linktype != frame->linktype)
			target->item.finding.snapshot.truncated = true;
		else
			target->err = write_frame(target, in, frame);
	}
}

static void finish(struct target *target, const struct publish *publish)
{
	struct finding_snapshot *snapshot = &target->item.finding.snapshot;

	if (!target->err)
		target->err = snapshot->packets ? pcapng_end(&target->pcapng) : -ENOENT;
	if (target->item.begun_ns > target->first_ns)
		snapshot->pre_trigger_s = (target->item.begun_ns - target->first_ns) / 1e9;
	publish_end(publish, &target->file, target->err, &target->item.finding);
}

static int pass(struct complete *complete, struct target *targets, unsigned count,
		const struct file_in_options *input, const struct publish *publish)
{
	char error[FILE_IN_ERROR_SIZE];
	struct frame frame;
	struct file_in *in;
	int err = file_in_open(&in, input, error), more = 0;

	if (err) {
		log_error("%s", error);
		return err;
	}
	for (unsigned i = 0; i < count; i++) {
		targets[i].item.finding.snapshot = (struct finding_snapshot){};
		targets[i].err = begin(&targets[i], publish);
	}
	while ((more = file_in_next(in, &frame)) > 0)
		offer(complete, targets, count, in, &frame);
	for (unsigned i = 0; i < count; i++)
		finish(&targets[i], publish);
	file_in_close(in);
	return more;
}

int complete_run(struct complete *complete, const struct file_in_options *input,
		 const struct publish *publish, complete_done_fn *done, void *arg)
{
	int err = 0;

	for (unsigned at = 0; at < complete->count && !err; at += COMPLETE_AT_ONCE) {
		unsigned left = complete->count - at;
		unsigned count = left < COMPLETE_AT_ONCE ? left : COMPLETE_AT_ONCE;
		struct target *targets = complete->targets + at;

		err = pass(complete, targets, count, input, publish);
		for (unsigned i = 0; i < count && !err; i++)
			done(arg, &targets[i].item.finding);
	}
	return err;
}
