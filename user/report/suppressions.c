// SPDX-License-Identifier: BSD-2-Clause
/* Reads rules of suppression, and finds the one that matches. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/lines.h"
#include "base/log.h"
#include "base/text.h"
#include "report/suppressions.h"

static const struct suppression *find(const struct suppressions *suppressions, const char *id)
{
	for (unsigned i = 0; i < suppressions->count; i++)
		if (!strcmp(suppressions->rules[i].id, id))
			return &suppressions->rules[i];
	return NULL;
}

static const char *take(void *arg, char *line)
{
	struct suppressions *suppressions = arg;
	struct suppression rule;
	const char *why = suppression_parse(&rule, line);

	if (why)
		return why;
	if (find(suppressions, rule.id))
		return "an earlier rule matches the same";
	if (suppressions->count == SUPPRESSIONS_MAX)
		return "more rules than there is room for (1024): join some";
	suppressions->rules[suppressions->count++] = rule;
	return NULL;
}

static void complain(const char *path, int err, const struct lines_fault *fault, const char *rest)
{
	char shown[TEXT_ESCAPED(LINES_SHOWN)];

	if (fault->line)
		log_error("%s:%u: %s: \"%s\"; a rule is as kind=exfil src=10.0.0.5 "
			  "until=2026-12-31 reason=nightly backup%s",
			  path, fault->line, fault->why, lines_show(fault, shown), rest);
	else
		log_error("cannot read %s: %s; 'skua suppress' makes such a file%s", path,
			  strerror(-err), rest);
}

int suppressions_open(struct suppressions **out, const char *path, bool may_miss)
{
	struct suppressions *suppressions = calloc(1, sizeof(*suppressions));
	struct lines_fault fault;
	int err;

	if (!suppressions)
		return -ENOMEM;
	suppressions->path = path;
	suppressions->may_miss = may_miss;
	err = lines_read(path, take, suppressions, &fault);
	if (err == -ENOENT && may_miss)
		err = 0;
	if (err) {
		complain(path, err, &fault, "");
		suppressions_close(suppressions);
		return err;
	}
	*out = suppressions;
	return 0;
}

void suppressions_close(struct suppressions *suppressions)
{
	free(suppressions);
}

int suppressions_reload(struct suppressions *suppressions)
{
	struct suppressions *new = calloc(1, sizeof(*new));
	unsigned before = suppressions->count, kept = 0;
	struct lines_fault fault = { .line = 0 };
	int err = new ? lines_read(suppressions->path, take, new, &fault) : -ENOMEM;

	if (err == -ENOENT && suppressions->may_miss)
		err = 0;
	if (err) {
		complain(suppressions->path, err, &fault, "; the rules read before stay in force");
		goto out;
	}
	for (unsigned i = 0; i < new->count; i++) {
		const struct suppression *old = find(suppressions, new->rules[i].id);

		new->rules[i].count = old ? old->count : 0;
		kept += old != NULL;
	}
	for (unsigned i = 0; i < suppressions->count; i++)
		if (!find(new, suppressions->rules[i].id))
			suppressions->gone += suppressions->rules[i].count;
	suppressions->count = new->count;
	memcpy(suppressions->rules, new->rules, new->count * sizeof(new->rules[0]));
	if (before || new->count)
		log_info("suppressions in force now: %u (%u new, %u gone)", new->count,
			 new->count - kept, before - kept);
out:
	free(new);
	return err;
}

struct suppression *suppressions_match(struct suppressions *suppressions,
				       const struct finding *finding, uint64_t now_ns)
{
	for (unsigned i = 0; i < suppressions->count; i++) {
		struct suppression *rule = &suppressions->rules[i];

		if (!suppression_is_over(rule, now_ns) && suppression_matches(rule, finding))
			return rule;
	}
	return NULL;
}
