/* SPDX-License-Identifier: BSD-2-Clause */
/* One sample as the recorder holds it; pointers are borrowed until the recorder gets the next. */
#ifndef SKUA_RECORD_SAMPLE_ROW_H
#define SKUA_RECORD_SAMPLE_ROW_H

#include <stdbool.h>
#include <stdint.h>
#include "skua/event.h"

struct sample_row {
	uint64_t number; /* in the order of arrival, from 1 */
	const struct skua_sample_event *event;
	const uint8_t *bytes;
	uint32_t captured; /* how many of event->captured are there */
};

#endif /* SKUA_RECORD_SAMPLE_ROW_H */
