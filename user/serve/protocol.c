// SPDX-License-Identifier: BSD-2-Clause
/* Judges what comes over the control socket. */
#include <string.h>
#include "serve/protocol.h"

enum control_verdict control_parse_request(const void *bytes, size_t length,
					   struct control_head *out)
{
	if (length < sizeof(*out))
		return CONTROL_MORE;
	memcpy(out, bytes, sizeof(*out));
	if (out->version != CONTROL_VERSION)
		return CONTROL_BAD_VERSION;
	if (out->what != CONTROL_STATUS)
		return CONTROL_BAD_KIND;
	/* A status is asked for by the head alone. */
	if (out->length != sizeof(*out) || length != sizeof(*out))
		return CONTROL_BAD_LENGTH;
	return CONTROL_OK;
}

size_t control_reply_length(const struct control_head *head)
{
	size_t wanted = sizeof(*head);

	/* Whatever the version, a refusal is a head: else old and new could not tell each other. */
	if (head->what == CONTROL_OK && head->version == CONTROL_VERSION)
		wanted = sizeof(struct control_reply);
	return head->length == wanted ? wanted : 0;
}
