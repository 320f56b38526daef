/* SPDX-License-Identifier: BSD-2-Clause */
/* Who knows where protocols have their objects: bodies of HTTP, files of FTP and SMB2. */
#ifndef SKUA_ANALYZE_OBJECT_SOURCES_H
#define SKUA_ANALYZE_OBJECT_SOURCES_H

#include "analyze/objects.h"
#include "analyze/smb_pairs.h"
#include "dissect/dissector.h"

#define HTTP_OBJECTS_EXCHANGES                                                                     \
	16384                        /* with a request seen; beyond, the oldest lose their names   \
				      */
#define FTP_OBJECTS_TRANSFERS 4096   /* announced; beyond, the oldest are not followed */
#define SMB_OBJECTS_CONNECTIONS 4096 /* that carry data at a time */

struct http_objects {
	struct objects *objects;
	struct table exchanges;
};

/* 0 or -ENOMEM. */
int http_objects_init(struct http_objects *http, struct objects *objects);
void http_objects_fini(struct http_objects *http);
void http_objects_item(struct http_objects *http, const struct item *item);

struct ftp_objects {
	struct objects *objects;
	struct table transfers; /* by the end where the data connection arrives */
	struct table controls;  /* by control connection: the transfer announced last */
};

/* 0 or -ENOMEM. */
int ftp_objects_init(struct ftp_objects *ftp, struct objects *objects);
void ftp_objects_fini(struct ftp_objects *ftp);
void ftp_objects_item(struct ftp_objects *ftp, const struct item *item);

struct smb_objects {
	struct objects *objects;
	struct smb_pairs pairs;
	struct table carried; /* by connection and side */
};

/* 0 or -ENOMEM. */
int smb_objects_init(struct smb_objects *smb, struct objects *objects);
void smb_objects_fini(struct smb_objects *smb);
void smb_objects_item(struct smb_objects *smb, const struct item *item);

/* All of them. */
struct object_sources {
	struct http_objects http;
	struct ftp_objects ftp;
	struct smb_objects smb;
};

/* 0 or -ENOMEM; object_sources_fini() takes one that was never made, if it is zero. */
int object_sources_init(struct object_sources *sources, struct objects *objects);
void object_sources_fini(struct object_sources *sources);
void object_sources_item(struct object_sources *sources, const struct item *item);
/* Requests, transfers and open files that gave way: objects may be missing, or lack their names. */
uint64_t object_sources_lost(const struct object_sources *sources);

#endif /* SKUA_ANALYZE_OBJECT_SOURCES_H */
