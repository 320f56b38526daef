/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux cooked frames (DLT_LINUX_SLL2) as all interfaces together give them:
 * which interface, which way, how long on the wire.  Pure; the packet behind
 * the header is the parser's (skua/link.h).
 * https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html
 */
#ifndef SKUA_CAPTURE_COOKED_H
#define SKUA_CAPTURE_COOKED_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "skua/watched.h"

#define COOKED_HEADER 20

struct cooked_interface {
	uint32_t ifindex;
	enum skua_role role;
};

struct cooked {
	uint32_t ifindex;
	uint32_t length; /* on the wire, of the link's own header in place of the cooked one */
	bool outgoing;   /* sent by this host; else received */
	bool followed;   /* what follows is told by an ethertype */
};

/* length: of the cooked frame.  False: there is not even a header. */
bool cooked_read(struct cooked *to, const uint8_t *bytes, uint32_t captured, uint32_t length);
/* enum skua_origin of its sender, or -1: by address. */
int cooked_origin(const struct cooked *cooked, enum skua_role role);

/* Orders by ifindex, for cooked_find(). */
void cooked_sort(struct cooked_interface *interfaces, size_t count);
/* NULL: not one of them. */
const struct cooked_interface *cooked_find(const struct cooked_interface *interfaces, size_t count,
					   uint32_t ifindex);

/* Each costs every packet of the host a test in the kernel; beyond so many, user space looks. */
#define COOKED_PROGRAM_INTERFACES 128
#define COOKED_PROGRAM (COOKED_PROGRAM_INTERFACES + 3)

/* A socket filter that lets snaplen bytes of these interfaces' packets through, or of all packets
 * when they are too many.  Returns how many instructions it has. */
unsigned short cooked_program(struct sock_filter to[COOKED_PROGRAM],
			      const struct cooked_interface *interfaces, size_t count,
			      uint32_t snaplen);

#endif /* SKUA_CAPTURE_COOKED_H */
