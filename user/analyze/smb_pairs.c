// SPDX-License-Identifier: BSD-2-Clause
/* SMB2 requests find their responses, numbers find their names. */
#include <errno.h>
#include <string.h>
#include "analyze/smb_pairs.h"
#include "dissect/text_line.h"

struct request_key {
	uint64_t conversation, message;
};

struct tree_key {
	uint64_t conversation, tree;
};

struct file_key {
	uint64_t conversation, id[2];
};

static uint64_t time_worth(const void *value)
{
	return *(const uint64_t *)value;
}

static uint64_t request_worth(const void *value)
{
	return ((const struct smb_request *)value)->place.time_ns;
}

void smb_file_id(const struct smb2_view *view, uint64_t id[2])
{
	bool same = view->file[0] == SMB2_SAME && view->file[1] == SMB2_SAME;

	id[0] = view->file[0];
	id[1] = same ? view->chain : view->file[1];
}

struct cursor smb_name_last(const struct smb_name *name)
{
	size_t at = name->length;

	while (at && name->bytes[at - 1] != '\\')
		at--;
	return (struct cursor){ (const uint8_t *)name->bytes + at, name->length - at };
}

bool smb_tree_is_pipe(const struct smb_tree *tree)
{
	return text_line_is(smb_name_last(&tree->name), "IPC$");
}

const struct smb_request *smb_pairs_request(const struct smb_pairs *pairs, uint64_t conversation,
					    uint64_t message)
{
	const struct request_key key = { conversation, message };

	return table_find(&pairs->requests, &key);
}

const struct smb_file *smb_pairs_file(const struct smb_pairs *pairs, uint64_t conversation,
				      const uint64_t id[2])
{
	const struct file_key key = { conversation, { id[0], id[1] } };

	return table_find(&pairs->files, &key);
}

const struct smb_tree *smb_pairs_tree(const struct smb_pairs *pairs, uint64_t conversation,
				      uint32_t tree)
{
	const struct tree_key key = { conversation, tree };

	return table_find(&pairs->trees, &key);
}

static void tell(struct smb_pairs *pairs, const struct smb_request *request,
		 const struct smb2_view *response, const struct item_place *answered)
{
	uint64_t conversation = (request ? &request->place : answered)->conversation;
	uint32_t number = request ? request->view.tree : response->tree;
	struct smb_operation operation = { .request = request,
					   .response = response,
					   .answered = answered };
	uint64_t id[2] = { 0 };

	if (request && request->view.has_file) {
		smb_file_id(&request->view, id);
		operation.file_id = id;
	} else if (response && response->has_file) {
		id[0] = response->file[0];
		id[1] = response->file[1];
		operation.file_id = id;
	}
	if (operation.file_id)
		operation.file = smb_pairs_file(pairs, conversation, id);
	/* In a compound the tree is that of the command before, too. */
	if (operation.file)
		number = operation.file->tree;
	operation.tree = smb_pairs_tree(pairs, conversation, number);
	pairs->done(pairs->arg, &operation);
}

static void evicted(void *arg, const void *key, void *value)
{
	(void)key;
	tell(arg, value, NULL, NULL);
}

static struct smb_file *open_file(struct smb_pairs *pairs, const struct smb_request *request,
				  const uint64_t id[2])
{
	const struct file_key key = { request->place.conversation, { id[0], id[1] } };
	struct smb_file *file = table_get(&pairs->files, &key, NULL);

	file->time_ns = request->place.time_ns;
	file->tree = request->view.tree;
	file->name = request->name;
	return file;
}

/* Commands behind it in the compound mean this file before its number is known. */
static void open_ahead(struct smb_pairs *pairs, const struct smb_request *request)
{
	const uint64_t id[2] = { SMB2_SAME, request->view.chain };

	if (request->view.next)
		open_file(pairs, request, id);
}

static void on_request(struct smb_pairs *pairs, const struct item *item)
{
	const struct smb2_view *view = item->is;
	const struct request_key key = { item->place->conversation, view->message };
	struct smb_request *request = table_get(&pairs->requests, &key, NULL);

	request->place = *item->place;
	request->view = *view;
	request->view.name = (struct cursor){ 0 };
	request->name.length = smb2_view_name(view, request->name.bytes, SMB_NAME);
	if (view->command == SMB2_CREATE)
		open_ahead(pairs, request);
}

static void learn(struct smb_pairs *pairs, const struct smb_request *request,
		  const struct smb2_view *response)
{
	const struct tree_key key = { request->place.conversation, response->tree };
	const uint64_t ahead[2] = { SMB2_SAME, request->view.chain };

	if (response->command == SMB2_TREE_CONNECT && !response->status && !response->async) {
		struct smb_tree *tree = table_get(&pairs->trees, &key, NULL);

		tree->time_ns = request->place.time_ns;
		tree->name = request->name;
	}
	if (response->command != SMB2_CREATE || !response->has_file)
		return;
	for (unsigned i = 0; i <= !!request->view.next; i++) {
		struct smb_file *file = open_file(pairs, request, i ? ahead : response->file);

		file->size = response->size;
		file->directory = response->directory;
	}
}

static void forget_file(struct smb_pairs *pairs, const struct smb_request *request)
{
	struct file_key key = { .conversation = request->place.conversation };
	struct smb_file *file;

	smb_file_id(&request->view, key.id);
	file = table_find(&pairs->files, &key);
	if (file)
		table_remove(&pairs->files, file);
}

static void on_response(struct smb_pairs *pairs, const struct item *item)
{
	const struct smb2_view *view = item->is;
	const struct request_key key = { item->place->conversation, view->message };
	struct smb_request *request = table_find(&pairs->requests, &key);

	if (view->status == SMB2_STATUS_PENDING)
		return;
	if (!request || request->view.command != view->command) {
		tell(pairs, NULL, view, item->place);
		return;
	}
	learn(pairs, request, view);
	tell(pairs, request, view, item->place);
	if (view->command == SMB2_CLOSE && !view->status)
		forget_file(pairs, request);
	table_remove(&pairs->requests, request);
}

void smb_pairs_item(struct smb_pairs *pairs, const struct item *item)
{
	const struct smb2_view *view = item->is;

	if (view->response)
		on_response(pairs, item);
	else if (view->command != SMB2_CANCEL)
		on_request(pairs, item);
}

static int by_frame(const void *x, const void *y)
{
	const struct smb_request *a = *(struct smb_request *const *)x;
	const struct smb_request *b = *(struct smb_request *const *)y;

	if (a->place.frame != b->place.frame)
		return a->place.frame < b->place.frame ? -1 : 1;
	return a->view.message < b->view.message ? -1 : a->view.message > b->view.message;
}

static void tell_rest(void *arg, void *value)
{
	struct smb_pairs *pairs = arg;

	tell(pairs, value, NULL, NULL);
	table_remove(&pairs->requests, value);
}

void smb_pairs_finish(struct smb_pairs *pairs)
{
	table_show_sorted(&pairs->requests, by_frame, tell_rest, pairs);
}

int smb_pairs_init(struct smb_pairs *pairs, smb_operation_fn *done, void *arg)
{
	const struct table_options requests = { .key_size = sizeof(struct request_key),
						.value_size = sizeof(struct smb_request),
						.capacity = SMB_REQUESTS,
						.worth = request_worth,
						.evicted = evicted,
						.arg = pairs };
	const struct table_options trees = { .key_size = sizeof(struct tree_key),
					     .value_size = sizeof(struct smb_tree),
					     .capacity = SMB_TREES,
					     .worth = time_worth };
	const struct table_options files = { .key_size = sizeof(struct file_key),
					     .value_size = sizeof(struct smb_file),
					     .capacity = SMB_FILES,
					     .worth = time_worth };

	*pairs = (struct smb_pairs){ .done = done, .arg = arg };
	if (table_init(&pairs->requests, &requests) || table_init(&pairs->trees, &trees) ||
	    table_init(&pairs->files, &files)) {
		smb_pairs_fini(pairs);
		return -ENOMEM;
	}
	return 0;
}

void smb_pairs_fini(struct smb_pairs *pairs)
{
	table_fini(&pairs->requests);
	table_fini(&pairs->trees);
	table_fini(&pairs->files);
	*pairs = (struct smb_pairs){ 0 };
}
