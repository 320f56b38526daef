/* SPDX-License-Identifier: BSD-2-Clause */
/* Who on the agent's machine did what a finding is about, as JSON and in a few words. */
#ifndef SKUA_REPORT_ORIGIN_H
#define SKUA_REPORT_ORIGIN_H

#include "base/json.h"
#include "report/finding.h"

#define ORIGIN_TEXT 200

/* "origin":{...}; nothing where nobody is known. */
void origin_write_json(struct json *json, const struct finding_origin *origin);
/* "sshd.service", "docker 3dfa0c2b8f5c", "uid 1000 and others", escaped; empty where nobody is
 * known.  Returns to. */
const char *origin_text(char to[ORIGIN_TEXT], const struct finding_origin *origin);

#endif /* SKUA_REPORT_ORIGIN_H */
