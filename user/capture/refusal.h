/* SPDX-License-Identifier: BSD-2-Clause */
/* Why the kernel does not let this process load programs. */
#ifndef SKUA_CAPTURE_REFUSAL_H
#define SKUA_CAPTURE_REFUSAL_H

#include <stddef.h>

/*
 * After bpf(2) failed with EPERM or EACCES: reason and remedy, to be put behind
 * what failed.  It asks for this process's capabilities and its seccomp mode,
 * see capabilities(7) and seccomp(2), and changes nothing.
 */
void refusal_explain(char *out, size_t size);

#endif /* SKUA_CAPTURE_REFUSAL_H */
