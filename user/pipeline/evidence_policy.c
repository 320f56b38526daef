// SPDX-License-Identifier: BSD-2-Clause
/* What of whose packets may be kept, as they come and again before they are handed out. */
#include <errno.h>
#include "pipeline/evidence_policy.h"
#include "skua/hash.h"

uint32_t *evidence_off(struct evidence *evidence, const struct address *host)
{
	return &evidence->off[skua_hash(host, sizeof(*host), 0) % EVIDENCE_OFF];
}

static enum policy_keep keep_of(const struct evidence *evidence,
				const struct skua_sample_event *event)
{
	const struct address low = address_from(event->head.key.low);
	const struct address high = address_from(event->head.key.high);

	if (!evidence->options.policy)
		return POLICY_FULL;
	return policy_of(evidence->options.policy, &low, &high);
}

bool evidence_admit(struct evidence *evidence, const struct skua_sample_event *event,
		    uint32_t *captured)
{
	const struct address low = address_from(event->head.key.low);
	const struct address high = address_from(event->head.key.high);
	enum policy_keep keep = keep_of(evidence, event);

	if (keep == POLICY_OFF) {
		++*evidence_off(evidence, &low);
		++*evidence_off(evidence, &high);
		return false;
	}
	*captured = policy_cut(keep, event->captured, event->offset);
	return true;
}

int evidence_withhold(const struct evidence *evidence, struct recorder_selection *selection,
		      struct policy_removed *removed)
{
	size_t left = 0;

	for (size_t i = 0; i < selection->count; i++) {
		struct sample_row row = selection->rows[i];
		enum policy_keep keep = keep_of(evidence, row.event);

		if (keep == POLICY_OFF) {
			removed->off++;
			continue;
		}
		removed->headers +=
			keep == POLICY_HEADERS && row.event->captured > row.event->offset;
		row.captured = policy_cut(keep, row.captured, row.event->offset);
		selection->rows[left++] = row;
	}
	selection->count = left;
	return left ? 0 : -ENOENT;
}

int evidence_limit(struct recorder_selection *selection, evidence_may_fn *may, void *arg)
{
	size_t left = 0;

	for (size_t i = 0; i < selection->count; i++)
		if (may(arg, selection->rows[i].event))
			selection->rows[left++] = selection->rows[i];
	selection->count = left;
	return left ? 0 : -ENOENT;
}
