/* SPDX-License-Identifier: BSD-2-Clause */
/* What a command ends with, the same for every one; and which skua it is. */
#ifndef SKUA_BASE_EXIT_H
#define SKUA_BASE_EXIT_H

enum {
	EXIT_OK = 0,
	EXIT_RUNTIME = 1,  /* something failed while working */
	EXIT_USAGE = 2,    /* the command line or an input is not what it should be */
	EXIT_FINDINGS = 3, /* with --exit-on-findings: there are some */
	EXIT_CUT = 4,      /* an input ended early; everything before that was processed */
};

#define SKUA_VERSION "0.1.0"

#endif /* SKUA_BASE_EXIT_H */
