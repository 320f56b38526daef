// SPDX-License-Identifier: BSD-2-Clause
/* A sink that makes messages for a process that sends. */
#include <errno.h>
#include <stdlib.h>
#include "report/schema.h"
#include "sinks/remote.h"

struct remote {
	struct sink sink;
	struct sender *sender;
	struct syslog_origin origin;
	size_t limit; /* 0: JSON */
	uint64_t truncated;
	struct sink_envelope envelope;
	struct json json; /* writes one line into text */
	FILE *memory;
	char *text;
	size_t size;
	char line[SYSLOG_LINE];
};

static void put_line(struct remote *remote, const struct finding *finding)
{
	bool truncated;
	size_t length = syslog_line_write(remote->line, remote->limit, &remote->origin, finding,
					  &truncated);

	remote->truncated += truncated;
	sender_put(remote->sender, remote->line, length);
}

/* 0 or -ENOMEM, which the pipeline counts. */
static int put_json(struct remote *remote, const struct record *record)
{
	long length;

	rewind(remote->memory);
	schema_write_finding(&remote->json, &remote->envelope, record->finding,
			     remote->envelope.derived ? record->derivation : NULL);
	length = ftell(remote->memory);
	if (fflush(remote->memory) || length <= 0)
		return -ENOMEM;
	sender_put(remote->sender, remote->text, length);
	return 0;
}

static int remote_write(struct sink *sink, const struct record *record)
{
	struct remote *remote = (struct remote *)sink;

	if (record->kind != RECORD_FINDING)
		return 0;
	if (!remote->limit)
		return put_json(remote, record);
	put_line(remote, record->finding);
	return 0;
}

static void ignore_close(struct sink *sink)
{
	(void)sink;
}

static struct remote *open_remote(struct sender *sender)
{
	struct remote *remote = calloc(1, sizeof(*remote));

	if (!remote) {
		sender_close(sender);
		return NULL;
	}
	remote->sink = (struct sink){ "remote", remote_write, ignore_close };
	remote->sender = sender;
	return remote;
}

int remote_open_syslog(struct remote **out, struct sender *sender,
		       const struct syslog_origin *origin, size_t limit)
{
	struct remote *remote = open_remote(sender);

	if (!remote)
		return -ENOMEM;
	remote->origin = *origin;
	remote->limit = limit;
	*out = remote;
	return 0;
}

int remote_open_json(struct remote **out, struct sender *sender,
		     const struct sink_envelope *envelope)
{
	struct remote *remote = open_remote(sender);

	if (!remote)
		return -ENOMEM;
	remote->envelope = *envelope;
	remote->memory = open_memstream(&remote->text, &remote->size);
	if (!remote->memory) {
		remote_close(remote);
		return -ENOMEM;
	}
	json_init(&remote->json, remote->memory);
	*out = remote;
	return 0;
}

struct sink *remote_sink(struct remote *remote)
{
	return &remote->sink;
}

struct sender *remote_sender(struct remote *remote)
{
	return remote->sender;
}

void remote_tally(const struct remote *remote, struct sink_tally *out)
{
	sender_tally(remote->sender, out);
}

uint64_t remote_truncated(const struct remote *remote)
{
	return remote->truncated;
}

void remote_close(struct remote *remote)
{
	if (!remote)
		return;
	sender_close(remote->sender);
	if (remote->memory)
		fclose(remote->memory);
	free(remote->text);
	free(remote);
}
