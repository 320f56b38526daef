// SPDX-License-Identifier: BSD-2-Clause
/* A process that sends: whatever it does, the worker does not wait, and each message is counted. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "sinks/sender.h"
#include "tap.h"

#define MANY 6000

static const struct privs_account nobody_else = { .change = false };

static uint64_t told(const struct sink_tally *tally)
{
	uint64_t sum = tally->delivered + tally->waiting;

	for (unsigned i = 0; i < tally->cause_count; i++)
		sum += tally->dropped[i].packets;
	return sum;
}

/* Takes everything in, sends nothing until the end, and tells which was the oldest it had. */
static void hoard(struct sender_end *end, void *arg)
{
	(void)arg;
	while (!end->over) {
		struct pollfd channel = { .fd = end->channel, .events = POLLIN };

		poll(&channel, 1, sender_timeout(end, 1000));
		sender_receive(end);
	}
	if (end->waiting.first)
		memcpy(&end->counts->retries, end->waiting.first->bytes, sizeof(uint64_t));
	while (end->waiting.count) {
		waiting_hold(&end->waiting);
		sender_delivered(end, 1);
	}
}

static void test_full_queue(void)
{
	struct sender *sender = NULL;
	struct sink_tally tally;

	if (sender_open(&sender, "test", &nobody_else, hoard, NULL)) {
		ok(false, "a process is started");
		return;
	}
	for (uint64_t i = 0; i < MANY; i++) {
		sender_put(sender, &i, sizeof(i));
		if (i % 100 == 99)
			usleep(5000);
	}
	sender_finish(sender);
	sender_tally(sender, &tally);
	ok(tally.offered == MANY && told(&tally) == MANY,
	   "all that were handed over are delivered or dropped, by cause");
	ok(tally.delivered == WAITING_MESSAGES, "as many wait as there is room for");
	ok(tally.dropped[SENDER_QUEUE_FULL].packets ==
		   MANY - WAITING_MESSAGES - tally.dropped[SENDER_CHANNEL_FULL].packets,
	   "what there was no room for is counted");
	ok(tally.retries >= tally.dropped[SENDER_QUEUE_FULL].packets,
	   "and it is the oldest that gave way");
	sender_close(sender);
}

/* Reads nothing at all, and ends when the worker does. */
static void sit(struct sender_end *end, void *arg)
{
	struct pollfd channel = { .fd = end->channel, .events = POLLRDHUP };

	(void)arg;
	poll(&channel, 1, 10000);
}

static void test_stuck(void)
{
	static char text[1000];
	struct sender *sender = NULL;
	struct sink_tally tally;

	if (sender_open(&sender, "test", &nobody_else, sit, NULL)) {
		ok(false, "a process is started");
		return;
	}
	for (unsigned i = 0; i < 5 * MANY; i++)
		sender_put(sender, text, sizeof(text));
	sender_tally(sender, &tally);
	ok(tally.dropped[SENDER_CHANNEL_FULL].packets && told(&tally) == 5 * MANY,
	   "a process that reads nothing holds up nobody: beyond some megabytes all is dropped");
	sender_put(sender, text, SENDER_MESSAGE + 1);
	sender_finish(sender);
	sender_tally(sender, &tally);
	ok(tally.dropped[SENDER_TOO_LARGE].packets == 1,
	   "a message too long is not cut, but counted");
	ok(!tally.delivered && tally.dropped[SENDER_AT_END].packets && !tally.waiting &&
		   told(&tally) == 5 * MANY + 1,
	   "at the end, what it had and did not send is counted as that");
	sender_close(sender);
}

static void leave(struct sender_end *end, void *arg)
{
	(void)end;
	(void)arg;
}

static void test_dead(void)
{
	struct sender *sender = NULL;
	struct sink_tally tally;

	if (sender_open(&sender, "test", &nobody_else, leave, NULL)) {
		ok(false, "a process is started");
		return;
	}
	for (unsigned i = 0; i < 500; i++) {
		sender_put(sender, "x", 1);
		usleep(1000);
	}
	sender_finish(sender);
	sender_tally(sender, &tally);
	ok(tally.dropped[SENDER_GONE].packets > 0 && told(&tally) == 500 && !tally.delivered,
	   "what comes after a process has died is counted, and kills nobody");
	sender_close(sender);
}

/* A resolver holds it, and it hears nothing. */
static void hang(struct sender_end *end, void *arg)
{
	(void)end;
	(void)arg;
	for (;;)
		pause();
}

static void test_hang(void)
{
	struct sender *senders[2];
	uint64_t begun_ms, took_ms;

	for (int i = 0; i < 2; i++)
		if (sender_open(&senders[i], "test", &nobody_else, hang, NULL)) {
			ok(false, "a process is started");
			return;
		}
	begun_ms = sender_now_ms();
	for (int i = 0; i < 2; i++)
		sender_end_input(senders[i]);
	for (int i = 0; i < 2; i++)
		sender_finish(senders[i]);
	took_ms = sender_now_ms() - begun_ms;
	ok(took_ms >= SENDER_FLUSH_MS && took_ms < 2 * SENDER_FLUSH_MS,
	   "two that hang are waited for as long as one");
	ok(waitpid(-1, NULL, 0) < 0 && errno == ECHILD, "and are gone");
	for (int i = 0; i < 2; i++)
		sender_close(senders[i]);
}

int main(void)
{
	alarm(120);
	test_full_queue();
	test_stuck();
	test_dead();
	fflush(stdout);
	test_hang();
	return done();
}
