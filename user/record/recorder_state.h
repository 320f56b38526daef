/* SPDX-License-Identifier: BSD-2-Clause */
/* The inside of the recorder, for the files that fill it and that select from it. */
#ifndef SKUA_RECORD_RECORDER_STATE_H
#define SKUA_RECORD_RECORDER_STATE_H

#include "record/keep.h"
#include "record/opening.h"
#include "record/recorder.h"

struct recorder {
	struct ring ring;
	struct keep keep;
	struct opening *opening;
	struct volume_flows flows;
	uint64_t samples;
	void *memory;
	uint64_t memory_size;
};

#endif /* SKUA_RECORD_RECORDER_STATE_H */
