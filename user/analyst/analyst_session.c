// SPDX-License-Identifier: BSD-2-Clause
/* One pass over captures for the commands of analysts: one question, or several at once. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include "skua/parse.h"
#include "analyst/analyst_session.h"
#include "base/log.h"
#include "capture/file_reader.h"
#include "base/exit.h"
#include "dissect/conversations.h"
#include "analyst/input_arguments.h"
#include "session/output.h"
#include "session/progress.h"

#define CONVERSATIONS 65536          /* at a time */
#define WAITING_BYTES (128ull << 20) /* of messages that are not complete, of all */
#define FRAMES_PER_LOOK 256          /* between two looks at the clock */

struct session {
	struct file_in *in;
	struct analyst_seat *seats;
	unsigned count;
	bool items; /* somebody wants to see them */
	struct conversations conversations;
	struct progress progress;
	struct progress_state state;
	bool look_through;
	uint64_t unread; /* frames of link types that are not known */
	uint64_t cut;    /* frames of which the capture kept too little */
};

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
	(void)signal_number;
	stopped = 1;
}

bool analyst_session_is_stopped(void)
{
	return stopped;
}

static void on_item(void *arg, const struct item *item)
{
	struct session *session = arg;

	for (unsigned i = 0; i < session->count; i++) {
		struct analyst *analyst = session->seats[i].analyst;

		if (analyst->item)
			analyst->item(analyst, item);
	}
}

static void read_packet(struct session *session, struct analyst_frame *frame)
{
	const struct conversation_packet packet = { .pkt = frame->pkt,
						    .payload = frame->payload,
						    .captured = frame->payload_captured,
						    .frame = frame->number,
						    .time_ns = frame->time_ns };

	session->cut += frame->payload_captured < frame->pkt->payload;
	if (session->items)
		conversations_packet(&session->conversations, &packet);
}

static void show_frame(struct session *session, const struct analyst_frame *frame)
{
	for (unsigned i = 0; i < session->count; i++) {
		struct analyst *analyst = session->seats[i].analyst;

		if (analyst->frame)
			analyst->frame(analyst, frame);
	}
}

static void read_frame(struct session *session, const struct frame *in)
{
	int link = file_reader_link(in->linktype);
	const struct skua_frame bytes = { in->bytes, in->bytes + in->captured, SKUA_FRAME_WHOLE };
	struct analyst_frame frame = { .number = ++session->state.packets,
				       .time_ns = in->time_ns,
				       .bytes = in->bytes,
				       .captured = in->captured,
				       .length = in->length,
				       .linktype = in->linktype,
				       .link = link,
				       .verdict = SKUA_IGNORED };
	struct skua_parsed parsed;

	if (!session->state.first_ns || in->time_ns < session->state.first_ns)
		session->state.first_ns = in->time_ns;
	if (in->time_ns > session->state.last_ns)
		session->state.last_ns = in->time_ns;
	if (link < 0) {
		session->unread++;
	} else {
		frame.verdict =
			skua_parse(&bytes, in->length, link, session->look_through, &parsed);
		frame.pkt = &parsed.pkt;
	}
	if (frame.verdict == SKUA_PARSED && parsed.pkt.payload_at < in->captured) {
		frame.payload = in->bytes + parsed.pkt.payload_at;
		frame.payload_captured = in->captured - parsed.pkt.payload_at;
		if (frame.payload_captured > parsed.pkt.payload)
			frame.payload_captured = parsed.pkt.payload;
	}
	show_frame(session, &frame);
	if (frame.verdict == SKUA_PARSED)
		read_packet(session, &frame);
}

static int first_error(const struct session *session)
{
	int err = 0;

	for (unsigned i = 0; !err && i < session->count; i++)
		err = answers_error(session->seats[i].analyst->answers);
	return err;
}

static uint64_t rows_of(const struct session *session)
{
	uint64_t rows = 0;

	for (unsigned i = 0; i < session->count; i++)
		rows += answers_rows(session->seats[i].analyst->answers);
	return rows;
}

static void finish(struct session *session)
{
	conversations_finish(&session->conversations);
	for (unsigned i = 0; i < session->count; i++) {
		struct analyst *analyst = session->seats[i].analyst;

		if (analyst->finish)
			analyst->finish(analyst);
	}
	progress_end(&session->progress);
}

static int read_all(struct session *session)
{
	struct frame frame;
	int n = 0;

	while (!stopped && (n = file_in_next(session->in, &frame)) > 0) {
		read_frame(session, &frame);
		if (first_error(session))
			break;
		if (session->state.packets % FRAMES_PER_LOOK)
			continue;
		session->state.count = rows_of(session);
		progress_say(&session->progress, session->in, &session->state);
	}
	finish(session);
	return n < 0 && n != -EINTR ? n : 0;
}

/* What the rows do not tell. */
static void say_losses(const struct session *session)
{
	const struct conversations_counters *counters = &session->conversations.counters;
	const struct waiting_room *room = &session->conversations.room;

	if (session->unread)
		log_warning("%llu frames are of a link type that is not followed",
			    (unsigned long long)session->unread);
	if (session->cut)
		log_warning("%llu packets were cut by the capture: what they lack is not shown",
			    (unsigned long long)session->cut);
	if (counters->evicted)
		log_warning(
			"%llu connections gave way to others, more than %d lived at a time: use a "
			"filter",
			(unsigned long long)counters->evicted, CONVERSATIONS);
	if (session->conversations.expected.table.evictions)
		log_warning(
			"%llu announced connections gave way to others, more than %d were awaited: "
			"what they carry is not shown",
			(unsigned long long)session->conversations.expected.table.evictions,
			EXPECTED_MAX);
	if (room->overlong + room->no_memory)
		log_warning("%llu messages were too long to be kept until they were complete",
			    (unsigned long long)(room->overlong + room->no_memory));
}

static int open_answers(struct session *session)
{
	int err = 0;

	for (unsigned i = 0; !err && i < session->count; i++) {
		struct analyst_seat *seat = &session->seats[i];

		err = answers_open(&seat->analyst->answers, seat->stream, seat->format,
				   seat->analyst->columns);
		session->items |= seat->analyst->item != NULL;
	}
	return err;
}

/* The errors of rows stay in the seats. */
static void close_answers(struct session *session)
{
	for (unsigned i = 0; i < session->count; i++) {
		session->seats[i].error = answers_close(session->seats[i].analyst->answers);
		session->seats[i].analyst->answers = NULL;
	}
}

static int run(struct session *session)
{
	const struct conversations_options options = { .capacity = CONVERSATIONS,
						       .memory_bytes = WAITING_BYTES,
						       .say = on_item,
						       .arg = session };
	int err = conversations_init(&session->conversations, &options), cut;

	if (!err)
		err = open_answers(session);
	if (err) {
		close_answers(session);
		log_error("cannot start: out of memory");
		return EXIT_RUNTIME;
	}
	err = read_all(session);
	say_losses(session);
	cut = file_in_truncated(session->in);
	close_answers(session);
	if (err)
		return EXIT_RUNTIME;
	return cut ? EXIT_CUT : EXIT_OK;
}

static enum answers_format format_of(int wanted)
{
	switch (output_format(wanted)) {
	case FORMAT_TABLE:
		return ANSWERS_TABLE;
	case FORMAT_CSV:
		return ANSWERS_CSV;
	default:
		return ANSWERS_JSON;
	}
}

int analyst_session_all(const struct analyst_settings *settings, int argc, char **argv,
			struct analyst_seat *seats, unsigned count)
{
	static const struct sigaction stopping = { .sa_handler = stop };
	struct session session = { .seats = seats,
				   .count = count,
				   .look_through = !settings->no_tunnels };
	char filter[INPUT_FILTER_SIZE], error[FILE_IN_ERROR_SIZE];
	struct file_in_options input;
	int status = EXIT_USAGE, err;

	if (input_arguments(argc, argv, &settings->read, &input, filter))
		goto out;
	/* Without SA_RESTART, so that a pipe that is silent can be left. */
	sigaction(SIGINT, &stopping, NULL);
	sigaction(SIGTERM, &stopping, NULL);
	err = file_in_open(&session.in, &input, error);
	if (err) {
		log_error("%s", error);
		status = err == -ENOMEM || err == -EIO ? EXIT_RUNTIME : EXIT_USAGE;
		goto out;
	}
	progress_init(&session.progress, settings->progress);
	status = run(&session);
out:
	conversations_fini(&session.conversations);
	file_in_close(session.in);
	for (unsigned i = 0; i < count; i++) {
		if (seats[i].analyst->failed && status == EXIT_OK)
			status = EXIT_RUNTIME;
		if (seats[i].analyst->close)
			seats[i].analyst->close(seats[i].analyst);
	}
	return status;
}

int analyst_session(const struct analyst_settings *settings, int argc, char **argv,
		    struct analyst *analyst)
{
	struct analyst_seat seat = { .analyst = analyst,
				     .stream = stdout,
				     .format = format_of(settings->format) };
	int status = analyst_session_all(settings, argc, argv, &seat, 1);

	if (status != EXIT_OK && status != EXIT_CUT)
		return status;
	return output_check(seat.error) == EXIT_OK ? status : EXIT_RUNTIME;
}
