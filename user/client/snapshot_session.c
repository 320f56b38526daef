// SPDX-License-Identifier: BSD-2-Clause
/* Asks an agent for packets and writes them, once or as they come. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "client/agent_error.h"
#include "base/log.h"
#include "base/exit.h"
#include "client/follow.h"
#include "serve/join.h"
#include "client/snapshot_file.h"
#include "client/snapshot_session.h"

/* Longer than others: the agent may be giving a large one to somebody else. */
#define TIMEOUT_MS 10000

int snapshot_select(const char *command, const struct snapshot_words *words,
		    struct control_selector *out)
{
	struct control_selector selector = {};

	if (words->pair && words->host) {
		log_error("%s: --pair and --host exclude one another: name one", command);
		return EXIT_USAGE;
	}
	if (words->host && selector_parse_host(&selector, words->host)) {
		log_error("--host: '%s' is not an address such as 10.0.0.5 or 2001:db8::5",
			  words->host);
		return EXIT_USAGE;
	}
	if (words->pair && selector_parse_pair(&selector, words->pair)) {
		log_error("--pair: '%s' is not two addresses of one family such as "
			  "10.0.0.5:203.0.113.5:443 or [2001:db8::5]:[2001:db8::7]",
			  words->pair);
		return EXIT_USAGE;
	}
	if (words->last && selector_parse_duration(&selector.last_ns, words->last)) {
		log_error("--last: '%s' is not a time such as 60s, 5m, 2h or 1d", words->last);
		return EXIT_USAGE;
	}
	*out = selector;
	return -1;
}

static int say_write_error(const char *path, int err)
{
	if (err == -EPIPE) /* whoever read has seen enough */
		return EXIT_OK;
	if (err == -ENOTTY)
		log_error("a snapshot is nothing for a terminal: name a file with -w, or pipe it "
			  "into 'wireshark -k -i -'");
	else if (err == -EBADMSG)
		log_error("what the agent sent is no snapshot: is it of this version?");
	else
		log_error("cannot write %s: %s; name another file with -w",
			  strcmp(path, "-") ? path : "to standard output", strerror(-err));
	return err == -ENOTTY ? EXIT_USAGE : EXIT_RUNTIME;
}

static int put(const struct control_answer *answer, const char *path)
{
	struct snapshot_file file;
	int err = snapshot_file_open(&file, path);

	if (err)
		return err;
	errno = 0;
	if (fwrite(answer->bytes, 1, answer->length, file.stream) == answer->length)
		return snapshot_file_commit(&file);
	err = errno ? -errno : -EIO;
	snapshot_file_abandon(&file);
	return err;
}

/* The file is opened last, so that who gives up waiting leaves none behind. */
static int write_once(struct client *client, const struct snapshot_settings *settings)
{
	struct control_answer answer;
	int err = client_snapshot(client, &settings->selector, &answer);

	if (err) {
		agent_error_say(client, err);
		return EXIT_RUNTIME;
	}
	err = put(&answer, settings->path);
	free(answer.bytes);
	return err ? say_write_error(settings->path, err) : EXIT_OK;
}

/* What is new since the cursor, which moves on.  0, or -errno of the client or in *write_err. */
static int ask_next(struct client *client, struct control_selector *selector, struct join *join,
		    int *write_err)
{
	struct control_answer answer;
	int err = client_snapshot(client, selector, &answer);

	if (err)
		return err == -ENODATA ? 0 : err;
	selector->since = answer.next;
	selector->last_ns = 0; /* from here on by the cursor alone */
	*write_err = join_add(join, answer.bytes, answer.length);
	free(answer.bytes);
	if (!*write_err && fflush(join->stream))
		*write_err = -errno;
	return 0;
}

/* Asks until it is over: 0, or -errno of the client, which has been logged. */
static int ask_on(struct client *client, struct control_selector selector, struct join *join,
		  int *write_err)
{
	bool answered = false, waiting = false;

	for (;;) {
		int err = ask_next(client, &selector, join, write_err);

		if (*write_err || follow_is_stopped())
			return 0;
		if (err && (!answered || !follow_may_pass(err))) {
			agent_error_say(client, err);
			return err;
		}
		if (err && !waiting)
			log_warning("the agent at %s does not answer: waiting for it",
				    client->path);
		answered = true;
		waiting = err;
		if (!follow_wait(fileno(join->stream)))
			return 0;
	}
}

static int write_growing(struct client *client, const struct snapshot_settings *settings)
{
	struct join *join = malloc(sizeof(*join));
	struct snapshot_file file = {};
	int write_err = join ? snapshot_file_open(&file, settings->path) : -ENOMEM, err = 0;
	bool begun = false;

	if (!write_err) {
		join_init(join, file.stream);
		follow_begin();
		err = ask_on(client, settings->selector, join, &write_err);
		begun = join->begun;
		join_fini(join);
	}
	free(join);
	if (!write_err && begun)
		write_err = snapshot_file_commit(&file);
	else
		snapshot_file_abandon(&file);
	if (write_err)
		return say_write_error(settings->path, write_err);
	return err ? EXIT_RUNTIME : EXIT_OK;
}

int snapshot_session(const struct snapshot_settings *settings)
{
	struct client client = { settings->socket, TIMEOUT_MS, 0 };

	if (!strcmp(settings->path, "-") && isatty(STDOUT_FILENO))
		return say_write_error(settings->path, -ENOTTY);
	return settings->follow ? write_growing(&client, settings) : write_once(&client, settings);
}
