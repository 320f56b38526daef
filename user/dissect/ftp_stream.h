/* SPDX-License-Identifier: BSD-2-Clause */
/* What is FTP's own among the protocols of lines (line_stream.c). */
#ifndef SKUA_DISSECT_FTP_STREAM_H
#define SKUA_DISSECT_FTP_STREAM_H

#include "dissect/dissector.h"
#include "dissect/ftp_line.h"

/* By the first line of both sides, or the port: also where the greeting was not seen. */
enum dissector_claim ftp_claim(const struct dissector_begin *begin);
/* Says the line, and expects the data connection that it announces; line: without its end. */
void ftp_understand(struct dissector_call *call, const struct cursor *line);

#endif /* SKUA_DISSECT_FTP_STREAM_H */
