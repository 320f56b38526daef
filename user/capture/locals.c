// SPDX-License-Identifier: BSD-2-Clause
/* --local NET... as addresses and masks. */
#include <string.h>
#include "capture/locals.h"

void locals_fill(struct skua_locals *out, const struct network *networks, unsigned count)
{
	memset(out, 0, sizeof(*out));
	for (unsigned i = 0; i < count && i < SKUA_NETWORKS; i++) {
		struct skua_network *to = &out->networks[out->count++];
		uint8_t mask[16] = {};

		memset(mask, 0xff, networks[i].prefix / 8);
		if (networks[i].prefix % 8)
			mask[networks[i].prefix / 8] = 0xff00 >> networks[i].prefix % 8;
		memcpy(to->mask, mask, sizeof(mask));
		memcpy(to->address, networks[i].address.bytes, sizeof(to->address));
		to->address[0] &= to->mask[0];
		to->address[1] &= to->mask[1];
	}
}
