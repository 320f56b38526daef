// SPDX-License-Identifier: BSD-2-Clause
/* What a scenario really contains, for tests to compare findings with. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "truth.h"

struct truth *truth_add(struct truth_list *list, const struct actor *actor,
			const struct address *source, const char *protocol)
{
	struct truth *truth = calloc(1, sizeof(*truth));

	if (!truth)
		return NULL;
	truth->actor = actor;
	truth->protocol = protocol;
	if (source) {
		truth->source = *source;
		truth->one_source = true;
	}
	if (!list->first)
		list->last = &list->first;
	*list->last = truth;
	list->last = &truth->next;
	return truth;
}

void truth_note(struct truth *truth, uint64_t at_ns)
{
	if (!truth->first_ns)
		truth->first_ns = at_ns;
	truth->last_ns = at_ns;
}

/* What the packets show: of a server behind a proxy, the proxy. */
static const char *far_end(const struct spec *spec)
{
	const struct addresses *end = spec->proxy.used ? &spec->proxy : &spec->to;

	if (!end->used)
		end = &spec->via;
	return end->used ? end->text : "-";
}

static void write_row(FILE *to, const struct truth *truth)
{
	const struct spec *spec = &truth->actor->spec;
	bool alert = truth->actor->kind->alert;
	char source[ADDRESS_TEXT], port[8] = "-";
	/* A sweep without ports has the one port 0. */
	const char *ports =
		ports_count(&spec->ports) && ports_at(&spec->ports, 0) ? spec->ports.text : port;

	if (spec->expect != EXPECT_BY_KIND)
		alert = spec->expect == EXPECT_ALERT;
	if (spec->port)
		snprintf(port, sizeof(port), "%u",
			 spec->proxy.used ? spec->proxy_port : spec->port);
	fprintf(to, "%s\t%s\t%s\t%s\t%s\t%s\t%" PRIu64 "\t%s\t", truth->actor->kind->finding,
		truth->one_source ? address_format(&truth->source, source) : spec->from.text,
		far_end(spec), ports, truth->protocol, spec->name[0] ? spec->name : "-",
		truth->count, alert ? "alert" : "no-alert");
	fprintf(to, "%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\n",
		truth->first_ns, truth->last_ns, truth->missed, truth->failed, truth->repeated);
}

int truth_write(const struct truth_list *list, const char *path)
{
	FILE *to = strcmp(path, "-") ? fopen(path, "w") : stdout;
	int err = 0;

	if (!to)
		return -errno;
	fputs("kind\tsrc\tdst\tdport\tproto\tdomain\tcount\texpected\t"
	      "first_ns\tlast_ns\tmissed\tfailed\trepeated\n",
	      to);
	for (const struct truth *truth = list->first; truth; truth = truth->next)
		write_row(to, truth);
	if (ferror(to))
		err = -EIO;
	if (to != stdout ? fclose(to) : fflush(to))
		err = -errno;
	return err;
}

void truth_fini(struct truth_list *list)
{
	struct truth *next;

	for (struct truth *truth = list->first; truth; truth = next) {
		next = truth->next;
		free(truth);
	}
	list->first = NULL;
}
