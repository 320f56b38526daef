/* SPDX-License-Identifier: BSD-2-Clause */
/* The totals of a pair as text: what a comment of a snapshot says of them. */
#ifndef SKUA_RECORD_TOTALS_TEXT_H
#define SKUA_RECORD_TOTALS_TEXT_H

#include "record/recorder.h"

#define TOTALS_TEXT 512

void totals_text_write(const struct recorder_totals *from, char to[TOTALS_TEXT]);
/* text need not end with a zero.  0; -EINVAL: it is not exactly such a text. */
int totals_text_read(struct recorder_totals *to, const char *text, size_t length);

#endif /* SKUA_RECORD_TOTALS_TEXT_H */
