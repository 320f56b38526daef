/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers for interfaces over all inputs.  An interface is numbered when its
 * first frame is delivered.  A capture that goes on in another file or section
 * keeps its interface: once the one before has ended, the next of the same
 * name and link type takes over its number, so that conversations are not torn
 * where a ring of files was cut.  Two that run at the same time never share.
 */
#ifndef SKUA_CAPTURE_FILE_INTERFACE_H
#define SKUA_CAPTURE_FILE_INTERFACE_H

#include <stdint.h>

#define FILE_INTERFACE_NAME_SIZE 64 /* longer names are cut; Windows' take 50 */

/* In one section, and numbered in all; those beyond share the number after the last. */
#define FILE_INTERFACES_MAX 4096

/* What a reader knows of an interface. */
struct file_interface {
	char name[FILE_INTERFACE_NAME_SIZE]; /* "" where the format has none */
	uint16_t linktype;
	uint32_t number; /* 0: no frame of it was delivered yet */
};

struct file_interfaces;

struct file_interfaces *file_interfaces_open(void); /* NULL: no memory */
void file_interfaces_close(struct file_interfaces *all);

/* Gives the interface its number, from 1, if it has none. */
void file_interfaces_take(struct file_interfaces *all, struct file_interface *interface);

/* The interface has ended: another may take over its number. */
void file_interfaces_release(struct file_interfaces *all, const struct file_interface *interface);

/* Borrowed until close; NULL for a number never given, "" for an interface without a name. */
const char *file_interfaces_name(const struct file_interfaces *all, uint32_t number);

#endif /* SKUA_CAPTURE_FILE_INTERFACE_H */
