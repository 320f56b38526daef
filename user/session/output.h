/* SPDX-License-Identifier: BSD-2-Clause */
/* Standard output of the commands that find something: which sink, and whether it took it all. */
#ifndef SKUA_SESSION_OUTPUT_H
#define SKUA_SESSION_OUTPUT_H

#include "report/sink.h"

enum output_format { FORMAT_AUTO, FORMAT_JSON, FORMAT_TABLE, FORMAT_CSV, FORMAT_ZEEK };
#define FORMAT_CHOICES "auto json table csv"
#define FORMAT_RECORD_CHOICES "auto json table csv zeek" /* zeek: of records; findings are JSON */
enum output_colour { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };
#define COLOUR_CHOICES "auto always never"

/* AUTO: a table on a terminal, JSON lines elsewhere. */
enum output_format output_format(enum output_format wanted);
/* live: rows of a table as they come.  0 or -ENOMEM, which has been logged. */
int output_open(struct sink **out, enum output_format format, enum output_colour colour,
		const struct sink_envelope *envelope, bool live);
struct file_sink;
struct pipeline_options;
/* Findings also go to the end of this file: opened, and added to the pipeline's.  0 or -errno,
 * logged. */
int output_file_open(struct file_sink **out, const char *path, const struct sink_envelope *envelope,
		     struct pipeline_options *pipeline);
/* sink_error: the last -errno of a sink, or 0.  A full disk must not look like success; a reader
 * that went away may.  An exit status. */
int output_check(int sink_error);

#endif /* SKUA_SESSION_OUTPUT_H */
