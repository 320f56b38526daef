// SPDX-License-Identifier: BSD-2-Clause
/* Fuzzes the dissector of the head of a request: it keeps its word on whatever bytes. */
#include <stdlib.h>
#include <string.h>
#include "dissect/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
	/* A block of exactly that size shows who reads beyond it. */
	uint8_t *bytes = malloc(length ? length : 1);
	enum dissect_verdict verdict;
	struct http_head head;

	if (length)
		memcpy(bytes, input, length);
	verdict = http_head_parse(bytes, length, &head);
	if (head.length > length || (head.refused && head.name[0]))
		abort();
	if (verdict == DISSECT_DONE && head.connect && !head.length)
		abort();
	if (strlen(head.name) >= sizeof(head.name))
		abort();
	free(bytes);
	return 0;
}
