// SPDX-License-Identifier: BSD-2-Clause
/* Reads how many clients of a fleet use what. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/lines.h"
#include "base/log.h"
#include "base/prevalence.h"
#include "base/text.h"

#define NAME_TEXT 256
#define CLIENTS_MAX 100000000u

struct name_key {
	char text[NAME_TEXT]; /* lower case, zeros behind it */
};

struct network_key {
	struct address address; /* masked */
	uint64_t prefix;
};

static struct network_key mask(const struct address *address, unsigned prefix)
{
	struct network_key key = { .prefix = prefix };

	for (unsigned i = 0; i < 16; i++) {
		unsigned left = prefix > 8 * i ? prefix - 8 * i : 0;

		key.address.bytes[i] =
			left >= 8 ? address->bytes[i] : address->bytes[i] & (0xff00 >> left);
	}
	return key;
}

static bool name_key(const char *name, struct name_key *key)
{
	size_t length = strlen(name);

	if (length && name[length - 1] == '.')
		length--;
	if (!length || length >= sizeof(key->text))
		return false;
	memset(key, 0, sizeof(*key));
	for (size_t i = 0; i < length; i++)
		key->text[i] = tolower((unsigned char)name[i]);
	return true;
}

static bool is_name(const char *text)
{
	if (text[0] == '.' || strstr(text, ".."))
		return false;
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && !strchr("-_.", *text))
			return false;
	return true;
}

static bool take_count(const char *text, uint32_t *out)
{
	unsigned long long number;
	char *end;

	errno = 0;
	number = strtoull(text, &end, 10);
	if (!isdigit((unsigned char)text[0]) || *end || errno || number > CLIENTS_MAX)
		return false;
	*out = number;
	return true;
}

/* NULL, or what is wrong. */
static const char *take_row(struct prevalence *prevalence, const char *what,
			    const struct prevalence_count *count)
{
	struct network network;
	struct name_key name;
	bool is_new;
	void *value;

	if (prevalence_lines(prevalence) == PREVALENCE_MAX)
		return "more lines than there is room for (65536)";
	if (!network_parse(&network, what)) {
		struct network_key key = mask(&network.address, network.prefix);

		prevalence->lengths[network.prefix] = true;
		value = table_get(&prevalence->networks, &key, &is_new);
	} else if (is_name(what) && name_key(what, &name)) {
		value = table_get(&prevalence->names, &name, &is_new);
	} else {
		return "neither a name nor a network";
	}
	if (!is_new)
		return "told twice";
	memcpy(value, count, sizeof(*count));
	return NULL;
}

static const char *take_line(void *arg, char *line)
{
	struct prevalence_count count;
	char *rest = line, *what, *clients, *seen;

	what = strtok_r(line, " \t", &rest);
	clients = strtok_r(NULL, " \t", &rest);
	seen = strtok_r(NULL, " \t", &rest);
	if (!seen || strtok_r(NULL, " \t", &rest))
		return "three words make a line";
	if (!take_count(clients, &count.clients) || !take_count(seen, &count.seen))
		return "clients and seen are whole numbers up to 100000000";
	if (count.clients > count.seen || !count.seen)
		return "more clients than were seen, or none";
	return take_row(arg, what, &count);
}

static int open_tables(struct prevalence *prevalence)
{
	struct table_options options = { .key_size = sizeof(struct name_key),
					 .value_size = sizeof(struct prevalence_count),
					 .capacity = PREVALENCE_MAX };
	int err = table_init(&prevalence->names, &options);

	options.key_size = sizeof(struct network_key);
	return err ? err : table_init(&prevalence->networks, &options);
}

int prevalence_open(struct prevalence **out, const char *path)
{
	struct prevalence *prevalence = calloc(1, sizeof(*prevalence));
	struct lines_fault fault = { .line = 0 };
	char shown[TEXT_ESCAPED(LINES_SHOWN)];
	int err = prevalence ? open_tables(prevalence) : -ENOMEM;

	if (!err)
		err = lines_read(path, take_line, prevalence, &fault);
	if (err) {
		prevalence_close(prevalence);
		if (fault.line)
			log_error("%s:%u: %s: \"%s\"; a line holds a name or network, clients that "
				  "use it, clients seen: example.org 120 400",
				  path, fault.line, fault.why, lines_show(&fault, shown));
		else
			log_error("cannot read %s: %s; --prevalence names a text file", path,
				  strerror(-err));
		return err;
	}
	*out = prevalence;
	return 0;
}

void prevalence_close(struct prevalence *prevalence)
{
	if (!prevalence)
		return;
	table_fini(&prevalence->names);
	table_fini(&prevalence->networks);
	free(prevalence);
}

uint32_t prevalence_lines(const struct prevalence *prevalence)
{
	return prevalence->names.used + prevalence->networks.used;
}

static bool found(const struct prevalence_count *count, struct prevalence_count *out)
{
	if (!count)
		return false;
	*out = *count;
	return true;
}

bool prevalence_of_name(const struct prevalence *prevalence, const char *name,
			struct prevalence_count *out)
{
	struct name_key key;

	return name_key(name, &key) && found(table_find(&prevalence->names, &key), out);
}

bool prevalence_of_address(const struct prevalence *prevalence, const struct address *address,
			   struct prevalence_count *out)
{
	for (int prefix = 128; prefix >= 0; prefix--) {
		struct network_key key = mask(address, prefix);

		if (prevalence->lengths[prefix] &&
		    found(table_find(&prevalence->networks, &key), out))
			return true;
	}
	return false;
}
