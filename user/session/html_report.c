// SPDX-License-Identifier: BSD-2-Clause
/* The HTML file of a replay. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/kept_file.h"
#include "base/log.h"
#include "base/remedy.h"
#include "base/text.h"
#include "base/exit.h"
#include "session/html_report.h"

static bool is_stdout(const struct html_report *report)
{
	return !strcmp(report->path, "-");
}

/* Before the work begins: is there a folder that the file can be in? */
static int check_path(const struct html_report *report)
{
	struct kept_file file;
	int err = is_stdout(report) ? 0 : kept_file_open(&file, report->path, -1, -1);

	if (err)
		log_error("cannot write %s: %s; name a file in a folder of yours", report->path,
			  remedy_reason(err));
	else if (!is_stdout(report))
		kept_file_close(&file);
	return err;
}

int html_report_open(struct html_report *report, struct pipeline_options *pipeline)
{
	unsigned place = 0;
	int err;

	if (!report->path)
		return 0;
	err = check_path(report);
	if (err)
		return err;
	err = page_open(&report->page);
	if (err) {
		log_error("cannot reserve the tables of the report: out of memory");
		return err;
	}
	while (pipeline->sinks[place])
		place++;
	pipeline->sinks[place] = &report->page->sink;
	pipeline->derive = true;
	report->watch = (struct pipeline_watch){ page_pair, page_domain, report->page };
	pipeline->watch = &report->watch;
	return 0;
}

void html_report_close(struct html_report *report)
{
	page_close(report->page);
	report->page = NULL;
}

static int write_out(const struct html_report *report, const char *text, size_t length)
{
	struct kept_file file;
	int err;

	errno = 0;
	if (is_stdout(report))
		return fwrite(text, 1, length, stdout) == length && !fflush(stdout) ? 0
		       : errno                                                      ? -errno
										    : -EIO;
	err = kept_file_open(&file, report->path, -1, -1);
	if (err)
		return err;
	err = kept_file_write(&file, text, length, 0644);
	kept_file_close(&file);
	return err;
}

int html_report_write(struct html_report *report, const struct file_in_options *input,
		      uint64_t hidden, double min_score)
{
	const struct page_about about = { .title = report->title,
					  .paths = input->paths,
					  .path_count = input->path_count,
					  .filter = input->filter,
					  .hidden = hidden,
					  .min_score = min_score };
	char *text = NULL;
	size_t length = 0;
	FILE *stream;
	int err = -ENOMEM;

	if (!report->path)
		return EXIT_OK;
	stream = open_memstream(&text, &length);
	if (stream) {
		err = page_write(report->page, stream, &about);
		if (fclose(stream))
			err = -ENOMEM;
	}
	if (!err)
		err = write_out(report, text, length);
	if (!err && !is_stdout(report))
		report->bytes = length;
	free(text);
	if (err == -EPIPE)
		return EXIT_OK;
	if (err)
		log_error("cannot write %s: %s; free some space or write elsewhere", report->path,
			  strerror(-err));
	return err ? EXIT_RUNTIME : EXIT_OK;
}

void html_report_summary(const struct html_report *report, FILE *stream)
{
	char bytes[TEXT_NUMBER];

	if (report->bytes)
		fprintf(stream, "Report: %s (%s).\n", report->path,
			text_bytes(bytes, report->bytes));
}
