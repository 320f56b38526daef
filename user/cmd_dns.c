// SPDX-License-Identifier: BSD-2-Clause
/* skua dns: who asked for what. */
#include "analyst/analyst_session.h"
#include "analyze/dns_answers.h"
#include "base/log.h"
#include "cmd.h"
#include "command_tables.h"

struct settings {
	struct analyst_settings common;
	bool queries, answers, multicast, unique;
	struct option_texts contains;
};

#define FIELD(name) offsetof(struct settings, name)

static const struct option_row rows[] = {
	ANALYST_OPTIONS,
	{ "queries", 0, OPTION_FLAG, FIELD(queries), NULL, "only queries" },
	{ "answers", 0, OPTION_FLAG, FIELD(answers), NULL, "only responses" },
	{ "multicast", 0, OPTION_FLAG, FIELD(multicast), NULL,
	  "also multicast DNS and LLMNR, where everybody is asked" },
	{ "unique", 0, OPTION_FLAG, FIELD(unique), NULL, "each name once" },
	{ "name-contains", 0, OPTION_TEXTS, FIELD(contains), "TEXT",
	  "only names that contain this, in any case; repeatable" },
	{ .name = NULL },
};

const struct option_command dns_command = {
	.usage = "dns [OPTION]... FILE... [FILTER]",
	.about = "Reads captures and prints a row for each DNS message, over UDP and TCP, on any\n"
		 "port: time, who asked whom, type, name, and what was answered.",
	.rows = rows,
};

int cmd_dns(int argc, char **argv)
{
	struct settings settings = { 0 };
	struct dns_answers_options options;
	struct analyst *analyst;
	int first, status = options_parse(&dns_command, argc, argv, &settings, &first);

	if (status >= 0)
		return status;
	options = (struct dns_answers_options){ .queries = settings.queries,
						.responses = settings.answers,
						.multicast = settings.multicast,
						.unique = settings.unique,
						.contained = settings.contains.texts,
						.contained_count = settings.contains.count };
	if (dns_answers_open(&analyst, &options)) {
		log_error("cannot start: out of memory");
		return EXIT_RUNTIME;
	}
	return analyst_session(&settings.common, argc - first, argv + first, analyst);
}
