// SPDX-License-Identifier: BSD-2-Clause
/* The sources of objects as one. */
#include "analyze/object_sources.h"

int object_sources_init(struct object_sources *sources, struct objects *objects)
{
	int err = http_objects_init(&sources->http, objects);

	if (!err)
		err = ftp_objects_init(&sources->ftp, objects);
	if (!err)
		err = smb_objects_init(&sources->smb, objects);
	return err;
}

void object_sources_fini(struct object_sources *sources)
{
	http_objects_fini(&sources->http);
	ftp_objects_fini(&sources->ftp);
	smb_objects_fini(&sources->smb);
}

void object_sources_item(struct object_sources *sources, const struct item *item)
{
	http_objects_item(&sources->http, item);
	ftp_objects_item(&sources->ftp, item);
	smb_objects_item(&sources->smb, item);
}

uint64_t object_sources_lost(const struct object_sources *sources)
{
	const struct smb_pairs *pairs = &sources->smb.pairs;

	return sources->http.exchanges.evictions + sources->ftp.transfers.evictions +
	       sources->ftp.controls.evictions + sources->smb.carried.evictions +
	       pairs->requests.evictions + pairs->trees.evictions + pairs->files.evictions;
}
