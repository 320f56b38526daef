// SPDX-License-Identifier: BSD-2-Clause
/* Says what is wrong with an agent that was asked, and what helps. */
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "client/agent_error.h"
#include "base/log.h"

/* The group of the socket, or of its folder where that hides it; NULL: neither can be seen. */
static const struct group *group_of(const char *path)
{
	const char *end = strrchr(path, '/');
	char folder[PATH_MAX];
	struct stat found;

	if (!stat(path, &found))
		return getgrgid(found.st_gid);
	snprintf(folder, sizeof(folder), "%.*s", end ? (int)(end - path) : 0, path);
	return stat(folder, &found) ? NULL : getgrgid(found.st_gid);
}

static void say_forbidden(const char *path)
{
	const struct group *group = group_of(path);

	log_error("%s: this account may not ask the agent: become root, or a member of %s%s", path,
		  group ? "group " : "the group that owns the socket", group ? group->gr_name : "");
}

static void say_limited(const char *path)
{
	log_error("the agent at %s lets this account ask about pods of some namespaces only: name "
		  "the address of one; see --reader of 'skua run'",
		  path);
}

static void say_version(const struct client *client)
{
	log_error("the agent at %s speaks version %u, this program version %u: restart the agent, "
		  "or use the skua that it was started from",
		  client->path, client->version, CONTROL_VERSION);
}

void agent_error_say(const struct client *client, int err)
{
	const char *path = client->path;

	switch (-err) {
	case ENOENT:
	case ENOTDIR:
	case ECONNREFUSED:
		log_error("no agent answers at %s: start it with 'skua run', or name its --socket",
			  path);
		break;
	case EACCES:
	case EPERM:
		say_forbidden(path);
		break;
	case EKEYREJECTED:
		say_limited(path);
		break;
	case EPROTONOSUPPORT:
		say_version(client);
		break;
	case ETIMEDOUT:
		log_error("the agent at %s does not answer within %d s: it hangs, or is "
			  "stopped: start it anew",
			  path, client->timeout_ms / 1000);
		break;
	case EBUSY:
		log_error("the agent at %s is busy with others who ask: try again", path);
		break;
	case EBADMSG:
		log_error("%s: what answers there is no agent of this version: name the agent's "
			  "--socket",
			  path);
		break;
	case ECONNRESET:
		log_error("the agent at %s went away while it answered: try again", path);
		break;
	case EOPNOTSUPP:
		log_error("the agent at %s has none of that: it is older than this program, or was "
			  "started without what that needs; see 'skua run --help'",
			  path);
		break;
	case ENODATA:
		log_error("the agent at %s keeps no such packets: ask for another host or a longer "
			  "--last",
			  path);
		break;
	case EFBIG:
		log_error("the agent at %s keeps more than it gives at once: name a --host, or a "
			  "shorter --last",
			  path);
		break;
	case EIO:
		log_error("the agent at %s could not do it: its log says why", path);
		break;
	default:
		log_error("%s: %s; name the agent's --socket", path, strerror(-err));
	}
}
