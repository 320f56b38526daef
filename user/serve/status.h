/* SPDX-License-Identifier: BSD-2-Clause */
/* The view of a running agent as people and programs read it; it must have passed view_check(). */
#ifndef SKUA_SERVE_STATUS_H
#define SKUA_SERVE_STATUS_H

#include <stdio.h>
#include "serve/view.h"

/* Sentences and tables; nothing that was received can steer a terminal. */
void status_write_table(FILE *stream, const struct status_view *view);
/* One line: the status record of include/skua/finding.schema.json. */
void status_write_json(FILE *stream, const struct status_view *view);

#endif /* SKUA_SERVE_STATUS_H */
