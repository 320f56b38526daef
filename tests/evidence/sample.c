// SPDX-License-Identifier: BSD-2-Clause
/* Writes everything that skua puts into a pcapng file: sample FILE [SNAPLEN] */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "record/pcapng.h"

#define PACKETS 100
#define SECOND_NS 1000000000ull
#define BEGIN_NS (1700000000ull * SECOND_NS + 123456789)
#define ETHERNET 1
#define PING_SIZE 98
#define PING_HEADERS 42

static const char *const notes[] = {
	"skua.finding={\"event_type\":\"beacon\",\"src_ip\":\"10.9.0.5\",\"score\":0.97}",
	"skua.context={\"prevalence\":1}",
	"10.9.0.5 calls 203.0.113.5 every second; caf\xc3\xa9",
};
static const char *const exchange[] = { "beacon 7f3a: callback 1, +1.0 s", "trigger" };

static const struct pcapng_section section = {
	.hardware = "sample machine",
	.os = "Linux 6.1",
	.application = "skua sample",
	.comments = notes,
	.comment_count = 3,
};

static uint16_t checksum(const uint8_t *at, unsigned size)
{
	uint32_t sum = 0;

	for (unsigned i = 0; i < size; i += 2)
		sum += (uint32_t)at[i] << 8 | at[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* An echo request from 10.9.0.5 to 203.0.113.5. */
static void make_ping(uint8_t frame[PING_SIZE], uint8_t sequence)
{
	static const uint8_t head[PING_HEADERS] = {
		2, 0, 0, 0, 0, 2,  2, 0, 0, 0,   0, 1,   8, 0, 0x45, 0, 0, 84,   0, 1, 0,
		0, 8, 1, 0, 0, 10, 9, 0, 5, 203, 0, 113, 5, 8, 0,    0, 0, 0x12, 0, 0, 0,
	};
	uint16_t sum;

	memcpy(frame, head, sizeof(head));
	memset(frame + PING_HEADERS, 'x', PING_SIZE - PING_HEADERS);
	frame[22] = 64;
	frame[41] = sequence;
	sum = checksum(frame + 14, 20);
	frame[24] = (uint8_t)(sum >> 8);
	frame[25] = (uint8_t)sum;
	sum = checksum(frame + 34, PING_SIZE - 34);
	frame[36] = (uint8_t)(sum >> 8);
	frame[37] = (uint8_t)sum;
}

static int add_packets(struct pcapng *pcapng, uint32_t snaplen)
{
	uint8_t frame[PING_SIZE];
	int err = 0;

	for (unsigned i = 0; i < PACKETS && !err; i++) {
		bool first = i % 4 == 0;
		struct pcapng_packet packet = {
			.interface = i % 2,
			.time_ns = BEGIN_NS + i * SECOND_NS,
			.captured = snaplen < PING_SIZE ? snaplen : PING_SIZE,
			.length = PING_SIZE,
			.bytes = frame,
			.flags = i % 3,
			.has_id = true,
			.packet_id = i,
			.has_queue = true,
			.queue = i % 2,
			.dropped = i == 50 ? 7 : 0,
			.comments = exchange,
			.comment_count = i == 96 ? 2 : first,
		};

		make_ping(frame, (uint8_t)i);
		err = pcapng_add_packet(pcapng, &packet);
	}
	return err;
}

static int write_all(struct pcapng *pcapng, FILE *stream, uint32_t snaplen)
{
	struct pcapng_interface eth = { "eth0", "pod web in shop", "Linux 6.1",
					"icmp", ETHERNET,          snaplen };
	struct pcapng_name names[2] = { { .name = "web.shop" }, { .name = "db.shop" } };
	struct pcapng_statistics statistics = {
		0, BEGIN_NS, BEGIN_NS + PACKETS * SECOND_NS, 5000000000ull, 7, PACKETS
	};
	int err = pcapng_begin(pcapng, stream, &section);

	address_parse(&names[0].address, "10.9.0.5");
	address_parse(&names[1].address, "2001:db8::7");
	err = err ? err : pcapng_add_interface(pcapng, &eth);
	eth.name = "eth1";
	eth.description = NULL;
	err = err ? err : pcapng_add_interface(pcapng, &eth);
	err = err ? err : pcapng_add_names(pcapng, names, 2);
	err = err ? err : add_packets(pcapng, snaplen);
	err = err ? err : pcapng_add_statistics(pcapng, &statistics);
	return err ? err : pcapng_end(pcapng);
}

int main(int argc, char **argv)
{
	uint32_t snaplen = argc > 2 ? (uint32_t)atoi(argv[2]) : 1514;
	FILE *stream = argc > 1 ? fopen(argv[1], "wb") : NULL;
	struct pcapng pcapng;

	if (!stream)
		return 2;
	if (write_all(&pcapng, stream, snaplen) || fclose(stream))
		return 1;
	return 0;
}
