// SPDX-License-Identifier: BSD-2-Clause
/* skua tls: whom clients ask for before all is encrypted, and who answers. */
#include "analyst/analyst_session.h"
#include "analyze/tls_answers.h"
#include "base/log.h"
#include "cmd.h"
#include "command_tables.h"

struct settings {
	struct analyst_settings common;
};

static const struct option_row rows[] = {
	ANALYST_OPTIONS,
	{ .name = NULL },
};

const struct option_command tls_command = {
	.usage = "tls [OPTION]... FILE... [FILTER]",
	.about = "Reads captures and prints a row for each ClientHello, of TLS over TCP and of "
		 "QUIC,\n"
		 "on any port, also behind CONNECT: the server's name, ALPN, versions, cipher,\n"
		 "JA4, and whom the certificate names where it is in clear (TLS 1.2 and before).\n"
		 "A row comes when the rest is encrypted, or when the connection is over.",
	.rows = rows,
};

int cmd_tls(int argc, char **argv)
{
	struct settings settings = { 0 };
	struct analyst *analyst;
	int first, status = options_parse(&tls_command, argc, argv, &settings, &first);

	if (status >= 0)
		return status;
	if (tls_answers_open(&analyst)) {
		log_error("cannot start: out of memory");
		return EXIT_RUNTIME;
	}
	return analyst_session(&settings.common, argc - first, argv + first, analyst);
}
