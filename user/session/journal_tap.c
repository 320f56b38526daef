// SPDX-License-Identifier: BSD-2-Clause
/* What the journal's floor takes for bytes, and back: the context of a run and its facts. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "session/journal_tap.h"

#define TABLE_MAX (1u << 22) /* beyond any that is opened; a file must not order more memory */

int journal_tap_open(struct journal **out, struct journal_options options,
		     const struct pipeline_options *pipeline, const struct sink_envelope *envelope,
		     char error[JOURNAL_ERROR_SIZE])
{
	struct journal_context context;

	memset(&context, 0, sizeof(context));
	context.hash_seed = pipeline->hash_seed;
	context.pairs = pipeline->pairs;
	context.sources = pipeline->sources;
	context.census = pipeline->census;
	context.heads = pipeline->heads;
	context.findings = pipeline->findings;
	context.local_count = pipeline->local_count;
	if (context.local_count > OPTION_NETWORKS) {
		snprintf(error, JOURNAL_ERROR_SIZE, "cannot write a journal: more than %d networks",
			 OPTION_NETWORKS);
		return -E2BIG;
	}
	for (unsigned i = 0; i < context.local_count; i++) {
		context.locals[i].address = pipeline->locals[i].address;
		context.locals[i].prefix = pipeline->locals[i].prefix;
	}
	snprintf(context.host, sizeof(context.host), "%s", envelope->host ? envelope->host : "");
	snprintf(context.sensor_id, sizeof(context.sensor_id), "%s",
		 envelope->sensor_id ? envelope->sensor_id : "");
	options.context = &context;
	options.context_size = sizeof(context);
	options.fact_size = sizeof(struct fact);
	return journal_open(out, &options, error);
}

void journal_tap_fact(void *arg, const struct fact *fact)
{
	journal_record(arg, JOURNAL_FACT, fact->time_ns, fact, sizeof(*fact));
}

static bool is_size(uint32_t entries)
{
	return entries && entries <= TABLE_MAX;
}

int journal_tap_context(const void *bytes, size_t size, struct journal_context *context,
			struct pipeline_options *options)
{
	struct journal_context found;

	if (size != sizeof(found))
		return -EBADMSG;
	memcpy(&found, bytes, sizeof(found));
	if (!is_size(found.pairs) || !is_size(found.sources) || !is_size(found.census) ||
	    !is_size(found.heads) || !is_size(found.findings) ||
	    found.local_count > OPTION_NETWORKS || !memchr(found.host, '\0', sizeof(found.host)) ||
	    !memchr(found.sensor_id, '\0', sizeof(found.sensor_id)))
		return -EBADMSG;
	for (unsigned i = 0; i < found.local_count; i++)
		if (found.locals[i].prefix > 128)
			return -EBADMSG;
	*context = found;
	options->hash_seed = found.hash_seed;
	options->pairs = found.pairs;
	options->sources = found.sources;
	options->census = found.census;
	options->heads = found.heads;
	options->findings = found.findings;
	options->locals = context->locals;
	options->local_count = found.local_count;
	return 0;
}

static bool is_text(const void *bytes, size_t size)
{
	return memchr(bytes, '\0', size);
}

/* A bool that is neither is not to be read as one. */
static bool is_bool(const bool *value)
{
	uint8_t byte;

	memcpy(&byte, value, sizeof(byte));
	return byte <= 1;
}

static bool is_hello(const struct fact_hello *hello)
{
	return hello->client <= SKUA_HIGH && is_bool(&hello->tls) && is_bool(&hello->connect) &&
	       is_bool(&hello->literal) && is_text(hello->name, sizeof(hello->name)) &&
	       is_text(hello->alpn, sizeof(hello->alpn)) && is_text(hello->ja4, sizeof(hello->ja4));
}

static bool is_name(const struct fact_name *name)
{
	return name->address_count <= FACT_ADDRESSES && is_text(name->name, sizeof(name->name));
}

static bool is_origin(const struct fact_origin *origin)
{
	return is_text(origin->account, sizeof(origin->account)) &&
	       is_text(origin->path, sizeof(origin->path));
}

/* Of a kind that there is, and as its dissector would have said it. */
static bool is_fact(const struct fact *fact)
{
	switch (fact->kind) {
	case FACT_HELLO:
		return is_hello(&fact->hello);
	case FACT_NAME:
		return is_name(&fact->name);
	case FACT_ORIGIN:
		return is_origin(&fact->origin);
	}
	return false;
}

int journal_tap_read(const void *bytes, size_t size, const struct fact **out)
{
	const struct fact *fact = bytes;

	if (size != sizeof(*fact))
		return -EBADMSG;
	if (!is_fact(fact))
		return -EBADMSG;
	*out = fact;
	return 0;
}
