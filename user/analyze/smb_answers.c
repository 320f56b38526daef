// SPDX-License-Identifier: BSD-2-Clause
/* Rows of SMB operations. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "analyze/smb_answers.h"
#include "analyze/smb_pairs.h"
#include "base/text.h"

static const struct answers_column columns[] = {
	{ "timestamp", "TIME", 30 },   { "frame", NULL, 0 },      { "src_ip", "FROM", 15 },
	{ "dest_ip", "TO", 15 },       { "src_port", NULL, 0 },   { "dest_port", NULL, 0 },
	{ "command", "COMMAND", 13 },  { "tree", "TREE", 24 },    { "file", "FILE", 32 },
	{ "offset", NULL, 0 },         { "bytes", "BYTES", 8 },   { "status", "STATUS", 0 },
	{ "response_frame", NULL, 0 }, { "message_id", NULL, 0 }, { "session_id", NULL, 0 },
	{ "version", NULL, 0 },        { .name = NULL },
};

struct smb_answers {
	struct analyst analyst;
	struct smb_pairs pairs;
	bool all;
};

/* The ones that analysts meet; others are shown as a number. */
static const struct status {
	uint32_t code;
	const char *name;
} statuses[] = {
	{ 0, "ok" },
	{ 0x00000103, "pending" },
	{ 0x80000005, "more data" },
	{ 0x80000006, "no more files" },
	{ 0xc0000008, "invalid handle" },
	{ 0xc000000d, "invalid parameter" },
	{ 0xc000000f, "no such file" },
	{ 0xc0000011, "end of file" },
	{ 0xc0000016, "more processing required" },
	{ 0xc0000022, "access denied" },
	{ 0xc0000034, "name not found" },
	{ 0xc0000035, "name exists" },
	{ 0xc000003a, "path not found" },
	{ 0xc0000043, "sharing violation" },
	{ 0xc0000064, "no such user" },
	{ 0xc000006a, "wrong password" },
	{ 0xc000006d, "logon failure" },
	{ 0xc000006e, "account restriction" },
	{ 0xc0000072, "account disabled" },
	{ 0xc00000ba, "is a directory" },
	{ 0xc00000bb, "not supported" },
	{ 0xc00000cc, "no such share" },
	{ 0xc0000120, "cancelled" },
	{ 0xc0000128, "file closed" },
	{ 0xc000014b, "pipe broken" },
	{ 0xc0000203, "session deleted" },
	{ 0xc0000234, "account locked out" },
};

static const char *status_text(uint32_t code, char to[TEXT_NUMBER])
{
	for (unsigned i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		if (statuses[i].code == code)
			return statuses[i].name;
	}
	snprintf(to, TEXT_NUMBER, "0x%08x", code);
	return to;
}

static bool is_shown(const struct smb_answers *a, unsigned command)
{
	switch (command) {
	case SMB2_SESSION_SETUP:
	case SMB2_TREE_CONNECT:
	case SMB2_CREATE:
	case SMB2_CLOSE:
	case SMB2_READ:
	case SMB2_WRITE:
		return true;
	default:
		return a->all;
	}
}

static void put_name(struct answers *to, const struct smb_name *name)
{
	if (name)
		answers_put_bytes(to, name->bytes, name->length);
	else
		answers_put_none(to);
}

static void put_place(struct answers *to, const struct smb_operation *operation)
{
	const struct item_place *place =
		operation->request ? &operation->request->place : operation->answered;
	struct analyst_ends ends = analyst_ends_of(place);

	/* Without its request a row has the request's direction all the same. */
	if (!operation->request)
		ends = (struct analyst_ends){ ends.dst, ends.src, ends.dport, ends.sport };
	answers_put_time(to, place->time_ns);
	if (operation->request)
		answers_put_number(to, place->frame);
	else
		answers_put_none(to);
	analyst_put_ends(to, &ends);
}

static void put_command(struct answers *to, unsigned command)
{
	const char *name = smb2_command_name(command);

	if (name)
		answers_put_text(to, name);
	else
		answers_put_number(to, command);
}

static void put_names(struct answers *to, const struct smb_operation *operation, unsigned command)
{
	const struct smb_request *request = operation->request;

	if (command == SMB2_TREE_CONNECT)
		put_name(to, request ? &request->name : NULL);
	else
		put_name(to, operation->tree ? &operation->tree->name : NULL);
	if (command == SMB2_CREATE && request)
		put_name(to, &request->name);
	else
		put_name(to, operation->file ? &operation->file->name : NULL);
}

static void put_amount(struct answers *to, const struct smb_operation *operation, unsigned command)
{
	const struct smb2_view *response = operation->response;

	if (command != SMB2_READ && command != SMB2_WRITE) {
		answers_put_none(to);
		answers_put_none(to);
		return;
	}
	if (operation->request)
		answers_put_number(to, operation->request->view.offset);
	else
		answers_put_none(to);
	if (response)
		answers_put_number(to, response->length);
	else
		answers_put_none(to);
}

static void put_response(struct answers *to, const struct smb_operation *operation)
{
	char text[TEXT_NUMBER];

	if (operation->response) {
		answers_put_text(to, status_text(operation->response->status, text));
		answers_put_number(to, operation->answered->frame);
	} else {
		answers_put_none(to);
		answers_put_none(to);
	}
}

static void on_operation(void *arg, const struct smb_operation *operation)
{
	struct smb_answers *a = arg;
	struct answers *to = a->analyst.answers;
	const struct smb2_view *view =
		operation->request ? &operation->request->view : operation->response;
	char session[TEXT_NUMBER];

	if (!is_shown(a, view->command))
		return;
	answers_begin_row(to);
	put_place(to, operation);
	put_command(to, view->command);
	put_names(to, operation, view->command);
	put_amount(to, operation, view->command);
	put_response(to, operation);
	answers_put_number(to, smb2_view_message(view));
	snprintf(session, sizeof(session), "0x%016llx", (unsigned long long)view->session);
	answers_put_text(to, session);
	answers_put_text(to, view->smb1 ? "SMB1" : "SMB2");
	answers_end_row(to);
}

static void on_item(struct analyst *analyst, const struct item *item)
{
	struct smb_answers *a = (struct smb_answers *)analyst;

	if (item->kind == ITEM_SMB2)
		smb_pairs_item(&a->pairs, item);
}

static void on_finish(struct analyst *analyst)
{
	smb_pairs_finish(&((struct smb_answers *)analyst)->pairs);
}

static void on_close(struct analyst *analyst)
{
	struct smb_answers *a = (struct smb_answers *)analyst;

	smb_pairs_fini(&a->pairs);
	free(a);
}

int smb_answers_open(struct analyst **out, bool all)
{
	struct smb_answers *a = calloc(1, sizeof(*a));

	if (!a || smb_pairs_init(&a->pairs, on_operation, a)) {
		free(a);
		return -ENOMEM;
	}
	a->all = all;
	a->analyst = (struct analyst){ .name = "smb",
				       .columns = columns,
				       .item = on_item,
				       .finish = on_finish,
				       .close = on_close };
	*out = &a->analyst;
	return 0;
}
