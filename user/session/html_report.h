/* SPDX-License-Identifier: BSD-2-Clause */
/* The HTML file of a replay: opened before it, fed by it, written after it. */
#ifndef SKUA_SESSION_HTML_REPORT_H
#define SKUA_SESSION_HTML_REPORT_H

#include <stdio.h>
#include "capture/file_in.h"
#include "page/page.h"
#include "pipeline/pipeline.h"

struct html_report {
	const char *path;  /* NULL: none is wanted */
	const char *title; /* NULL: the name of the capture */
	struct page *page;
	struct pipeline_watch watch;
	uint64_t bytes; /* of the file that was written; 0: none */
};

/* Adds itself to the pipeline's sinks and watches it: 0 or -ENOMEM, which has been logged. */
int html_report_open(struct html_report *report, struct pipeline_options *pipeline);
void html_report_close(struct html_report *report);
/* An exit status.  The file is complete, or not there. */
int html_report_write(struct html_report *report, const struct file_in_options *input,
		      uint64_t hidden, double min_score);
/* Where the file is; nothing where none was written. */
void html_report_summary(const struct html_report *report, FILE *stream);

#endif /* SKUA_SESSION_HTML_REPORT_H */
