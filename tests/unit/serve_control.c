// SPDX-License-Identifier: BSD-2-Clause
/* The control socket answers who asks, and nobody keeps it from that. */
#include "serve/control_state.h"
#include "serve_desk.h"

static void test_request(void)
{
	struct desk desk;
	int fd;

	desk_open(&desk);
	ok(!desk_wakes(&desk), "nobody asks: the loop sleeps");
	fd = desk_connect(&desk);
	ask_status(fd);
	ok(desk_wakes(&desk), "who connects wakes it");
	desk_poll(&desk);
	ok(was_told(fd, CONTROL_OK), "a request gets the whole view, in one turn of the loop");
	ok(!desk_wakes(&desk), "and the loop sleeps again");
	fd = desk_connect(&desk);
	desk_poll(&desk);
	say(fd, "\x08\0\0", 3);
	desk_poll(&desk);
	say(fd, "\0\x01\0\x01\0", 5);
	desk_poll(&desk);
	ok(was_told(fd, CONTROL_OK), "a request may come in pieces");
	desk_close(&desk);
}

/* Is this the answer to such a head? */
static bool refused(uint32_t length, uint16_t version, uint16_t kind, enum control_verdict verdict)
{
	struct desk desk;
	bool told;
	int fd;

	desk_open(&desk);
	fd = desk_connect(&desk);
	ask_for(fd, length, version, kind);
	desk_poll(&desk);
	told = was_told(fd, verdict) && !desk_wakes(&desk);
	desk_close(&desk);
	return told;
}

static void test_refusals(void)
{
	struct desk desk;
	char flood[64] = { 8, 0, 0, 0, CONTROL_VERSION, 0, CONTROL_STATUS };
	int fd;

	ok(refused(8, CONTROL_VERSION + 1, CONTROL_STATUS, CONTROL_BAD_VERSION),
	   "another version is refused, with ours");
	ok(refused(9, CONTROL_VERSION, CONTROL_STATUS, CONTROL_BAD_LENGTH),
	   "a length beyond the request is refused at once, not waited for");
	ok(refused(7, CONTROL_VERSION, CONTROL_STATUS, CONTROL_BAD_LENGTH) &&
		   refused(0, CONTROL_VERSION, CONTROL_STATUS, CONTROL_BAD_LENGTH) &&
		   refused(UINT32_MAX, CONTROL_VERSION, CONTROL_STATUS, CONTROL_BAD_LENGTH),
	   "and so is one below it, none, and the largest");
	ok(refused(8, CONTROL_VERSION, 0, CONTROL_BAD_KIND) &&
		   refused(8, CONTROL_VERSION, UINT16_MAX, CONTROL_BAD_KIND),
	   "what cannot be asked for is refused");
	desk_open(&desk);
	fd = desk_connect(&desk);
	say(fd, "GET / HTTP/1.1\r\n\r\n", 18);
	desk_poll(&desk);
	ok(was_told(fd, CONTROL_BAD_VERSION) && !desk_wakes(&desk), "garbage is refused");
	fd = desk_connect(&desk);
	say(fd, flood, sizeof(flood));
	desk_poll(&desk);
	ok(was_told(fd, CONTROL_BAD_LENGTH) && !desk_wakes(&desk),
	   "a request with more behind it is refused");
	ok(!desk.filled, "no refusal costs a view");
	desk_close(&desk);
}

static void test_silence(void)
{
	struct desk desk;
	char bytes[8];
	size_t got;
	int half, none, fd;

	desk_open(&desk);
	half = desk_connect(&desk);
	none = desk_connect(&desk);
	say(half, "\x08\0\0\0", 4);
	desk_poll(&desk);
	desk_poll(&desk);
	ok(!desk_wakes(&desk), "half a request and silence do not wake the loop");
	desk.now_ns += CONTROL_DEADLINE_NS - 1;
	desk_poll(&desk);
	ok(hear(half, bytes, 8, &got) < 0 && hear(none, bytes, 8, &got) < 0,
	   "both have their 2 seconds");
	fd = desk_connect(&desk);
	ask_status(fd);
	desk_poll(&desk);
	ok(was_told(fd, CONTROL_OK), "others are answered meanwhile");
	desk.now_ns++;
	desk_poll(&desk);
	ok(!hear(half, bytes, 8, &got) && !hear(none, bytes, 8, &got), "and not a moment more");
	close(half);
	close(none);
	none = desk_connect(&desk);
	close(none);
	desk_poll(&desk);
	ok(!desk_wakes(&desk), "who comes and goes is forgotten");
	desk_close(&desk);
}

/* A client whose reply does not fit into the socket: the smallest buffer there is. */
static int connect_narrow(struct desk *desk)
{
	const int smallest = 1;
	int fd = desk_connect(desk);

	desk_poll(desk);
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		if (desk->control->clients[i].since_ns == desk->now_ns)
			setsockopt(desk->control->clients[i].fd, SOL_SOCKET, SO_SNDBUF, &smallest,
				   sizeof(smallest));
	desk->now_ns++;
	ask_status(fd);
	desk_poll(desk);
	return fd;
}

static void test_slow_reader(void)
{
	static char bytes[2 * sizeof(struct control_reply)];
	struct desk desk;
	size_t got = 0, more;
	unsigned turns = 0;
	bool asleep;
	int fd;

	desk_open(&desk);
	fd = connect_narrow(&desk);
	asleep = !desk_wakes(&desk);
	say(fd, bytes, 100);
	ok(asleep && !desk_wakes(&desk), "who sends on and does not read keeps no loop awake");
	while (hear(fd, bytes + got, sizeof(bytes) - got, &more)) {
		got += more;
		turns += desk_wakes(&desk);
		desk_poll(&desk);
	}
	got += more;
	ok(turns > 1 && got == sizeof(struct control_reply), "a slow reader gets all, in pieces");
	close(fd);
	desk_close(&desk);
}

static void test_never_reads(void)
{
	struct desk desk;
	int fd, fds[CONTROL_CLIENTS], first;

	desk_open(&desk);
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		fds[i] = connect_narrow(&desk);
	fd = desk_connect(&desk);
	ask_status(fd);
	desk_poll(&desk);
	ok(was_told(fd, CONTROL_OK), "eight who never read keep nobody from an answer");
	ok(!desk_wakes(&desk), "nor the loop awake");
	first = desk.control->turned_away;
	desk.now_ns += CONTROL_DEADLINE_NS;
	desk_poll(&desk);
	ok(first == 1 && desk.control->turned_away == CONTROL_CLIENTS,
	   "the oldest made room, the others had their 2 seconds, and all are counted");
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		close(fds[i]);
	desk_close(&desk);
}

static void test_crowd(void)
{
	struct desk desk;
	int fds[100], told = 0, turns = 0;

	desk_open(&desk);
	for (int i = 0; i < 100; i++) {
		fds[i] = desk_connect(&desk);
		ask_status(fds[i]);
	}
	for (; desk_wakes(&desk) && turns < 100; turns++)
		desk_poll(&desk);
	for (int i = 0; i < 100; i++)
		told += was_told(fds[i], CONTROL_OK);
	ok(told == 100, "100 who ask at once are all answered");
	ok(turns == 13, "eight per turn of the loop, so that it gets to its work");
	ok(desk.filled == 1, "and one view serves them all");
	desk.now_ns += CONTROL_FRESH_NS;
	fds[0] = desk_connect(&desk);
	ask_status(fds[0]);
	desk_poll(&desk);
	ok(was_told(fds[0], CONTROL_OK) && desk.filled == 2, "a tenth of a second later a new one");
	desk_close(&desk);
}

static void test_oldest(void)
{
	struct desk desk;
	char bytes[8];
	size_t got;
	int fds[CONTROL_CLIENTS + 1], alive = 0;

	desk_open(&desk);
	for (int i = 0; i <= CONTROL_CLIENTS; i++) {
		fds[i] = desk_connect(&desk);
		desk.now_ns++;
		desk_poll(&desk);
	}
	ok(was_told(fds[0], CONTROL_BUSY), "a client too many: the oldest is told to ask again");
	for (int i = 1; i <= CONTROL_CLIENTS; i++)
		alive += hear(fds[i], bytes, 8, &got) < 0;
	ok(alive == CONTROL_CLIENTS, "the others stay");
	for (int i = 1; i <= CONTROL_CLIENTS; i++)
		close(fds[i]);
	desk_close(&desk);
}

int main(void)
{
	test_request();
	test_refusals();
	test_silence();
	test_slow_reader();
	test_never_reads();
	test_crowd();
	test_oldest();
	return done();
}
