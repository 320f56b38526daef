// SPDX-License-Identifier: BSD-2-Clause
/* Fuzzes the dissector of a DNS message: it keeps its word on whatever bytes. */
#include <stdlib.h>
#include <string.h>
#include "dissect/dns.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
	/* A block of exactly that size shows who reads beyond it. */
	uint8_t *bytes = malloc(length ? length : 1);
	enum dissect_verdict verdict;
	struct dns_message message;

	if (length)
		memcpy(bytes, input, length);
	verdict = dns_message_parse(bytes, length, &message);
	if (message.address_count > FACT_ADDRESSES || strlen(message.name) > 253)
		abort();
	if (verdict == DISSECT_NOT && (message.name[0] || message.address_count))
		abort();
	free(bytes);
	return 0;
}
