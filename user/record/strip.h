/* SPDX-License-Identifier: BSD-2-Clause */
/* A copy of a pcapng file without what its section says of itself: packets must speak alone. */
#ifndef SKUA_RECORD_STRIP_H
#define SKUA_RECORD_STRIP_H

/* Copies from one descriptor to the other, both from where they are, without the comments of
 * section headers.  0 or -errno; -EBADMSG: not a pcapng file, or of another byte order. */
int strip_comments(int from, int to);

#endif /* SKUA_RECORD_STRIP_H */
