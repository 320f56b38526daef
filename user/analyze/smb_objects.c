// SPDX-License-Identifier: BSD-2-Clause
/* Files of SMB2: what was read or written between create and close, by offset from the beginning.
 */
#include <errno.h>
#include <string.h>
#include "analyze/object_sources.h"

/* Whose data comes next on one side of a connection. */
struct carried {
	uint64_t time_ns;
	uint64_t file[2];
	uint64_t offset;
};

struct carried_key {
	uint64_t conversation, response;
};

static uint64_t time_worth(const void *value)
{
	return *(const uint64_t *)value;
}

/* A close ends the object; so does the response that opens its number anew. */
static void on_operation(void *arg, const struct smb_operation *operation)
{
	struct smb_objects *smb = arg;
	const struct smb_request *request = operation->request;
	const struct object *object;
	struct object_key key;
	bool whole;

	if (!request || !operation->response || !operation->file_id || operation->response->status)
		return;
	if (request->view.command != SMB2_CLOSE && request->view.command != SMB2_CREATE)
		return;
	key = (struct object_key){ request->place.conversation,
				   { operation->file_id[0], operation->file_id[1] } };
	object = objects_find(smb->objects, &key);
	if (!object)
		return;
	/* Written, it is as long as what was written; read, as long as it was. */
	whole = object->written || !operation->file || object->bytes >= operation->file->size;
	objects_end(smb->objects, &key, whole ? OBJECT_WHOLE : OBJECT_PART);
}

int smb_objects_init(struct smb_objects *smb, struct objects *objects)
{
	const struct table_options carried = { .key_size = sizeof(struct carried_key),
					       .value_size = sizeof(struct carried),
					       .capacity = SMB_OBJECTS_CONNECTIONS,
					       .worth = time_worth };

	smb->objects = objects;
	if (smb_pairs_init(&smb->pairs, on_operation, smb))
		return -ENOMEM;
	if (table_init(&smb->carried, &carried)) {
		smb_pairs_fini(&smb->pairs);
		return -ENOMEM;
	}
	return 0;
}

void smb_objects_fini(struct smb_objects *smb)
{
	smb_pairs_fini(&smb->pairs);
	table_fini(&smb->carried);
}

/* Before the pair is told and forgotten: the response's data comes behind it. */
static void on_command(struct smb_objects *smb, const struct item *item)
{
	const struct smb2_view *view = item->is;
	const struct carried_key key = { item->place->conversation, view->response };
	const struct smb_request *request;
	struct carried *carried;

	if (smb2_view_has_data(view)) {
		carried = table_get(&smb->carried, &key, NULL);
		*carried = (struct carried){ .time_ns = item->place->time_ns };
		request = view->response
				  ? smb_pairs_request(&smb->pairs, key.conversation, view->message)
				  : NULL;
		if (request || !view->response) {
			const struct smb2_view *asked = request ? &request->view : view;

			smb_file_id(asked, carried->file);
			carried->offset = asked->offset;
		} else {
			table_remove(&smb->carried, carried);
		}
	}
	smb_pairs_item(&smb->pairs, item);
}

static struct object *begin(struct smb_objects *smb, const struct item *item,
			    const struct object_key *key, const struct smb_file *file)
{
	struct object_origin origin = { .protocol = "smb", .place = *item->place };
	const struct smb_tree *tree;

	tree = file ? smb_pairs_tree(&smb->pairs, key->conversation, file->tree) : NULL;
	if ((tree && smb_tree_is_pipe(tree)) || (file && file->directory))
		return NULL;
	if (tree)
		object_text_set(&origin.host, tree->name.bytes, tree->name.length);
	if (file)
		object_text_set(&origin.path, file->name.bytes, file->name.length);
	return objects_begin(smb->objects, key, &origin);
}

static void on_data(struct smb_objects *smb, const struct item *item)
{
	const struct smb2_data *data = item->is;
	const struct carried_key side = { item->place->conversation, data->view->response };
	const struct carried *carried = table_find(&smb->carried, &side);
	struct object_key key = { .conversation = side.conversation };
	struct object *object;
	uint64_t at;

	if (!carried)
		return;
	memcpy(key.number, carried->file, sizeof(key.number));
	object = objects_find(smb->objects, &key);
	if (!object)
		object = begin(smb, item, &key,
			       smb_pairs_file(&smb->pairs, key.conversation, key.number));
	if (!object)
		return;
	object->written |= !data->view->response;
	at = carried->offset + data->at;
	objects_add_at(smb->objects, object, item->place, at, data->bytes, data->length);
}

void smb_objects_item(struct smb_objects *smb, const struct item *item)
{
	if (item->kind == ITEM_SMB2)
		on_command(smb, item);
	else if (item->kind == ITEM_SMB2_DATA)
		on_data(smb, item);
	else if (item->kind == ITEM_OVER && smb->carried.used)
		objects_end_all(smb->objects, item->place->conversation);
}
