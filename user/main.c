// SPDX-License-Identifier: BSD-2-Clause
/* The table of subcommands, and nothing else. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "base/log.h"
#include "base/remedy.h"
#include "cmd.h"

static const struct command commands[] = {
	{ "run", cmd_run, "find scans, beacons and exfiltration in live traffic" },
	{ "replay", cmd_replay, "find scans, beacons and exfiltration in capture files" },
	{ "report", cmd_report, "the same as one HTML file with charts, for people" },
	{ "dns", cmd_dns, "DNS messages in captures: who asked for what" },
	{ "http", cmd_http, "HTTP requests in captures, and their responses" },
	{ "tls", cmd_tls, "TLS and QUIC clients in captures: whom they ask for, and who answers" },
	{ "credentials", cmd_credentials, "names and secrets that captures show in clear" },
	{ "objects", cmd_objects, "files that captures carry, with their hashes" },
	{ "smb", cmd_smb, "SMB operations in captures: who did what to which file" },
	{ "conversations", cmd_conversations, "who exchanged how much with whom in captures" },
	{ "talkers", cmd_talkers, "who sent and received most in captures" },
	{ "packets", cmd_packets, "frames of captures by flags, length, port or gap" },
	{ "hierarchy", cmd_hierarchy, "which protocols carry how much in captures" },
	{ "analyze", cmd_analyze, "one report of everything in a capture, by simple rules" },
	{ "suspicious", cmd_suspicious, "what stands out in captures, by simple rules" },
	{ "agent", cmd_agent, "other words for analyze, http, suspicious, conversations" },
	{ "info", cmd_info, "what a capture file tells of itself" },
	{ "export", cmd_export,
	  "copy a capture without payload, addresses, or for one reader only" },
	{ "suppress", cmd_suppress, "findings that need not be said: add, list, remove, check" },
	{ "status", cmd_status, "what a running agent watches and has found" },
	{ "snapshot", cmd_snapshot, "the packets that a running agent keeps, as pcapng" },
	{ "arm", cmd_arm, "have a running agent keep every packet of somebody" },
	{ "findings", cmd_findings, "what a running agent has found lately" },
	{ "explain", cmd_explain, "how the score of a finding came about" },
	{ "extcap", cmd_extcap, "the agent's packets as an interface in Wireshark" },
	{ "tune", cmd_tune, "list entries that would calm what you know to be harmless" },
	{ "doctor", cmd_doctor, "whether this host can run skua, and what to do where it cannot" },
	{ "selftest", cmd_selftest, "whether the running agent finds what it should" },
	{ "fetch", cmd_fetch, "take a snapshot from the vault or from where it was uploaded" },
	{ "upload", cmd_upload, "carry the vault off this host as it grows" },
	{ "verify", cmd_verify, "whether anybody touched the evidence in a vault" },
	{ "config", cmd_config, "the configuration of run: what holds, whether a file is good" },
	{ "completion", cmd_completion, "what makes bash, zsh or fish complete these words" },
	{ "version", cmd_version, "what this program is made of" },
};
#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

const struct command *command_get(unsigned i)
{
	return i < COMMANDS ? &commands[i] : NULL;
}

static void print_help(FILE *to)
{
	fprintf(to, "Usage: skua COMMAND [OPTION]... [FILE]... [FILTER]\n\n");
	for (unsigned i = 0; i < COMMANDS; i++)
		fprintf(to, "  %-13s %s\n", commands[i].name, commands[i].help);
	fprintf(to, "\n'skua COMMAND --help' says more of each.\n");
}

/* A full disk must not look like success; a reader that went away is none of our business. */
static int flush_output(int status)
{
	if (!fflush(stdout) || errno == EPIPE)
		return status;
	log_error("cannot write to standard output: %s; %s", strerror(errno), remedy_write(-errno));
	return EXIT_RUNTIME;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	if (argc &&
	    !strcmp(base_name(argv[0]), "skua-extcap")) /* by this name Wireshark calls us */
		return flush_output(cmd_extcap(argc, argv));
	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	for (unsigned i = 0; i < COMMANDS; i++)
		if (!strcmp(argv[1], commands[i].name))
			return flush_output(commands[i].run(argc - 1, argv + 1));
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		print_help(stdout);
		return flush_output(EXIT_OK);
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V"))
		return flush_output(cmd_version(1, argv + 1));
	log_error("unknown command '%s': 'skua --help' lists them", argv[1]);
	return EXIT_USAGE;
}
