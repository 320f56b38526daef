// SPDX-License-Identifier: BSD-2-Clause
/* A process that sends: whatever it does, the worker does not wait, and each message is counted. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "sinks/sender.h"
#include "tap.h"

#define MANY 6000
#define HANGING 8
#define PATIENCE_MS 60000 /* longer than any machine that still does something */

static const struct privs_account nobody_else = { .change = false };

static uint64_t told(const struct sink_tally *tally)
{
	uint64_t sum = tally->delivered + tally->waiting;

	for (unsigned i = 0; i < tally->cause_count; i++)
		sum += tally->dropped[i].packets;
	return sum;
}

/* Takes everything in and tells how many it took, sends nothing until the end, and tells which was
 * the oldest it had. */
static void hoard(struct sender_end *end, void *arg)
{
	volatile uint64_t *taken = arg;

	while (!end->over) {
		struct pollfd channel = { .fd = end->channel, .events = POLLIN };

		poll(&channel, 1, sender_timeout(end, 1000));
		sender_receive(end);
		*taken = end->waiting.count + end->counts->dropped[SENDER_QUEUE_FULL];
	}
	if (end->waiting.first)
		memcpy(&end->counts->retries, end->waiting.first->bytes, sizeof(uint64_t));
	while (end->waiting.count) {
		waiting_hold(&end->waiting);
		sender_delivered(end, 1);
	}
}

static bool took(const volatile uint64_t *taken, uint64_t wanted)
{
	const uint64_t end_ms = sender_now_ms() + PATIENCE_MS;

	while (*taken < wanted && sender_now_ms() < end_ms)
		usleep(200);
	return *taken == wanted;
}

static void test_full_queue(void)
{
	volatile uint64_t *taken = mmap(NULL, sizeof(*taken), PROT_READ | PROT_WRITE,
					MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct sender *sender = NULL;
	struct sink_tally tally;
	bool all = true;

	if (taken == MAP_FAILED ||
	    sender_open(&sender, "test", &nobody_else, hoard, (void *)taken)) {
		ok(false, "a process is started");
		return;
	}
	/* The kernel may let as few as ten wait between the two. */
	for (uint64_t i = 0; all && i < MANY; i++) {
		sender_put(sender, &i, sizeof(i));
		if (i % 10 == 9)
			all = took(taken, i + 1);
	}
	sender_finish(sender);
	sender_tally(sender, &tally);
	ok(all, "a process that takes in what it is given has all of it");
	ok(tally.offered == MANY && told(&tally) == MANY,
	   "all that were handed over are delivered or dropped, by cause");
	ok(tally.delivered == WAITING_MESSAGES, "as many wait as there is room for");
	ok(tally.dropped[SENDER_QUEUE_FULL].packets == MANY - WAITING_MESSAGES &&
		   !tally.dropped[SENDER_CHANNEL_FULL].packets,
	   "what there was no room for is counted");
	ok(tally.retries == tally.dropped[SENDER_QUEUE_FULL].packets,
	   "and it is the oldest that gave way");
	sender_close(sender);
	munmap((void *)taken, sizeof(*taken));
}

/* Reads nothing at all, and ends when the worker does. */
static void sit(struct sender_end *end, void *arg)
{
	struct pollfd channel = { .fd = end->channel, .events = POLLRDHUP };

	(void)arg;
	poll(&channel, 1, 10 * PATIENCE_MS);
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
	uint64_t end_ms, put = 0;

	if (sender_open(&sender, "test", &nobody_else, leave, NULL)) {
		ok(false, "a process is started");
		return;
	}
	end_ms = sender_now_ms() + PATIENCE_MS;
	do {
		sender_put(sender, "x", 1);
		put++;
		usleep(1000);
		sender_tally(sender, &tally);
	} while (tally.dropped[SENDER_GONE].packets < 10 && sender_now_ms() < end_ms);
	sender_finish(sender);
	sender_tally(sender, &tally);
	ok(tally.dropped[SENDER_GONE].packets >= 10 && told(&tally) == put && !tally.delivered,
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
	struct sender *senders[HANGING];
	uint64_t begun_ms, took_ms;

	for (int i = 0; i < HANGING; i++)
		if (sender_open(&senders[i], "test", &nobody_else, hang, NULL)) {
			ok(false, "a process is started");
			return;
		}
	begun_ms = sender_now_ms();
	for (int i = 0; i < HANGING; i++)
		sender_end_input(senders[i]);
	for (int i = 0; i < HANGING; i++)
		sender_finish(senders[i]);
	took_ms = sender_now_ms() - begun_ms;
	printf("# figure: wait for %d senders that hang: %.1f s\n", HANGING, took_ms / 1e3);
	ok(took_ms >= SENDER_FLUSH_MS && took_ms < HANGING * SENDER_FLUSH_MS,
	   "eight that hang are waited for as long as one");
	ok(waitpid(-1, NULL, 0) < 0 && errno == ECHILD, "and are gone");
	for (int i = 0; i < HANGING; i++)
		sender_close(senders[i]);
}

int main(void)
{
	alarm(600);
	test_full_queue();
	test_stuck();
	test_dead();
	fflush(stdout);
	test_hang();
	return done();
}
