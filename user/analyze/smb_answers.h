/* SPDX-License-Identifier: BSD-2-Clause */
/* skua smb: SMB2 requests with their responses; a row for each. */
#ifndef SKUA_ANALYZE_SMB_ANSWERS_H
#define SKUA_ANALYZE_SMB_ANSWERS_H

#include "analyze/analyst.h"

/* all: every command, not only those of sessions, trees and files.  0 or -ENOMEM. */
int smb_answers_open(struct analyst **out, bool all);

#endif /* SKUA_ANALYZE_SMB_ANSWERS_H */
