/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One SMB1 command (MS-CIFS, MS-SMB) as the SMB2 command that does the same, so
 * that who reads these reads both.  What SMB2 has not keeps a number of its own.
 */
#ifndef SKUA_DISSECT_SMB1_VIEW_H
#define SKUA_DISSECT_SMB1_VIEW_H

#include "dissect/smb2_view.h"

#define SMB1_HEADER 32
#define SMB1_HEAD_MAX 128 /* header and words of any command that carries data */
#define SMB1_CHAIN_MAX 8  /* commands in a message: three are common */

/* Where a command of a message begins; zero: the first. */
struct smb1_block {
	uint8_t command;
	uint16_t at;    /* from the header; 0: there is none, or it is the first */
	uint8_t number; /* of commands before it */
};

bool smb1_is(const uint8_t *bytes, size_t length);
/*
 * bytes: from the header on; of what has data SMB1_HEAD_MAX are enough.  *block
 * becomes that of the next command of the message.  false: no SMB1.
 */
bool smb1_view_parse(struct smb2_view *view, const uint8_t *bytes, size_t length,
		     struct smb1_block *block);
/* Of commands that SMB2 has not; NULL: unknown. */
const char *smb1_command_name(unsigned command);

#endif /* SKUA_DISSECT_SMB1_VIEW_H */
