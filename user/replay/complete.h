/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * replay --complete: when everything is found, the input is read once more and
 * every packet of a finding's hosts is written, whole, into its snapshot.
 */
#ifndef SKUA_REPLAY_COMPLETE_H
#define SKUA_REPLAY_COMPLETE_H

#include "capture/file_in.h"
#include "pipeline/evidence.h"
#include "pipeline/publish.h"

#define COMPLETE_AT_ONCE 64 /* findings in one pass over the input; more take more passes */

struct complete;

/* Told of each finding whose file was written, or failed; the finding's snapshot says which. */
typedef void complete_done_fn(void *arg, const struct finding *finding);

/* recorder: knows which servers a name belongs to; borrowed.  0 or -ENOMEM. */
int complete_open(struct complete **out, struct recorder *recorder, bool look_through);
void complete_close(struct complete *complete);
/* item->bytes is not looked at.  0 or -ENOMEM. */
int complete_add(struct complete *complete, const struct evidence_item *item);
/* Reads the input again, as often as need be.  0 or -errno, logged. */
int complete_run(struct complete *complete, const struct file_in_options *input,
		 const struct publish *publish, complete_done_fn *done, void *arg);

#endif /* SKUA_REPLAY_COMPLETE_H */
