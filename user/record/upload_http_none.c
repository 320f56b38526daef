// SPDX-License-Identifier: BSD-2-Clause
/* Stands in for libcurl where there is none: says so, and sends nothing. */
#include <errno.h>
#include "record/upload_http.h"

#ifndef HAVE_LIBCURL

const char *upload_http_version(void)
{
	return NULL;
}

int upload_http_open(struct upload_http **out, const struct upload_http_options *options)
{
	(void)out;
	(void)options;
	return -EOPNOTSUPP;
}

void upload_http_close(struct upload_http *http)
{
	(void)http;
}

int upload_http_put(struct upload_http *http, const char *name, const struct upload_body *body,
		    struct upload_answer *answer)
{
	(void)http;
	(void)name;
	(void)body;
	(void)answer;
	return -EOPNOTSUPP;
}

int upload_http_make_folder(struct upload_http *http, const char *name)
{
	(void)http;
	(void)name;
	return -EOPNOTSUPP;
}

int upload_http_get(struct upload_http *http, const char *name, FILE *to, uint64_t limit,
		    struct upload_answer *answer)
{
	(void)http;
	(void)name;
	(void)to;
	(void)limit;
	(void)answer;
	return -EOPNOTSUPP;
}

#endif
