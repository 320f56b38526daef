/* SPDX-License-Identifier: BSD-2-Clause */
/* Adds up where every packet went: seen = accounted + ignored + lost, each by cause. */
#ifndef SKUA_PIPELINE_ACCOUNTING_H
#define SKUA_PIPELINE_ACCOUNTING_H

#include "capture/replay.h"
#include "pipeline/pipeline.h"
#include "report/record.h"

void accounting_of_replay(const struct replay *replay, const struct pipeline *pipeline,
			  struct stats *out);
/* Packets seen, but found in no row: anything but 0 is an error of ours. */
int64_t accounting_missing(const struct stats *stats);

#endif /* SKUA_PIPELINE_ACCOUNTING_H */
