/* SPDX-License-Identifier: BSD-2-Clause */
/* The new process that replays a snapshot for its proof. */
#ifndef SKUA_REPLAY_PROOF_REPLAY_H
#define SKUA_REPLAY_PROOF_REPLAY_H

#include <sys/types.h>
#include "replay/proof.h"

/* The file without what its section says of itself, as a descriptor; or -errno. */
int proof_replay_copy(const char *path);
/* told_totals: comments of packets are believed.  Its pid, and its findings in *out; or -errno. */
pid_t proof_replay_start(int copy, const struct proof_options *options, bool told_totals, int *out);
/* Waits for it. */
bool proof_replay_ended(pid_t pid);

#endif /* SKUA_REPLAY_PROOF_REPLAY_H */
