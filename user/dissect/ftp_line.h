/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of FTP's control connection (RFC 959, 2428): commands, replies, and the ports they name. */
#ifndef SKUA_DISSECT_FTP_LINE_H
#define SKUA_DISSECT_FTP_LINE_H

#include "dissect/cursor.h"

#define FTP_LINE_MAX 8192 /* a path of 4 KiB, and as much for odd ones */

/* Borrowed bytes, as the wire has them, without the end of the line. */
struct ftp_line {
	unsigned code;      /* of a reply; 0: a command */
	bool goes_on;       /* more lines of the reply follow */
	struct cursor word; /* of a command */
	struct cursor text; /* the command's argument, or what the reply says */
};

/* line: without its end; false: it is neither, or a reply's further line. */
bool ftp_line_parse(struct ftp_line *out, const struct cursor *line, bool from_client);
/* Case does not matter. */
bool ftp_line_is(const struct ftp_line *line, const char *word);
/*
 * The line says at which port of its sender a data connection will arrive:
 * PORT, EPRT, or the replies to PASV and EPSV.  The address beside it is that
 * of the sender, or was rewritten: it is not looked at.
 */
bool ftp_line_port(const struct ftp_line *line, uint16_t *port);

#endif /* SKUA_DISSECT_FTP_LINE_H */
