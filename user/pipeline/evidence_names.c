// SPDX-License-Identifier: BSD-2-Clause
/* Asks for the names of a file's hosts. */
#include "skua/hash.h"
#include "pipeline/evidence_names.h"

#define HOSTS 256 /* looked at; a scan's targets have no names anyway */
#define PLACES (2 * HOSTS)

struct hosts {
	struct address hosts[HOSTS];
	uint16_t places[PLACES]; /* by hash: a host's number, from 1 */
	unsigned count;
};

/* false: it is known, or there are enough. */
static bool add_host(struct hosts *hosts, const struct address *host)
{
	unsigned at = skua_hash(host, sizeof(*host), 0) % PLACES;

	for (; hosts->places[at]; at = (at + 1) % PLACES)
		if (address_equal(&hosts->hosts[hosts->places[at] - 1], host))
			return false;
	if (hosts->count == HOSTS)
		return false;
	hosts->hosts[hosts->count++] = *host;
	hosts->places[at] = hosts->count;
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
