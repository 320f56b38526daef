// SPDX-License-Identifier: BSD-2-Clause
/* SMB2 commands taken apart (MS-SMB2, 2.2): little-endian, offsets from the header. */
#include <string.h>
#include "dissect/smb1_view.h"
#include "dissect/smb2_view.h"

#define FLAG_RESPONSE 1u
#define FLAG_ASYNC 2u
#define FLAG_RELATED 4u
#define ATTRIBUTE_DIRECTORY 0x10u
#define STATUS_BUFFER_OVERFLOW 0x80000005u /* a part of it, and there is more */

/* 0 when it is not there. */
static uint64_t field(const struct cursor *from, size_t at, unsigned bytes)
{
	return at + bytes <= from->left ? smb_number(from->at + at, bytes) : 0;
}

static const char *const names[SMB2_COMMANDS] = {
	"negotiate", "session setup", "logoff",   "tree connect", "tree disconnect",
	"create",    "close",         "flush",    "read",         "write",
	"lock",      "ioctl",         "cancel",   "echo",         "query directory",
	"notify",    "query info",    "set info", "oplock break",
};

const char *smb2_command_name(unsigned command)
{
	return command < SMB2_COMMANDS ? names[command] : smb1_command_name(command);
}

/* Where a request has the id of its file; 0: nowhere. */
static size_t file_at(unsigned command)
{
	switch (command) {
	case SMB2_READ:
	case SMB2_WRITE:
	case SMB2_SET_INFO:
		return 80;
	case SMB2_QUERY_INFO:
		return 88;
	case SMB2_CLOSE:
	case SMB2_FLUSH:
	case SMB2_LOCK:
	case SMB2_IOCTL:
	case SMB2_QUERY_DIRECTORY:
	case SMB2_CHANGE_NOTIFY:
		return 72;
	default:
		return 0;
	}
}

static void read_file(struct smb2_view *view, const struct cursor *from, size_t at)
{
	if (!at || at + 16 > from->left)
		return;
	view->file[0] = smb_number(from->at + at, 8);
	view->file[1] = smb_number(from->at + at + 8, 8);
	view->has_file = true;
}

static void read_name(struct smb2_view *view, const struct cursor *from, size_t at)
{
	size_t begin = field(from, at, 2), length = field(from, at + 2, 2);

	if (begin >= SMB2_HEADER && begin <= from->left && length <= from->left - begin)
		view->name = (struct cursor){ from->at + begin, length };
}

static void read_request(struct smb2_view *view, const struct cursor *from)
{
	read_file(view, from, file_at(view->command));
	switch (view->command) {
	case SMB2_TREE_CONNECT:
		read_name(view, from, 68);
		break;
	case SMB2_CREATE:
		read_name(view, from, 108);
		break;
	case SMB2_WRITE:
		view->data_at = field(from, 66, 2);
		view->data_length = field(from, 68, 4);
		/* fall through */
	case SMB2_READ:
		view->length = field(from, 68, 4);
		view->offset = field(from, 72, 8);
		break;
	}
}

static void read_response(struct smb2_view *view, const struct cursor *from)
{
	if (view->status && view->status != STATUS_BUFFER_OVERFLOW)
		return;
	switch (view->command) {
	case SMB2_CREATE:
		view->size = field(from, 112, 8);
		view->directory = field(from, 120, 4) & ATTRIBUTE_DIRECTORY;
		read_file(view, from, 128);
		break;
	case SMB2_READ:
		view->data_at = field(from, 66, 1);
		view->data_length = field(from, 68, 4);
		view->length = view->data_length;
		break;
	case SMB2_WRITE:
		view->length = field(from, 68, 4);
		break;
	}
}

bool smb2_view_parse(struct smb2_view *view, const uint8_t *bytes, size_t length)
{
	const struct cursor from = { bytes, length };
	uint32_t flags;

	if (length < SMB2_HEADER || memcmp(bytes, "\xfeSMB", 4) ||
	    smb_number(bytes + 4, 2) != SMB2_HEADER)
		return false;
	flags = smb_number(bytes + 16, 4);
	*view = (struct smb2_view){ .command = smb_number(bytes + 12, 2),
				    .response = flags & FLAG_RESPONSE,
				    .related = flags & FLAG_RELATED,
				    .async = flags & FLAG_ASYNC,
				    .next = smb_number(bytes + 20, 4),
				    .message = smb_number(bytes + 24, 8),
				    .session = smb_number(bytes + 40, 8) };
	view->chain = view->message;
	if (!view->async)
		view->tree = smb_number(bytes + 36, 4);
	if (view->response) {
		view->status = smb_number(bytes + 8, 4);
		read_response(view, &from);
	} else {
		read_request(view, &from);
	}
	return true;
}

bool smb2_view_has_data(const struct smb2_view *view)
{
	return view->data_length && view->data_at >= (view->smb1 ? SMB1_HEADER : SMB2_HEADER);
}

uint64_t smb2_view_message(const struct smb2_view *view)
{
	return view->smb1 ? view->message & 0xffff : view->message;
}

size_t smb2_view_name(const struct smb2_view *view, char *to, size_t size)
{
	size_t length = view->name.left < size ? view->name.left : size;

	if (!view->narrow)
		return smb2_text(&view->name, to, size);
	if (length)
		memcpy(to, view->name.at, length);
	return length;
}

/* One code point; *at moves behind it. */
static uint32_t next_point(const struct cursor *name, size_t *at)
{
	uint32_t unit = smb_number(name->at + *at, 2), low;

	*at += 2;
	if (unit < 0xd800 || unit > 0xdfff)
		return unit;
	if (unit > 0xdbff || name->left - *at < 2)
		return 0xfffd;
	low = smb_number(name->at + *at, 2);
	if (low < 0xdc00 || low > 0xdfff)
		return 0xfffd;
	*at += 2;
	return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
}

size_t smb2_text(const struct cursor *name, char *to, size_t size)
{
	size_t at = 0, length = 0;

	while (name->left - at >= 2 && size - length >= 4) {
		uint32_t c = next_point(name, &at);

		if (c < 0x80) {
			to[length++] = c;
			continue;
		}
		if (c < 0x800) {
			to[length++] = 0xc0 | c >> 6;
		} else if (c < 0x10000) {
			to[length++] = 0xe0 | c >> 12;
			to[length++] = 0x80 | (c >> 6 & 0x3f);
		} else {
			to[length++] = 0xf0 | c >> 18;
			to[length++] = 0x80 | (c >> 12 & 0x3f);
			to[length++] = 0x80 | (c >> 6 & 0x3f);
		}
		to[length++] = 0x80 | (c & 0x3f);
	}
	return length;
}
