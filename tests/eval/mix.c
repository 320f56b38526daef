// SPDX-License-Identifier: BSD-2-Clause
/* Reads a journal into memory. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "capture/journal_in.h"
#include "mix.h"

#define CLIENTS_MAX 256

struct reading {
	struct mix *mix;
	int err;
};

static int grow(void **block, size_t size, size_t *room, size_t wanted)
{
	size_t more = *room ? *room : 4096;
	void *grown;

	if (wanted <= *room)
		return 0;
	while (more < wanted)
		more *= 2;
	grown = realloc(*block, more * size);
	if (!grown)
		return -ENOMEM;
	*block = grown;
	*room = more;
	return 0;
}

static int keep(struct mix *mix, uint64_t time_ns, bool fact, const void *bytes, size_t size)
{
	size_t aligned = (size + 7) & ~(size_t)7;
	int err = grow((void **)&mix->records, sizeof(*mix->records), &mix->room, mix->count + 1);

	if (!err)
		err = grow((void **)&mix->bytes, 1, &mix->size, mix->used + aligned);
	if (err)
		return err;
	mix->records[mix->count++] = (struct mix_record){ time_ns, mix->used, fact };
	memcpy(mix->bytes + mix->used, bytes, size);
	mix->used += aligned;
	return 0;
}

static void note_client(struct mix *mix, const struct skua_event *event)
{
	const struct skua_exchange_event *exchange = (const struct skua_exchange_event *)event;
	bool low = exchange->client == SKUA_LOW;
	struct address client = address_from(low ? event->key.low : event->key.high);
	struct address server = address_from(low ? event->key.high : event->key.low);

	if (event->kind != SKUA_EVENT_EXCHANGE || !exchange->ours ||
	    mix->client_count == CLIENTS_MAX || !address_is_ipv4(&client) ||
	    !address_is_private(&client) || address_is_private(&server))
		return;
	for (unsigned i = 0; i < mix->client_count; i++)
		if (address_equal(&mix->clients[i], &client))
			return;
	mix->clients[mix->client_count++] = client;
}

/* Worlds make ticks of their own. */
static void on_event(void *arg, const struct skua_event *event, const __u8 *bytes, __u64 now_ns)
{
	struct reading *reading = arg;
	struct mix *mix = reading->mix;

	(void)bytes;
	(void)now_ns;
	if (!event || reading->err)
		return;
	reading->err = keep(mix, event->time_ns, false, event, skua_event_size(event->kind));
	if (!mix->first_ns)
		mix->first_ns = event->time_ns;
	if (event->time_ns > mix->last_ns)
		mix->last_ns = event->time_ns;
	note_client(mix, event);
}

static void on_record(void *arg, enum journal_kind kind, uint64_t time_ns, const void *bytes,
		      size_t size)
{
	struct reading *reading = arg;

	if (kind == JOURNAL_FACT && size == sizeof(struct fact) && !reading->err)
		reading->err = keep(reading->mix, time_ns, true, bytes, size);
}

static int read_journal(struct mix *mix, const char *directory)
{
	const struct journal_in_options options = { .paths = &directory,
						    .path_count = 1,
						    .fact_size = sizeof(struct fact) };
	struct reading reading = { .mix = mix };
	struct journal_in *in = NULL;
	char error[JOURNAL_ERROR_SIZE];
	struct journal_run run;
	struct source *source;
	int err = journal_in_open(&in, &options, error), state = SOURCE_AGAIN;

	if (err) {
		log_error("%s", error);
		return err;
	}
	err = journal_in_run(in, &run) == 1 ? 0 : -EBADMSG;
	source = journal_in_source(in, on_record);
	while (!err && state == SOURCE_AGAIN) {
		state = source->poll(source, on_event, &reading);
		err = state < 0 ? state : reading.err;
	}
	if (!err && journal_in_truncated(in))
		err = -EBADMSG;
	if (err)
		log_error("%s: cannot read the journal: %s", directory, strerror(-err));
	journal_in_close(in);
	return err;
}

int mix_open(struct mix **out, const char *directory)
{
	const char *name = strrchr(directory, '/');
	struct mix *mix = calloc(1, sizeof(*mix));
	int err;

	if (!mix)
		return -ENOMEM;
	strncpy(mix->name, name ? name + 1 : directory, sizeof(mix->name) - 1);
	mix->clients = calloc(CLIENTS_MAX, sizeof(*mix->clients));
	err = mix->clients ? read_journal(mix, directory) : -ENOMEM;
	if (!err && !mix->client_count) {
		log_error("%s: nobody inside calls anybody outside", directory);
		err = -EINVAL;
	}
	if (err)
		mix_close(mix);
	else
		*out = mix;
	return err;
}

void mix_close(struct mix *mix)
{
	if (!mix)
		return;
	free(mix->clients);
	free(mix->records);
	free(mix->bytes);
	free(mix);
}

const void *mix_bytes(const struct mix *mix, const struct mix_record *record)
{
	return mix->bytes + record->at;
}
