/* SPDX-License-Identifier: BSD-2-Clause */
/* Names as facts carry them, made from what the wire says. */
#ifndef SKUA_DISSECT_NAME_H
#define SKUA_DISSECT_NAME_H

#include "dissect/fact.h"

/*
 * Lower case (ASCII only), without one last dot.  false and an empty name: the
 * text is empty, holds a zero, or does not fit.  Other odd bytes are kept.
 */
bool name_set(char to[FACT_NAME_MAX], const uint8_t *text, size_t length);
/* The host of an authority (RFC 3986, 3.2): without user, port and the brackets of IPv6. */
bool name_set_host(char to[FACT_NAME_MAX], const uint8_t *text, size_t length);
/* The name is an IP address in text. */
bool name_is_address(const char *name);

#endif /* SKUA_DISSECT_NAME_H */
