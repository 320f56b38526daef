// SPDX-License-Identifier: BSD-2-Clause
/* Publishes what a replay finds into a vault, and proves it if asked to. */
#include <errno.h>
#include <string.h>
#include "base/log.h"
#include "base/remedy.h"
#include "base/text.h"
#include "base/exit.h"
#include "replay/complete.h"
#include "replay/proof.h"
#include "replay/replay_evidence.h"

static const char *const verdicts[PROOFS] = { "packets", "totals", "unprovable", "failed" };

static const char *prove(void *arg, const char *path, const struct finding *finding)
{
	struct replay_evidence *evidence = arg;
	const struct proof_claim claim = proof_claim_of(finding);
	const struct proof_options options = { .locals = &evidence->settings->locals,
					       .triggers = &evidence->settings->triggers,
					       .no_tunnels = evidence->settings->no_tunnels };
	const char *verdict = proof_of(path, &claim, &options);

	for (int i = 0; i < PROOFS && verdict; i++)
		evidence->proofs[i] += !strcmp(verdicts[i], verdict);
	return verdict;
}

static struct publish publish_of(struct replay_evidence *evidence)
{
	return (struct publish){ .vault = evidence->vault,
				 .envelope = &evidence->envelope,
				 .prove = evidence->settings->proof ? prove : NULL,
				 .prove_arg = evidence };
}

static void on_done(void *arg, const struct finding *finding)
{
	struct replay_evidence *evidence = arg;

	if (finding->snapshot.error) {
		evidence->failed++;
		evidence->error = evidence->error ? evidence->error : finding->snapshot.error;
	} else {
		evidence->files++;
		evidence->bytes += finding->snapshot.bytes;
	}
	pipeline_published(evidence->pipeline, finding);
}

static void on_item(void *arg, const struct evidence_item *item)
{
	struct replay_evidence *evidence = arg;
	struct publish publish = publish_of(evidence);
	struct finding finding;

	if (evidence->settings->complete) {
		if (complete_add(evidence->complete, item))
			evidence->failed++;
		return;
	}
	if (item->part > 1) /* it holds what is left over */
		publish.prove = NULL;
	publish_item(&publish, item, &finding);
	if (item->part == 1)
		on_done(evidence, &finding);
	else
		evidence->files += !finding.snapshot.error;
}

int replay_evidence_finish(struct replay_evidence *evidence, const struct file_in_options *input)
{
	struct publish publish;

	if (!evidence->complete)
		return 0;
	publish = publish_of(evidence);
	return complete_run(evidence->complete, input, &publish, on_done, evidence);
}

int replay_evidence_ready(struct replay_evidence *evidence, struct pipeline *pipeline)
{
	evidence->pipeline = pipeline;
	if (!evidence->settings || !evidence->settings->complete)
		return 0;
	return complete_open(&evidence->complete, evidence_recorder(pipeline_evidence(pipeline)),
			     !evidence->settings->no_tunnels);
}

static const char *interface_name(void *arg, uint32_t ifindex, char to[64])
{
	struct replay_evidence *evidence = arg;
	const char *name = file_in_interface_name(replay_input(evidence->replay), ifindex);

	snprintf(to, 64, "%.63s", name ? name : "");
	return to;
}

static uint64_t lost(void *arg)
{
	struct replay_evidence *evidence = arg;

	return engines_samples_lost(replay_engines(evidence->replay));
}

static void arm(void *arg, const struct address *a, const struct address *b, uint64_t until_ns)
{
	struct replay_evidence *evidence = arg;
	struct skua_armed_key key;

	evidence_armed_key(a, b, &key);
	replay_arm(evidence->replay, &key, until_ns);
}

int replay_evidence_open(struct replay_evidence *evidence, const struct replay_settings *settings,
			 struct replay *replay)
{
	const struct vault_options vault = { .directory = settings->snapshots,
					     .sign_key = settings->sign };
	char error[VAULT_ERROR_SIZE];
	int err = vault_open(&evidence->vault, &vault, error);

	if (err) {
		log_error("%s", error);
		return err;
	}
	evidence->settings = settings;
	evidence->replay = replay;
	evidence->envelope = (struct sink_envelope){ .host = settings->host, .mode = "replay" };
	evidence->options = (struct evidence_options)EVIDENCE_OPTIONS_DEFAULT;
	evidence->options.recorder.ring_bytes = settings->recorder_mb << 20;
	evidence->options.recorder.keep_bytes = settings->no_keep ? 0 : settings->keep_mb << 20;
	evidence->options.deferred = settings->complete;
	evidence->options.application = "skua " SKUA_VERSION;
	evidence->options.interface = interface_name;
	evidence->options.interface_arg = evidence;
	evidence->options.lost = lost;
	evidence->options.lost_arg = evidence;
	evidence->options.arm = arm;
	evidence->options.arm_arg = evidence;
	evidence->options.publish = on_item;
	evidence->options.publish_arg = evidence;
	return 0;
}

void replay_evidence_close(struct replay_evidence *evidence)
{
	complete_close(evidence->complete);
	vault_close(evidence->vault);
}

int replay_evidence_error(const struct replay_evidence *evidence)
{
	if (evidence->error)
		log_error("--snapshots %s: %llu of %llu snapshots could not be written: %s; %s",
			  evidence->settings->snapshots, (unsigned long long)evidence->failed,
			  (unsigned long long)(evidence->failed + evidence->files),
			  strerror(-evidence->error), remedy_write(evidence->error));
	return evidence->error;
}

void replay_evidence_summary(const struct replay_evidence *evidence, FILE *stream)
{
	char bytes[TEXT_NUMBER];

	fprintf(stream, "Evidence: %s (%llu file%s, %s", evidence->settings->snapshots,
		(unsigned long long)evidence->files, evidence->files == 1 ? "" : "s",
		text_bytes(bytes, evidence->bytes));
	if (evidence->failed)
		fprintf(stream, "; %llu could not be written",
			(unsigned long long)evidence->failed);
	for (int i = 0; i < PROOFS; i++)
		if (evidence->proofs[i])
			fprintf(stream, "; proof by %s: %llu", verdicts[i],
				(unsigned long long)evidence->proofs[i]);
	fprintf(stream, ").\n");
}
