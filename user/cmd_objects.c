// SPDX-License-Identifier: BSD-2-Clause
/* skua objects: files that captures carry, listed or written to a directory. */
#include <errno.h>
#include <string.h>
#include "analyst/analyst_session.h"
#include "analyze/object_answers.h"
#include "base/log.h"
#include "base/remedy.h"
#include "cmd.h"
#include "command_tables.h"

#define MEGABYTE 1000000ull
#define MEGABYTES_MAX 1000000000ull /* a petabyte: no sum overflows */

struct settings {
	struct analyst_settings common;
	const char *output;
	uint64_t max_object, max_total;
	bool list;
};

static const struct option_row rows[] = {
	ANALYST_OPTIONS,
	{ "output", 'o', OPTION_TEXT, offsetof(struct settings, output), "DIR",
	  "write each object to a file in this directory" },
	{ "list", 0, OPTION_FLAG, offsetof(struct settings, list), NULL,
	  "write no files, whatever --output says" },
	{ "max-object", 0, OPTION_NUMBER, offsetof(struct settings, max_object), "MB",
	  "leave out objects that are larger (100)" },
	{ "max-total", 0, OPTION_NUMBER, offsetof(struct settings, max_total), "MB",
	  "write no more than this in all (10000)" },
	{ .name = NULL },
};

const struct option_command objects_command = {
	.usage = "objects [OPTION]... FILE... [FILTER]",
	.about =
		"Reads captures and prints a row for each file that was carried over HTTP/1, FTP "
		"or\n"
		"SMB, on any port: who sent it to whom, name, declared type, type by content,\n"
		"size, whether it is whole, and SHA-256 (of what there is, when it is torn).  "
		"With\n"
		"-o each is written too: they may be malware.  Nothing is overwritten, no link is\n"
		"followed, and names are made harmless.",
	.rows = rows,
};

static uint64_t bytes_of(uint64_t megabytes)
{
	return (megabytes < MEGABYTES_MAX ? megabytes : MEGABYTES_MAX) * MEGABYTE;
}

int cmd_objects(int argc, char **argv)
{
	struct settings settings = { .max_object = 100, .max_total = 10000 };
	struct object_answers_options options;
	struct analyst *analyst;
	int first, err, status = options_parse(&objects_command, argc, argv, &settings, &first);

	if (status >= 0)
		return status;
	options = (struct object_answers_options){
		.directory = settings.list ? NULL : settings.output,
		.max_object = bytes_of(settings.max_object),
		.max_total = bytes_of(settings.max_total),
	};
	err = object_answers_open(&analyst, &options);
	if (err == -ENOMEM || !options.directory) {
		if (err)
			log_error("cannot start: out of memory");
	} else if (err) {
		log_error("cannot write to the directory %s: %s; %s", options.directory,
			  strerror(-err), remedy_write(err));
	}
	if (err)
		return EXIT_RUNTIME;
	return analyst_session(&settings.common, argc - first, argv + first, analyst);
}
