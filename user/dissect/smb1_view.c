// SPDX-License-Identifier: BSD-2-Clause
/* SMB1 commands taken apart (MS-CIFS, 2.2.4): words of fixed places, and bytes behind them. */
#include <string.h>
#include "dissect/smb1_view.h"

#define FLAG_RESPONSE 0x80u
#define FLAG2_NT_STATUS 0x4000u
#define FLAG2_UNICODE 0x8000u
#define ANDX_NONE 0xff
#define MARK (1ull << 52) /* keeps numbers of messages apart from those of SMB2 */

enum smb1_command {
	CLOSE = 0x04,
	FLUSH = 0x05,
	LOCKING = 0x24,
	TRANSACTION = 0x25,
	ECHO = 0x2b,
	OPEN = 0x2d,
	READ = 0x2e,
	WRITE = 0x2f,
	TRANSACTION2 = 0x32,
	TREE_DISCONNECT = 0x71,
	NEGOTIATE = 0x72,
	SESSION_SETUP = 0x73,
	LOGOFF = 0x74,
	TREE_CONNECT = 0x75,
	NT_TRANSACTION = 0xa0,
	NT_CREATE = 0xa2,
	NT_CANCEL = 0xa4,
};

/* What of SMB2 does the same; a transaction on a pipe is what an ioctl is there. */
static const struct same {
	uint8_t command;
	uint16_t as;
	bool andx; /* another command may follow in the message */
} sames[] = {
	{ CLOSE, SMB2_CLOSE, false },
	{ FLUSH, SMB2_FLUSH, false },
	{ LOCKING, SMB2_LOCK, true },
	{ TRANSACTION, SMB2_IOCTL, false },
	{ ECHO, SMB2_ECHO, false },
	{ OPEN, SMB2_CREATE, true },
	{ READ, SMB2_READ, true },
	{ WRITE, SMB2_WRITE, true },
	{ TREE_DISCONNECT, SMB2_TREE_DISCONNECT, false },
	{ NEGOTIATE, SMB2_NEGOTIATE, false },
	{ SESSION_SETUP, SMB2_SESSION_SETUP, true },
	{ LOGOFF, SMB2_LOGOFF, true },
	{ TREE_CONNECT, SMB2_TREE_CONNECT, true },
	{ NT_CREATE, SMB2_CREATE, true },
	{ NT_CANCEL, SMB2_CANCEL, false },
};

/* A command in its message: words and bytes may be cut at its end. */
struct block {
	struct cursor message;
	size_t words, bytes; /* where they begin */
	uint8_t word_count;
	uint8_t command;
	bool unicode;
};

/* Of the words; 0 when there are fewer. */
static uint64_t word(const struct block *block, size_t at, unsigned bytes)
{
	size_t from = block->words + at;

	if (at + bytes > 2u * block->word_count || from + bytes > block->message.left)
		return 0;
	return smb_number(block->message.at + from, bytes);
}

/* Behind so many octets of the bytes; UTF-16 is aligned from the header on. */
static void read_name(struct smb2_view *view, const struct block *block, size_t skip, size_t most)
{
	size_t at = block->bytes + skip, unit = block->unicode ? 2 : 1, length = 0;

	at += block->unicode && at & 1;
	view->narrow = !block->unicode;
	if (at >= block->message.left)
		return;
	if (most > block->message.left - at)
		most = block->message.left - at;
	while (length + unit <= most && smb_number(block->message.at + at + length, unit))
		length += unit;
	view->name = (struct cursor){ block->message.at + at, length };
}

static void read_file(struct smb2_view *view, const struct block *block, size_t at)
{
	view->file[0] = word(block, at, 2);
	view->has_file = true;
}

static void read_write(struct smb2_view *view, const struct block *block)
{
	read_file(view, block, 4);
	view->offset = word(block, 6, 4) | word(block, 24, 4) << 32;
	view->data_length = word(block, 20, 2) | word(block, 18, 2) << 16;
	view->data_at = word(block, 22, 2);
	view->length = view->data_length;
}

static void read_request(struct smb2_view *view, const struct block *block)
{
	switch (block->command) {
	case TREE_CONNECT:
		read_name(view, block, word(block, 6, 2), SIZE_MAX);
		break;
	case NT_CREATE:
		read_name(view, block, 0, word(block, 5, 2));
		break;
	case OPEN:
		read_name(view, block, 0, SIZE_MAX);
		break;
	case CLOSE:
	case FLUSH:
		read_file(view, block, 0);
		break;
	case READ:
		read_file(view, block, 4);
		view->offset = word(block, 6, 4) | word(block, 20, 4) << 32;
		view->length = word(block, 10, 2);
		break;
	case WRITE:
		read_write(view, block);
		break;
	}
}

static void read_response(struct smb2_view *view, const struct block *block)
{
	if (view->status || !block->word_count)
		return;
	switch (block->command) {
	case NT_CREATE:
		read_file(view, block, 5);
		view->size = word(block, 55, 8);
		view->directory = word(block, 67, 1);
		break;
	case OPEN:
		read_file(view, block, 4);
		view->size = word(block, 12, 4);
		break;
	case READ:
		view->data_length = word(block, 10, 2) | word(block, 14, 2) << 16;
		view->data_at = word(block, 12, 2);
		view->length = view->data_length;
		break;
	case WRITE:
		view->length = word(block, 4, 2) | word(block, 8, 2) << 16;
		break;
	}
}

static const struct same *same_of(uint8_t command)
{
	for (unsigned i = 0; i < sizeof(sames) / sizeof(sames[0]); i++)
		if (sames[i].command == command)
			return &sames[i];
	return NULL;
}

/* Before NT: a class and a code (MS-CIFS, 2.2.2.4); the two that analysts look for, as NT has them.
 */
static uint32_t status_of(const uint8_t *header, unsigned flags2)
{
	uint32_t status = smb_number(header + 5, 4);

	if (flags2 & FLAG2_NT_STATUS)
		return status;
	if (status == 0x00020002) /* ERRSRV, ERRbadpw */
		return 0xc000006d;
	if (status == 0x00050001) /* ERRDOS, ERRnoaccess */
		return 0xc0000022;
	return status;
}

static void read_header(struct smb2_view *view, const uint8_t *header, unsigned number)
{
	uint64_t process = smb_number(header + 12, 2) << 16 | smb_number(header + 26, 2);

	*view = (struct smb2_view){
		.smb1 = true,
		.response = header[9] & FLAG_RESPONSE,
		.tree = smb_number(header + 24, 2),
		.session = smb_number(header + 28, 2),
		.message =
			MARK | (uint64_t)number << 48 | process << 16 | smb_number(header + 30, 2),
	};
	view->chain = view->message;
	if (view->response)
		view->status = status_of(header, smb_number(header + 10, 2));
}

bool smb1_is(const uint8_t *bytes, size_t length)
{
	return length >= 4 && !memcmp(bytes, "\xffSMB", 4);
}

/* The next one lies behind this one: no message makes a reader run in circles. */
static void find_next(struct smb1_block *next, const struct block *block)
{
	size_t at = word(block, 2, 2), here = block->words;

	next->command = word(block, 0, 1);
	next->at = next->command != ANDX_NONE && at > here && block->word_count >= 2 ? at : 0;
	next->number++;
	if (next->number >= SMB1_CHAIN_MAX)
		next->at = 0;
}

bool smb1_view_parse(struct smb2_view *view, const uint8_t *bytes, size_t length,
		     struct smb1_block *next)
{
	struct block block = { .message = { bytes, length } };
	size_t at = next->at ? next->at : SMB1_HEADER;
	const struct same *same;

	if (length <= SMB1_HEADER || at >= length || !smb1_is(bytes, length))
		return false;
	block.command = next->at ? next->command : bytes[4];
	block.unicode = smb_number(bytes + 10, 2) & FLAG2_UNICODE;
	block.word_count = bytes[at];
	block.words = at + 1;
	block.bytes = block.words + 2u * block.word_count + 2;
	read_header(view, bytes, next->number);
	same = same_of(block.command);
	view->command = same ? same->as : SMB1_COMMANDS + block.command;
	if (view->response)
		read_response(view, &block);
	else
		read_request(view, &block);
	next->at = 0;
	if (same && same->andx)
		find_next(next, &block);
	return true;
}

const char *smb1_command_name(unsigned command)
{
	switch (command) {
	case SMB1_COMMANDS + 0x00:
		return "create directory";
	case SMB1_COMMANDS + 0x01:
		return "delete directory";
	case SMB1_COMMANDS + 0x06:
		return "delete";
	case SMB1_COMMANDS + 0x07:
		return "rename";
	case SMB1_COMMANDS + TRANSACTION2:
		return "transaction2";
	case SMB1_COMMANDS + NT_TRANSACTION:
		return "nt transaction";
	default:
		return NULL;
	}
}
