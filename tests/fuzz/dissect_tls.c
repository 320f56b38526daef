// SPDX-License-Identifier: BSD-2-Clause
/* Fuzzes the dissector of the ClientHello: it keeps its word on whatever bytes. */
#include <stdlib.h>
#include <string.h>
#include "dissect/tls.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
	/* A block of exactly that size shows who reads beyond it. */
	uint8_t *bytes = malloc(length ? length : 1);
	enum dissect_verdict verdict;
	struct tls_hello hello;

	if (length)
		memcpy(bytes, input, length);
	verdict = tls_hello_parse(bytes, length, &hello);
	if (verdict == DISSECT_DONE && (!hello.length || hello.length > length))
		abort();
	if (verdict == DISSECT_DONE && strlen(hello.ja4) != 36)
		abort();
	if (verdict != DISSECT_DONE && hello.ja4[0])
		abort();
	if (strlen(hello.name) >= sizeof(hello.name) || strlen(hello.alpn) >= sizeof(hello.alpn))
		abort();
	free(bytes);
	return 0;
}
