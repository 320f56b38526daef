// SPDX-License-Identifier: BSD-2-Clause
/* From the command line to who may ask the agent for what. */
#include <errno.h>
#include <string.h>
#include "base/log.h"
#include "base/exit.h"
#include "run/readers_setup.h"

static void say(const char *row, int err)
{
	switch (-err) {
	case ENOSPC:
		log_error("--reader: at most %d rows; let some accounts join the group that may "
			  "ask for all",
			  READERS_ROWS);
		break;
	case ENOENT:
		log_error("--reader: '%s': there is no such account: make it, or name its number",
			  row);
		break;
	case EPERM:
		log_error("--reader: '%s': nothing can be kept from root: name another account",
			  row);
		break;
	default:
		log_error("--reader: '%s' is no account and namespace such as alice=shop or "
			  "1000=shop",
			  row);
	}
}

int readers_setup(const struct option_texts *rows, const char *unnamed, struct readers *out)
{
	memset(out, 0, sizeof(*out));
	for (unsigned i = 0; i < rows->count; i++) {
		int err = readers_add(out, rows->texts[i]);

		if (err)
			say(rows->texts[i], err);
		else if (unnamed)
			log_error("--reader: '%s': %s", rows->texts[i], unnamed);
		if (err || unnamed)
			return EXIT_USAGE;
	}
	return -1;
}
