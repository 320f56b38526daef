// SPDX-License-Identifier: BSD-2-Clause
/* Sends the pattern of a self-test: attempts at closed ports, a rhythm, names below a domain. */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "selftest/selftest.h"

#define STEP_MS 50 /* at most one packet of each kind */
#define SCAN_FROM 20
#define SCAN_EVERY 2
#define QUERY_FROM 100
#define LABEL 28
#define DNS_PORT 53
#define QUERY_ROOM 256

union endpoint {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static socklen_t endpoint_of(union endpoint *out, const struct address *address, uint16_t port)
{
	memset(out, 0, sizeof(*out));
	if (address_is_ipv4(address)) {
		out->v4.sin_family = AF_INET;
		out->v4.sin_port = htons(port);
		memcpy(&out->v4.sin_addr, address->bytes + 12, 4);
		return sizeof(out->v4);
	}
	out->v6.sin6_family = AF_INET6;
	out->v6.sin6_port = htons(port);
	memcpy(&out->v6.sin6_addr, address->bytes, 16);
	return sizeof(out->v6);
}

/* A socket that is on its way there; what comes of it is for the agent to see.  -errno. */
static int reach(const struct address *target, uint16_t port, int type)
{
	union endpoint to;
	socklen_t length = endpoint_of(&to, target, port);
	int fd = socket(to.any.sa_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), err;

	if (fd < 0)
		return -errno;
	err = connect(fd, &to.any, length) ? errno : 0;
	if (!err || err == EINPROGRESS || err == ECONNREFUSED)
		return fd;
	close(fd);
	return -err;
}

int selftest_source(const struct address *target, struct address *out)
{
	union endpoint own;
	socklen_t length = sizeof(own);
	int fd = reach(target, DNS_PORT, SOCK_DGRAM), err;

	if (fd < 0)
		return fd;
	err = getsockname(fd, &own.any, &length) ? -errno : 0;
	close(fd);
	if (err)
		return err;
	memset(out, 0, sizeof(*out));
	if (own.any.sa_family == AF_INET) {
		out->bytes[10] = out->bytes[11] = 0xff;
		memcpy(out->bytes + 12, &own.v4.sin_addr, 4);
	} else {
		memcpy(out->bytes, &own.v6.sin6_addr, 16);
	}
	return 0;
}

/* A label of letters and digits that nobody has said before. */
static size_t put_label(uint8_t *to)
{
	uint8_t random[LABEL];

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return 0;
	to[0] = LABEL;
	for (unsigned i = 0; i < LABEL; i++)
		to[1 + i] = "abcdefghijklmnopqrstuvwxyz234567"[random[i] % 32];
	return 1 + LABEL;
}

static size_t put_name(uint8_t *to, const char *domain)
{
	size_t used = put_label(to);

	used += put_label(to + used);
	while (*domain) {
		size_t length = strcspn(domain, ".");

		to[used++] = length;
		memcpy(to + used, domain, length);
		used += length;
		domain += length + (domain[length] == '.');
	}
	to[used++] = 0;
	return used;
}

bool selftest_is_domain(const char *domain)
{
	size_t length = strlen(domain);

	return length && length < sizeof(((struct selftest_plan *)0)->domain) &&
	       strspn(domain, "abcdefghijklmnopqrstuvwxyz0123456789-.") == length &&
	       !strstr(domain, "..") && domain[0] != '.' && domain[length - 1] != '.';
}

static int ask(const struct selftest_plan *plan, uint16_t id)
{
	/* A question for TXT, recursion desired (RFC 1035, 4.1). */
	uint8_t query[QUERY_ROOM] = { id >> 8, id, 1, 0, 0, 1 };
	size_t used = 12;
	int fd = reach(&plan->target, DNS_PORT, SOCK_DGRAM), err = 0;

	if (fd < 0)
		return fd;
	used += put_name(query + used, plan->domain);
	memcpy(query + used, "\0\020\0\001", 4);
	if (send(fd, query, used + 4, 0) < 0 && errno != ECONNREFUSED)
		err = -errno;
	close(fd);
	return err;
}

static void note(int result, uint32_t *count, struct selftest_sent *sent)
{
	if (result < 0)
		sent->error = result;
	else
		++*count;
}

/* The one before is closed: a refused one is long over. */
static void replace(int *held, int fd)
{
	if (*held >= 0)
		close(*held);
	*held = fd;
}

static void wait_until(struct timespec *next)
{
	next->tv_nsec += STEP_MS * 1000000;
	if (next->tv_nsec >= 1000000000) {
		next->tv_sec++;
		next->tv_nsec -= 1000000000;
	}
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, next, NULL);
}

void selftest_send(const struct selftest_plan *plan, struct selftest_sent *out,
		   const volatile int *stopped)
{
	unsigned every = SELFTEST_INTERVAL_MS / STEP_MS;
	int beacon = -1, scan[SELFTEST_PORTS];
	struct timespec next;

	memset(out, 0, sizeof(*out));
	memset(scan, -1, sizeof(scan));
	clock_gettime(CLOCK_MONOTONIC, &next);
	for (unsigned i = 0; i <= every * (SELFTEST_EXCHANGES - 1) && !*stopped; i++) {
		unsigned port = (i - SCAN_FROM) / SCAN_EVERY;

		if (i % every == 0) {
			replace(&beacon, reach(&plan->target, plan->beacon_port, SOCK_STREAM));
			note(beacon, &out->exchanges, out);
		}
		if (i >= SCAN_FROM && (i - SCAN_FROM) % SCAN_EVERY == 0 && port < SELFTEST_PORTS) {
			scan[port] = reach(&plan->target, plan->scan_port + port, SOCK_STREAM);
			note(scan[port], &out->contacts, out);
		}
		if (i >= QUERY_FROM && i < QUERY_FROM + SELFTEST_QUERIES)
			note(ask(plan, i), &out->queries, out);
		wait_until(&next);
	}
	replace(&beacon, -1);
	for (unsigned i = 0; i < SELFTEST_PORTS; i++)
		replace(&scan[i], -1);
}
