/* SPDX-License-Identifier: BSD-2-Clause */
/* Where findings to be explained come from: captures, journals, snapshots, JSON lines, an agent. */
#ifndef SKUA_EXPLAIN_EXPLAIN_SOURCE_H
#define SKUA_EXPLAIN_EXPLAIN_SOURCE_H

#include "explain/explain_set.h"
#include "option/options.h"

struct explain_settings {
	const char *id, *vault, *socket, *lists, *suppressions;
	struct option_networks locals;
	bool no_tunnels;
	double min_score;
	int format; /* 0: text, 1: JSON */
};

#define EXPLAIN_PATH 4096

/* From now on SIGINT and SIGTERM end replays early, and what was made for them can be removed. */
void explain_stop_on_signals(void);
/* What a replay of captures or journals says last of each finding from min_score on. */
int explain_replay(struct explain_set *set, const struct explain_settings *from,
		   const char *const *paths, unsigned count, double min_score);
/* Each: an exit status, what is wrong has been logged; -1: done. */
/* JSON lines, a journal, a capture, or a snapshot beside its JSON; *replayed says the last. */
int explain_from_file(struct explain_set *set, const struct explain_settings *settings,
		      const char *path, bool *replayed);
/* A snapshot of this id or prefix in a vault; several: they are put into the set as recorded. */
int explain_from_vault(struct explain_set *set, const struct explain_settings *settings,
		       const char *prefix, bool *replayed);
/* 0 or -errno of the client, not logged. */
int explain_from_agent(struct explain_set *set, const char *socket);

#endif /* SKUA_EXPLAIN_EXPLAIN_SOURCE_H */
