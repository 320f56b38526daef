// SPDX-License-Identifier: BSD-2-Clause
/* Finds clients whose logins a server refuses again and again: FTP and SMB2 say so. */
#include <errno.h>
#include <stdlib.h>
#include "analyze/login_runs.h"
#include "dissect/ftp_line.h"
#include "dissect/smb2_view.h"

/* Who forgot his secret tries it three or four times, then asks somebody. */
#define LOGIN_REFUSALS 5
#define LOGIN_CONTROLS 16384 /* FTP connections that wait for an answer */

#define FTP_NOT_LOGGED_IN 530 /* RFC 959, 4.2; of other commands, too, before a login */

enum login_kind { LOGIN_FTP, LOGIN_SMB, LOGIN_KINDS };

#define LOGIN_WHY                                                                                  \
	"So many refused logins in a row are a guess at secrets, or a program that was given an "  \
	"old one."

static const struct sighting_words words[LOGIN_KINDS] = {
	[LOGIN_FTP] = { "LOGIN_FAILURES", "HIGH", "FTP logins that the server refused (530)",
			LOGIN_WHY },
	[LOGIN_SMB] = { "LOGIN_FAILURES", "HIGH", "SMB logins that the server refused", LOGIN_WHY },
};

struct logins {
	struct login_runs runs;
	struct table asked; /* by conversation: the client sent USER or PASS, no answer yet */
};

struct asked {
	uint64_t time_ns;
};

static uint64_t asked_when(const void *value)
{
	return ((const struct asked *)value)->time_ns;
}

/* The place is that of the answer. */
static void refuse(struct logins *l, const struct item_place *place, enum login_kind kind)
{
	const struct analyst_ends ends = analyst_ends_of(place);
	const struct suspicion_span span = sighting_at(place);
	const struct login_run_key key = {
		.client = ends.dst, .server = ends.src, .port = ends.sport, .kind = kind
	};

	login_runs_add(&l->runs, &key, &span, 0);
}

static void on_ftp(struct logins *l, const struct item *item)
{
	const struct ftp_line *line = item->is;
	const struct item_place *place = item->place;
	struct asked *asked;

	if (ftp_line_is(line, "PASS") || ftp_line_is(line, "USER")) {
		asked = table_get(&l->asked, &place->conversation, NULL);
		asked->time_ns = place->time_ns;
		return;
	}
	asked = table_find(&l->asked, &place->conversation);
	if (!asked || !line->code || line->goes_on || place->sender == place->client)
		return;
	table_remove(&l->asked, asked);
	if (line->code == FTP_NOT_LOGGED_IN)
		refuse(l, place, LOGIN_FTP);
}

/* MS-ERREF, 2.3.1: the secret is wrong, or the account is none, closed or locked. */
static bool is_refusal(uint32_t status)
{
	switch (status) {
	case 0xc0000064: /* no such user */
	case 0xc000006a: /* wrong password */
	case 0xc000006d: /* logon failure */
	case 0xc000006e: /* account restriction */
	case 0xc0000072: /* account disabled */
	case 0xc0000234: /* account locked out */
		return true;
	default:
		return false;
	}
}

static void logins_item(void *state, const struct item *item, suspicion_fn *say, void *arg)
{
	const struct smb2_view *view = item->is;

	(void)say;
	(void)arg;
	if (item->kind == ITEM_FTP)
		on_ftp(state, item);
	else if (item->kind == ITEM_SMB2 && view->response && view->command == SMB2_SESSION_SETUP &&
		 is_refusal(view->status))
		refuse(state, item->place, LOGIN_SMB);
}

static int logins_open(void **state, const struct suspicious_options *options)
{
	const struct table_options asked = { .key_size = sizeof(uint64_t),
					     .value_size = sizeof(struct asked),
					     .capacity = LOGIN_CONTROLS,
					     .worth = asked_when };
	struct logins *l = calloc(1, sizeof(*l));

	(void)options;
	if (!l)
		return -ENOMEM;
	if (login_runs_init(&l->runs, LOGIN_REFUSALS) || table_init(&l->asked, &asked)) {
		suspicious_logins.close(l);
		return -ENOMEM;
	}
	*state = l;
	return 0;
}

static void logins_finish(void *state, suspicion_fn *say, void *arg)
{
	struct logins *l = state;

	login_runs_finish(&l->runs, "logins", words, say, arg);
	suspicious_say_lost(l->asked.evictions, "FTP connections");
}

static void logins_close(void *state)
{
	struct logins *l = state;

	login_runs_fini(&l->runs);
	table_fini(&l->asked);
	free(l);
}

const struct suspicious_rule suspicious_logins = {
	.open = logins_open,
	.item = logins_item,
	.finish = logins_finish,
	.close = logins_close,
};
