// SPDX-License-Identifier: BSD-2-Clause
/* skua replay: find scans, beacons and exfiltration in capture files. */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include "base/log.h"
#include "capture/engines.h"
#include "capture/journal_in.h"
#include "cmd.h"
#include "command_tables.h"
#include "analyst/input_arguments.h"
#include "replay/journal_session.h"
#include "session/progress.h"
#include "replay/replay_session.h"
#include "report/schema.h"

#define FIELD(name) offsetof(struct replay_settings, name)

static const struct option_row rows[] = {
	{ "read", 'r', OPTION_TEXT, FIELD(read), "FILE", "a capture file, or - for a pipe" },
	{ "engine", 0, OPTION_CHOICE, FIELD(engine), ENGINE_CHOICES,
	  "who looks at the frames: user space, or the kernel programs (root)" },
	{ "format", 0, OPTION_CHOICE, FIELD(format), FORMAT_RECORD_CHOICES,
	  "how findings are printed; zeek: they in JSON, records as Zeek's logs" },
	{ "schema", 0, OPTION_CHOICE, FIELD(schema), SCHEMA_CHOICES,
	  "findings in JSON: ours, Elastic's ECS 8.11, or OCSF 1.3.0 (Detection Finding)" },
	{ "output", 0, OPTION_TEXT, FIELD(output), "FILE",
	  "also append findings to this file, as JSON lines" },
	{ "records", 0, OPTION_TEXT, FIELD(records.kinds), "KINDS",
	  "also write what passed: of flow,dns,tls,http,file those named, as EVE's records" },
	{ "log-dir", 'l', OPTION_TEXT, FIELD(records.directory), "DIR",
	  "records to files there (eve.json; zeek: conn.log, dns.log, ...), not between findings" },
	{ "min-score", 0, OPTION_SHARE, FIELD(min_score), "SCORE",
	  "show findings from this score on (0.5; 0 shows what context calmed)" },
	{ "local", 0, OPTION_NETWORK, FIELD(locals), "NET",
	  "our side; repeatable (default: private addresses)" },
	{ "lists", 0, OPTION_TEXT, FIELD(lists), "DIR",
	  "list files of known services and ports (default: built in)" },
	{ "state", 0, OPTION_TEXT, FIELD(lasting.state), "FILE",
	  "what outlives a run: who talked to whom, what is usually sent; read and written" },
	{ "suppressions", 0, OPTION_TEXT, FIELD(lasting.suppressions), "FILE",
	  "findings that need not be said: see skua suppress" },
	{ "show-suppressed", 0, OPTION_FLAG, FIELD(lasting.show_suppressed), NULL,
	  "print what they keep back, marked, as --min-score 0 does" },
	{ "prevalence", 0, OPTION_TEXT, FIELD(lasting.prevalence), "FILE",
	  "how many clients of a fleet use what: lines of NAME-OR-NETWORK CLIENTS SEEN" },
	{ "without-rule", 0, OPTION_TEXTS, FIELD(without_rules), "NAME",
	  "leave out this rule of context, to see what it does; repeatable" },
	{ "indicators", 0, OPTION_TEXTS, FIELD(triggers.indicators), "PATH",
	  "look out for what these files or folders list: addresses, networks, names, JA4" },
	{ "trigger-filter", 0, OPTION_TEXTS, FIELD(triggers.filters), "FILTER",
	  "look out for conversations of which a sampled packet matches; repeatable" },
	{ "record", 0, OPTION_TEXTS, FIELD(triggers.record), "NET=WORD",
	  "keep of packets of NET, or any, as evidence: full, headers or off; repeatable" },
	{ "compat", 0, OPTION_FLAG, FIELD(compat), NULL,
	  "also report by the simple rules PORT_SCAN, DNS_EXFILTRATION, SUSPICIOUS_PORTS" },
	{ "rita", 0, OPTION_FLAG, FIELD(rita), NULL,
	  "also score pairs by the formulas of RITA 5, ours beside it" },
	{ "totals", 0, OPTION_FLAG, FIELD(totals), NULL,
	  "also count distinct conversations, address pairs and DNS messages" },
	{ "no-tunnels", 0, OPTION_FLAG, FIELD(no_tunnels), NULL,
	  "do not look inside VXLAN, Geneve, GRE, GTP-U and IP in IP" },
	{ "journal", 0, OPTION_TEXT, FIELD(journal), "DIR",
	  "also write a journal there, from which all this can be replayed" },
	{ "journal-quota", 0, OPTION_NUMBER, FIELD(journal_mb), "MB",
	  "the most that all journals there may take (1024): the oldest go" },
	{ "html", 0, OPTION_TEXT, FIELD(html), "FILE",
	  "also write all this there as one HTML file with charts: see skua report" },
	{ "snapshots", 0, OPTION_TEXT, FIELD(snapshots), "DIR",
	  "write the packets behind each finding there, one annotated pcapng file for each" },
	{ "complete", 0, OPTION_FLAG, FIELD(complete), NULL,
	  "with --snapshots: read the input again at the end and write all packets, whole" },
	{ "sign", 0, OPTION_TEXT, FIELD(sign), "KEY",
	  "a minisign secret key without a password: the vault's HEAD is signed with it" },
	{ "recorder", 0, OPTION_NUMBER, FIELD(recorder_mb), "MB",
	  "the last packets of all, from before an alert (64)" },
	{ "keep", 0, OPTION_NUMBER, FIELD(keep_mb), "MB",
	  "the first packets of every pair and the ends of its exchanges (128)" },
	{ "no-keep", 0, OPTION_FLAG, FIELD(no_keep), NULL,
	  "keep none of these: only the last packets of all" },
	{ "proof", 0, OPTION_FLAG, FIELD(proof), NULL,
	  "with --snapshots: replay each file at once, and say whether it shows its finding" },
	{ "told-totals", 0, OPTION_FLAG, FIELD(told_totals), NULL,
	  "of snapshots: believe the comments that tell what UDP and the like carried" },
	{ "debug-scores", 0, OPTION_FLAG, FIELD(debug_scores), NULL,
	  "findings in JSON tell how their scores came about" },
	{ "every-update", 0, OPTION_FLAG, FIELD(every_update), NULL,
	  "print a finding each time it is judged, not only when it changed much" },
	{ "exit-on-findings", 0, OPTION_FLAG, FIELD(exit_on_findings), NULL,
	  "exit with status 3 when there are findings" },
	{ "host", 0, OPTION_TEXT, FIELD(host), "NAME", "name of this host in JSON records" },
	{ "color", 0, OPTION_CHOICE, FIELD(colour), COLOUR_CHOICES, "colours in tables" },
	{ "progress", 0, OPTION_CHOICE, FIELD(progress), PROGRESS_STYLES, "progress on stderr" },
	{ "quiet", 'q', OPTION_FLAG, FIELD(quiet), NULL, "no summary on stderr" },
	{ "numeric", 'n', OPTION_FLAG, FIELD(numeric), NULL,
	  "accepted for tcpdump's sake: addresses are never resolved" },
	{ .name = NULL },
};

const struct option_command replay_command = {
	.usage = "replay [OPTION]... FILE... [FILTER]",
	.about = "Reads pcap and pcapng files, plain or compressed (.gz, .zst, .lz4), directories\n"
		 "of them, or a pipe (-), and prints what it finds, highest score first.  Several\n"
		 "files are merged by time.  A journal (the directory, or its files) is judged\n"
		 "again, run by run.  FILTER is a tcpdump expression; arguments up to the\n"
		 "first that is no existing path are files, -- separates.\n"
		 "Exit: 0 done, 1 failure, 2 usage, 3 see --exit-on-findings, 4 input cut short.",
	.rows = rows,
};

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
	(void)signal_number;
	stopped = 1;
}

/* What cannot be had together, and what to do about it; NULL: nothing. */
static const char *contradiction(const struct replay_settings *settings)
{
	if ((settings->proof || settings->complete) && !settings->snapshots)
		return "--proof and --complete are about evidence: say where with --snapshots";
	if (settings->complete && settings->triggers.record.count)
		return "--complete writes all packets whole, whatever --record allows: leave one "
		       "of "
		       "both out";
	if (settings->sign && !settings->snapshots)
		return "--sign: there is nothing to sign without --snapshots DIR";
	if (settings->html && !strcmp(settings->html, "-"))
		return "--html: standard output has the findings: name a file, or use report";
	if (settings->told_totals && settings->engine != ENGINE_NATIVE)
		return "--told-totals: the kernel takes packets as they are: leave out --engine";
	return NULL;
}

static const char *contradiction_of_journal(const struct replay_settings *settings)
{
	if (settings->snapshots)
		return "--snapshots: a journal holds no packets: replay the capture itself";
	if (settings->html)
		return "--html: a journal holds no packets to draw: replay the capture itself";
	if (settings->output)
		return "--output: a journal's findings go to standard output alone: leave it out";
	return NULL;
}

/* What is read twice is no pipe. */
static bool can_be_read(const struct replay_settings *settings, const struct file_in_options *input)
{
	const char *again = settings->complete      ? "--complete"
			    : settings->told_totals ? "--told-totals"
						    : NULL;

	for (unsigned i = 0; again && i < input->path_count; i++)
		if (!strcmp(input->paths[i], "-")) {
			log_error("%s reads its input twice, which a pipe cannot: name a file",
				  again);
			return false;
		}
	return true;
}

int cmd_replay(int argc, char **argv)
{
	static const struct sigaction stopping = { .sa_handler = stop };
	struct replay_settings settings = { .min_score = 0.5,
					    .journal_mb = JOURNAL_QUOTA >> 20,
					    .recorder_mb = 64,
					    .keep_mb = 128 };
	struct file_in_options input = {};
	const char *refused;
	char filter[INPUT_FILTER_SIZE];
	int first, status = options_parse_among(&replay_command, argc, argv, &settings, &first);
	bool journal;

	if (status >= 0)
		return status;
	if (input_arguments(argc - first, argv + first, &settings.read, &input, filter))
		return EXIT_USAGE;
	refused = contradiction(&settings);
	journal = !refused && journal_in_is_journal(input.paths, input.path_count);
	if (journal)
		refused = contradiction_of_journal(&settings);
	if (refused)
		log_error("%s", refused);
	if (refused || !can_be_read(&settings, &input))
		return EXIT_USAGE;
	/* Without SA_RESTART, so that a pipe that is silent can be left. */
	sigaction(SIGINT, &stopping, NULL);
	sigaction(SIGTERM, &stopping, NULL);
	return journal ? journal_session(&settings, &input, &stopped)
		       : replay_session(&settings, &input, &stopped);
}
