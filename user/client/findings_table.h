/* SPDX-License-Identifier: BSD-2-Clause */
/* Shows findings that came as JSON lines as the table that they would have been here. */
#ifndef SKUA_CLIENT_FINDINGS_TABLE_H
#define SKUA_CLIENT_FINDINGS_TABLE_H

#include <stddef.h>
#include "report/sink.h"

/*
 * Gives each line that is a finding to the sink; others are left out.  0 or
 * -errno: of the sink, or -EOPNOTSUPP: this program was built without jansson.
 */
int findings_table_add(struct sink *sink, const char *lines, size_t length);

#endif /* SKUA_CLIENT_FINDINGS_TABLE_H */
