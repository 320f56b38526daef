// SPDX-License-Identifier: BSD-2-Clause
/* Makes pcapng files in memory, with comments that say what they are for. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "pipeline/evidence_file.h"
#include "pipeline/evidence_names.h"
#include "pipeline/evidence_policy.h"
#include "report/finding_json.h"

#define LINKS 5                      /* enum skua_link */
#define FIRST_SLACK_NS 1000000000ull /* a finding's first time is no packet's exactly */

static void add_json(struct evidence_comments *comments, const char *name,
		     const struct finding *finding,
		     void (*write)(struct json *json, const struct finding *finding))
{
	char *text = NULL;
	size_t length;
	FILE *stream = open_memstream(&text, &length);
	struct json json;

	if (!stream)
		return;
	fputs(name, stream);
	json_init(&json, stream);
	write(&json, finding);
	if (fclose(stream))
		free(text);
	else
		comments->texts[comments->count++] = text;
}

static void add_text(struct evidence_comments *comments, const char *text)
{
	char *copy = strdup(text);

	if (copy)
		comments->texts[comments->count++] = copy;
}

void evidence_comments_fini(struct evidence_comments *comments)
{
	for (unsigned i = 0; i < comments->count; i++)
		free(comments->texts[i]);
}

void evidence_comments_init(struct evidence_comments *comments, const struct finding *now,
			    uint64_t begun_ns)
{
	struct finding begun = *now;
	const struct finding *finding = &begun;
	char sentence[FINDING_REASON + 256];
	char src[ADDRESS_TEXT], dst[ADDRESS_TEXT];

	begun.trigger_ns = begun_ns;
	comments->count = 0;
	add_json(comments, "skua.finding=", finding, finding_write_proved);
	add_json(comments, "skua.context=", finding, finding_write_asserted);
	snprintf(sentence, sizeof(sentence), "%s: %s%s%s: %s.%s", finding_kind_name(finding->kind),
		 address_format(&finding->src, src), finding->has_dst ? " -> " : "",
		 finding->has_dst ? address_format(&finding->dst, dst) : "", finding->reason,
		 finding->snapshot.truncated ? " Some of what was sampled is not in this file."
					     : "");
	add_text(comments, sentence);
}

/* *out is malloc'ed. */
static int write_file(struct evidence *evidence, struct snapshot_about *about,
		      const struct recorder_selection *selection, int link, char **out,
		      size_t *length, struct snapshot_result *result)
{
	FILE *stream;
	int err;

	about->application = evidence->options.application;
	about->os = evidence->options.os;
	about->interface = evidence->options.interface;
	about->interface_arg = evidence->options.interface_arg;
	*out = NULL;
	stream = open_memstream(out, length);
	if (!stream)
		return -errno;
	err = snapshot_write(stream, about, selection, link, result);
	if (fclose(stream) && !err)
		err = -ENOMEM;
	if (err) {
		free(*out);
		*out = NULL;
		*length = 0;
	}
	return err;
}

static void make(struct evidence *evidence, struct evidence_item *item,
		 const struct recorder_selection *selection, const struct policy_removed *removed,
		 int link)
{
	char removal[POLICY_TEXT];
	struct finding finding = item->finding; /* its trigger marks a packet */
	struct finding_snapshot *snapshot = &item->finding.snapshot;
	struct evidence_comments comments;
	struct evidence_names names;
	struct snapshot_about about = { .finding = &finding,
					.comments = (const char *const *)comments.texts,
					.names = names.names,
					.dropped = snapshot->ring_dropped };
	struct snapshot_result result;

	finding.trigger_ns = item->begun_ns;
	evidence_comments_init(&comments, &finding, item->begun_ns);
	if (policy_describe(removal, removed)[0])
		add_text(&comments, removal);
	evidence_names_collect(evidence, selection, &names);
	about.name_count = names.count;
	about.comment_count = comments.count;
	snapshot->error =
		write_file(evidence, &about, selection, link, &item->bytes, &item->length, &result);
	evidence_comments_fini(&comments);
	if (snapshot->error)
		return;
	snapshot->packets = result.packets;
	snapshot->bytes = item->length;
	snapshot->pre_trigger_s =
		item->begun_ns > result.first_ns ? (item->begun_ns - result.first_ns) / 1e9 : 0;
}

/* The recorder had forgotten these hosts since. */
static bool begins_late(const struct recorder_selection *selection, const struct finding *finding)
{
	return selection->rows[0].event->head.time_ns > finding->first_ns + FIRST_SLACK_NS;
}

void evidence_files(struct evidence *evidence, struct evidence_item *item,
		    const struct recorder_selection *selection,
		    const struct policy_removed *removed,
		    void (*hand_over)(struct evidence *evidence, struct evidence_item *item))
{
	bool links[LINKS] = { false };
	int first = snapshot_link(selection);

	for (size_t i = 0; i < selection->count; i++)
		if (selection->rows[i].event->link < LINKS)
			links[selection->rows[i].event->link] = true;
	item->finding.snapshot.truncated =
		selection->cut || selection->thinned || begins_late(selection, &item->finding);
	item->part = 1;
	make(evidence, item, selection, removed, first);
	hand_over(evidence, item);
	for (int link = 0; link < LINKS; link++) {
		if (!links[link] || link == first)
			continue;
		item->part++;
		item->finding.snapshot.truncated = true; /* of the finding it has a part only */
		make(evidence, item, selection, removed, link);
		hand_over(evidence, item);
	}
}

int evidence_snapshot(struct evidence *evidence, const struct recorder_selector *selector,
		      evidence_may_fn *may, void *may_arg, const char *comment, char **out,
		      size_t *length)
{
	char removal[POLICY_TEXT];
	const char *const comments[] = { comment, removal };
	struct evidence_names names;
	struct snapshot_about about = { .comments = comments, .names = names.names };
	struct policy_removed removed = { .off = may ? 0 : *evidence_off(evidence, &selector->a) };
	struct recorder_selection selection = { 0 };
	struct snapshot_result result;
	int err = recorder_select(evidence->recorder, selector, &selection);

	if (!err && may)
		err = evidence_limit(&selection, may, may_arg);
	if (!err)
		err = evidence_withhold(evidence, &selection, &removed);
	if (err)
		goto out;
	about.comment_count = policy_describe(removal, &removed)[0] ? 2 : 1;
	names.count = 0;
	if (!may) /* some may have been learned from others' packets */
		evidence_names_collect(evidence, &selection, &names);
	about.name_count = names.count;
	err = write_file(evidence, &about, &selection, snapshot_link(&selection), out, length,
			 &result);
out:
	recorder_selection_fini(&selection);
	return err;
}
