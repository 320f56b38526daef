// SPDX-License-Identifier: BSD-2-Clause
/* skua upload: carries a vault off this host. */
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include "base/log.h"
#include "base/text.h"
#include "record/upload.h"
#include "cmd.h"
#include "command_tables.h"
#include "option/options.h"

struct settings {
	struct upload_options upload;
	bool quiet;
};

#define FIELD(name) offsetof(struct settings, name)

static const struct option_row rows[] = {
	{ "to", 0, OPTION_TEXT, FIELD(upload.to), "URL",
	  "http(s)://HOST/PATH/, or s3+http(s)://ENDPOINT/BUCKET/PREFIX/" },
	{ "once", 0, OPTION_FLAG, FIELD(upload.once), NULL,
	  "end when all is there, or the server does not take it" },
	{ "interval", 0, OPTION_NUMBER, FIELD(upload.interval_s), "SECONDS",
	  "how often to look for what is new (2)" },
	{ "state", 0, OPTION_TEXT, FIELD(upload.state), "FILE",
	  "how far it has come (default: UPLOADED in the vault)" },
	{ "credentials", 0, OPTION_TEXT, FIELD(upload.credentials), "FILE",
	  "keys as NAME=VALUE, mode 0600 (default: the environment's)" },
	{ "cacert", 0, OPTION_TEXT, FIELD(upload.cacert), "FILE",
	  "certificates to trust, instead of the system's" },
	{ "quiet", 'q', OPTION_FLAG, FIELD(quiet), NULL, "no summary on standard error" },
	{ .name = NULL },
};

const struct option_command upload_command = {
	.usage = "upload [OPTION]... --to=URL [DIR]",
	.about = "Puts each snapshot of the vault DIR (" VAULT_PATH "), the JSON beside it and\n"
		 "the manifest below URL, as they come, and goes on where it stopped. What the\n"
		 "server does not take is tried again. One URL for each host.\n"
		 "Exit: 0 done or told to end, 1 not everything is there, 2 usage.",
	.rows = rows,
};

static int stop_descriptor(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	return signalfd(-1, &signals, SFD_CLOEXEC);
}

static void say_summary(const struct upload_counts *counts)
{
	char files[TEXT_NUMBER], bytes[TEXT_NUMBER], seq[TEXT_NUMBER], lost[TEXT_NUMBER],
		damaged[TEXT_NUMBER], refused[TEXT_NUMBER];

	log_info("%s files (%s) uploaded, up to line %s of the manifest; %s removed before, %s "
		 "damaged, %s refused",
		 text_count(files, counts->files), text_bytes(bytes, counts->bytes),
		 text_count(seq, counts->seq), text_count(lost, counts->lost),
		 text_count(damaged, counts->damaged), text_count(refused, counts->refused));
}

static int run(const struct settings *settings)
{
	int stops[UPLOAD_STOPS] = { stop_descriptor(), -1 };
	const struct upload_counts *counts;
	char error[UPLOAD_ERROR_SIZE];
	struct upload *upload;
	int err = upload_open(&upload, &settings->upload, error);

	if (err) {
		log_error("%s", error);
		return EXIT_USAGE;
	}
	err = upload_run(upload, stops);
	counts = upload_get_counts(upload);
	if (!settings->quiet)
		say_summary(counts);
	if (!err && settings->upload.once && (counts->damaged || counts->refused))
		err = -EBADMSG;
	upload_close(upload);
	close(stops[0]);
	return err ? EXIT_RUNTIME : EXIT_OK;
}

int cmd_upload(int argc, char **argv)
{
	struct settings settings = { .upload = { .directory = VAULT_PATH,
						 .interval_s = UPLOAD_INTERVAL_S } };
	bool named = argc > 1 && argv[1][0] != '-';
	int first, status;

	/* DIR may stand before the options as well. */
	if (named) {
		settings.upload.directory = argv[1];
		argv[1] = argv[0];
		argc--;
		argv++;
	}
	status = options_parse(&upload_command, argc, argv, &settings, &first);
	if (status >= 0)
		return status;
	if (!named && first < argc)
		settings.upload.directory = argv[first++];
	if (first < argc) {
		log_error("upload: '%s' is one word too many: 'skua upload --help' says what it "
			  "takes",
			  argv[first]);
		return EXIT_USAGE;
	}
	if (!settings.upload.to) {
		log_error("upload: --to=URL says where to; 'skua upload --help' has the forms");
		return EXIT_USAGE;
	}
	if (settings.upload.interval_s > 86400) {
		log_error("--interval: %llu is more than 86400 seconds: name less",
			  (unsigned long long)settings.upload.interval_s);
		return EXIT_USAGE;
	}
	return run(&settings);
}
