/* SPDX-License-Identifier: BSD-2-Clause */
/* The packets of a finding as a display filter of Wireshark. */
#ifndef SKUA_PAGE_WIRESHARK_H
#define SKUA_PAGE_WIRESHARK_H

#include <stdbool.h>
#include "report/finding.h"

#define WIRESHARK_FILTER 2304 /* a name of 255 octets twice, each as \xNN, and what is around */

/* Names stand in it as they are on the wire, any byte that could end a string as \xNN.  false: no
 * filter says it. */
bool wireshark_filter(char to[WIRESHARK_FILTER], const struct finding *finding);

#endif /* SKUA_PAGE_WIRESHARK_H */
