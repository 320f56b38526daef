/* SPDX-License-Identifier: BSD-2-Clause */
/* Link types by their numbers in files: https://www.tcpdump.org/linktypes.html */
#ifndef SKUA_CAPTURE_LINKTYPE_H
#define SKUA_CAPTURE_LINKTYPE_H

#include <stdint.h>

/* enum skua_link, or < 0: it is not followed. */
int linktype_link(uint16_t linktype);

#endif /* SKUA_CAPTURE_LINKTYPE_H */
