// SPDX-License-Identifier: BSD-2-Clause
/* Findings on standard output. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/log.h"
#include "base/exit.h"
#include "session/output.h"
#include "pipeline/pipeline.h"
#include "sinks/file.h"

enum output_format output_format(enum output_format wanted)
{
	if (wanted != FORMAT_AUTO)
		return wanted;
	return isatty(STDOUT_FILENO) ? FORMAT_TABLE : FORMAT_JSON;
}

static bool use_colour(enum output_colour wanted)
{
	const char *term = getenv("TERM");

	if (wanted != COLOUR_AUTO)
		return wanted == COLOUR_ALWAYS;
	return isatty(STDOUT_FILENO) && !getenv("NO_COLOR") && term && strcmp(term, "dumb");
}

int output_open(struct sink **out, enum output_format format, enum output_colour colour,
		const struct sink_envelope *envelope, bool live)
{
	int err;

	format = output_format(format);
	if (format == FORMAT_TABLE && live)
		err = sink_lines_open(out, stdout, use_colour(colour));
	else if (format == FORMAT_TABLE)
		err = sink_table_open(out, stdout, use_colour(colour));
	else if (format == FORMAT_CSV)
		err = sink_csv_open(out, stdout);
	else
		err = sink_json_open(out, stdout, envelope);
	if (err)
		log_error("cannot write findings: out of memory");
	return err;
}

int output_file_open(struct file_sink **out, const char *path, const struct sink_envelope *envelope,
		     struct pipeline_options *pipeline)
{
	int err = file_sink_open(out, path, envelope, NULL);
	unsigned place = 0;

	if (err) {
		log_error("--output %s: %s; name another file", path, strerror(-err));
		return err;
	}
	while (pipeline->sinks[place])
		place++;
	pipeline->sinks[place] = file_sink_get(*out);
	return 0;
}

int output_check(int sink_error)
{
	int err = fflush(stdout) ? errno : -sink_error;

	if (!err && ferror(stdout))
		err = EIO;
	if (!err || err == EPIPE)
		return EXIT_OK;
	log_error("cannot write to standard output: %s; free some space or write elsewhere",
		  strerror(err));
	return EXIT_RUNTIME;
}
