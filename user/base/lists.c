// SPDX-License-Identifier: BSD-2-Clause
/* Reads lists of names and ports, and looks things up in them. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/lists.h"
#include "base/log.h"
#include "base/text.h"

#define NAME_MAX_LENGTH 253 /* RFC 1035, in text */
#define UNIT_MAX_LENGTH 255
#define LIST_FILE_MAX (4ul << 20) /* bytes: some hundred thousand names */
#define LIST_PATH_MAX 4096
#define SHOWN_MAX 80 /* octets of a bad line */

static const char *const name_files[LIST_NAMES] = {
	[LIST_KNOWN_SERVICES] = "known-services.txt",
	[LIST_TALKATIVE_ZONES] = "talkative-zones.txt",
	[LIST_SUSPICIOUS_TLDS] = "suspicious-tlds.txt",
};

static const char *const port_files[LIST_PORTS] = {
	[LIST_TLS_PORTS] = "tls-ports.txt",
	[LIST_HTTP_PORTS] = "http-ports.txt",
	[LIST_MONITORING_PORTS] = "monitoring-ports.txt",
	[LIST_SUSPICIOUS_PORTS] = "suspicious-ports.txt",
	[LIST_SERVICE_PORTS] = "service-ports.txt",
};

/* Takes one line, without comment and surrounding blanks; 0, -EINVAL or -ENOMEM. */
typedef int take_line_fn(void *list, const char *line, size_t length);

static bool is_name_octet(unsigned char c)
{
	return isalnum(c) || c == '-' || c == '_' || c == '.';
}

static int append(struct name_list *list, const char *line, size_t length)
{
	char *name, **grown;

	if (list->count == list->room) {
		list->room = list->room ? 2 * list->room : 64;
		grown = realloc(list->names, list->room * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		list->names = grown;
	}
	name = strndup(line, length);
	if (!name)
		return -ENOMEM;
	list->names[list->count++] = name;
	return 0;
}

static int take_name(void *arg, const char *line, size_t length)
{
	struct name_list *list = arg;
	int err;

	if (line[length - 1] == '.')
		length--;
	if (!length || length > NAME_MAX_LENGTH || line[0] == '.')
		return -EINVAL;
	for (size_t i = 0; i < length; i++)
		if (!is_name_octet(line[i]) || (line[i] == '.' && line[i + 1] == '.'))
			return -EINVAL;
	err = append(list, line, length);
	for (size_t i = 0; !err && i < length; i++)
		list->names[list->count - 1][i] = tolower((unsigned char)line[i]);
	return err;
}

/* systemd.unit(5): 255 of letters, digits and these. */
static int take_unit(struct name_list *list, const char *line, size_t length)
{
	bool typed = false;

	for (size_t i = 0; i < length; i++) {
		if (!isalnum((unsigned char)line[i]) && !strchr(":-_.\\@", line[i]))
			return -EINVAL;
		typed |= i && line[i] == '.';
	}
	if (!typed || length > UNIT_MAX_LENGTH)
		return -EINVAL;
	return append(list, line, length);
}

/* A name, or "unit:" and a unit. */
static int take_service(void *arg, const char *line, size_t length)
{
	struct lists *lists = arg;

	if (length > 5 && !strncmp(line, "unit:", 5))
		return take_unit(&lists->units, line + 5, length - 5);
	return take_name(&lists->names[LIST_KNOWN_SERVICES], line, length);
}

/* "443", "443/tcp", "123/udp". */
static int take_port(void *arg, const char *line, size_t length)
{
	struct port_list *list = arg;
	unsigned long port = 0;
	size_t at = 0;
	bool tcp, udp;

	for (; at < length && isdigit((unsigned char)line[at]) && port <= UINT16_MAX; at++)
		port = port * 10 + (line[at] - '0');
	tcp = length - at == 4 && !strncmp(line + at, "/tcp", 4);
	udp = length - at == 4 && !strncmp(line + at, "/udp", 4);
	if (!port || port > UINT16_MAX || (at < length && !tcp && !udp))
		return -EINVAL;
	if (!udp)
		list->tcp[port / 64] |= 1ull << port % 64;
	if (!tcp)
		list->udp[port / 64] |= 1ull << port % 64;
	return 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void complain(const char *file, unsigned number, const char *line, size_t length)
{
	char shown[TEXT_ESCAPED(SHOWN_MAX)];

	text_escape(shown, sizeof(shown), line, length < SHOWN_MAX ? length : SHOWN_MAX);
	log_error("%s:%u: cannot understand \"%s\"; a line holds one domain such as example.org, "
		  "one port such as 443 or 443/tcp, or among services unit:NAME.service",
		  file, number, shown);
}

static int take_lines(const char *file, const char *text, take_line_fn *take, void *list)
{
	unsigned number = 0;

	while (*text) {
		const char *end = text + strcspn(text, "\n");
		const char *stop = text + strcspn(text, "#\n");
		int err = 0;

		number++;
		while (text < stop && is_blank(*text))
			text++;
		while (stop > text && is_blank(stop[-1]))
			stop--;
		if (stop > text)
			err = take(list, text, stop - text);
		if (err == -EINVAL)
			complain(file, number, text, stop - text);
		if (err)
			return err;
		text = *end ? end + 1 : end;
	}
	return 0;
}

/* *text: to be freed; NULL when there is no such file. */
static int read_file(const char *path, char **text)
{
	FILE *file = fopen(path, "re");
	char *read = NULL;
	size_t length;
	int err = 0;

	*text = NULL;
	if (!file)
		return errno == ENOENT ? 0 : -errno;
	read = malloc(LIST_FILE_MAX + 1);
	if (!read) {
		err = -ENOMEM;
		goto out;
	}
	length = fread(read, 1, LIST_FILE_MAX + 1, file);
	if (ferror(file))
		err = -EIO;
	else if (length > LIST_FILE_MAX)
		err = -EFBIG;
	else if (memchr(read, 0, length))
		err = -EINVAL;
	if (err)
		goto out;
	read[length] = 0;
	*text = read;
	read = NULL;
out:
	free(read);
	fclose(file);
	return err;
}

static const char *builtin_text(const char *name)
{
	for (const struct list_file *file = lists_builtin; file->name; file++)
		if (!strcmp(file->name, name))
			return file->text;
	return "";
}

static int load(const char *directory, const char *name, take_line_fn *take, void *list)
{
	char path[LIST_PATH_MAX], *text = NULL;
	int err = 0;

	if (directory) {
		if (snprintf(path, sizeof(path), "%s/%s", directory, name) >= (int)sizeof(path))
			return -ENAMETOOLONG;
		err = read_file(path, &text);
		if (err)
			log_error("cannot read %s: %s; a list is a text file", path,
				  strerror(-err));
	}
	if (!err)
		err = take_lines(text ? path : name, text ? text : builtin_text(name), take, list);
	free(text);
	return err;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort(struct name_list *list)
{
	if (list->count)
		qsort(list->names, list->count, sizeof(*list->names), by_name);
}

/* A folder that is not there would silently leave all built-in lists in force. */
static int check_directory(const char *directory)
{
	struct stat status;
	int err = 0;

	if (!directory)
		return 0;
	if (stat(directory, &status))
		err = -errno;
	else if (!S_ISDIR(status.st_mode))
		err = -ENOTDIR;
	if (err)
		log_error("cannot read the lists in '%s': %s; name a folder such as deploy/lists",
			  directory, strerror(-err));
	return err;
}

int lists_open(struct lists **out, const char *directory)
{
	struct lists *lists = calloc(1, sizeof(*lists));
	int err = lists ? check_directory(directory) : -ENOMEM;

	for (int i = 0; !err && i < LIST_NAMES; i++) {
		struct name_list *list = &lists->names[i];

		if (i == LIST_KNOWN_SERVICES)
			err = load(directory, name_files[i], take_service, lists);
		else
			err = load(directory, name_files[i], take_name, list);
		sort(list);
	}
	sort(&lists->units);
	for (int i = 0; !err && i < LIST_PORTS; i++)
		err = load(directory, port_files[i], take_port, &lists->ports[i]);
	if (err) {
		lists_close(lists);
		return err;
	}
	*out = lists;
	return 0;
}

static void forget(struct name_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->names[i]);
	free(list->names);
}

void lists_close(struct lists *lists)
{
	for (int i = 0; lists && i < LIST_NAMES; i++)
		forget(&lists->names[i]);
	if (lists)
		forget(&lists->units);
	free(lists);
}

const char *lists_match_name(const struct lists *lists, enum list_names which, const char *name)
{
	const struct name_list *list = &lists->names[which];
	char lower[NAME_MAX_LENGTH + 2];
	size_t length = 0;

	for (; name[length] && length < sizeof(lower) - 1; length++)
		lower[length] = tolower((unsigned char)name[length]);
	lower[length] = 0;
	for (const char *at = lower; at && *at && list->count; at = strchr(at, '.')) {
		char **found;

		at += *at == '.';
		found = bsearch(&at, list->names, list->count, sizeof(*list->names), by_name);
		if (found)
			return *found;
	}
	return NULL;
}

static const char *find_unit(const struct lists *lists, const char *unit)
{
	const struct name_list *list = &lists->units;
	char **found = list->count ? bsearch(&unit, list->names, list->count, sizeof(*list->names),
					     by_name)
				   : NULL;

	return found ? *found : NULL;
}

const char *lists_match_unit(const struct lists *lists, const char *unit)
{
	char template[UNIT_MAX_LENGTH + 1];
	const char *found = find_unit(lists, unit);
	const char *at = strchr(unit, '@'), *type = strrchr(unit, '.');

	if (found || !at || !type || type < at || strlen(unit) > UNIT_MAX_LENGTH)
		return found;
	snprintf(template, sizeof(template), "%.*s%s", (int)(at + 1 - unit), unit, type);
	return find_unit(lists, template);
}

bool lists_has_port(const struct lists *lists, enum list_ports list, uint8_t proto, uint16_t port)
{
	const struct port_list *ports = &lists->ports[list];
	const uint64_t *words = proto == 6 ? ports->tcp : proto == 17 ? ports->udp : NULL;

	return words && words[port / 64] >> port % 64 & 1;
}
