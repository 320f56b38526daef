// SPDX-License-Identifier: BSD-2-Clause
/* Judges what comes over the control socket. */
#include <string.h>
#include "serve/protocol.h"

static const struct {
	size_t request, reply;
} lengths[CONTROL_KINDS] = {
	[CONTROL_STATUS] = { sizeof(struct control_head), sizeof(struct control_reply) },
	[CONTROL_SNAPSHOT] = { sizeof(struct control_head) + sizeof(struct control_selector),
			       sizeof(struct control_stream_reply) },
	[CONTROL_ARM] = { sizeof(struct control_head) + sizeof(struct control_arm),
			  sizeof(struct control_head) },
	[CONTROL_DERIVATIONS] = { sizeof(struct control_head) + sizeof(struct control_cursor),
				  sizeof(struct control_stream_reply) },
	[CONTROL_FINDINGS] = { sizeof(struct control_head) + sizeof(struct control_cursor),
			       sizeof(struct control_stream_reply) },
};

size_t control_request_length(unsigned kind)
{
	return kind < CONTROL_KINDS ? lengths[kind].request : 0;
}

static bool arm_check(const struct control_arm *arm)
{
	/* Everything at once is what a capture is for; the future has no cursor. */
	return selector_check(&arm->selector) && arm->selector.has_a && !arm->selector.last_ns &&
	       !arm->selector.since && arm->seconds && arm->seconds <= CONTROL_ARM_MAX_S &&
	       !arm->reserved;
}

static bool fields_check(const struct control_request *request)
{
	switch (request->head.what) {
	case CONTROL_SNAPSHOT:
		return selector_check(&request->selector);
	case CONTROL_ARM:
		return arm_check(&request->arm);
	default:
		return true;
	}
}

enum control_verdict control_parse_request(const void *bytes, size_t length,
					   struct control_request *out)
{
	struct control_request request = {};
	size_t wanted;

	if (length < sizeof(request.head))
		return CONTROL_MORE;
	memcpy(&request.head, bytes, sizeof(request.head));
	if (request.head.version != CONTROL_VERSION)
		return CONTROL_BAD_VERSION;
	wanted = control_request_length(request.head.what);
	if (!wanted)
		return CONTROL_BAD_KIND;
	if (request.head.length != wanted || length > wanted)
		return CONTROL_BAD_LENGTH;
	if (length < wanted)
		return CONTROL_MORE;
	memcpy(&request, bytes, wanted);
	if (!fields_check(&request))
		return CONTROL_BAD_FIELD;
	*out = request;
	return CONTROL_OK;
}

size_t control_reply_length(const struct control_head *head, enum control_kind kind)
{
	size_t wanted = sizeof(*head);

	/* Whatever the version, a refusal is a head: else old and new could not tell each other. */
	if (head->what == CONTROL_OK && head->version == CONTROL_VERSION)
		wanted = lengths[kind].reply;
	return head->length == wanted ? wanted : 0;
}
