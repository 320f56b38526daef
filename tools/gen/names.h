/* SPDX-License-Identifier: BSD-2-Clause */
/* Made-up sites of the Internet: names under .example (RFC 2606) and where they live. */
#ifndef SKUA_GEN_NAMES_H
#define SKUA_GEN_NAMES_H

#include "base/address.h"

#define NAME_MOST 64
#define NAME_SITES 1024 /* different ones */

enum part { PART_MAIN, PART_STATIC, PART_INTERFACE, PARTS };

/* "www.maplebay.example" for a number below NAME_SITES. */
void name_site(unsigned site, enum part part, char to[NAME_MOST]);
/* An address of 198.18.0.0/15 or 2001:db8::/32, which nobody owns (RFC 2544, 3849): the same for
 * the same name. */
struct address name_address(const char *name, bool ipv4);

#endif /* SKUA_GEN_NAMES_H */
