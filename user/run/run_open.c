// SPDX-License-Identifier: BSD-2-Clause
/* The beginning of a live run: gain, attach, drop. */
#include <errno.h>
#include <string.h>
#include "base/log.h"
#include "base/privs.h"
#include "base/exit.h"
#include "session/journal_tap.h"
#include "run/readers_setup.h"
#include "run/run_control.h"
#include "run/run_web.h"
#include "run/run_profile.h"
#include "run/run_service.h"
#include "serve/history.h"
#include "session/triggers_setup.h"

uint64_t run_clock_ns(clockid_t which)
{
	struct timespec now;

	clock_gettime(which, &now);
	return now.tv_sec * SKUA_SECOND_NS + now.tv_nsec;
}

/* 0, or -errno, which has been logged. */
static int open_journal(struct run *run, struct pipeline_options *pipeline,
			const struct sink_envelope *envelope, const struct privs_account *account)
{
	const struct run_settings *settings = run->settings;
	struct journal_options options = JOURNAL_OPTIONS_DEFAULT;
	char error[JOURNAL_ERROR_SIZE];
	int err;

	if (!settings->journal)
		return 0;
	options.directory = settings->journal;
	options.quota = settings->journal_mb << 20;
	if (account->change) {
		options.uid = account->uid;
		options.gid = account->gid;
	}
	err = journal_tap_open(&run->journal, options, pipeline, envelope, error);
	if (err) {
		log_error("%s", error);
		return err;
	}
	pipeline->tap = journal_tap_fact;
	pipeline->tap_arg = run->journal;
	return 0;
}

/* What samples tell, to whom it concerns. */
static void on_fact(void *arg, const struct fact *fact)
{
	struct run *run = arg;

	if (run->journal)
		journal_tap_fact(run->journal, fact);
	logs_fact(run->logs, fact);
}

/* 0, or -errno, which has been logged. */
static int open_records(struct run *run, struct pipeline_options *pipeline,
			const struct privs_account *account)
{
	const struct run_settings *settings = run->settings;
	const struct record_settings *records = &settings->records;
	int err;

	if (!run->capture->whole && records_need_packets(records)) {
		log_error("--records file: the kernel programs do not hand over whole packets: "
			  "add --source pcap, or leave out file");
		return -EINVAL;
	}
	err = records_open(&run->logs, records, settings->format, &run->envelope, account);
	if (err >= 0)
		return err == EXIT_RUNTIME ? -ENOMEM : -EINVAL;
	if (!run->logs)
		return 0;
	run->capture->logs = run->logs;
	if (run->capture->whole)
		return 0;
	pipeline->tap = on_fact;
	pipeline->tap_arg = run;
	return 0;
}

/* What to look out for, what may be recorded of whom, and who may read it.  0, or -errno, which has
 * been logged. */
static int open_rules(struct run *run, struct pipeline_options *pipeline)
{
	const struct run_settings *settings = run->settings;
	const char *unnamed = run_pods_unnamed(&settings->pods);
	int err;

	if (triggers_setup(&settings->triggers, &run->indicators, pipeline) >= 0 ||
	    policy_setup(&settings->triggers, unnamed, &run->policy) >= 0 ||
	    readers_setup(&settings->readers, unnamed, &run->readers) >= 0)
		return -EINVAL;
	if (!run->policy.namespaces && !run->readers.count)
		return 0;
	err = namespaces_open(&run->namespaces, run->pods.board);
	run->policy.find = namespaces_find;
	run->policy.find_arg = run->namespaces;
	return err;
}

static int open_pipeline(struct run *run, const struct privs_account *account)
{
	const struct run_settings *settings = run->settings;
	const struct sink_envelope *envelope = &run->envelope;
	struct pipeline_options options = PIPELINE_OPTIONS_DEFAULT;
	struct sink_envelope derived, said;
	int err;

	run->envelope = (struct sink_envelope){ .host = settings->host, .mode = "live" };
	run_pods_use(&run->pods, &run->envelope);
	derived = run->envelope;
	derived.derived = true;
	options.derive = true;
	said = settings->debug_scores ? derived : run->envelope;
	said.schema = settings->sinks.schema;
	if (output_open(&run->sink, settings->format, settings->colour, &said, true))
		return -ENOMEM;
	run_profile_pipeline(settings, &options);
	options.min_score = settings->min_score;
	options.lists = settings->lists;
	options.locals = settings->locals.networks;
	options.local_count = settings->locals.count;
	options.sinks[0] = run->sink;
	err = history_open(&run->history, HISTORY_BYTES, &run->envelope,
			   run_clock_ns(CLOCK_REALTIME));
	if (!err)
		err = history_open(&run->derivations, HISTORY_BYTES, &derived,
				   run_clock_ns(CLOCK_REALTIME));
	if (err)
		return err;
	options.sinks[1] = history_sink(run->history);
	options.sinks[2] = history_sink(run->derivations);
	tally_init(&run->tally);
	options.sinks[3] = &run->tally.sink;
	err = open_rules(run, &options);
	if (err)
		return err;
	err = lasting_open(&run->lasting, &settings->lasting, account);
	if (err >= 0)
		return err == EXIT_RUNTIME ? -ENOMEM : -EINVAL;
	lasting_use(&run->lasting, &options);
	err = open_journal(run, &options, envelope, account);
	if (!err)
		err = open_records(run, &options, account);
	if (!err && settings->snapshots) {
		err = run_evidence_prepare(&run->evidence, settings, run->capture, account);
		run_pods_use(&run->pods, &run->evidence.envelope);
		run->evidence.options.policy = &run->policy;
		options.evidence = &run->evidence.options;
	}
	if (!err)
		err = run_sinks_open(&run->sinks, &settings->sinks, &said, account, &options);
	if (!err)
		err = pipeline_open(&run->pipeline, &options);
	run->evidence.pipeline = run->pipeline;
	if (!err && !run->capture->whole) /* libpcap knows no sockets */
		err = identities_open(&run->identities);
	return err;
}

static int open_capture(struct run *run)
{
	const struct run_settings *settings = run->settings;
	char error[RUN_ERROR_SIZE];
	int err = -EPERM;

	if (settings->source != RUN_SOURCE_PCAP)
		err = run_kernel_open(&run->capture, settings, error);
	if (settings->source == RUN_SOURCE_AUTO && (err == -EPERM || err == -EACCES))
		log_warning("%s; libpcap and user space look at packets instead, which costs more",
			    error);
	if (settings->source == RUN_SOURCE_PCAP ||
	    (settings->source == RUN_SOURCE_AUTO && (err == -EPERM || err == -EACCES)))
		err = run_pcap_open(&run->capture, settings, error);
	if (err && err != -EINTR)
		log_error("%s", error);
	return err;
}

/* The last thing that needs a privilege. */
static int give_up_privileges(struct run *run, const struct privs_account *account)
{
	int err = privs_drop(account);

	if (err)
		log_error("cannot give up privileges: %s", strerror(-err));
	/* A thread cannot be started later, and files must be the account's. */
	if (!err && run->settings->snapshots)
		err = run_evidence_open(&run->evidence);
	if (!err)
		err = state_start(run->lasting.state);
	if (!err) {
		err = privs_confine();
		if (err)
			log_error("cannot limit system calls: %s", strerror(-err));
	}
	return err;
}

int run_open(struct run *run)
{
	struct privs_account account;
	int err = privs_account_find(&account, run->settings->user);

	if (err) {
		log_error("--user: there is no account '%s'",
			  run->settings->user ? run->settings->user : "nobody");
		return EXIT_USAGE;
	}
	err = open_capture(run);
	if (err == -EINTR) /* told to end before it began */
		return EXIT_OK;
	if (err)
		return err == -EINVAL || err == -ENODEV ? EXIT_USAGE : EXIT_RUNTIME;
	err = run_pods_open(&run->pods, &run->settings->pods, &account);
	if (!err)
		err = open_pipeline(run, &account);
	if (err)
		return err == -ENOMEM ? EXIT_RUNTIME : EXIT_USAGE;
	if (run_control_open(run, &account) || run_web_open(run, &account) || run_service_open(run))
		return EXIT_USAGE;
	return give_up_privileges(run, &account) ? EXIT_RUNTIME : -1;
}
