// SPDX-License-Identifier: BSD-2-Clause
/* Sends messages to a syslog server. */
#include <errno.h>
#include <linux/sockios.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/log.h"
#include "sinks/syslog_connect.h"
#include "sinks/syslog_line.h"
#include "sinks/syslog_send.h"

#define IDLE_MS 60000
#define CONNECT_MS 10000
#define SETTLE_MS 50 /* over UDP: how long an ICMP answer from near by may take */
#define LOOK_MS 20   /* while something is on its way */
#define ON_THEIR_WAY 256
#define FRAME (SENDER_MESSAGE + 16)

struct connection {
	const struct syslog_target *target;
	struct sender_end *end;
	struct backoff backoff;
	int fd;
	bool connecting, failing; /* failing: and that has been said */
	unsigned attempt;
	uint64_t at_ms;      /* of the next try, or the end of this one */
	uint64_t sent_at_ms; /* the last message */
	size_t length, done; /* of frame */
	char frame[FRAME];
};

/* All that is on its way is sent again. */
static void fail(struct connection *c, int err)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	c->connecting = false;
	c->length = c->done = 0;
	c->attempt++;
	waiting_unhold(&c->end->waiting);
	c->at_ms = sender_now_ms() + sender_pause_ms(c->end, &c->backoff);
	if (!c->failing)
		log_warning("syslog %s: %s; what is found waits for it", c->target->host,
			    strerror(err));
	c->failing = true;
}

static void succeed(struct connection *c)
{
	backoff_reset(&c->backoff);
	if (c->failing)
		log_info("syslog %s: works again", c->target->host);
	c->failing = false;
}

static int pending_error(int fd)
{
	int err = 0;
	socklen_t size = sizeof(err);

	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &size) ? errno : err;
}

static void begin(struct connection *c)
{
	c->fd = syslog_connect(c->target, c->attempt);
	if (c->fd < 0) {
		fail(c, -c->fd);
		return;
	}
	c->connecting = c->target->transport == SYSLOG_TCP;
	c->at_ms = sender_now_ms() + CONNECT_MS;
}

static void end_connecting(struct connection *c, bool writable)
{
	int err = pending_error(c->fd);

	if (err)
		fail(c, err);
	else if (writable)
		c->connecting = false;
	else if (sender_now_ms() >= c->at_ms)
		fail(c, ETIMEDOUT);
}

/* RFC 6587, 3.4.1: over TCP its length goes before. */
static bool next_frame(struct connection *c)
{
	const struct message *message = waiting_peek(&c->end->waiting);
	int before = 0;

	if (!message || c->end->waiting.held >= ON_THEIR_WAY)
		return false;
	if (c->target->transport == SYSLOG_TCP)
		before = snprintf(c->frame, 16, "%zu ", message->length);
	memcpy(c->frame + before, message->bytes, message->length);
	c->length = before + message->length;
	c->done = 0;
	waiting_hold(&c->end->waiting);
	return true;
}

/* Too long for this path, now and ever: the last one that is held. */
static void give_up_frame(struct connection *c)
{
	struct waiting *waiting = &c->end->waiting;

	/* Those before it are datagrams that have gone. */
	sender_delivered(c->end, waiting->held - 1);
	waiting_release(waiting, 1);
	sender_drop(c->end, SENDER_TOO_LARGE, 1);
	c->length = c->done = 0;
}

/* false: the system takes no more now. */
static bool push(struct connection *c)
{
	ssize_t n = send(c->fd, c->frame + c->done, c->length - c->done, MSG_NOSIGNAL);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n < 0 && errno == EMSGSIZE) {
		give_up_frame(c);
		return true;
	}
	if (n < 0) {
		fail(c, errno);
		return false;
	}
	c->done += n;
	c->sent_at_ms = sender_now_ms();
	if (c->done == c->length)
		c->length = c->done = 0;
	return true;
}

/* A server that says anything has nothing to say; one that closes is gone. */
static bool is_closed(struct connection *c)
{
	char said[512];
	ssize_t n = 1;

	if (c->target->transport != SYSLOG_TCP)
		return false;
	while (n > 0)
		n = recv(c->fd, said, sizeof(said), MSG_DONTWAIT);
	return !n || (errno != EAGAIN && errno != EINTR);
}

/* What is known to have arrived, as far as that can be known. */
static void settle(struct connection *c)
{
	int err = pending_error(c->fd), unconfirmed = 0;

	if (err || is_closed(c)) {
		fail(c, err ? err : ECONNRESET);
		return;
	}
	if (c->length || !c->end->waiting.held)
		return;
	if (c->target->transport == SYSLOG_TCP && ioctl(c->fd, SIOCOUTQ, &unconfirmed))
		unconfirmed = 0;
	if (c->target->transport == SYSLOG_UDP && sender_now_ms() < c->sent_at_ms + SETTLE_MS)
		return;
	if (unconfirmed)
		return;
	sender_delivered(c->end, c->end->waiting.held);
	succeed(c);
}

static void work(struct connection *c)
{
	if (c->fd < 0 && c->end->waiting.count && sender_now_ms() >= c->at_ms)
		begin(c);
	if (c->fd < 0 || c->connecting)
		return;
	settle(c);
	while (c->fd >= 0 && (c->length || next_frame(c)) && push(c))
		;
	if (c->fd >= 0)
		settle(c);
}

static int how_long(const struct connection *c)
{
	uint64_t now = sender_now_ms();

	if (c->end->waiting.held && c->fd >= 0 && !c->connecting)
		return LOOK_MS;
	if (!c->connecting && !(c->fd < 0 && c->end->waiting.count))
		return IDLE_MS;
	return c->at_ms > now ? (int)(c->at_ms - now) : 0;
}

static void send_all(struct connection *c)
{
	struct sender_end *end = c->end;

	while (!sender_is_done(end)) {
		struct pollfd waits[] = { { .fd = end->over ? -1 : end->channel, .events = POLLIN },
					  { .fd = c->fd, .events = POLLIN } };

		if (c->connecting || c->length)
			waits[1].events |= POLLOUT;
		poll(waits, 2, sender_timeout(end, how_long(c)));
		sender_receive(end);
		if (c->connecting)
			end_connecting(c, waits[1].revents & POLLOUT);
		work(c);
	}
}

void syslog_send(struct sender_end *end, void *target)
{
	struct connection *c = calloc(1, sizeof(*c));

	if (!c) {
		log_error("syslog: out of memory: nothing is sent");
		return;
	}
	c->target = target;
	c->end = end;
	c->fd = -1;
	send_all(c);
	if (c->fd >= 0)
		close(c->fd);
	free(c);
}
