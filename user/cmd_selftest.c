// SPDX-License-Identifier: BSD-2-Clause
/* skua selftest: makes a harmless scan, beacon and DNS pattern, and says whether they were found.
 */
#include <stddef.h>
#include <stdio.h>
#include "base/log.h"
#include "cmd.h"
#include "command_tables.h"
#include "option/options.h"
#include "selftest/selftest_watch.h"
#include "serve/protocol.h"

#define FIELD(name) offsetof(struct selftest_settings, name)
#define TIMEOUT_S 90

static const struct option_row rows[] = {
	{ "target", 0, OPTION_TEXT, FIELD(target), "ADDR",
	  "send from this host to that address, in the place of namespaces made for it" },
	{ "domain", 0, OPTION_TEXT, FIELD(domain), "NAME",
	  "ask for names below it (" SELFTEST_DOMAIN ")" },
	{ "own", 0, OPTION_FLAG, FIELD(own), NULL,
	  "start an agent for it that watches these namespaces" },
	{ "socket", 0, OPTION_TEXT, FIELD(socket), "PATH",
	  "where the agent answers (default: " CONTROL_PATH ")" },
	{ "timeout", 0, OPTION_NUMBER, FIELD(timeout_s), "SECONDS",
	  "wait so long for findings, sending included (90)" },
	{ "format", 0, OPTION_CHOICE, FIELD(format), "auto json table",
	  "how it is printed; auto: a table on a terminal, else JSON" },
	{ .name = NULL },
};

const struct option_command selftest_command = {
	.usage = "selftest [OPTION]...",
	.about = "Makes 30 attempts at closed ports, 18 attempts at one every 1.5 s and 64 DNS\n"
		 "queries with much in their names, between two network namespaces at a bridge\n"
		 "(root), or from this host to an address that you may use for that; and asks the\n"
		 "running agent whether it found a scan, a beacon and a DNS tunnel.\n"
		 "Exit: 0 all found, 1 not, 2 usage.",
	.rows = rows,
};

int cmd_selftest(int argc, char **argv)
{
	struct selftest_settings settings = { .domain = SELFTEST_DOMAIN, .timeout_s = TIMEOUT_S };
	int first, status = options_parse(&selftest_command, argc, argv, &settings, &first);

	if (status >= 0)
		return status;
	if (first < argc) {
		log_error("selftest: '%s' is one word too many: 'skua selftest --help' says what "
			  "it takes",
			  argv[first]);
		return EXIT_USAGE;
	}
	if (!selftest_is_domain(settings.domain)) {
		log_error("--domain: '%.80s' is no name in lower case of at most 63 letters",
			  settings.domain);
		return EXIT_USAGE;
	}
	if (settings.own && (settings.target || settings.socket)) {
		log_error("--own starts an agent for namespaces of its own: leave out --target and "
			  "--socket");
		return EXIT_USAGE;
	}
	return selftest_watch(&settings);
}
