// SPDX-License-Identifier: BSD-2-Clause
/* skua export: copies of captures for others. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <sodium.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/log.h"
#include "base/remedy.h"
#include "cmd.h"
#include "command_tables.h"
#include "copy/export.h"
#include "option/options.h"
#include "record/seal.h"

#define SECRET_MAX 4096

enum format { FORMAT_SAME, FORMAT_PCAP, FORMAT_PCAPNG };
enum redact { REDACT_AUTO, REDACT_PAYLOAD, REDACT_NONE };

struct settings {
	const char *write, *anonymize, *seal, *open, *keygen;
	int format; /* enum format */
	int redact; /* enum redact */
};

#define FIELD(name) offsetof(struct settings, name)

static const struct option_row rows[] = {
	{ "write", 'w', OPTION_TEXT, FIELD(write), "FILE", "where the copy goes; -: a pipe" },
	{ "format", 0, OPTION_CHOICE, FIELD(format), "same pcap pcapng",
	  "of the copy; pcap has packets only" },
	{ "redact", 0, OPTION_CHOICE, FIELD(redact), "auto payload none",
	  "payload: cut each packet behind its headers; auto: with --anonymize" },
	{ "anonymize", 0, OPTION_TEXT, FIELD(anonymize), "KEYFILE",
	  "other addresses, the same ones for the same key; no names, no comments" },
	{ "seal", 0, OPTION_TEXT, FIELD(seal), "PUBLICKEY",
	  "encrypt the copy: only the secret key opens it" },
	{ "open", 0, OPTION_TEXT, FIELD(open), "SECRETKEY", "FILE is sealed: decrypt it" },
	{ "keygen", 0, OPTION_TEXT, FIELD(keygen), "PREFIX",
	  "make a pair of keys, PREFIX.pub and PREFIX.sec, and end" },
	{ .name = NULL },
};

const struct option_command export_command = {
	.usage = "export [OPTION]... -w COPY FILE",
	.about = "Copies a capture (pcap, pcapng, plain or compressed, or a pipe: -) for others:\n"
		 "in another format, without payload, with other addresses, or encrypted for one\n"
		 "reader.  Lengths and times stay true.  What is not understood is cut away when\n"
		 "payload or addresses are to go.\n"
		 "Exit: 0 done, 1 failure, 2 usage or no capture, 4 FILE was cut short.",
	.rows = rows,
};

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
	(void)signal_number;
	stopped = 1;
}

static int fail(const char *doing, const char *path, int err)
{
	log_error("cannot %s %s: %s; %s", doing, path, remedy_reason(err), remedy_write(err));
	return EXIT_RUNTIME;
}

static int make_keys(const char *prefix)
{
	int err = seal_make_keys(prefix);

	if (err == -EEXIST) {
		log_error("%s.pub or %s.sec is there already: choose another name", prefix, prefix);
		return EXIT_USAGE;
	}
	if (err)
		return fail("make keys at", prefix, err);
	log_info("%s.pub: give it to those who export; keep %s.sec secret, and safe: nothing else "
		 "opens what they seal",
		 prefix, prefix);
	return EXIT_OK;
}

/* An exit status; EXIT_OK: the key is there. */
static int read_key(uint8_t key[SEAL_KEY], const char *path, bool secret)
{
	int err = secret ? seal_read_secret(key, path) : seal_read_public(key, path);

	if (!err)
		return EXIT_OK;
	if (err == -EINVAL)
		log_error("%s holds no %s key: 'skua export --keygen PREFIX' makes a pair", path,
			  secret ? "secret" : "public");
	else
		log_error("cannot read %s: %s; %s", path, strerror(-err), remedy_read(err));
	return EXIT_USAGE;
}

static int open_anonymizer(struct anonymizer **out, const char *path)
{
	uint8_t secret[SECRET_MAX];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t got = fd < 0 ? -1 : read(fd, secret, sizeof(secret));
	int err = got < 0 ? -errno : anonymizer_open(out, secret, (size_t)got);

	sodium_memzero(secret, sizeof(secret));
	if (fd >= 0)
		close(fd);
	if (!err)
		return EXIT_OK;
	if (err == -EINVAL)
		log_error("%s: a key needs %d bytes at least: head -c 32 /dev/urandom makes one",
			  path, ANONYMIZER_SECRET_MIN);
	else
		log_error("cannot read %s: %s; head -c 32 /dev/urandom makes a key", path,
			  strerror(-err));
	return EXIT_USAGE;
}

static int unseal(const struct settings *settings, const char *path)
{
	struct export_output output;
	uint8_t key[SEAL_KEY];
	FILE *from;
	int err, status = read_key(key, settings->open, true);

	if (status)
		return status;
	from = strcmp(path, "-") ? fopen(path, "rbe") : stdin;
	if (!from)
		return fail("read", path, -errno);
	err = export_output_open(&output, settings->write, NULL);
	if (err) {
		status = fail("write", settings->write, err);
	} else if ((err = seal_unseal(from, output.stream, key))) {
		export_output_abandon(&output);
		if (err == -EPROTO)
			log_error("%s is no sealed file: name one that --seal made", path);
		else if (err == -EBADMSG)
			log_error("%s: damaged, cut, or sealed for another key; %s", path,
				  output.part[0] ? "nothing of it was kept"
						 : "what came out is not all of it");
		else
			fail("open", path, err);
		status = EXIT_RUNTIME;
	} else if ((err = export_output_commit(&output))) {
		status = fail("write", settings->write, err);
	}
	sodium_memzero(key, sizeof(key));
	if (from != stdin)
		fclose(from);
	return status;
}

static void say_counts(const struct settings *settings, const struct export_counts *counts)
{
	log_info("%s: %" PRIu64 " packets, %" PRIu64 " of them shorter than they were",
		 settings->write, counts->packets, counts->cut);
	if (counts->emptied)
		log_warning("%" PRIu64 " packets are of a link type that is not understood: "
			    "nothing of them stayed",
			    counts->emptied);
	if (counts->blocks || counts->options)
		log_info("left out: %" PRIu64 " blocks (names, secrets, unknown ones), %" PRIu64
			 " options (comments, descriptions, filters)",
			 counts->blocks, counts->options);
	if (counts->oversized)
		log_warning("%" PRIu64 " blocks of over 1 MiB, none of a packet, were left out",
			    counts->oversized);
}

static int copy(const struct settings *settings, struct export *export, const uint8_t *seal)
{
	bool from_pcapng = file_parts_is_pcapng(export->from);
	bool to_pcapng =
		settings->format == FORMAT_SAME ? from_pcapng : settings->format == FORMAT_PCAPNG;
	struct export_output output;
	int err = export_output_open(&output, settings->write, seal);

	if (err)
		return fail("write", settings->write, err);
	export->to = output.stream;
	err = from_pcapng && to_pcapng ? export_blocks(export) : export_packets(export, to_pcapng);
	if (err) {
		export_output_abandon(&output);
	} else {
		err = export_output_commit(&output);
	}
	if (err && export->error[0])
		log_error("%s", export->error);
	else if (err)
		fail("copy to", settings->write, err);
	else
		say_counts(settings, &export->counts);
	return err ? EXIT_RUNTIME : EXIT_OK;
}

static int copy_file(const struct settings *settings, const char *path, const struct scrub *scrub,
		     const uint8_t *seal)
{
	struct export export = { .scrub = scrub, .stopped = &stopped };
	uint64_t offset;
	const char *problem;
	int err = file_parts_open(&export.from, path, export.error), status;

	if (err) {
		log_error("%s", export.error);
		return remedy_is_another_name(err) ? EXIT_USAGE : EXIT_RUNTIME;
	}
	export.error[0] = '\0';
	export.block = malloc(FILE_STREAM_NEED_MAX + 64); /* a simple packet grows by 16 */
	status = export.block ? copy(settings, &export, seal) : fail("copy", path, -ENOMEM);
	problem = file_parts_problem(export.from, &offset);
	if (!status && problem) {
		log_warning("%s: damaged at byte %" PRIu64 ": %s; only what lies before was copied",
			    path, offset, problem);
		status = EXIT_CUT;
	}
	free(export.block);
	file_parts_close(export.from);
	return status;
}

static int export_file(const struct settings *settings, const char *path)
{
	struct scrub scrub = { 0 };
	uint8_t seal[SEAL_KEY];
	int status = EXIT_OK;

	if (settings->seal)
		status = read_key(seal, settings->seal, false);
	if (!status && settings->anonymize)
		status = open_anonymizer(&scrub.anonymizer, settings->anonymize);
	if (status)
		return status;
	scrub.keep_payload = settings->redact == REDACT_NONE ||
			     (settings->redact == REDACT_AUTO && !scrub.anonymizer);
	status = copy_file(settings, path, scrub.anonymizer || !scrub.keep_payload ? &scrub : NULL,
			   settings->seal ? seal : NULL);
	anonymizer_close(scrub.anonymizer);
	return status;
}

static int refuse(const char *why)
{
	log_error("export: %s; 'skua export --help' says more", why);
	return EXIT_USAGE;
}

int cmd_export(int argc, char **argv)
{
	static const struct sigaction stopping = { .sa_handler = stop };
	struct settings settings = { 0 };
	int first, status = options_parse(&export_command, argc, argv, &settings, &first);
	bool changes = settings.format || settings.redact || settings.anonymize || settings.seal;

	if (status >= 0)
		return status;
	if (sodium_init() < 0)
		return fail("start", "libsodium", -EIO);
	if (settings.keygen && (first < argc || settings.write || settings.open || changes))
		return refuse("--keygen makes keys and nothing else");
	if (settings.keygen)
		return make_keys(settings.keygen);
	if (argc - first != 1)
		return refuse("name one file to copy");
	if (!settings.write)
		return refuse("-w says where the copy goes");
	if (settings.open && changes)
		return refuse("--open gives back what was sealed: change it in a second step");
	sigaction(SIGINT, &stopping, NULL);
	sigaction(SIGTERM, &stopping, NULL);
	return settings.open ? unseal(&settings, argv[first]) : export_file(&settings, argv[first]);
}
