// SPDX-License-Identifier: BSD-2-Clause
/* Sends small UDP packets as fast as one processor can, each with a number: blast ADDRESS PORT
 * SECONDS */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BATCH 64
#define PAYLOAD 22 /* 64 bytes on the wire over IPv4 */

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static int open_to(const char *address, const char *port)
{
	struct addrinfo hints = { .ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICHOST }, *to;
	int fd;

	if (getaddrinfo(address, port, &hints, &to))
		return -EINVAL;
	fd = socket(to->ai_family, SOCK_DGRAM, 0);
	if (fd >= 0 && connect(fd, to->ai_addr, to->ai_addrlen)) {
		close(fd);
		fd = -1;
	}
	freeaddrinfo(to);
	return fd < 0 ? -errno : fd;
}

/* How many were sent until the time is over. */
static uint64_t blast(int fd, double seconds)
{
	static uint8_t bytes[BATCH][PAYLOAD];
	struct iovec parts[BATCH];
	struct mmsghdr messages[BATCH] = {};
	double end = now_s() + seconds;
	uint64_t sent = 0;

	for (int i = 0; i < BATCH; i++) {
		parts[i] = (struct iovec){ bytes[i], PAYLOAD };
		messages[i].msg_hdr = (struct msghdr){ .msg_iov = &parts[i], .msg_iovlen = 1 };
	}
	while (now_s() < end) {
		int done;

		for (int i = 0; i < BATCH; i++)
			memcpy(bytes[i], &(uint64_t){ sent + i }, sizeof(uint64_t));
		done = sendmmsg(fd, messages, BATCH, 0);
		if (done > 0)
			sent += done;
	}
	return sent;
}

int main(int argc, char **argv)
{
	int fd = argc == 4 ? open_to(argv[1], argv[2]) : -EINVAL;

	if (fd < 0) {
		fprintf(stderr, "usage: blast ADDRESS PORT SECONDS\n");
		return 2;
	}
	printf("%llu\n", (unsigned long long)blast(fd, atof(argv[3])));
	return 0;
}
