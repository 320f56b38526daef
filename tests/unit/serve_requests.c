// SPDX-License-Identifier: BSD-2-Clause
/* Packets and findings are given to who asks rightly, at the agent's pace and on the record. */
#include <sys/mman.h>
#include "serve/control_state.h"
#include "serve_desk.h"

#define LARGE (8u << 20)

static char heard[LARGE + 64];

static struct control_request snapshot_request(void)
{
	struct control_request request = { .selector = { .has_a = 1, .last_ns = SECOND_NS } };

	request.head = (struct control_head){ control_request_length(CONTROL_SNAPSHOT),
					      CONTROL_VERSION, CONTROL_SNAPSHOT };
	memcpy(request.selector.a, "\0\0\0\0\0\0\0\0\0\0\xff\xff\x0a\0\0\5", 16);
	return request;
}

static struct control_request arm_request(void)
{
	struct control_request request = snapshot_request();

	request.head = (struct control_head){ control_request_length(CONTROL_ARM), CONTROL_VERSION,
					      CONTROL_ARM };
	request.arm.selector.last_ns = 0;
	request.arm.seconds = 300;
	return request;
}

static struct control_request findings_request(uint64_t next)
{
	return (struct control_request){
		.head = { control_request_length(CONTROL_FINDINGS), CONTROL_VERSION,
			  CONTROL_FINDINGS },
		.cursor = { next },
	};
}

static int send_request(struct desk *desk, const struct control_request *request)
{
	int fd = desk_connect(desk);

	say(fd, request, request->head.length);
	desk_poll(desk);
	return fd;
}

static bool is_answered(struct desk *desk, struct control_request request,
			enum control_verdict verdict)
{
	return was_told(send_request(desk, &request), verdict);
}

/* All that comes until the agent hangs up, with the loop's help. */
static size_t hear_all(struct desk *desk, int fd)
{
	size_t got = 0, more;

	while (hear(fd, heard + got, sizeof(heard) - got, &more)) {
		got += more;
		desk_poll(desk);
	}
	close(fd);
	return got + more;
}

static bool is_stream(size_t got, size_t length, uint64_t next, uint64_t missed)
{
	struct control_stream_reply reply;

	memcpy(&reply, heard, sizeof(reply));
	return got == sizeof(reply) + length && reply.head.length == sizeof(reply) &&
	       reply.head.what == CONTROL_OK && reply.stream.length == length &&
	       reply.stream.next == next && reply.stream.missed == missed;
}

static void test_snapshot(void)
{
	struct control_request request = snapshot_request();
	struct desk desk;
	bool same = true;
	size_t got;

	desk_open(&desk);
	desk.snapshot_length = 3000000;
	got = hear_all(&desk, send_request(&desk, &request));
	for (size_t i = 0; i < desk.snapshot_length; i++)
		same &= heard[sizeof(struct control_stream_reply) + i] == (char)(i * 31 >> 3);
	ok(is_stream(got, 3000000, 77, 0) && same && !desk_wakes(&desk),
	   "a snapshot comes whole, with its length and the cursor for what follows");
	ok(!memcmp(&desk.selector, &request.selector, sizeof(desk.selector)),
	   "and the agent was asked what the client asked");
	desk.snapshot_err = -ENOENT;
	ok(is_answered(&desk, request, CONTROL_NOTHING), "that there is nothing is an answer");
	desk.snapshot_err = -EFBIG;
	ok(is_answered(&desk, request, CONTROL_TOO_BIG), "and so is that it is too much");
	desk.snapshot_err = -EIO;
	ok(is_answered(&desk, request, CONTROL_FAILED), "and that it failed");
	desk_close(&desk);
}

static void test_unsupported(void)
{
	struct control_ops ops = { .status = desk_fill };
	struct desk desk;

	desk_init(&desk);
	ops.arg = &desk;
	if (control_open(&desk.control, desk.path, &ops))
		abort();
	ok(is_answered(&desk, snapshot_request(), CONTROL_UNSUPPORTED) &&
		   is_answered(&desk, arm_request(), CONTROL_UNSUPPORTED) &&
		   is_answered(&desk, findings_request(0), CONTROL_UNSUPPORTED),
	   "an agent without a recorder or a history says so");
	ok(desk.control->answered == 3 && !desk.control->turned_away, "which counts as an answer");
	desk_close(&desk);
}

/* Is a snapshot, or an arming, refused after this change? */
#define REFUSES(make, change)                                                                      \
	({                                                                                         \
		struct control_request r = make;                                                   \
		change;                                                                            \
		is_answered(&desk, r, CONTROL_BAD_FIELD);                                          \
	})

static void test_fields(void)
{
	struct desk desk;

	desk_open(&desk);
	ok(REFUSES(snapshot_request(), r.selector.has_a = 2) &&
		   REFUSES(snapshot_request(), r.selector.has_b = 3) &&
		   REFUSES(snapshot_request(), r.selector.has_a = 0) &&
		   REFUSES(snapshot_request(), r.selector.b[3] = 1) &&
		   REFUSES(snapshot_request(), r.selector.reserved[2] = 1) &&
		   REFUSES(snapshot_request(), r.selector.last_ns = UINT64_MAX),
	   "what no selector can be is refused");
	ok(REFUSES(snapshot_request(), r.selector.port = 443) &&
		   REFUSES(snapshot_request(), r.selector.has_b = 1),
	   "and so are a port without a pair, and a pair of two families");
	ok(REFUSES(arm_request(), r.arm.seconds = 0) &&
		   REFUSES(arm_request(), r.arm.seconds = CONTROL_ARM_MAX_S + 1) &&
		   REFUSES(arm_request(), r.arm.reserved = 1) &&
		   REFUSES(arm_request(), r.arm.selector.last_ns = 1) &&
		   REFUSES(arm_request(), r.arm.selector.since = 1) &&
		   REFUSES(arm_request(), memset(&r.arm.selector, 0, sizeof(r.arm.selector))),
	   "and arming for no time, for ever, for the past, or of everybody");
	ok(!desk.snapshots && !desk.armed_s, "without asking the agent");
	desk_close(&desk);
}

static bool is_length_refused(struct desk *desk, struct control_request request, int more)
{
	int fd = desk_connect(desk);

	request.head.length += more;
	say(fd, &request, sizeof(request));
	desk_poll(desk);
	return was_told(fd, CONTROL_BAD_LENGTH);
}

static void test_lengths(void)
{
	struct control_request request = snapshot_request();
	struct desk desk;
	int fd;

	desk_open(&desk);
	ok(is_length_refused(&desk, snapshot_request(), 1) &&
		   is_length_refused(&desk, arm_request(), -1) &&
		   is_length_refused(&desk, findings_request(0), 4),
	   "each kind has one length");
	desk.snapshot_length = 10;
	fd = desk_connect(&desk);
	for (size_t i = 0; i < request.head.length; i++) {
		say(fd, (const char *)&request + i, 1);
		desk_poll(&desk);
	}
	ok(is_stream(hear_all(&desk, fd), 10, 77, 0), "a request may come byte by byte");
	desk_close(&desk);
}

static void test_rate(void)
{
	struct desk desk;
	int busy = 0;

	desk_open(&desk);
	for (int i = 0; i < 10; i++)
		busy += is_answered(&desk, arm_request(), CONTROL_BUSY);
	ok(desk.control->answered == CONTROL_RATE && busy == 10 - CONTROL_RATE,
	   "four costly requests are answered at once, more are told to ask again");
	ok(is_answered(&desk, snapshot_request(), CONTROL_BUSY) && !desk.snapshots &&
		   is_answered(&desk, findings_request(0), CONTROL_BUSY),
	   "and so is who asks for packets, or for findings for the first time");
	desk.now_ns += SECOND_NS / CONTROL_RATE;
	for (int i = 0; i < 3; i++)
		close(send_request(&desk, (struct control_request[]){ arm_request() }));
	ok(desk.control->answered == CONTROL_RATE + 1, "then one each quarter of a second");
	desk_close(&desk);
}

static void test_one_at_a_time(void)
{
	struct control_request request = snapshot_request();
	struct desk desk;
	int fd, others[20], told = 0;

	desk_open(&desk);
	desk.snapshot_length = LARGE;
	fd = send_request(&desk, &request);
	ok(is_answered(&desk, request, CONTROL_BUSY) && desk.snapshots == 1,
	   "while one snapshot is read, nobody else is given one");
	for (int i = 0; i < 20; i++) {
		others[i] = desk_connect(&desk);
		desk.now_ns++;
		desk_poll(&desk);
	}
	ok(is_stream(hear_all(&desk, fd), LARGE, 77, 0), "a crowd does not push out its reader");
	for (int i = 0; i < 20; i++)
		close(others[i]);
	desk_poll(&desk);
	desk.now_ns += SECOND_NS;
	fd = send_request(&desk, &request);
	close(fd);
	desk_poll(&desk);
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		told += desk.control->clients[i].answer.bytes != NULL;
	ok(!told, "a reader that goes away leaves no memory behind");
	desk_close(&desk);
}

/* Reads so much each second; how long the agent stood it, and how much was read. */
static size_t read_slowly(size_t bytes_s, unsigned *seconds)
{
	struct control_request request = snapshot_request();
	struct desk desk;
	size_t total = 0;
	ssize_t got = 1;
	int fd;

	desk_open(&desk);
	desk.snapshot_length = LARGE;
	fd = send_request(&desk, &request);
	for (*seconds = 0; got > 0 && *seconds < 100 && desk.control->clients[0].fd >= 0;
	     ++*seconds) {
		for (size_t left = bytes_s; left && got > 0; left -= got, total += got)
			got = recv(fd, heard, left, MSG_DONTWAIT);
		desk.now_ns += SECOND_NS;
		desk_poll(&desk);
	}
	close(fd);
	desk_close(&desk);
	return total;
}

static void test_slow_readers(void)
{
	unsigned seconds;
	size_t total;

	read_slowly(0, &seconds);
	ok(seconds >= 2 && seconds <= 8, "who does not read a snapshot loses it within seconds");
	read_slowly(1000, &seconds);
	ok(seconds <= 10, "and so does who reads a little now and then");
	read_slowly(CONTROL_STREAM_BYTES_S + 20000, &seconds);
	ok(seconds == 60, "who reads on has a minute");
	total = read_slowly(160000, &seconds);
	ok(total > LARGE - 400000 && seconds < 60, "which is enough at 160 kB a second");
}

static void test_arm_and_findings(void)
{
	struct control_request request = arm_request(), all = findings_request(0),
			       later = findings_request(5);
	struct desk desk;
	int fd;

	desk_open(&desk);
	fd = send_request(&desk, &request);
	ok(hear_all(&desk, fd) == sizeof(struct control_head) && desk.armed_s == 300 &&
		   desk.selector.has_a,
	   "arming is done for the time asked, and confirmed by a head");
	ok(is_stream(hear_all(&desk, send_request(&desk, &all)), 3, 5, 4) &&
		   !memcmp(heard + sizeof(struct control_stream_reply), "{}\n", 3),
	   "findings come with the cursor to go on from, and how many are gone");
	ok(is_stream(hear_all(&desk, send_request(&desk, &later)), 0, 5, 0),
	   "that there is nothing new is an answer without bytes");
	desk_close(&desk);
}

/* What was logged meanwhile; stops the logging to a file. */
static const char *read_log(int log, int kept)
{
	static char text[4096];
	ssize_t got = pread(log, text, sizeof(text) - 1, 0);

	text[got > 0 ? got : 0] = '\0';
	dup2(kept, STDERR_FILENO);
	close(kept);
	close(log);
	return text;
}

static unsigned count_of(const char *text, const char *wanted)
{
	unsigned count = 0;

	for (; (text = strstr(text, wanted)); text++)
		count++;
	return count;
}

static void test_record(void)
{
	struct control_request request = snapshot_request(), arm = arm_request(),
			       findings = findings_request(0);
	int kept = dup(STDERR_FILENO), log = memfd_create("log", 0);
	struct desk desk;
	const char *text;
	char who[64], wanted[128];

	if (log < 0)
		abort();
	dup2(log, STDERR_FILENO);
	desk_open(&desk);
	desk.snapshot_length = 1200;
	request.selector.since = 77; /* nobody knows this reader yet */
	for (int i = 0; i < 3; i++, desk.now_ns += SECOND_NS) {
		hear_all(&desk, send_request(&desk, &request));
		hear_all(&desk, send_request(&desk, &findings));
	}
	hear_all(&desk, send_request(&desk, &arm));
	text = read_log(log, kept);
	snprintf(who, sizeof(who), "skua: control: uid %u pid %d ", geteuid(), getpid());
	snprintf(wanted, sizeof(wanted),
		 "%sread a snapshot of host 10.0.0.5 of the last 1 s (1.2 kB)\n", who);
	ok(count_of(text, wanted) == 1,
	   "who reads packets is logged once, even if it claims to go on");
	snprintf(wanted, sizeof(wanted), "%sreads findings\n", who);
	ok(count_of(text, wanted) == 1, "and so is who reads findings again and again");
	snprintf(wanted, sizeof(wanted), "%sarmed host 10.0.0.5 for 300 s\n", who);
	ok(count_of(text, wanted) == 1, "and who arms");
	desk_close(&desk);
}

int main(void)
{
	test_snapshot();
	test_unsupported();
	test_fields();
	test_lengths();
	test_rate();
	test_one_at_a_time();
	test_slow_readers();
	test_arm_and_findings();
	test_record();
	return done();
}
