// SPDX-License-Identifier: BSD-2-Clause
/* Writes a file and its JSON into the vault. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "pipeline/publish.h"
#include "report/finding_json.h"

#define NAMES 999 /* one finding can be replayed, and everything asked for, so often in a day */

/* The id, or with a number behind it, for further files of one finding. */
int publish_begin(const struct publish *publish, const struct evidence_item *item,
		  struct publish_file *file)
{
	int err = -EEXIST;

	file->file = NULL;
	for (unsigned i = item->part; err == -EEXIST && i < item->part + NAMES; i++) {
		char id[FINDING_ID + 8];

		snprintf(id, sizeof(id), i > 1 ? "%s-%u" : "%s", item->finding.id, i);
		err = vault_begin(publish->vault, id, item->begun_ns, &file->file);
	}
	return err;
}

static int write_json(const struct publish *publish, const struct finding *finding, char **out,
		      size_t *length)
{
	FILE *stream = open_memstream(out, length);
	struct json json;

	if (!stream)
		return -ENOMEM;
	json_init(&json, stream);
	finding_write_json(&json, publish->envelope, finding);
	return fclose(stream) ? -ENOMEM : 0;
}

/* The file is complete: prove it, describe it, make it visible.  Takes file. */
static int commit(const struct publish *publish, struct vault_file *file, struct finding *finding)
{
	char *json = NULL;
	size_t length;
	int err;

	if (publish->prove)
		finding->snapshot.proof =
			publish->prove(publish->prove_arg, vault_part_path(file), finding);
	err = write_json(publish, finding, &json, &length);
	if (err)
		vault_abandon(publish->vault, file);
	else
		err = vault_commit(publish->vault, file, json, length, finding_severity(finding));
	free(json);
	return err;
}

static int finish(struct vault_file *file, struct finding_snapshot *snapshot)
{
	struct vault_published published;
	int err = vault_finish(file, &published);

	if (err)
		return err;
	snprintf(snapshot->file, sizeof(snapshot->file), "%s", published.file);
	snprintf(snapshot->sha256, sizeof(snapshot->sha256), "%s", published.sha256);
	snapshot->bytes = published.bytes;
	return 0;
}

void publish_end(const struct publish *publish, struct publish_file *file, int err,
		 struct finding *finding)
{
	if (!err)
		err = finish(file->file, &finding->snapshot);
	if (!err)
		err = commit(publish, file->file, finding);
	else
		vault_abandon(publish->vault, file->file);
	file->file = NULL;
	if (err) {
		memset(&finding->snapshot, 0, sizeof(finding->snapshot));
		finding->snapshot.error = err;
	}
}

void publish_item(const struct publish *publish, const struct evidence_item *item,
		  struct finding *finding)
{
	struct publish_file file;
	int err;

	*finding = item->finding;
	if (!item->bytes)
		return;
	err = publish_begin(publish, item, &file);
	errno = 0;
	if (!err && fwrite(item->bytes, 1, item->length, vault_stream(file.file)) != item->length)
		err = errno ? -errno : -EIO;
	publish_end(publish, &file, err, finding);
	free(item->bytes);
}
