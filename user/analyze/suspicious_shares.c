// SPDX-License-Identifier: BSD-2-Clause
/* Finds who uses the shares and pipes by which Windows hosts are administrated. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include "analyze/sightings.h"
#include "analyze/smb_pairs.h"
#include "dissect/text_line.h"

struct shares {
	struct smb_pairs pairs;
	struct sightings found;
};

enum share_kind { SHARE_ADMIN, SHARE_REFUSED, PIPE_CONTROL, PIPE_ACCOUNTS, SHARE_KINDS };

static const struct sighting_words words[SHARE_KINDS] = {
	[SHARE_ADMIN] = { "ADMIN_SHARE", "HIGH", "connections to an administrative share",
			  "Whoever may use C$ or ADMIN$ owns the host: administrators do, and who "
			  "stole their secret moves on so." },
	[SHARE_REFUSED] = { "ADMIN_SHARE_REFUSED", "MEDIUM",
			    "refused connections to an administrative share",
			    "Somebody tried a share that only administrators may use; scanners of "
			    "networks do." },
	[PIPE_CONTROL] = { "REMOTE_CONTROL_PIPE", "HIGH",
			   "times a pipe was opened that starts programs",
			   "Services, tasks and registry are steered by this pipe, and PsExec and "
			   "its kin run programs by it; administration looks alike." },
	[PIPE_ACCOUNTS] = { "ACCOUNTS_PIPE", "LOW",
			    "times a pipe was opened that tells of accounts",
			    "Users, groups and shares are listed by this pipe, as attackers do who "
			    "look around; domain members do so daily." },
};

/* What is asked of a host by these (MS-SCMR, MS-TSCH, MS-RRP, MS-SAMR, MS-LSAD, MS-SRVS, MS-WKST).
 */
static const struct pipe_name {
	const char *name;
	bool prefix; /* more may follow: "PSEXESVC-HOST-1234-stdin" */
	enum share_kind kind;
} pipes[] = {
	{ "svcctl", false, PIPE_CONTROL },   { "atsvc", false, PIPE_CONTROL },
	{ "winreg", false, PIPE_CONTROL },   { "psexesvc", true, PIPE_CONTROL },
	{ "remcom_", true, PIPE_CONTROL },   { "paexec", true, PIPE_CONTROL },
	{ "csexecsvc", true, PIPE_CONTROL }, { "samr", false, PIPE_ACCOUNTS },
	{ "lsarpc", false, PIPE_ACCOUNTS },  { "srvsvc", false, PIPE_ACCOUNTS },
	{ "wkssvc", false, PIPE_ACCOUNTS },
};

/* Those of a disk are a letter and a dollar. */
static bool is_admin(const struct smb_name *name)
{
	const struct cursor share = smb_name_last(name);

	return text_line_is(share, "ADMIN$") ||
	       (share.left == 2 && isalpha(share.at[0]) && share.at[1] == '$');
}

static const struct pipe_name *pipe_of(const struct smb_name *name)
{
	const struct cursor last = smb_name_last(name);

	for (unsigned i = 0; i < sizeof(pipes) / sizeof(pipes[0]); i++)
		if (pipes[i].prefix ? text_line_begins(last, pipes[i].name)
				    : text_line_is(last, pipes[i].name))
			return &pipes[i];
	return NULL;
}

static void add(struct shares *s, const struct smb_operation *operation, enum share_kind kind)
{
	const struct smb_request *request = operation->request;
	const struct analyst_ends ends = analyst_ends_of(&request->place);
	struct sighting_key key = {
		.src = ends.src, .dst = ends.dst, .port = ends.dport, .kind = kind
	};
	struct suspicion_span span = sighting_at(&request->place);

	sighting_name(&key, request->name.bytes, request->name.length);
	sighting_extend(&span, operation->answered);
	sightings_add(&s->found, &key, &span);
}

static void on_operation(void *arg, const struct smb_operation *operation)
{
	const struct smb_request *request = operation->request;
	bool good = operation->response && !operation->response->status;
	const struct pipe_name *pipe;

	if (!request || !operation->response)
		return;
	if (request->view.command == SMB2_TREE_CONNECT && is_admin(&request->name))
		add(arg, operation, good ? SHARE_ADMIN : SHARE_REFUSED);
	if (request->view.command != SMB2_CREATE || !good)
		return;
	/* Where the tree's beginning is not in the capture the name alone must do. */
	pipe = !operation->tree || smb_tree_is_pipe(operation->tree) ? pipe_of(&request->name)
								     : NULL;
	if (pipe)
		add(arg, operation, pipe->kind);
}

static int shares_open(void **state, const struct suspicious_options *options)
{
	struct shares *s = calloc(1, sizeof(*s));

	(void)options;
	if (!s || smb_pairs_init(&s->pairs, on_operation, s))
		goto fail;
	if (sightings_init(&s->found)) {
		smb_pairs_fini(&s->pairs);
		goto fail;
	}
	*state = s;
	return 0;
fail:
	free(s);
	return -ENOMEM;
}

static void shares_item(void *state, const struct item *item, suspicion_fn *say, void *arg)
{
	(void)say;
	(void)arg;
	if (item->kind == ITEM_SMB2)
		smb_pairs_item(&((struct shares *)state)->pairs, item);
}

static void shares_finish(void *state, suspicion_fn *say, void *arg)
{
	struct shares *s = state;

	sightings_say(&s->found, "shares and pipes", sighting_fill, (void *)words, say, arg);
	suspicious_say_lost(s->pairs.requests.evictions + s->pairs.trees.evictions,
			    "SMB requests and shares");
}

static void shares_close(void *state)
{
	struct shares *s = state;

	smb_pairs_fini(&s->pairs);
	sightings_fini(&s->found);
	free(s);
}

const struct suspicious_rule suspicious_shares = {
	.open = shares_open,
	.item = shares_item,
	.finish = shares_finish,
	.close = shares_close,
};
