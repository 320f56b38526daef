/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows of an analyst's answer as a table, JSON lines or CSV: the columns are
 * told once, then each row gives its values in their order.  What comes from
 * the wire is escaped in every form.  Rows are written as they come and not
 * kept; errors stay in the stream (answers_close()).
 */
#ifndef SKUA_ANALYZE_ANSWERS_H
#define SKUA_ANALYZE_ANSWERS_H

#include <stdint.h>
#include <stdio.h>
#include "base/address.h"

enum answers_format { ANSWERS_TABLE, ANSWERS_JSON, ANSWERS_CSV };

struct answers_column {
	const char *name;    /* in JSON and CSV; a list ends with a NULL name */
	const char *heading; /* in the table; NULL: it is not shown there */
	int width;           /* in the table; longer values shift the rest of their row */
};

struct answers;

/* 0 or -ENOMEM.  columns: constant. */
int answers_open(struct answers **out, FILE *stream, enum answers_format format,
		 const struct answers_column *columns);
/* 0, or -errno when a row could not be written. */
int answers_close(struct answers *answers);

void answers_begin_row(struct answers *answers);
/* Hostile bytes. */
void answers_put_bytes(struct answers *answers, const void *bytes, size_t length);
void answers_put_text(struct answers *answers, const char *text);
void answers_put_number(struct answers *answers, uint64_t number);
void answers_put_real(struct answers *answers, double number, unsigned decimals);
void answers_put_time(struct answers *answers, uint64_t time_ns);
void answers_put_address(struct answers *answers, const struct address *address);
/* Values of one column: in JSON an array, elsewhere with commas between. */
void answers_begin_list(struct answers *answers);
void answers_end_list(struct answers *answers);
/* Nothing to say in this column. */
void answers_put_none(struct answers *answers);
void answers_end_row(struct answers *answers);
/* Rows written so far. */
uint64_t answers_rows(const struct answers *answers);
/* The reader has gone (EPIPE), or the disk is full: -errno; 0: all is well. */
int answers_error(const struct answers *answers);

#endif /* SKUA_ANALYZE_ANSWERS_H */
