/* SPDX-License-Identifier: BSD-2-Clause */
/* skua http: who asked which server for what, and with what result; a row for each request. */
#ifndef SKUA_ANALYZE_HTTP_ANSWERS_H
#define SKUA_ANALYZE_HTTP_ANSWERS_H

#include "analyze/analyst.h"

#define HTTP_ANSWERS_WAITING 65536 /* requests without a response; beyond, the oldest are shown */

struct http_answers_options {
	const char *method; /* NULL: any */
};

/* 0 or -ENOMEM. */
int http_answers_open(struct analyst **out, const struct http_answers_options *options);

#endif /* SKUA_ANALYZE_HTTP_ANSWERS_H */
