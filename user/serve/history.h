/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The last findings, for whoever asks later: JSON lines in a ring of fixed
 * size.  The oldest go when it is full; they are counted, and who has not read
 * them is told how many are missing.  Lines are numbered from the time at
 * which the history was opened, so that a cursor of an earlier run is known as
 * such and begins anew.
 */
#ifndef SKUA_SERVE_HISTORY_H
#define SKUA_SERVE_HISTORY_H

#include "report/sink.h"
#include "serve/protocol.h"
#include "serve/readers.h"

#define HISTORY_BYTES (1u << 20)
#define HISTORY_ANSWER 65536u /* at most so much at once; a longer line is counted as gone */

struct history;

struct history_counts {
	uint64_t lines, bytes; /* kept now */
	uint64_t gone;         /* pushed out, or too long */
};

/*
 * An envelope with derived set keeps only findings that tell how their scores
 * came about, and that.  size: at least HISTORY_ANSWER; now_ns: Unix time.  The envelope's texts
 * must outlive the history.  0 or -ENOMEM.
 */
int history_open(struct history **out, size_t size, const struct sink_envelope *envelope,
		 uint64_t now_ns);
/* Keeps findings, whatever their state; borrowed, and closing it closes the history. */
struct sink *history_sink(struct history *history);
/*
 * Whole lines from the cursor on, at most HISTORY_ANSWER bytes of them, and the
 * cursor behind them; no bytes when there are none.  With rights only those of
 * findings of which a pod of theirs was an end when they were kept.  For
 * control_ops.findings.  0 or -ENOMEM.
 */
int history_answer(const struct history *history, uint64_t next, const struct reader_rights *rights,
		   struct control_answer *out);
void history_counts(const struct history *history, struct history_counts *out);
/* NULL is fine. */
void history_close(struct history *history);

#endif /* SKUA_SERVE_HISTORY_H */
