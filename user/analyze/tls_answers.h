/* SPDX-License-Identifier: BSD-2-Clause */
/* skua tls: what is in clear before TLS encrypts; a row for each ClientHello. */
#ifndef SKUA_ANALYZE_TLS_ANSWERS_H
#define SKUA_ANALYZE_TLS_ANSWERS_H

#include "analyze/analyst.h"

/* 0 or -ENOMEM. */
int tls_answers_open(struct analyst **out);

#endif /* SKUA_ANALYZE_TLS_ANSWERS_H */
