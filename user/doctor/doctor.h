/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What skua doctor asks of this host, one function for each area.  Each asks
 * the kernel by trying, not by its version, and leaves everything as it was.
 */
#ifndef SKUA_DOCTOR_DOCTOR_H
#define SKUA_DOCTOR_DOCTOR_H

#include <stdbool.h>
#include <stdio.h>
#include "base/json.h"

enum doctor_state {
	DOCTOR_GOOD,
	DOCTOR_NOTE, /* worth knowing; skua does its work */
	DOCTOR_WARN, /* something will be worse than it could be */
	DOCTOR_BAD,  /* skua run does not work until it is mended */
	DOCTOR_STATES
};

struct doctor {
	FILE *stream;
	bool table;
	struct json json;
	unsigned counts[DOCTOR_STATES];
	const char *vault; /* where evidence would go */
	const char *socket;
};

/* One answer: area and check are constant; found is what there is, remedy what to do (NULL:
 * nothing). */
struct doctor_answer {
	const char *area, *check;
	enum doctor_state state;
	const char *found, *remedy;
};

void doctor_say(struct doctor *doctor, const struct doctor_answer *answer);

void doctor_kernel(struct doctor *doctor);
void doctor_rights(struct doctor *doctor);
void doctor_links(struct doctor *doctor);
void doctor_places(struct doctor *doctor);

#endif /* SKUA_DOCTOR_DOCTOR_H */
