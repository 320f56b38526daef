// SPDX-License-Identifier: BSD-2-Clause
/* Who did it, as people and machines read it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "report/origin.h"
#include "tap.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct finding_origin made(const char *path, const char *account)
{
	struct finding_origin origin = { .cgroup = 7, .uid = 1000 };

	snprintf(origin.path, sizeof(origin.path), "%s", path);
	snprintf(origin.account, sizeof(origin.account), "%s", account);
	return origin;
}

static bool reads(const struct finding_origin *origin, const char *expected)
{
	char text[ORIGIN_TEXT];

	if (!strcmp(origin_text(text, origin), expected))
		return true;
	printf("# %s\n", text);
	return false;
}

static bool writes(const struct finding_origin *origin, const char *expected)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);
	struct json json;
	bool same;

	json_init(&json, stream);
	json_open_object(&json, NULL);
	origin_write_json(&json, origin);
	json_close(&json);
	fclose(stream);
	same = !strcmp(text, expected);
	if (!same)
		printf("# %s\n", text);
	free(text);
	return same;
}

int main(void)
{
	struct finding_origin origin = made("/system.slice/sshd.service", "root"), none = { 0 };

	ok(reads(&origin, "sshd.service"), "a unit is its name");
	ok(writes(&origin, "{\"origin\":{\"unit\":\"sshd.service\",\"uid\":1000,\"user\":\"root\","
			   "\"cgroup\":\"/system.slice/sshd.service\",\"cgroup_id\":7}}"),
	   "and so it is for machines, with its account");
	origin = made("/system.slice/docker-" ID ".scope", "alice");
	origin.others = 2;
	ok(reads(&origin, "docker 0123456789ab and others"), "a container is a short id");
	ok(writes(&origin,
		  "{\"origin\":{\"container\":\"" ID "\",\"runtime\":\"docker\",\"uid\":1000,"
		  "\"cgroup\":\"/system.slice/docker-" ID
		  ".scope\",\"cgroup_id\":7,\"others\":2}}"),
	   "for machines the whole, without this machine's name for its account");
	origin = made("/ecs/" ID, "");
	ok(reads(&origin, "container 0123456789ab"), "one of a runtime nobody knows as well");
	origin = made("/user.slice/user-1.slice/user@1.service/a.service", "");
	ok(reads(&origin, "a.service"), "a user's unit is the nearest name");
	origin = made("", "bob");
	ok(reads(&origin, "uid 1000") &&
		   writes(&origin, "{\"origin\":{\"uid\":1000,\"user\":\"bob\","
				   "\"cgroup_id\":7}}"),
	   "without a path there is the account");
	origin = made("/a\033[2J.service", "");
	ok(reads(&origin, "a\\x1b[2J.service"), "what is no text for terminals is escaped");
	ok(reads(&none, "") && writes(&none, "{}"), "where nobody is known nothing is said");
	return done();
}
