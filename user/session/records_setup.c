// SPDX-License-Identifier: BSD-2-Clause
/* Records of what passed: opened as the command line asks, closed with what they lack. */
#include <errno.h>
#include <string.h>
#include "base/log.h"
#include "base/exit.h"
#include "session/output.h"
#include "session/records_setup.h"

static int check(const struct record_settings *settings, int format, unsigned *kinds)
{
	size_t length = 0;
	const char *bad;

	*kinds = logs_kinds(settings->kinds, &bad, &length);
	if (!settings->kinds && settings->directory)
		log_error("-l %s: say which records with --records flow,dns,tls,http,file",
			  settings->directory);
	else if (!settings->kinds && format == FORMAT_ZEEK)
		log_error("--format zeek is how records are written: say which with --records "
			  "flow,dns,tls,http,file");
	else if (settings->kinds && !*kinds)
		log_error("--records: '%.*s' is none of flow, dns, tls, http, file", (int)length,
			  bad);
	else if (settings->kinds && !settings->directory &&
		 (output_format(format) == FORMAT_TABLE || output_format(format) == FORMAT_CSV))
		log_error("--records are lines of JSON: add --format json or zeek, or name a "
			  "directory for them with -l");
	else
		return -1;
	return EXIT_USAGE;
}

bool records_need_packets(const struct record_settings *settings)
{
	const char *bad;
	size_t length;

	return settings->kinds && logs_kinds(settings->kinds, &bad, &length) & 1u << LOG_FILE;
}

int records_open(struct logs **out, const struct record_settings *settings, int format,
		 const struct sink_envelope *envelope, const struct privs_account *account)
{
	struct logs_options options = { .format = format == FORMAT_ZEEK ? LOGS_ZEEK : LOGS_EVE,
					.directory = settings->directory,
					.stream = stdout,
					.append = account,
					.envelope = *envelope };
	char where[LOGS_ERROR_SIZE];
	int err = check(settings, format, &options.kinds);

	if (err >= 0 || !settings->kinds)
		return err;
	if (account && account->change) {
		options.account_uid = account->uid;
		options.account_gid = account->gid;
	}
	err = logs_open(out, &options, where);
	if (!err)
		return -1;
	if (where[0])
		log_error("cannot write records to %s: %s; name another directory with -l", where,
			  strerror(-err));
	else
		log_error("cannot write records: out of memory");
	return EXIT_RUNTIME;
}

static void say(uint64_t count, const char *what)
{
	if (count)
		log_warning("records: %llu %s", (unsigned long long)count, what);
}

static void say_losses(const struct logs_counters *counters)
{
	say(counters->cut, "packets were cut: what they lack is not told");
	say(counters->flows_early, "flows were told before they ended, too many at a time");
	say(counters->connections, "connections were no longer read, too many at a time");
	say(counters->messages, "messages were too long to be kept until they were complete");
	say(counters->exchanges_early,
	    "HTTP requests were told before their response, too many at a time");
	say(counters->queries_early,
	    "DNS queries were told before their answer, too many at a time");
	say(counters->answers, "answers of DNS were left out, their messages say too much");
	say(counters->handshakes_early,
	    "TLS handshakes were told before they were over, too many at a time");
	say(counters->files_early, "files were given up, too many at a time or out of memory");
	say(counters->files_unknown,
	    "requests and transfers gave way to others: files may be missing or lack their names");
	say(counters->announced,
	    "announced connections gave way to others: what they carry is not told");
	say(counters->late, "totals came after their flow had been told");
}

int records_close(struct logs **logs, bool quiet)
{
	int err;

	if (!*logs)
		return EXIT_OK;
	if (!quiet)
		say_losses(logs_counters(*logs));
	err = logs_close(*logs);
	*logs = NULL;
	if (!err || err == -EPIPE)
		return EXIT_OK;
	log_error("cannot write records: %s; free some space or write elsewhere", strerror(-err));
	return EXIT_RUNTIME;
}
