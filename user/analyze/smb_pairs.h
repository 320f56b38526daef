/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pairs SMB2 requests with their responses, and remembers which tree and file
 * the numbers in them mean.  Bounded: a request that gives way is told as one
 * without a response, a tree or file that gives way loses its name.
 */
#ifndef SKUA_ANALYZE_SMB_PAIRS_H
#define SKUA_ANALYZE_SMB_PAIRS_H

#include "base/table.h"
#include "dissect/dissector.h"
#include "dissect/smb2_view.h"

#define SMB_REQUESTS 16384 /* without a response */
#define SMB_TREES 4096
#define SMB_FILES 16384 /* open at a time */
#define SMB_NAME 512

struct smb_name {
	uint16_t length; /* cut at its room */
	char bytes[SMB_NAME];
};

struct smb_tree {
	uint64_t time_ns;
	struct smb_name name;
};

struct smb_file {
	uint64_t time_ns;
	uint64_t size; /* when it was opened */
	uint32_t tree;
	bool directory;
	struct smb_name name;
};

/* A request, as long as no response is there. */
struct smb_request {
	struct item_place place;
	struct smb2_view view; /* its name is in name; file: of a compound's, see below */
	struct smb_name name;
};

/* Everything is borrowed for the call, and may be NULL where nothing is known. */
struct smb_operation {
	const struct smb_request *request;
	const struct smb2_view *response;
	const struct item_place *answered;
	const struct smb_tree *tree;
	const struct smb_file *file;
	const uint64_t *file_id;
};

typedef void smb_operation_fn(void *arg, const struct smb_operation *operation);

struct smb_pairs {
	struct table requests, trees, files;
	smb_operation_fn *done;
	void *arg;
};

/* 0 or -ENOMEM. */
int smb_pairs_init(struct smb_pairs *pairs, smb_operation_fn *done, void *arg);
void smb_pairs_fini(struct smb_pairs *pairs);
/* An ITEM_SMB2. */
void smb_pairs_item(struct smb_pairs *pairs, const struct item *item);
/* Requests without a response are told, in the order of the capture if there is memory to sort. */
void smb_pairs_finish(struct smb_pairs *pairs);

/* NULL: not known. */
const struct smb_request *smb_pairs_request(const struct smb_pairs *pairs, uint64_t conversation,
					    uint64_t message);
const struct smb_file *smb_pairs_file(const struct smb_pairs *pairs, uint64_t conversation,
				      const uint64_t id[2]);
const struct smb_tree *smb_pairs_tree(const struct smb_pairs *pairs, uint64_t conversation,
				      uint32_t tree);
/*
 * The file that a request means.  A command that takes the file of the one
 * before it in a compound has an id made of the compound's number.
 */
void smb_file_id(const struct smb2_view *view, uint64_t id[2]);

/* "\\host\C$", "dir\file": the part behind the last backslash. */
struct cursor smb_name_last(const struct smb_name *name);
/* IPC$: what is opened there are pipes, no files. */
bool smb_tree_is_pipe(const struct smb_tree *tree);

#endif /* SKUA_ANALYZE_SMB_PAIRS_H */
