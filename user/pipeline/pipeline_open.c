// SPDX-License-Identifier: BSD-2-Clause
/* Reserves what the pipeline holds, and gives it back. */
#include <errno.h>
#include <stdlib.h>
#include "base/log.h"
#include "pipeline/pipeline_state.h"

/* The defaults, or so many times less. */
static void size_trackers(uint32_t part, struct domains_options *domains,
			  struct uploads_options *uploads, struct echoes_options *echoes)
{
	*domains = (struct domains_options)DOMAINS_OPTIONS_DEFAULT;
	*uploads = (struct uploads_options)UPLOADS_OPTIONS_DEFAULT;
	*echoes = (struct echoes_options)ECHOES_OPTIONS_DEFAULT;
	if (!part)
		return;
	domains->domains /= part;
	domains->askers /= part;
	domains->contacts /= part;
	uploads->uploads /= part;
	uploads->flows /= part;
	echoes->echoes /= part;
	echoes->requests /= part;
}

static int open_trackers(struct pipeline *pipeline)
{
	const struct pipeline_options *o = &pipeline->options;
	const struct sources_options sources = { .capacity = o->sources,
						 .hash_seed = o->hash_seed,
						 .locals = o->locals,
						 .local_count = o->local_count };
	struct domains_options domains;
	struct uploads_options uploads;
	struct echoes_options echoes;
	int err = dissect_open(&pipeline->dissect, o->heads);

	size_trackers(o->part, &domains, &uploads, &echoes);
	uploads.locals = o->locals;
	uploads.local_count = o->local_count;
	uploads.memory = o->memory;
	if (!err)
		err = census_init(&pipeline->census, o->census, o->locals, o->local_count);
	if (!err)
		err = pairs_init(&pipeline->pairs, o->pairs, pipeline_judge_pair, pipeline);
	if (!err)
		err = sources_init(&pipeline->sources, &sources);
	if (!err)
		err = domains_init(&pipeline->domains, &domains);
	if (!err)
		err = uploads_init(&pipeline->uploads, &uploads);
	if (!err)
		err = echoes_init(&pipeline->echoes, &echoes);
	if (!err)
		err = origins_init(&pipeline->origins);
	if (!err)
		err = ledger_init(&pipeline->ledger, o->findings);
	if (!err)
		err = inbound_init(&pipeline->inbound);
	pipeline->ledger.every = o->every_update;
	return err;
}

static int leave_out(struct pipeline *pipeline)
{
	const struct pipeline_options *o = &pipeline->options;
	const char *unknown =
		context_leave_out(&pipeline->context, o->without_rules, o->without_rule_count);

	if (unknown)
		log_error("there is no rule of context named %s: see the context of findings",
			  unknown);
	return unknown ? -EINVAL : 0;
}

int pipeline_open(struct pipeline **out, const struct pipeline_options *options)
{
	struct pipeline *pipeline = calloc(1, sizeof(*pipeline));
	int err;

	if (!pipeline)
		return -ENOMEM;
	pipeline->options = *options;
	err = lists_open(&pipeline->lists, options->lists);
	if (!err)
		err = pipeline_open_triggers(pipeline);
	if (!err)
		err = leave_out(pipeline);
	if (err)
		goto out;
	err = open_trackers(pipeline);
	if (err)
		log_error("cannot start: %s", err == -ENOENT ? "libpsl has no public suffix list"
							     : "out of memory for the tables");
	if (!err && options->evidence)
		err = pipeline_open_evidence(pipeline);
	if (options->watch) {
		pipeline->pairs.watch = options->watch->pair;
		pipeline->pairs.watch_arg = options->watch->arg;
	}
	pipeline->context.census = &pipeline->census;
	pipeline->context.lists = pipeline->lists;
	pipeline->context.memory = options->memory;
	pipeline->context.prevalence = options->prevalence;
	pipeline->context.origins = &pipeline->origins;
out:
	if (err)
		pipeline_close(pipeline);
	else
		*out = pipeline;
	return err;
}

void pipeline_close(struct pipeline *pipeline)
{
	if (!pipeline)
		return;
	evidence_close(pipeline->evidence);
	inbound_fini(&pipeline->inbound);
	ledger_fini(&pipeline->ledger);
	triggers_fini(&pipeline->triggers);
	origins_fini(&pipeline->origins);
	echoes_fini(&pipeline->echoes);
	uploads_fini(&pipeline->uploads);
	domains_fini(&pipeline->domains);
	sources_fini(&pipeline->sources);
	pairs_fini(&pipeline->pairs);
	census_fini(&pipeline->census);
	dissect_close(pipeline->dissect);
	lists_close(pipeline->lists);
	free(pipeline);
}
