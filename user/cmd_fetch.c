// SPDX-License-Identifier: BSD-2-Clause
/* skua fetch: takes one snapshot from the vault, or from where it was uploaded to. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include "base/kept_file.h"
#include "base/log.h"
#include "base/remedy.h"
#include "base/text.h"
#include "record/fetch.h"
#include "cmd.h"
#include "command_tables.h"
#include "option/options.h"

struct settings {
	const char *what, *vault, *from, *write, *credentials, *cacert;
};

#define FIELD(name) offsetof(struct settings, name)

static const struct option_row rows[] = {
	{ "vault", 0, OPTION_TEXT, FIELD(vault), "DIR", "the vault (default: " VAULT_PATH ")" },
	{ "from", 0, OPTION_TEXT, FIELD(from), "URL", "where 'skua upload --to' brought it" },
	{ "write", 'w', OPTION_TEXT, FIELD(write), "FILE|-", "where to (default: ID.pcapng here)" },
	{ "credentials", 0, OPTION_TEXT, FIELD(credentials), "FILE",
	  "keys as NAME=VALUE, mode 0600 (default: the environment's)" },
	{ "cacert", 0, OPTION_TEXT, FIELD(cacert), "FILE",
	  "certificates to trust, instead of the system's" },
	{ .name = NULL },
};

const struct option_command fetch_command = {
	.usage = "fetch [OPTION]... FINDING_ID",
	.about =
		"Takes the snapshot of a finding from the vault of this host, or from the URL "
		"that\n"
		"one was uploaded to, and checks that it is what was written down. FINDING_ID may\n"
		"be its beginning, or the snapshot's file as the finding names it.\n"
		"Exit: 0 done, 1 not there or not what it should be, 2 usage.",
	.rows = rows,
};

/* Where from, if it was uploaded, and with which keys. */
struct origin {
	struct upload_target target;
	struct upload_keys keys;
};

/* Do the words make sense?  If not, they are answered as usage. */
static int check(struct origin *origin, const struct settings *settings,
		 char error[UPLOAD_ERROR_SIZE])
{
	int err = fetch_check_name(settings->what, error);

	if (!err && settings->from)
		err = upload_target_parse(&origin->target, settings->from, error);
	if (!err && settings->from)
		err = upload_keys_load(&origin->keys, settings->credentials, &origin->target,
				       error);
	return err;
}

static int from_url(struct fetched *out, const struct origin *origin,
		    const struct settings *settings, FILE *to, char error[UPLOAD_ERROR_SIZE])
{
	struct upload_http *http = NULL;
	struct upload_http_options options = { .target = &origin->target,
					       .keys = &origin->keys,
					       .cacert = settings->cacert,
					       .stops = { -1, -1 } };
	int err = upload_http_open(&http, &options);

	if (err)
		snprintf(error, UPLOAD_ERROR_SIZE,
			 err == -EOPNOTSUPP ? "built without libcurl: fetch from the host itself"
					    : "cannot start libcurl");
	else
		err = fetch_from_url(out, http, origin->target.said, settings->what, to, error);
	upload_http_close(http);
	return err;
}

static int pass_on(FILE *from)
{
	char piece[65536];
	size_t got;

	rewind(from);
	while ((got = fread(piece, 1, sizeof(piece), from)))
		if (fwrite(piece, 1, got, stdout) != got)
			return -errno;
	return ferror(from) ? -EIO : 0;
}

/* Beside where it will be: a fetch that is cut short leaves nothing under the name. */
static FILE *open_part(const char *part)
{
	int fd = open(part, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	FILE *stream = fd < 0 ? NULL : fdopen(fd, "w+");

	if (!stream && fd >= 0)
		close(fd);
	return stream;
}

static int keep(const struct fetched *fetched, const struct settings *settings, const char *part,
		FILE *from)
{
	const char *name = settings->write ? settings->write : strrchr(fetched->file, '/') + 1;
	char by[64] = "the JSON beside it", bytes[TEXT_NUMBER];
	int err;

	if (!part)
		err = pass_on(from);
	else
		err = rename(part, name) ? -errno : 0;
	if (err == -EPIPE)
		return EXIT_OK;
	if (err) {
		log_error("cannot write %s: %s; %s", part ? name : "to standard output",
			  strerror(-err), remedy_write(err));
		return EXIT_RUNTIME;
	}
	if (fetched->seq)
		snprintf(by, sizeof(by), "line %llu of the manifest",
			 (unsigned long long)fetched->seq);
	log_info("%s: %s, sha256 %s as %s says", part ? name : fetched->file,
		 text_bytes(bytes, fetched->bytes), fetched->sha256, by);
	return EXIT_OK;
}

static int fetch(const struct settings *settings)
{
	bool out = settings->write && !strcmp(settings->write, "-");
	char part[4096], error[UPLOAD_ERROR_SIZE];
	struct fetched fetched;
	struct origin origin;
	int status = EXIT_RUNTIME, err;
	FILE *to;

	if (check(&origin, settings, error)) {
		log_error("%s", error);
		return EXIT_USAGE;
	}
	if (snprintf(part, sizeof(part), "%s.part",
		     settings->write ? settings->write : "skua-fetch") >= (int)sizeof(part))
		part[0] = '\0';
	err = out || !settings->write ? 0 : kept_file_check(settings->write);
	if (err) {
		log_error("cannot write %s: %s; %s", settings->write, remedy_reason(err),
			  remedy_write(err));
		return EXIT_USAGE;
	}
	to = out ? tmpfile() : open_part(part);
	if (!to) {
		log_error("cannot write %s: %s; %s", out ? "a temporary file" : part,
			  strerror(errno), remedy_write(-errno));
		return EXIT_RUNTIME;
	}
	if (settings->from)
		err = from_url(&fetched, &origin, settings, to, error);
	else
		err = fetch_from_vault(&fetched, settings->vault, settings->what, to, error);
	if (err)
		log_error("%s", error);
	else
		status = keep(&fetched, settings, out ? NULL : part, to);
	if (status && !out)
		unlink(part);
	fclose(to);
	return status;
}

int cmd_fetch(int argc, char **argv)
{
	struct settings settings = { .vault = VAULT_PATH };
	int first, status;

	/* FINDING_ID may stand before the options as well. */
	if (argc > 1 && argv[1][0] != '-') {
		settings.what = argv[1];
		argv[1] = argv[0];
		argc--;
		argv++;
	}
	status = options_parse(&fetch_command, argc, argv, &settings, &first);
	if (status >= 0)
		return status;
	if (!settings.what && first < argc)
		settings.what = argv[first++];
	if (!settings.what || first < argc) {
		log_error("fetch: one FINDING_ID is needed: 'skua findings' lists them");
		return EXIT_USAGE;
	}
	return fetch(&settings);
}
