// SPDX-License-Identifier: BSD-2-Clause
/* skua analyze: one report of everything, by the simple rules of the recipe. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include "analyst/analyze_all.h"
#include "analyze/forensic.h"
#include "base/kept_file.h"
#include "base/log.h"
#include "base/remedy.h"
#include "cmd.h"
#include "command_tables.h"
#include "session/output.h"

#define REPORT_NAME "pcap_forensic_report.json"

struct settings {
	struct analyst_settings common;
	const char *folder, *variance;
	bool all;
};

/* The report on its way to its file. */
struct report {
	struct kept_file file;
	bool open;
	char *text;
	size_t size;
	FILE *stream;
};

#define FIELD(name) offsetof(struct settings, name)

static const struct option_row rows[] = {
	ANALYST_OPTIONS,
	{ "output", 'o', OPTION_TEXT, FIELD(folder), "DIR",
	  "write " REPORT_NAME " there, and a summary of four lines" },
	{ "all", 0, OPTION_FLAG, FIELD(all), NULL,
	  "answer the other commands' questions in the same pass: DIR/dns.jsonl and so on" },
	{ "threshold-seconds", 0, OPTION_TEXT, FIELD(variance), "NUMBER",
	  "potential beacons have gaps with a variance below it, in s^2 (5)" },
	{ .name = NULL },
};

const struct option_command analyze_command = {
	.usage = "analyze [OPTION]... FILE... [DIR | FILTER]",
	.about = "Reads captures and says everything in one report, by the simple rules of a\n"
		 "written recipe: conversations, DNS queries, regular gaps, ports.  JSON, or a\n"
		 "summary with tables of the top sources, destinations and ports.  'analyze\n"
		 "FILE DIR' is 'analyze -o DIR FILE'.",
	.rows = rows,
};

static bool is_folder(const char *path)
{
	struct stat status;

	return !stat(path, &status) && S_ISDIR(status.st_mode);
}

/* Filters of one word (pcap-filter(7)); every other word that is no file is a folder to be made. */
static bool is_filter(const char *word)
{
	static const char *const words[] = {
		"ip",     "ip6",       "arp",       "rarp",    "tcp",  "udp",  "icmp",
		"icmp6",  "sctp",      "igmp",      "vlan",    "esp",  "ah",   "pim",
		"stp",    "broadcast", "multicast", "mpls",    "vrrp", "llc",  "ether",
		"decnet", "atalk",     "aarp",      "iso",     "carp", "igrp", "pppoes",
		"pppoed", "inbound",   "outbound",  "netbeui", "ipx",  "lat",  "moprc",
		"mopdl",  "geneve",
	};

	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(word, words[i]))
			return true;
	return strpbrk(word, " ()[]<>=!&|") != NULL;
}

/* FILE DIR */
static bool names_folder(int argc, char **argv)
{
	struct stat status;

	if (argc != 2 || stat(argv[0], &status) || S_ISDIR(status.st_mode))
		return false;
	return stat(argv[1], &status) ? strcmp(argv[1], "-") && !is_filter(argv[1])
				      : is_folder(argv[1]);
}

/* 0, or -errno, which has been logged. */
static int open_report(struct report *report, const char *folder)
{
	char path[PATH_MAX];
	int err = mkdir(folder, 0777) && errno != EEXIST ? -errno : 0;

	if (!err && snprintf(path, sizeof(path), "%s/%s", folder, REPORT_NAME) >= PATH_MAX)
		err = -ENAMETOOLONG;
	if (!err)
		err = kept_file_open(&report->file, path, -1, -1);
	if (err) {
		log_error("cannot write to %s: %s; %s", folder, remedy_reason(err),
			  remedy_write(err));
		return err;
	}
	report->open = true;
	report->stream = open_memstream(&report->text, &report->size);
	if (report->stream)
		return 0;
	log_error("cannot start: out of memory");
	return -ENOMEM;
}

/* An exit status: that of the session, unless the report could not be written. */
static int close_report(struct report *report, const char *folder, int status)
{
	bool whole = report->stream && !fclose(report->stream);
	int err = 0;

	if (status == EXIT_OK || status == EXIT_CUT)
		err = whole ? kept_file_write(&report->file, report->text, report->size, 0644)
			    : -ENOMEM;
	if (err) {
		log_error("cannot write %s/%s: %s; free some space or write elsewhere", folder,
			  REPORT_NAME, strerror(-err));
		status = EXIT_RUNTIME;
	}
	if (report->open)
		kept_file_close(&report->file);
	free(report->text);
	return status;
}

static int read_variance(double *to, const char *text)
{
	char *end;
	double number = strtod(text, &end);

	if (end == text || *end || !(number > 0 && number < 1e18)) {
		log_error("--threshold-seconds: '%s' is not a number above 0", text);
		return -EINVAL;
	}
	*to = number;
	return 0;
}

static uint64_t wall_clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Files that tell of a part of the input would look like those of all of it. */
static int whole(const struct settings *settings, int status)
{
	if (!settings->folder || !analyst_session_is_stopped() ||
	    (status != EXIT_OK && status != EXIT_CUT))
		return status;
	log_error("interrupted: nothing is written to %s", settings->folder);
	return EXIT_RUNTIME;
}

/* The report's analyst and all others over one pass. */
static int ask_all(const struct settings *settings, int argc, char **argv, struct analyst *analyst)
{
	struct analyze_all all;
	int status;

	if (analyze_all_init(&all, settings->folder)) {
		analyst->close(analyst);
		return EXIT_RUNTIME;
	}
	all.seats[all.count++] = (struct analyst_seat){ .analyst = analyst,
							.stream = stdout,
							.format = ANSWERS_JSON };
	status = whole(settings,
		       analyst_session_all(&settings->common, argc, argv, all.seats, all.count));
	if (analyze_all_fini(&all, status == EXIT_OK || status == EXIT_CUT))
		status = EXIT_RUNTIME;
	if (status != EXIT_OK && status != EXIT_CUT)
		return status;
	return output_check(all.seats[all.count - 1].error) == EXIT_OK ? status : EXIT_RUNTIME;
}

static int analyze(struct settings *settings, struct forensic_options *options, int argc,
		   char **argv)
{
	struct report report = { 0 };
	struct analyst *analyst;
	int status = EXIT_RUNTIME;

	if (settings->folder && open_report(&report, settings->folder)) {
		if (report.open)
			kept_file_close(&report.file);
		return EXIT_RUNTIME;
	}
	if (settings->folder) {
		options->report = report.stream;
		options->summary = stdout;
	}
	if (forensic_open(&analyst, options))
		log_error("cannot start: out of memory");
	else if (settings->all)
		status = ask_all(settings, argc, argv, analyst);
	else
		status = whole(settings, analyst_session(&settings->common, argc, argv, analyst));
	return settings->folder ? close_report(&report, settings->folder, status) : status;
}

int cmd_analyze(int argc, char **argv)
{
	struct settings settings = { 0 };
	struct forensic_options options = { .variance = FORENSIC_BEACON_VARIANCE,
					    .now_ns = wall_clock_ns() };
	int first, status = options_parse(&analyze_command, argc, argv, &settings, &first);

	if (status >= 0)
		return status;
	argc -= first;
	argv += first;
	if (settings.variance && read_variance(&options.variance, settings.variance))
		return EXIT_USAGE;
	if (!settings.folder && names_folder(argc, argv))
		settings.folder = argv[--argc];
	if (settings.all && !settings.folder) {
		log_error("--all writes many files: say where, with -o DIR");
		return EXIT_USAGE;
	}
	if (output_format(settings.common.format) == FORMAT_CSV) {
		log_error("analyze writes json or a table: leave out --format csv");
		return EXIT_USAGE;
	}
	if (!settings.folder && output_format(settings.common.format) == FORMAT_JSON)
		options.report = stdout;
	else if (output_format(settings.common.format) == FORMAT_TABLE)
		options.summary = options.tables = stdout;
	if (settings.folder && settings.common.format != FORMAT_TABLE)
		options.tables = NULL;
	options.input = settings.common.read ? settings.common.read : argc ? argv[0] : "";
	return analyze(&settings, &options, argc, argv);
}
