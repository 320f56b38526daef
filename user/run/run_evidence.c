// SPDX-License-Identifier: BSD-2-Clause
/* Connects the pipeline's evidence with the thread that writes it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include "base/log.h"
#include "base/text.h"
#include "base/exit.h"
#include "run/run_profile.h"
#include "run/run_state.h"

#define MIN_FREE_PERCENT 5 /* of the file system: it is not ours alone */
#define UPLOAD_EVERY_S 2
#define MS 1000000
/* Of a turn of the loop, to select packets: what comes meanwhile waits in the kernel's rings. */
#define TURN_NS (50 * MS)
/* At the end: to select packets, and for a disk that works to take them, with what is left of it.
 */
#define SELECT_NS (2 * SKUA_SECOND_NS)
#define DRAIN_MS 5000

static void say_published(struct run_evidence *evidence)
{
	struct finding finding;

	while (publisher_take(evidence->publisher, &finding))
		pipeline_published(evidence->pipeline, &finding);
}

/* Of the time for selecting; what others do between two selections does not count. */
static void spend(struct run_evidence *evidence)
{
	uint64_t now_ns = run_clock_ns(CLOCK_MONOTONIC), spent_ns = now_ns - evidence->since_ns;

	evidence->since_ns = now_ns;
	evidence->left_ns -= spent_ns < evidence->left_ns ? spent_ns : evidence->left_ns;
}

static enum evidence_time time_to_select(void *arg)
{
	struct run_evidence *evidence = arg;

	/* The loop looks only when it has read all there is. */
	if (*evidence->stopped && !evidence->ending)
		run_evidence_ending(evidence);
	if (!evidence->left_ns)
		return evidence->ending ? EVIDENCE_NEVER : EVIDENCE_LATER;
	evidence->since_ns = run_clock_ns(CLOCK_MONOTONIC);
	return EVIDENCE_NOW;
}

/* All that waited for what follows comes at once at the end, when there is time. */
static void make_room(struct run_evidence *evidence, size_t length)
{
	unsigned ms = evidence->ending ? evidence->left_ns / MS : 0;

	while (ms && !publisher_wait(evidence->publisher, length, ms)) {
		say_published(evidence);
		spend(evidence);
		ms = evidence->left_ns / MS;
	}
}

static void on_item(void *arg, const struct evidence_item *item)
{
	struct run_evidence *evidence = arg;
	struct finding finding;

	if (item->bytes)
		make_room(evidence, item->length);
	if (!publisher_put(evidence->publisher, item, &finding) && item->part == 1)
		pipeline_published(evidence->pipeline, &finding);
	spend(evidence);
}

static const char *interface_name(void *arg, uint32_t ifindex, char to[64])
{
	struct run_evidence *evidence = arg;
	const struct run_links *links = &evidence->capture->links;

	snprintf(to, 64, "if%u", ifindex);
	for (unsigned i = 0; i < links->count; i++)
		if ((uint32_t)links->links[i].ifindex == ifindex)
			snprintf(to, 64, "%s", links->links[i].name);
	return to;
}

static uint64_t lost(void *arg)
{
	struct run_evidence *evidence = arg;

	return evidence->capture->samples_lost(evidence->capture);
}

/* Full or not: evidence is less complete then, and nothing else. */
static void arm(void *arg, const struct address *a, const struct address *b, uint64_t until_ns)
{
	struct run_evidence *evidence = arg;
	struct skua_armed_key key;

	evidence_armed_key(a, b, &key);
	if (evidence->capture->arm(evidence->capture, &key, until_ns))
		log_debug("cannot arm what a finding is about");
}

/* While there is one thread, and keys can still be read. */
static int start_upload(struct run_evidence *evidence, const struct run_settings *settings,
			const struct privs_account *account)
{
	const struct upload_options options = { .directory = settings->snapshots,
						.to = settings->upload,
						.credentials = settings->upload_credentials,
						.cacert = settings->upload_cacert,
						.interval_s = UPLOAD_EVERY_S };
	char error[UPLOAD_ERROR_SIZE];
	int err;

	if (!settings->upload)
		return 0;
	err = uploader_start(&evidence->uploader, &options, account, error);
	if (err)
		log_error("%s", error);
	return err;
}

int run_evidence_prepare(struct run_evidence *evidence, const struct run_settings *settings,
			 struct run_capture *capture, const struct privs_account *account)
{
	const struct vault_options options = { .directory = settings->snapshots,
					       .max_bytes = settings->snapshots_mb << 20,
					       .max_age_s = settings->snapshots_days * 86400,
					       .min_free_percent = MIN_FREE_PERCENT,
					       .sign_key = settings->sign,
					       .uid = account->change ? account->uid : 0,
					       .gid = account->change ? account->gid : 0 };
	char error[VAULT_ERROR_SIZE];
	struct utsname system;
	int err = vault_open(&evidence->vault, &options, error);

	if (err) {
		log_error("%s", error);
		return err;
	}
	err = start_upload(evidence, settings, account);
	if (err)
		return err;
	evidence->settings = settings;
	evidence->capture = capture;
	evidence->envelope = (struct sink_envelope){ .host = settings->host, .mode = "live" };
	if (!uname(&system))
		snprintf(evidence->os, sizeof(evidence->os), "%.20s %.60s", system.sysname,
			 system.release);
	evidence->options = (struct evidence_options)EVIDENCE_OPTIONS_DEFAULT;
	run_profile_evidence(settings, &evidence->options);
	evidence->options.recorder.file = settings->recorder_file;
	evidence->options.application = "skua " SKUA_VERSION;
	evidence->options.os = evidence->os;
	evidence->options.interface = interface_name;
	evidence->options.interface_arg = evidence;
	evidence->options.lost = lost;
	evidence->options.lost_arg = evidence;
	evidence->options.arm = arm;
	evidence->options.arm_arg = evidence;
	evidence->options.time = time_to_select;
	evidence->options.publish = on_item;
	evidence->options.publish_arg = evidence;
	return 0;
}

int run_evidence_open(struct run_evidence *evidence)
{
	const struct publish publish = { .vault = evidence->vault,
					 .envelope = &evidence->envelope };
	int err = publisher_open(&evidence->publisher, &publish);

	if (err)
		log_error("cannot start the thread that writes evidence: %s", strerror(-err));
	return err;
}

void run_evidence_turn(struct run_evidence *evidence)
{
	if (!evidence->publisher)
		return;
	say_published(evidence);
	evidence->left_ns = TURN_NS;
	pipeline_catch_up(evidence->pipeline);
}

void run_evidence_tick(struct run_evidence *evidence, uint64_t now_ns)
{
	if (evidence->publisher)
		publisher_tick(evidence->publisher, now_ns);
}

void run_evidence_ending(struct run_evidence *evidence)
{
	if (evidence->ending)
		return;
	evidence->ending = true;
	evidence->left_ns = SELECT_NS;
}

void run_evidence_finish(struct run_evidence *evidence)
{
	struct publisher_counts counts;

	if (!evidence->publisher)
		return;
	if (!publisher_drain(evidence->publisher, DRAIN_MS + evidence->left_ns / MS)) {
		publisher_counts(evidence->publisher, &counts);
		publisher_give_up(evidence->publisher);
		log_error("%s: the disk does not answer: %llu snapshots are not written",
			  evidence->settings->snapshots, (unsigned long long)counts.waiting);
	}
	say_published(evidence);
}

void run_evidence_stats(struct run_evidence *evidence, struct stats *out)
{
	struct publisher_counts counts;

	if (!evidence->publisher)
		return;
	publisher_counts(evidence->publisher, &counts);
	evidence->head = counts.head;
	out->vault = &evidence->head;
	stats_add_loss(out, "snapshots_disk_slow", counts.refused);
	stats_add_loss(out, "snapshots_disk_failed", counts.failed);
	stats_add_loss(out, "snapshots_unmade", counts.unmade);
	stats_add_loss(out, "snapshots_crowded", counts.crowded);
	if (!evidence->uploader.counts)
		return;
	stats_add_loss(out, "uploads_lost", evidence->uploader.counts->lost);
	stats_add_loss(out, "uploads_damaged", evidence->uploader.counts->damaged);
	stats_add_loss(out, "uploads_refused", evidence->uploader.counts->refused);
}

void run_evidence_summary(struct run_evidence *evidence, FILE *stream)
{
	struct publisher_counts counts;
	char bytes[TEXT_NUMBER];

	if (!evidence->publisher)
		return;
	publisher_counts(evidence->publisher, &counts);
	fprintf(stream, "Evidence: %s (%llu file%s, %s).\n", evidence->settings->snapshots,
		(unsigned long long)counts.vault.files, counts.vault.files == 1 ? "" : "s",
		text_bytes(bytes, counts.vault.bytes));
}

void run_evidence_everything(struct run_evidence *evidence)
{
	struct finding finding = { .reason = "everything of the last 60 s, asked for by SIGUSR1" };

	if (!evidence->publisher) {
		log_warning("SIGUSR1: no evidence is kept: start with --snapshots DIR");
		return;
	}
	snprintf(finding.trigger.indicator, sizeof(finding.trigger.indicator), "everything");
	pipeline_trigger(evidence->pipeline, &finding, 0);
}

void run_evidence_tell_end(struct run_evidence *evidence)
{
	uploader_tell_end(&evidence->uploader);
}

void run_evidence_close(struct run_evidence *evidence)
{
	uploader_stop(&evidence->uploader);
	uploader_close(&evidence->uploader);
	/* A thread that hangs still uses the vault. */
	if (publisher_close(evidence->publisher))
		vault_close(evidence->vault);
}
