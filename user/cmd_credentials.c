// SPDX-License-Identifier: BSD-2-Clause
/* skua credentials: who proved who he is where everybody could read it. */
#include "analyst/analyst_session.h"
#include "analyze/credential_answers.h"
#include "base/log.h"
#include "cmd.h"
#include "command_tables.h"

struct settings {
	struct analyst_settings common;
	bool show_secrets, all;
};

#define FIELD(name) offsetof(struct settings, name)

static const struct option_row rows[] = {
	ANALYST_OPTIONS,
	{ "show-secrets", 0, OPTION_FLAG, FIELD(show_secrets), NULL,
	  "print secrets; they are masked otherwise" },
	{ "all", 0, OPTION_FLAG, FIELD(all), NULL,
	  "each time that something was sent, not once between the same hosts" },
	{ .name = NULL },
};

const struct option_command credentials_command = {
	.usage = "credentials [OPTION]... FILE... [FILTER]",
	.about = "Reads captures and prints a row for each name or secret that was sent in clear,\n"
		 "on any port: FTP, SMTP, POP3, IMAP, Telnet, HTTP (Basic, Digest, forms), LDAP's\n"
		 "simple bind, communities of SNMP.  Secrets are masked.",
	.rows = rows,
};

int cmd_credentials(int argc, char **argv)
{
	struct settings settings = { 0 };
	struct credential_answers_options options;
	struct analyst *analyst;
	int first, status = options_parse(&credentials_command, argc, argv, &settings, &first);

	if (status >= 0)
		return status;
	options = (struct credential_answers_options){ .show_secrets = settings.show_secrets,
						       .all = settings.all };
	if (credential_answers_open(&analyst, &options)) {
		log_error("cannot start: out of memory");
		return EXIT_RUNTIME;
	}
	return analyst_session(&settings.common, argc - first, argv + first, analyst);
}
