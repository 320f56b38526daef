/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks an agent for packets and writes them, once or as they come. */
#ifndef SKUA_CLIENT_SNAPSHOT_SESSION_H
#define SKUA_CLIENT_SNAPSHOT_SESSION_H

#include <stdbool.h>
#include "serve/selector.h"

#define SNAPSHOT_LAST_NS 60000000000ull /* of everything, if nothing else is asked for */

/* As they were typed; NULL: not said. */
struct snapshot_words {
	const char *pair, *host, *last;
};

struct snapshot_settings {
	const char *socket, *path;
	struct control_selector selector;
	bool follow;
};

/* Reads the words: -1, or the exit status after what is wrong was logged. */
int snapshot_select(const char *command, const struct snapshot_words *words,
		    struct control_selector *out);
/* The exit status; what went wrong has been logged. */
int snapshot_session(const struct snapshot_settings *settings);

#endif /* SKUA_CLIENT_SNAPSHOT_SESSION_H */
