// SPDX-License-Identifier: BSD-2-Clause
/* skua run: watch interfaces, say what is found in their traffic. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>
#include "base/log.h"
#include "capture/hook.h"
#include "cmd.h"
#include "command_tables.h"
#include "report/schema.h"
#include "report/suppressions.h"
#include "run/run_check.h"
#include "run/run_profile.h"
#include "run/run_session.h"
#include "run/run_write.h"
#include "serve/protocol.h"
#include "sinks/syslog_line.h"

#define FIELD(name) offsetof(struct run_settings, name)

#define PIN_PATH "/sys/fs/bpf/skua"
#define FLOWS_MAX (16u << 20)
#define RING_MB_MAX 1024
#define SNAPLEN_MAX 262144
#define FILTER_MAX 4096

static const struct option_row rows[] = {
	CONFIG_OPTIONS(FIELD(config)),
	{ "interface", 'i', OPTION_TEXTS, FIELD(interfaces), "NAME[=ROLE]",
	  "what to watch: a name, a glob or any; ROLE is uplink, workload or tap; repeatable" },
	{ "hook", 0, OPTION_CHOICE, FIELD(hook), HOOK_CHOICES, "where received packets are seen" },
	{ "source", 0, OPTION_CHOICE, FIELD(source), RUN_SOURCE_CHOICES,
	  "who looks at packets: the kernel programs, or libpcap and user space" },
	{ "duration", 0, OPTION_NUMBER, FIELD(duration_s), "SECONDS", "end after so long",
	  .traits = OPTION_RELOADS },
	{ "count", 0, OPTION_NUMBER, FIELD(count), "PACKETS", "end after so many, or a few more",
	  .traits = OPTION_RELOADS },
	{ "pin", 0, OPTION_FLAG, FIELD(pin), NULL,
	  "leave programs and tables to the next run, which goes on without a gap" },
	{ "write", 'w', OPTION_TEXT, FIELD(write), "FILE",
	  "write whole packets of one interface, as tcpdump does, and judge nothing" },
	{ "file-size", 'C', OPTION_NUMBER, FIELD(file_mb), "MB",
	  "with -w: the next file after so many million bytes", .max = UINT32_MAX },
	{ "rotate", 'G', OPTION_NUMBER, FIELD(rotate_s), "SECONDS",
	  "with -w: the next file after so long, named by strftime(3)", .max = UINT32_MAX },
	{ "files", 'W', OPTION_NUMBER, FIELD(files), "COUNT",
	  "with -C: so many files in a ring; with -G: end after so many", .max = UINT32_MAX },
	{ "snaplen", 's', OPTION_NUMBER, FIELD(snaplen), "BYTES", "with -w: of each packet (all)",
	  .max = SNAPLEN_MAX },
	{ "journal", 0, OPTION_TEXT, FIELD(journal), "DIR",
	  "keep what judgement is made of, for skua replay DIR to judge again" },
	{ "journal-quota", 0, OPTION_NUMBER, FIELD(journal_mb), "MB",
	  "room for it; the oldest goes first", .initial = "1024", .max = UINT32_MAX },
	{ "snapshots", 0, OPTION_TEXT, FIELD(snapshots), "DIR",
	  "write the packets behind each finding there, one annotated pcapng file for each" },
	{ "snapshots-quota", 0, OPTION_NUMBER, FIELD(snapshots_mb), "MB",
	  "room for them; the least severe and oldest go first", .initial = "4096",
	  .max = UINT32_MAX },
	{ "snapshots-age", 0, OPTION_NUMBER, FIELD(snapshots_days), "DAYS",
	  "remove them after so long (never)" },
	{ "sign", 0, OPTION_TEXT, FIELD(sign), "KEY",
	  "a minisign secret key without a password: the vault's HEAD is signed with it" },
	{ "upload", 0, OPTION_TEXT, FIELD(upload), "URL",
	  "carry them off this host as they come, as skua upload does" },
	{ "upload-credentials", 0, OPTION_TEXT, FIELD(upload_credentials), "FILE",
	  "keys as NAME=VALUE, mode 0600 (default: the environment's)" },
	{ "upload-cacert", 0, OPTION_TEXT, FIELD(upload_cacert), "FILE",
	  "certificates to trust, instead of the system's" },
	{ "recorder", 0, OPTION_NUMBER, FIELD(recorder_mb), "MB",
	  "the last packets of all, from before an alert (64; small: 8)", .max = UINT32_MAX },
	{ "keep", 0, OPTION_NUMBER, FIELD(keep_mb), "MB",
	  "the first packets of every pair and the ends of its exchanges (128; small: 16)",
	  .max = UINT32_MAX },
	{ "no-keep", 0, OPTION_FLAG, FIELD(no_keep), NULL,
	  "keep none of these: only the last packets of all" },
	{ "recorder-file", 0, OPTION_TEXT, FIELD(recorder_file), "FILE",
	  "both lie in this file, which is made and gone at the end, instead of in memory" },
	{ "user", 0, OPTION_TEXT, FIELD(user), "NAME",
	  "whose rights are left when started as root (skua, or else nobody)" },
	{ "socket", 0, OPTION_TEXT, FIELD(socket), "PATH", "where skua status asks; none: nowhere",
	  .initial = CONTROL_PATH, .traits = OPTION_SAID },
	{ "reader", 0, OPTION_TEXTS, FIELD(readers), "ACCOUNT=NAMESPACE",
	  "with --pods: that account may ask there for what concerns its pods; repeatable" },
	{ "metrics", 0, OPTION_TEXT, FIELD(metrics), "WHERE",
	  "tell /metrics, /healthz and /readyz there: PORT on loopback, ADDRESS:PORT or "
	  "unix:PATH" },
	{ "profile", 0, OPTION_CHOICE, FIELD(profile), RUN_PROFILE_CHOICES,
	  "how much memory it may take: small holds an eighth of everything, within 96 MiB" },
	{ "flows", 0, OPTION_NUMBER, FIELD(flows), "N",
	  "conversations of ours the kernel can hold, and as many of strangers (65536; "
	  "small: 8192)",
	  .max = FLOWS_MAX },
	{ "ring", 0, OPTION_NUMBER, FIELD(ring_mb), "MB",
	  "room for events that wait, and as much for samples: a power of two (16; small: 2)",
	  .max = RING_MB_MAX, .traits = OPTION_POWER_OF_2 },
	{ "format", 0, OPTION_CHOICE, FIELD(format), FORMAT_RECORD_CHOICES,
	  "how findings are printed; zeek: they in JSON, records as Zeek's logs" },
	{ "schema", 0, OPTION_CHOICE, FIELD(sinks.schema), SCHEMA_CHOICES,
	  "findings in JSON: ours, Elastic's ECS 8.11, or OCSF 1.3.0 (Detection Finding)" },
	{ "output", 0, OPTION_TEXT, FIELD(sinks.output), "FILE",
	  "also append JSON lines to this file, which SIGHUP opens anew" },
	{ "syslog", 0, OPTION_TEXT, FIELD(sinks.syslog), "WHERE",
	  "also send findings there: udp://HOST:PORT, tcp://HOST:PORT or unix:PATH" },
	{ "syslog-facility", 0, OPTION_CHOICE, FIELD(sinks.facility), SYSLOG_FACILITIES,
	  "as what, to a syslog server" },
	{ "webhook", 0, OPTION_TEXT, FIELD(sinks.webhook), "URL",
	  "also POST findings there, as JSON lines, until they are taken" },
	{ "webhook-secret", 0, OPTION_TEXT, FIELD(sinks.webhook_secret), "FILE",
	  "sign what is sent with its first line (HMAC-SHA256), mode 0600" },
	{ "webhook-cacert", 0, OPTION_TEXT, FIELD(sinks.webhook_cacert), "FILE",
	  "certificates to trust, instead of the system's" },
	{ "webhook-timeout", 0, OPTION_NUMBER, FIELD(sinks.webhook_timeout_s), "SECONDS",
	  "for one request, before it is tried again", .initial = "10", .max = 3600 },
	{ "records", 0, OPTION_TEXT, FIELD(records.kinds), "KINDS",
	  "also write what passed: of flow,dns,tls,http,file those named, as EVE's records" },
	{ "log-dir", 'l', OPTION_TEXT, FIELD(records.directory), "DIR",
	  "records to files there (eve.json; zeek: conn.log, dns.log, ...), not between findings" },
	{ "debug-scores", 0, OPTION_FLAG, FIELD(debug_scores), NULL,
	  "findings in JSON tell how their scores came about" },
	{ "min-score", 0, OPTION_SHARE, FIELD(min_score), "SCORE",
	  "show findings from this score on; 0 shows what context calmed", .initial = "0.5",
	  .traits = OPTION_RELOADS },
	{ "local", 0, OPTION_NETWORK, FIELD(locals), "NET",
	  "our side, where the interface does not tell; repeatable (default: private addresses)" },
	{ "lists", 0, OPTION_TEXT, FIELD(lists), "DIR",
	  "list files of known services and ports (default: built in)", .traits = OPTION_RELOADS },
	{ "state", 0, OPTION_TEXT, FIELD(lasting.state), "FILE",
	  "what outlives a run: who talked to whom, what is usually sent; read and written" },
	{ "suppressions", 0, OPTION_TEXT, FIELD(lasting.suppressions), "FILE",
	  "findings that need not be said: see skua suppress", .initial = SUPPRESSIONS_PATH,
	  .traits = OPTION_SAID | OPTION_RELOADS },
	{ "show-suppressed", 0, OPTION_FLAG, FIELD(lasting.show_suppressed), NULL,
	  "print what they keep back, marked, as --min-score 0 does", .traits = OPTION_RELOADS },
	{ "prevalence", 0, OPTION_TEXT, FIELD(lasting.prevalence), "FILE",
	  "how many clients of a fleet use what: lines of NAME-OR-NETWORK CLIENTS SEEN",
	  .traits = OPTION_RELOADS },
	{ "indicators", 0, OPTION_TEXTS, FIELD(triggers.indicators), "PATH",
	  "look out for what these files or folders list: addresses, networks, names, JA4" },
	{ "trigger-filter", 0, OPTION_TEXTS, FIELD(triggers.filters), "FILTER",
	  "look out for conversations of which a sampled packet matches; repeatable" },
	{ "record", 0, OPTION_TEXTS, FIELD(triggers.record), "WHOM=WORD",
	  "keep of packets of a NET, ns:NAMESPACE or any: full, headers or off; repeatable" },
	{ "pods", 0, OPTION_FLAG, FIELD(pods.wanted), NULL,
	  "findings name the pods of this node, as the Kubernetes API server has them" },
	{ "kube-server", 0, OPTION_TEXT, FIELD(pods.server), "URL",
	  "with --pods: which one (default: that of the cluster this runs in)" },
	{ "kube-token", 0, OPTION_TEXT, FIELD(pods.token), "FILE",
	  "with --pods: a token, read anew for each request (default: the service account's)" },
	{ "kube-ca", 0, OPTION_TEXT, FIELD(pods.ca), "FILE",
	  "with --pods: certificates to trust (default: the service account's)" },
	{ "node", 0, OPTION_TEXT, FIELD(pods.node), "NAME",
	  "with --pods: of this node (default: $NODE_NAME, or else the host's name)" },
	{ "no-tunnels", 0, OPTION_FLAG, FIELD(no_tunnels), NULL,
	  "do not look inside VXLAN, Geneve, GRE, GTP-U and IP in IP" },
	{ "exit-on-findings", 0, OPTION_FLAG, FIELD(exit_on_findings), NULL,
	  "exit with status 3 when there are findings", .traits = OPTION_RELOADS },
	{ "host", 0, OPTION_TEXT, FIELD(host), "NAME", "name of this host in JSON records" },
	{ "color", 0, OPTION_CHOICE, FIELD(colour), COLOUR_CHOICES, "colours in tables" },
	{ "quiet", 'q', OPTION_FLAG, FIELD(quiet), NULL, "no words but warnings on stderr",
	  .traits = OPTION_RELOADS },
	{ "numeric", 'n', OPTION_FLAG, FIELD(numeric), NULL,
	  "accepted for tcpdump's sake: addresses are never resolved",
	  .traits = OPTION_COMMAND_LINE },
	{ .name = NULL },
};

const struct option_command run_command = {
	.usage = "run [OPTION]... -i INTERFACE... [FILTER]",
	.about = "Watches interfaces and prints what it finds in their traffic, as it finds it, "
		 "until\n"
		 "it is told to end (Ctrl-C, SIGTERM) or a limit is reached.  The kernel programs\n"
		 "need root, or CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON; they only look, and are "
		 "gone\n"
		 "when this ends.  An interface's role says which side is ours: what an uplink "
		 "sends,\n"
		 "what a workload (a pod's host side) sends into it, and on a tap the addresses.\n"
		 "FILTER, a tcpdump expression, is for -w and --source pcap.\n"
		 "Exit: 0 done, 1 failure, 2 usage, 3 see --exit-on-findings.",
	.rows = rows,
};

static volatile sig_atomic_t stopped, reload;

static void stop(int signal_number)
{
	(void)signal_number;
	stopped = 1;
}

static volatile sig_atomic_t snapshot_wanted;

static void want_snapshot(int signal_number)
{
	(void)signal_number;
	snapshot_wanted = 1;
}

static void read_again(int signal_number)
{
	(void)signal_number;
	reload = (reload + 1) & 0x7f;
}

/* The words that are left, with a space between; false: there is no room. */
static bool join(int count, char **words, char *out, size_t size)
{
	size_t length = 0;

	out[0] = '\0';
	for (int i = 0; i < count; i++) {
		int n = snprintf(out + length, size - length, "%s%s", i ? " " : "", words[i]);

		if ((size_t)n >= size - length)
			return false;
		length += n;
	}
	return true;
}

static void take_signals(const struct run_settings *settings)
{
	static const struct sigaction stopping = { .sa_handler = stop };
	static const struct sigaction wanting = { .sa_handler = want_snapshot };
	static const struct sigaction reloading = { .sa_handler = read_again };

	sigaction(SIGINT, &stopping, NULL);
	sigaction(SIGTERM, &stopping, NULL);
	sigaction(SIGUSR1, &wanting, NULL);
	/* To whom a terminal is nothing, this means to look again; to others, that it is gone. */
	sigaction(SIGHUP, !settings->write && !isatty(STDOUT_FILENO) ? &reloading : &stopping,
		  NULL);
}

static int test(const struct config *config, const struct run_settings *settings)
{
	if (!run_check_files(settings, NULL) || !run_check_triggers(settings))
		return EXIT_USAGE;
	log_info("the configuration is good%s%s", config->path[0] ? ": " : "", config->path);
	return EXIT_OK;
}

static int run_configured(struct config *config)
{
	struct run_settings settings;
	char filter[FILTER_MAX];
	int status = config_load(config, &settings, sizeof(settings));

	if (status >= 0)
		return status;
	if (!join(config->argc - config->first, config->argv + config->first, filter,
		  sizeof(filter))) {
		log_error("the filter is longer than %u bytes: shorten it", FILTER_MAX - 1);
		return EXIT_USAGE;
	}
	run_profile_fill(&settings);
	settings.filter = filter[0] ? filter : NULL;
	settings.snapshot_wanted = &snapshot_wanted;
	settings.reload = &reload;
	settings.pin_path = PIN_PATH;
	settings.source_of = config;
	if (!run_check(&settings))
		return EXIT_USAGE;
	if (settings.config.test)
		return test(config, &settings);
	take_signals(&settings);
	return settings.write ? run_write(&settings, &stopped) : run_session(&settings, &stopped);
}

int cmd_run(int argc, char **argv)
{
	struct config config = {
		.command = &run_command, .settings = FIELD(config), .argc = argc, .argv = argv
	};
	int status = run_configured(&config);

	config_close(&config);
	return status;
}
