// SPDX-License-Identifier: BSD-2-Clause
/* Which interfaces are wanted, and whose side they are on. */
#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <linux/if_arp.h>
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "capture/wanted.h"

#define WANTED_NAMES_SHOWN 8 /* of those that are there, when one is missing */

enum { EXACTNESS_ANY, EXACTNESS_GLOB, EXACTNESS_NAME };

static const char *const role_names[SKUA_ROLES] = {
	[SKUA_ROLE_NONE] = "none",
	[SKUA_ROLE_UPLINK] = "uplink",
	[SKUA_ROLE_WORKLOAD] = "workload",
	[SKUA_ROLE_TAP] = "tap",
};

const char *wanted_role_name(enum skua_role role)
{
	return role_names[role];
}

int wanted_layer(uint16_t type)
{
	switch (type) {
	case ARPHRD_ETHER:
	case ARPHRD_LOOPBACK:
		return SKUA_LINK_ETHERNET;
	case ARPHRD_NONE: /* tun, WireGuard */
	case ARPHRD_PPP:
	case ARPHRD_RAWIP:
	case ARPHRD_TUNNEL:
	case ARPHRD_TUNNEL6:
	case ARPHRD_SIT:
	case ARPHRD_IPGRE:
	case ARPHRD_IP6GRE:
		return SKUA_LINK_RAW;
	}
	return -1;
}

static int read_role(const char *text, uint8_t *out)
{
	for (uint8_t role = SKUA_ROLE_UPLINK; role < SKUA_ROLES; role++) {
		if (!strcmp(text, role_names[role])) {
			*out = role;
			return 0;
		}
	}
	return -EINVAL;
}

/* What the kernel takes for the name of an interface. */
static bool is_name(const char *text)
{
	if (!strcmp(text, ".") || !strcmp(text, ".."))
		return false;
	for (; *text; text++) {
		if (*text == '/' || *text == ':' || isspace((unsigned char)*text))
			return false;
	}
	return true;
}

static uint8_t exactness(const char *name)
{
	if (!strcmp(name, "any"))
		return EXACTNESS_ANY;
	return strpbrk(name, "*?[") ? EXACTNESS_GLOB : EXACTNESS_NAME;
}

static int complain(char error[WANTED_ERROR_SIZE], int err, const char *text, const char *what)
{
	char shown[TEXT_ESCAPED(WANTED_NAME_SIZE)];

	text_escape(shown, sizeof(shown), text, strlen(text));
	snprintf(error, WANTED_ERROR_SIZE, "interface '%s': %s", shown, what);
	return err;
}

int wanted_add(struct wanted *wanted, const char *text, char error[WANTED_ERROR_SIZE])
{
	const char *equals = strrchr(text, '=');
	size_t length = equals ? (size_t)(equals - text) : strlen(text);
	struct wanted_pattern pattern = { 0 };

	if (equals && read_role(equals + 1, &pattern.role))
		return complain(error, -EINVAL, text,
				"the role after '=' is uplink, workload or tap");
	if (length >= sizeof(pattern.name))
		return complain(error, -EINVAL, text, "too long, 63 bytes are allowed");
	memcpy(pattern.name, text, length);
	pattern.exactness = exactness(pattern.name);
	if (!length || !is_name(pattern.name))
		return complain(error, -EINVAL, text, "no interface can have this name");
	if (pattern.exactness == EXACTNESS_NAME && length >= LINK_NAME_SIZE)
		return complain(error, -EINVAL, text, "too long, a name has 15 bytes at most");
	if (wanted->count == WANTED_MAX)
		return complain(error, -E2BIG, text, "more than 64; use globs or any");
	wanted->patterns[wanted->count++] = pattern;
	return 0;
}

static bool matches(const struct wanted_pattern *pattern, const struct link *link)
{
	switch (pattern->exactness) {
	case EXACTNESS_ANY:
		return link->up && link->type != ARPHRD_LOOPBACK;
	case EXACTNESS_GLOB:
		return !fnmatch(pattern->name, link->name, FNM_NOESCAPE);
	}
	return !strcmp(pattern->name, link->name);
}

/* From within a container its own end looks alike, but has an address and no bridge. */
static enum skua_role role_by_kind(const struct link *link)
{
	if (link_is_pair(link) && link->peer_elsewhere && (link->master || !link->addressed))
		return SKUA_ROLE_WORKLOAD;
	/* Both ends are here, and what is sent is what is received. */
	return link->type == ARPHRD_LOOPBACK ? SKUA_ROLE_TAP : SKUA_ROLE_UPLINK;
}

enum skua_role wanted_role(const struct wanted *wanted, const struct link *link)
{
	const struct wanted_pattern *best = NULL;

	if (wanted_layer(link->type) < 0)
		return SKUA_ROLE_NONE;
	for (uint32_t i = 0; i < wanted->count; i++) {
		const struct wanted_pattern *pattern = &wanted->patterns[i];

		if (matches(pattern, link) && (!best || pattern->exactness >= best->exactness))
			best = pattern;
	}
	if (!best)
		return SKUA_ROLE_NONE;
	return best->role ? best->role : role_by_kind(link);
}

static int missing(const char *name, const struct link *links, uint32_t count,
		   char error[WANTED_ERROR_SIZE])
{
	char list[WANTED_ERROR_SIZE / 2] = "it does not exist, nor does any other";
	size_t used = 0;
	uint32_t shown = 0;

	for (; shown < count && shown < WANTED_NAMES_SHOWN; shown++) {
		char text[TEXT_ESCAPED(LINK_NAME_SIZE)];

		text_escape(text, sizeof(text), links[shown].name, strlen(links[shown].name));
		if (used + strlen(text) + sizeof("it does not exist; there is , and 1024 more") >
		    sizeof(list))
			break; /* names made of escapes */
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s",
					 shown ? ", " : "it does not exist; there is ", text);
	}
	if (shown < count)
		snprintf(list + used, sizeof(list) - used, " and %u more", count - shown);
	return complain(error, -ENODEV, name, list);
}

int wanted_check(const struct wanted *wanted, const struct link *links, uint32_t count,
		 char error[WANTED_ERROR_SIZE])
{
	for (uint32_t i = 0; i < wanted->count; i++) {
		const struct wanted_pattern *pattern = &wanted->patterns[i];
		uint32_t at = 0;

		if (pattern->exactness != EXACTNESS_NAME)
			continue;
		while (at < count && !matches(pattern, &links[at]))
			at++;
		if (at == count)
			return missing(pattern->name, links, count, error);
		if (wanted_layer(links[at].type) < 0)
			return complain(error, -EPROTONOSUPPORT, pattern->name,
					"its frames are of a type that skua does not read");
	}
	return 0;
}
