/* SPDX-License-Identifier: BSD-2-Clause */
/* What a finding is called in MITRE ATT&CK. */
#ifndef SKUA_REPORT_ATTACK_H
#define SKUA_REPORT_ATTACK_H

#include "report/finding.h"

#define ATTACK_MAX 2 /* per finding */

/* One technique and the tactic it serves; constant text. */
struct attack {
	const char *technique, *tactic;
};

/* Returns how many there are, none included. */
unsigned attack_map(const struct finding *finding, struct attack out[ATTACK_MAX]);

#endif /* SKUA_REPORT_ATTACK_H */
