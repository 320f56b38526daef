/* SPDX-License-Identifier: BSD-2-Clause */
/* Asks a running agent over its control socket. */
#ifndef SKUA_SERVE_CLIENT_H
#define SKUA_SERVE_CLIENT_H

#include "serve/protocol.h"

/* Whom to ask, and how long to wait. */
struct client {
	const char *path;
	int timeout_ms;   /* for an answer; while a stream comes, for its next bytes */
	unsigned version; /* set with -EPROTONOSUPPORT: of the agent */
};

/*
 * Each asks again while the agent is busy.  0 or -errno:
 *   -ENOENT, -ECONNREFUSED  nobody listens there
 *   -EACCES                 not for this account
 *   -EPROTONOSUPPORT        another version
 *   -ETIMEDOUT, -EBUSY      it hangs; it had others to serve all the time
 *   -ECONNRESET, -EBADMSG   it went away amid its reply; its reply is none
 *   -EOPNOTSUPP             it was not started with what that needs, or is older
 *   -ENODATA, -EFBIG        there are no such packets; they are too many
 *   -EINVAL, -EIO           it finds a field wrong; it failed, and its log says why
 */
int client_status(struct client *client, struct status_view *out);
/* The caller frees out->bytes; there may be none. */
int client_snapshot(struct client *client, const struct control_selector *selector,
		    struct control_answer *out);
int client_findings(struct client *client, uint64_t next, struct control_answer *out);
/* Likewise, of findings that tell how their scores came about: older ones are gone sooner. */
int client_derivations(struct client *client, uint64_t next, struct control_answer *out);
int client_arm(struct client *client, const struct control_selector *selector, uint32_t seconds);

#endif /* SKUA_SERVE_CLIENT_H */
