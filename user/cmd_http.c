// SPDX-License-Identifier: BSD-2-Clause
/* skua http: requests, and what became of them. */
#include "analyst/analyst_session.h"
#include "analyze/http_answers.h"
#include "base/log.h"
#include "cmd.h"
#include "command_tables.h"

struct settings {
	struct analyst_settings common;
	const char *method;
};

static const struct option_row rows[] = {
	ANALYST_OPTIONS,
	{ "method", 0, OPTION_TEXT, offsetof(struct settings, method), "WORD",
	  "only requests with this method, such as POST" },
	{ .name = NULL },
};

const struct option_command http_command = {
	.usage = "http [OPTION]... FILE... [FILTER]",
	.about = "Reads captures and prints a row for each HTTP/1 request, on any port: time, who\n"
		 "asked whom, method, host, URI, user agent, and the status of the response.  A\n"
		 "row comes when the response is known, or when none will come.  HTTP/2 is not\n"
		 "read.",
	.rows = rows,
};

int cmd_http(int argc, char **argv)
{
	struct settings settings = { 0 };
	struct http_answers_options options;
	struct analyst *analyst;
	int first, status = options_parse(&http_command, argc, argv, &settings, &first);

	if (status >= 0)
		return status;
	options.method = settings.method;
	if (http_answers_open(&analyst, &options)) {
		log_error("cannot start: out of memory");
		return EXIT_RUNTIME;
	}
	return analyst_session(&settings.common, argc - first, argv + first, analyst);
}
