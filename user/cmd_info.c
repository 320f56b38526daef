// SPDX-License-Identifier: BSD-2-Clause
/* skua info: what capture files tell of themselves. */
#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <signal.h>
#include <sodium.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/log.h"
#include "base/remedy.h"
#include "cmd.h"
#include "command_tables.h"
#include "copy/info.h"
#include "option/options.h"

#define READ_BYTES 65536

struct settings {
	int format; /* enum format */
};

enum format { FORMAT_AUTO, FORMAT_JSON, FORMAT_TABLE };

#define FIELD(name) offsetof(struct settings, name)

static const struct option_row rows[] = {
	{ "format", 0, OPTION_CHOICE, FIELD(format), "auto json table",
	  "how it is printed; auto: a table on a terminal, else JSON" },
	{ .name = NULL },
};

const struct option_command info_command = {
	.usage = "info [OPTION]... FILE...",
	.about = "Says what capture files hold beside packets: sections, interfaces, names,\n"
		 "statistics, comments, and skua's own finding in a snapshot; and sums up the\n"
		 "packets as capinfos does.  pcap and pcapng, plain or compressed, or a pipe (-).\n"
		 "Exit: 0 done, 1 failure, 2 usage or no capture, 4 a file was cut short.",
	.rows = rows,
};

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
	(void)signal_number;
	stopped = 1;
}

/* Of the file as it lies on disk, compressed or not: 0 or -errno. */
static int hash_file(struct info_view *view, int fd)
{
	uint8_t buffer[READ_BYTES], hash[SHA256_DIGEST_SIZE];
	struct sha256_ctx state;
	ssize_t got;

	sha256_init(&state);
	while ((got = read(fd, buffer, sizeof(buffer))) > 0) {
		sha256_update(&state, got, buffer);
		view->size += (uint64_t)got;
		if (stopped)
			return -EINTR;
	}
	if (got < 0)
		return -errno;
	sha256_digest(&state, sizeof(hash), hash);
	sodium_bin2hex(view->sha256, sizeof(view->sha256), hash, sizeof(hash));
	return 0;
}

/* A pipe can be read once only, so it has no hash. */
static int hash_path(struct info_view *view)
{
	struct stat about;
	int fd, err = 0;

	if (!strcmp(view->path, "-") || stat(view->path, &about) || !S_ISREG(about.st_mode))
		return 0;
	fd = open(view->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return -errno;
	err = hash_file(view, fd);
	close(fd);
	return err;
}

static int show(const char *path, bool table)
{
	struct info_view view = { .path = path };
	char error[FILE_ERROR_SIZE];
	struct file_info *info;
	int err = hash_path(&view), status;

	if (err)
		snprintf(error, sizeof(error), "cannot read %.160s: %s; %s", path, strerror(-err),
			 remedy_read(err));
	else
		err = file_info_read(&info, path, &stopped, error);
	if (err) {
		log_error("%s", error);
		return remedy_is_another_name(err) ? EXIT_USAGE : EXIT_RUNTIME;
	}
	view.file = info;
	if (table)
		info_write_table(stdout, &view);
	else
		info_write_json(stdout, &view);
	status = info->problem[0] ? EXIT_CUT : EXIT_OK;
	file_info_close(info);
	return status;
}

int cmd_info(int argc, char **argv)
{
	static const struct sigaction stopping = { .sa_handler = stop };
	struct settings settings = { 0 };
	int first, worst = EXIT_OK,
		   status = options_parse(&info_command, argc, argv, &settings, &first);
	bool table = settings.format == FORMAT_TABLE ||
		     (settings.format == FORMAT_AUTO && isatty(STDOUT_FILENO));

	if (status >= 0)
		return status;
	if (first == argc) {
		log_error("info: name a capture file, or - for a pipe");
		return EXIT_USAGE;
	}
	if (sodium_init() < 0) {
		log_error("info: libsodium does not start");
		return EXIT_RUNTIME;
	}
	sigaction(SIGINT, &stopping, NULL);
	sigaction(SIGTERM, &stopping, NULL);
	for (int i = first; i < argc && !stopped; i++) {
		status = show(argv[i], table);
		/* What failed counts more than what was cut short. */
		if (status && (worst == EXIT_OK || worst == EXIT_CUT))
			worst = status;
	}
	return worst;
}
