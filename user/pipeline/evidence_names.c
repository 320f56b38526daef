// SPDX-License-Identifier: BSD-2-Clause
/* Asks for the names of a file's hosts. */
#include "pipeline/evidence_names.h"

#define HOSTS 256 /* looked at; a scan's targets have no names anyway */

struct hosts {
	struct address hosts[HOSTS];
	unsigned count;
};

/* false: it is known, or there are enough. */
static bool add_host(struct hosts *hosts, const struct address *host)
{
	for (unsigned i = 0; i < hosts->count; i++)
		if (address_equal(&hosts->hosts[i], host))
			return false;
	if (hosts->count == HOSTS)
		return false;
	hosts->hosts[hosts->count++] = *host;
	return true;
}

static void ask(const struct evidence *evidence, struct hosts *hosts, const __u64 *host,
		struct evidence_names *out)
{
	const struct address address = address_from(host);
	const char *name;

	if (out->count == EVIDENCE_NAMES || !add_host(hosts, &address))
		return;
	name = evidence->options.name(evidence->options.name_arg, &address);
	if (name && name[0])
		out->names[out->count++] = (struct pcapng_name){ address, name };
}

void evidence_names_collect(const struct evidence *evidence,
			    const struct recorder_selection *selection, struct evidence_names *out)
{
	struct hosts hosts = { .count = 0 };

	out->count = 0;
	for (size_t i = 0; evidence->options.name && i < selection->count; i++) {
		const struct skua_flow_key *key = &selection->rows[i].event->head.key;

		ask(evidence, &hosts, key->low, out);
		ask(evidence, &hosts, key->high, out);
	}
}
