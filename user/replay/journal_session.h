/* SPDX-License-Identifier: BSD-2-Clause */
/* One replay of journals: each run that they hold is judged again, the earliest first. */
#ifndef SKUA_REPLAY_JOURNAL_SESSION_H
#define SKUA_REPLAY_JOURNAL_SESSION_H

#include "replay/replay_session.h"

/*
 * As replay_session(), for paths that journal_in_is_journal().  Settings that
 * need packets are refused: a journal has none.
 */
int journal_session(const struct replay_settings *settings, const struct file_in_options *input,
		    const volatile sig_atomic_t *stopped);

#endif /* SKUA_REPLAY_JOURNAL_SESSION_H */
