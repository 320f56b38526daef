/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One SMB2 command as it is asked or answered (MS-SMB2): what files it concerns,
 * and its data.  Those of SMB1 are shown as if they were SMB2's (smb1_view.h).
 */
#ifndef SKUA_DISSECT_SMB2_VIEW_H
#define SKUA_DISSECT_SMB2_VIEW_H

#include "dissect/cursor.h"

#define SMB2_HEADER 64
#define SMB2_HEAD_MAX 144    /* header, fixed part and file id of any command that carries data */
#define SMB2_SAME UINT64_MAX /* in both halves of a file id: that of the command before */

enum smb2_command {
	SMB2_NEGOTIATE,
	SMB2_SESSION_SETUP,
	SMB2_LOGOFF,
	SMB2_TREE_CONNECT,
	SMB2_TREE_DISCONNECT,
	SMB2_CREATE,
	SMB2_CLOSE,
	SMB2_FLUSH,
	SMB2_READ,
	SMB2_WRITE,
	SMB2_LOCK,
	SMB2_IOCTL,
	SMB2_CANCEL,
	SMB2_ECHO,
	SMB2_QUERY_DIRECTORY,
	SMB2_CHANGE_NOTIFY,
	SMB2_QUERY_INFO,
	SMB2_SET_INFO,
	SMB2_OPLOCK_BREAK,
	SMB2_COMMANDS,
	SMB1_COMMANDS = 0x100 /* and SMB1's number, where SMB2 has no such command */
};

#define SMB2_STATUS_PENDING 0x103u /* the answer comes later */

/* Borrowed bytes, as the wire has them. */
struct smb2_view {
	uint16_t command;
	bool response, related, async;
	bool smb1;
	uint32_t status; /* of a response */
	uint32_t tree;   /* 0 when async */
	uint32_t next;   /* bytes to the next command of the compound; 0: the last */
	uint64_t message, session;
	uint64_t chain; /* message of the first command of its compound */
	uint64_t file[2];
	bool has_file;
	struct cursor name;            /* UTF-16: of CREATE, or the share of TREE_CONNECT */
	bool narrow;                   /* it is not: an octet each, in whatever code page */
	uint64_t offset;               /* of READ and WRITE requests */
	uint32_t length;               /* of bytes to be read or written, or that were */
	uint64_t size;                 /* CREATE's response: end of file */
	bool directory;                /* CREATE's response */
	uint32_t data_at, data_length; /* in a READ response or a WRITE request */
};

/* Some bytes that a command carries. */
struct smb2_data {
	const struct smb2_view *view; /* its name is gone */
	uint64_t at;                  /* of these in its data; a jump: some are lost */
	const uint8_t *bytes;
	size_t length;
};

/*
 * bytes: from the header on; of what has data SMB2_HEAD_MAX are enough, of
 * others a name that is not there is empty.  false: no SMB2.
 */
bool smb2_view_parse(struct smb2_view *view, const uint8_t *bytes, size_t length);
/* It carries data behind its fixed part. */
bool smb2_view_has_data(const struct smb2_view *view);
/* "create", "read", ...; NULL: unknown. */
const char *smb2_command_name(unsigned command);
/* The number of a message as people know it. */
uint64_t smb2_view_message(const struct smb2_view *view);
/* The name, cut at size; returns the length.  One of octets is copied as it is, UTF-16 as below. */
size_t smb2_view_name(const struct smb2_view *view, char *to, size_t size);
/* UTF-16 as UTF-8, what is none of it as U+FFFD; likewise. */
size_t smb2_text(const struct cursor *name, char *to, size_t size);

/* So many bytes, little-endian; they are there. */
static inline uint64_t smb_number(const uint8_t *at, unsigned bytes)
{
	uint64_t value = 0;

	while (bytes--)
		value = value << 8 | at[bytes];
	return value;
}

#endif /* SKUA_DISSECT_SMB2_VIEW_H */
