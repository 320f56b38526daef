/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What people know and machines cannot measure: names of harmless services,
 * ports and what is spoken on them.  Each list is a text file that users may
 * edit (deploy/lists); a copy of them is built in.  Read once, then constant.
 */
#ifndef SKUA_BASE_LISTS_H
#define SKUA_BASE_LISTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum list_names {
	LIST_KNOWN_SERVICES,  /* connectivity checks and updates */
	LIST_TALKATIVE_ZONES, /* whose names carry much and mean no harm */
	LIST_SUSPICIOUS_TLDS, /* top-level domains known for abuse */
	LIST_NAMES
};

enum list_ports {
	LIST_TLS_PORTS,
	LIST_HTTP_PORTS,
	LIST_MONITORING_PORTS,
	LIST_SUSPICIOUS_PORTS,
	LIST_SERVICE_PORTS, /* polled by design, inside */
	LIST_PORTS
};

/* Names ascending, without the last dot, lower case. */
struct name_list {
	char **names;
	size_t count, room;
};

#define PORT_LIST_WORDS (65536 / 64)

struct port_list {
	uint64_t tcp[PORT_LIST_WORDS];
	uint64_t udp[PORT_LIST_WORDS];
};

struct lists {
	struct name_list names[LIST_NAMES];
	struct name_list units; /* of systemd; "unit:NAME" among the known services */
	struct port_list ports[LIST_PORTS];
};

/* A list file that is part of the program: made by tools/embed-lists.sh; ended by a NULL name. */
struct list_file {
	const char *name;
	const char *text;
};
extern const struct list_file lists_builtin[];

/*
 * Reads the lists from a directory, or the built-in ones when it is NULL.  A
 * file that is not there leaves its built-in list in force.  0, -ENOMEM,
 * -errno of a file that cannot be read, or -EINVAL for a line that makes no
 * sense; which file and line is logged.
 */
int lists_open(struct lists **out, const char *directory);
void lists_close(struct lists *lists);

/*
 * Is name, or a domain it lies in, on the list?  "a.example.org" is covered by
 * the entry "example.org", "badexample.org" is not.  Letters compare without
 * case; the entry that matched is returned, or NULL.
 */
const char *lists_match_name(const struct lists *lists, enum list_names list, const char *name);
/* A unit of systemd, or the template that it is an instance of ("x@.service" of "x@1.service"): the
 * entry, or NULL.  Case matters. */
const char *lists_match_unit(const struct lists *lists, const char *unit);
/* proto: 6 TCP, 17 UDP. */
bool lists_has_port(const struct lists *lists, enum list_ports list, uint8_t proto, uint16_t port);

#endif /* SKUA_BASE_LISTS_H */
