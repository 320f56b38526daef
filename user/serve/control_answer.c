// SPDX-License-Identifier: BSD-2-Clause
/* Answers requests to the control socket, as often as may be, and logs who reads what. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "base/log.h"
#include "base/text.h"
#include "serve/control_state.h"

#define COSTLY_NS (1000000000ull / CONTROL_RATE)
/* Who reads findings again and again is logged when it begins, and again after such a pause. */
#define READER_PAUSE_NS 60000000000ull

static void set_head(struct control_client *client, size_t length)
{
	client->reply.head = (struct control_head){ length, CONTROL_VERSION, CONTROL_OK };
}

static enum control_verdict verdict_of(int err)
{
	switch (-err) {
	case 0:
		return CONTROL_OK;
	case ENOENT:
		return CONTROL_NOTHING;
	case EFBIG:
		return CONTROL_TOO_BIG;
	case EBUSY:
	case EAGAIN:
		return CONTROL_BUSY;
	case EOPNOTSUPP:
		return CONTROL_UNSUPPORTED;
	case EPERM:
		return CONTROL_FORBIDDEN;
	default:
		return CONTROL_FAILED;
	}
}

/* At their rate, and CONTROL_RATE of them at once after a pause. */
static bool may_cost(struct control *control, uint64_t now_ns)
{
	uint64_t from_ns = control->costly_ns > now_ns ? control->costly_ns : now_ns;

	if (from_ns - now_ns > (CONTROL_RATE - 1) * COSTLY_NS)
		return false;
	control->costly_ns = from_ns + COSTLY_NS;
	return true;
}

static struct ucred who_asks(const struct control_client *client)
{
	struct ucred who = { .pid = 0, .uid = -1, .gid = -1 };
	socklen_t size = sizeof(who);

	getsockopt(client->fd, SOL_SOCKET, SO_PEERCRED, &who, &size);
	return who;
}

static const char *limit_of(const struct reader_rights *rights)
{
	return rights ? ", as far as it may" : "";
}

static void refresh_view(struct control *control, uint64_t now_ns)
{
	if (!control->has_view || now_ns - control->view_ns >= CONTROL_FRESH_NS) {
		memset(&control->view, 0, sizeof(control->view));
		control->ops.status(control->ops.arg, &control->view);
		control->view_ns = now_ns;
		control->has_view = true;
	}
	control->view.answered = control->answered;
	control->view.turned_away = control->turned_away;
}

static enum control_verdict answer_status(struct control *control, struct control_client *client,
					  const struct control_request *request, uint64_t now_ns)
{
	(void)request;
	if (!control->ops.status)
		return CONTROL_UNSUPPORTED;
	refresh_view(control, now_ns);
	set_head(client, sizeof(client->reply.status));
	client->reply.status.view = control->view;
	return CONTROL_OK;
}

static void begin_stream(struct control_client *client, uint64_t now_ns)
{
	const struct control_answer *answer = &client->answer;

	set_head(client, sizeof(client->reply.stream));
	client->reply.stream.stream =
		(struct control_stream){ answer->length, answer->next, answer->missed };
	client->since_ns = now_ns;
}

static struct control_reader *find_reader(struct control *control, const struct ucred *who,
					  enum control_kind kind)
{
	for (int i = 0; i < CONTROL_READERS; i++) {
		struct control_reader *reader = &control->readers[i];

		if (reader->kind == kind && reader->pid == who->pid && reader->uid == who->uid)
			return reader;
	}
	return NULL;
}

/* Was it logged already that this one reads such things, and did it go on since? */
static bool is_known_reader(struct control *control, const struct ucred *who,
			    enum control_kind kind, uint64_t now_ns)
{
	struct control_reader *reader = find_reader(control, who, kind);

	if (!reader || now_ns - reader->seen_ns >= READER_PAUSE_NS)
		return false;
	reader->seen_ns = now_ns;
	return true;
}

/* In place of whom we have not seen for longest. */
static void remember_reader(struct control *control, const struct ucred *who,
			    enum control_kind kind, uint64_t now_ns)
{
	struct control_reader *place = find_reader(control, who, kind);

	if (!place) {
		place = control->readers; /* free places were seen at 0 */
		for (int i = 1; i < CONTROL_READERS; i++)
			if (control->readers[i].seen_ns < place->seen_ns)
				place = &control->readers[i];
	}
	*place = (struct control_reader){ who->uid, who->pid, kind, now_ns };
}

static bool is_snapshot_held(const struct control *control)
{
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		if (control->clients[i].fd >= 0 && control->clients[i].holds_snapshot)
			return true;
	return false;
}

static enum control_verdict answer_snapshot(struct control *control, struct control_client *client,
					    const struct control_request *request, uint64_t now_ns)
{
	char what[SELECTOR_TEXT], bytes[TEXT_NUMBER];
	struct ucred who = who_asks(client);
	struct reader_rights room;
	const struct reader_rights *rights = readers_find(control->ops.readers, who.uid, &room);
	struct control_answer answer = {};
	int err;

	if (!control->ops.snapshot)
		return CONTROL_UNSUPPORTED;
	if (is_snapshot_held(control) || !may_cost(control, now_ns))
		return CONTROL_BUSY;
	err = control->ops.snapshot(control->ops.arg, &request->selector, rights, &answer);
	if (err)
		return verdict_of(err);
	if (answer.length > CONTROL_STREAM_MAX) {
		free(answer.bytes);
		return CONTROL_TOO_BIG;
	}
	client->answer = answer;
	client->holds_snapshot = true;
	begin_stream(client, now_ns);
	/* What a follower asks for next belongs to the reading that was logged. */
	if (request->selector.since && is_known_reader(control, &who, CONTROL_SNAPSHOT, now_ns))
		return CONTROL_OK;
	remember_reader(control, &who, CONTROL_SNAPSHOT, now_ns);
	log_info("control: uid %u pid %d read a snapshot of %s%s (%s)", who.uid, who.pid,
		 selector_describe(&request->selector, what), limit_of(rights),
		 text_bytes(bytes, answer.length));
	return CONTROL_OK;
}

static enum control_verdict answer_arm(struct control *control, struct control_client *client,
				       const struct control_request *request, uint64_t now_ns)
{
	const struct control_arm *arm = &request->arm;
	char what[SELECTOR_TEXT];
	struct ucred who = who_asks(client);
	struct reader_rights room;
	int err;

	if (!control->ops.arm)
		return CONTROL_UNSUPPORTED;
	if (!may_cost(control, now_ns))
		return CONTROL_BUSY;
	err = control->ops.arm(control->ops.arg, &arm->selector,
			       readers_find(control->ops.readers, who.uid, &room), arm->seconds);
	if (err)
		return verdict_of(err);
	set_head(client, sizeof(client->reply.head));
	log_info("control: uid %u pid %d armed %s for %u s", who.uid, who.pid,
		 selector_describe(&arm->selector, what), arm->seconds);
	return CONTROL_OK;
}

/* Both kinds of lines are read alike; who reads either is logged once. */
static enum control_verdict
answer_lines(struct control *control, struct control_client *client,
	     const struct control_request *request, uint64_t now_ns,
	     int (*lines)(void *, uint64_t, const struct reader_rights *, struct control_answer *))
{
	struct ucred who = who_asks(client);
	struct reader_rights room;
	const struct reader_rights *rights = readers_find(control->ops.readers, who.uid, &room);
	bool known = is_known_reader(control, &who, CONTROL_FINDINGS, now_ns);
	int err;

	if (!lines)
		return CONTROL_UNSUPPORTED;
	/* Who asks for the first time costs a line in the log. */
	if (!known && !may_cost(control, now_ns))
		return CONTROL_BUSY;
	err = lines(control->ops.arg, request->cursor.next, rights, &client->answer);
	if (err)
		return verdict_of(err);
	begin_stream(client, now_ns);
	if (!known) {
		remember_reader(control, &who, CONTROL_FINDINGS, now_ns);
		log_info("control: uid %u pid %d reads findings%s", who.uid, who.pid,
			 limit_of(rights));
	}
	return CONTROL_OK;
}

static enum control_verdict answer_findings(struct control *control, struct control_client *client,
					    const struct control_request *request, uint64_t now_ns)
{
	return answer_lines(control, client, request, now_ns, control->ops.findings);
}

static enum control_verdict answer_derivations(struct control *control,
					       struct control_client *client,
					       const struct control_request *request,
					       uint64_t now_ns)
{
	return answer_lines(control, client, request, now_ns, control->ops.derivations);
}

enum control_verdict control_answer(struct control *control, struct control_client *client,
				    const struct control_request *request, uint64_t now_ns)
{
	static enum control_verdict (*const answers[CONTROL_KINDS])(
		struct control *, struct control_client *, const struct control_request *,
		uint64_t) = {
		[CONTROL_STATUS] = answer_status,
		[CONTROL_SNAPSHOT] = answer_snapshot,
		[CONTROL_ARM] = answer_arm,
		[CONTROL_FINDINGS] = answer_findings,
		[CONTROL_DERIVATIONS] = answer_derivations,
	};

	return answers[request->head.what](control, client, request, now_ns);
}
