/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of records of what passed, for the commands that find something. */
#ifndef SKUA_SESSION_RECORDS_SETUP_H
#define SKUA_SESSION_RECORDS_SETUP_H

#include <stdbool.h>
#include "base/privs.h"
#include "logs/logs.h"

struct record_settings {
	const char *kinds;     /* "flow,dns,tls,http,file", some of them; NULL: none */
	const char *directory; /* NULL: standard output */
};

/* Some kind can only be told of whole packets. */
bool records_need_packets(const struct record_settings *settings);
/*
 * -1, or the exit status, logged.  *out stays NULL when none are asked for.
 * format: enum output_format, as asked for.  account: live, whose the files
 * become; NULL: a capture is read.
 */
int records_open(struct logs **out, const struct record_settings *settings, int format,
		 const struct sink_envelope *envelope, const struct privs_account *account);
/* Says what was lost and closes; an exit status. */
int records_close(struct logs **logs, bool quiet);

#endif /* SKUA_SESSION_RECORDS_SETUP_H */
