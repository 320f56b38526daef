// SPDX-License-Identifier: BSD-2-Clause
/* Sends frames as fast as it can, or at a rate: blast IFACE MAC flows|long|fill|events RATE SECONDS
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BURST 32
#define HEADERS 42 /* Ethernet, IPv4, UDP */
#define FRAME_MAX 1514

/* \3www\7example\3com, type A. */
static const unsigned char question[] = "\x12\x34\1\0\0\1\0\0\0\0\0\0"
					"\3www\7example\3com\0\0\1\0";
#define QUESTION sizeof(question)
#define FLOWS 8192    /* of modes flows and long */
#define CLIENTS 32768 /* of mode events, that open conversations */
#define ASKERS 1024
#define FILL 1400
static const unsigned char zeros[FILL];
#define ASKED_OF_10 8 /* of ten frames of mode events: DNS queries; one opens a conversation */

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

static void put16(unsigned char *at, unsigned value)
{
	at[0] = value >> 8;
	at[1] = value;
}

static void put32(unsigned char *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value & 0xffff);
}

static void checksum(unsigned char *ip)
{
	uint32_t sum = 0;

	put16(ip + 10, 0);
	for (int i = 0; i < 20; i += 2)
		sum += (uint32_t)ip[i] << 8 | ip[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	put16(ip + 10, ~sum & 0xffff);
}

/* A datagram from 10.77.0.0/16 to 10.77.0.2; returns its length, at least 60. */
static unsigned build(unsigned char *frame, const unsigned char *payload, unsigned length,
		      uint32_t source, unsigned sport, unsigned dport)
{
	unsigned char *ip = frame + 14, *udp = ip + 20;

	ip[0] = 0x45;
	put16(ip + 2, 28 + length);
	ip[8] = 64;
	ip[9] = IPPROTO_UDP;
	put32(ip + 12, source);
	put32(ip + 16, 0x0a4d0002);
	checksum(ip);
	put16(udp, sport);
	put16(udp + 2, dport);
	put16(udp + 4, 8 + length);
	memcpy(udp + 8, payload, length);
	return HEADERS + length < 60 ? 60 : HEADERS + length;
}

/* One of many conversations, all of the same size. */
static unsigned flow_frame(unsigned char *frame, uint64_t i)
{
	return build(frame, question, 18, 0x0a4d0001, 1024 + i % FLOWS, 9);
}

/* The same conversations, a full segment each: so that their beginnings are soon behind them. */
static unsigned long_frame(unsigned char *frame, uint64_t i)
{
	return build(frame, zeros, FILL, 0x0a4d0001, 1024 + i % FLOWS, 9);
}

/* What the askers of mode events have behind them: more than the agent samples of a beginning. */
static unsigned fill_frame(unsigned char *frame, uint64_t i)
{
	return build(frame, zeros, FILL, 0x0a4e0000 + i % ASKERS, 5353, 53);
}

/* What makes the agent speak: known clients that ask DNS, new conversations, and a rest that it
 * has nothing to say about. */
static unsigned event_frame(unsigned char *frame, uint64_t i)
{
	uint64_t n = i / 10;

	if (i % 10 < ASKED_OF_10)
		return build(frame, question, QUESTION, 0x0a4e0000 + i % ASKERS, 5353, 53);
	if (i % 10 == ASKED_OF_10)
		return build(frame, question, 18, 0x0a500000 + n % CLIENTS,
			     1024 + n / CLIENTS % 60000, 9);
	return build(frame, question, 18, 0x0a4d0001, 1024, 9);
}

typedef unsigned make_fn(unsigned char *frame, uint64_t i);

struct blast {
	int fd;
	unsigned char frames[BURST][FRAME_MAX];
	struct iovec parts[BURST];
	struct mmsghdr messages[BURST];
};

static int open_blast(struct blast *blast, const char *interface, const char *mac, int bypass)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET,
				  .sll_ifindex = if_nametoindex(interface) };
	unsigned char ethernet[14] = { [12] = 0x08 };

	if (sscanf(mac, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &ethernet[0], &ethernet[1], &ethernet[2],
		   &ethernet[3], &ethernet[4], &ethernet[5]) != 6)
		return -EINVAL;
	ethernet[6] = 2; /* locally administered: 02:00:00:00:00:00 */
	blast->fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (blast->fd < 0 || bind(blast->fd, (struct sockaddr *)&to, sizeof(to)))
		return -errno;
	setsockopt(blast->fd, SOL_PACKET, PACKET_QDISC_BYPASS, &bypass, sizeof(bypass));
	for (int i = 0; i < BURST; i++) {
		memcpy(blast->frames[i], ethernet, sizeof(ethernet));
		blast->parts[i].iov_base = blast->frames[i];
		blast->messages[i].msg_hdr.msg_iov = &blast->parts[i];
		blast->messages[i].msg_hdr.msg_iovlen = 1;
	}
	return 0;
}

/* Until the time or the count is reached.  Packets sent, or -errno. */
static int64_t send_all(struct blast *blast, make_fn *make, uint64_t rate, uint64_t end_ns,
			uint64_t count)
{
	uint64_t begun_ns = now_ns(), sent = 0, now = begun_ns;

	for (; now < end_ns && sent < count; now = now_ns()) {
		int n;

		if (rate && sent * 1000000000ull / rate > now - begun_ns) {
			usleep(200);
			continue;
		}
		for (int i = 0; i < BURST; i++)
			blast->parts[i].iov_len = make(blast->frames[i], sent + i);
		n = sendmmsg(blast->fd, blast->messages, BURST, 0);
		if (n < 0 && errno != ENOBUFS)
			return -errno;
		if (n > 0)
			sent += n;
	}
	return sent;
}

/* bypass: past the sender's own tc, where mode events is to be seen. */
static const struct mode {
	const char *name;
	make_fn *make;
	int bypass;
} modes[] = { { "flows", flow_frame, 1 },
	      { "long", long_frame, 1 },
	      { "fill", fill_frame, 0 },
	      { "events", event_frame, 0 } };

static const struct mode *find_mode(const char *name)
{
	for (unsigned i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (!strcmp(modes[i].name, name))
			return &modes[i];
	return NULL;
}

int main(int argc, char **argv)
{
	static struct blast blast;
	uint64_t begun_ns = now_ns();
	int64_t sent;
	const struct mode *mode;
	int err;

	mode = argc == 6 || argc == 7 ? find_mode(argv[3]) : NULL;
	if (!mode) {
		fprintf(stderr,
			"usage: blast IFACE MAC flows|long|fill|events RATE SECONDS [COUNT]\n");
		return 2;
	}
	err = open_blast(&blast, argv[1], argv[2], mode->bypass);
	if (!err) {
		sent = send_all(&blast, mode->make, strtoull(argv[4], NULL, 10),
				begun_ns + strtoull(argv[5], NULL, 10) * 1000000000ull,
				argc == 7 ? strtoull(argv[6], NULL, 10) : UINT64_MAX);
		if (sent < 0)
			err = sent;
	}
	if (err) {
		fprintf(stderr, "blast: %s: %s\n", argv[1], strerror(-err));
		return 1;
	}
	printf("%lld %.6f\n", (long long)sent, (now_ns() - begun_ns) / 1e9);
	return 0;
}
