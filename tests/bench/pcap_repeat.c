// SPDX-License-Identifier: BSD-2-Clause
/*
 * Writes a capture again and again to standard output, until so many megabytes
 * have been written: each copy later, and of other hosts (the middle of IPv4
 * addresses changes, checksums do not).
 */
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECORD_HEADER 16
#define ETHERNET 14
#define IPV4_SOURCE (ETHERNET + 12)
#define IPV4_END (ETHERNET + 20)

struct packet {
	struct pcap_pkthdr header;
	u_char *bytes;
};

struct capture {
	struct packet *packets;
	size_t count, room;
	long span_s;
};

static void keep(struct capture *capture, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct packet *packet;

	if (capture->count == capture->room) {
		capture->room = capture->room ? 2 * capture->room : 4096;
		capture->packets =
			realloc(capture->packets, capture->room * sizeof(*capture->packets));
		if (!capture->packets)
			exit(1);
	}
	packet = &capture->packets[capture->count++];
	packet->header = *header;
	packet->bytes = malloc(header->caplen + 1);
	if (!packet->bytes)
		exit(1);
	memcpy(packet->bytes, bytes, header->caplen);
}

static void read_all(struct capture *capture, pcap_t *pcap)
{
	long first = 0, last = 0;
	struct pcap_pkthdr *header;
	const u_char *bytes;

	while (pcap_next_ex(pcap, &header, &bytes) == 1) {
		keep(capture, header, bytes);
		if (!first || header->ts.tv_sec < first)
			first = header->ts.tv_sec;
		if (header->ts.tv_sec > last)
			last = header->ts.tv_sec;
	}
	capture->span_s = last - first + 1;
}

/* Both addresses of IPv4 in the same way, so that conversations stay together. */
static void change(struct packet *packet, unsigned mask)
{
	u_char *bytes = packet->bytes;

	if (packet->header.caplen < IPV4_END || bytes[12] != 8 || bytes[13])
		return;
	for (unsigned at = IPV4_SOURCE; at < IPV4_END; at += 4) {
		bytes[at + 1] ^= mask >> 8;
		bytes[at + 2] ^= mask;
	}
}

static void write_copies(const struct capture *capture, pcap_dumper_t *out, double bytes)
{
	double written = 0;

	for (unsigned copy = 0; written < bytes; copy++) {
		for (size_t i = 0; i < capture->count && written < bytes; i++) {
			struct packet *packet = &capture->packets[i];
			struct pcap_pkthdr header = packet->header;

			header.ts.tv_sec += copy * capture->span_s;
			change(packet, copy);
			pcap_dump((u_char *)out, &header, packet->bytes);
			change(packet, copy);
			written += RECORD_HEADER + header.caplen;
		}
	}
}

int main(int argc, char **argv)
{
	char error[PCAP_ERRBUF_SIZE];
	struct capture capture = { 0 };
	pcap_dumper_t *out;
	pcap_t *pcap;

	if (argc != 3)
		return 2;
	pcap = pcap_open_offline(argv[1], error);
	if (!pcap) {
		fprintf(stderr, "pcap_repeat: %s\n", error);
		return 1;
	}
	read_all(&capture, pcap);
	out = pcap_dump_fopen(pcap, stdout);
	if (!out || !capture.count)
		return 1;
	write_copies(&capture, out, atof(argv[2]) * 1e6);
	pcap_dump_close(out);
	for (size_t i = 0; i < capture.count; i++)
		free(capture.packets[i].bytes);
	free(capture.packets);
	pcap_close(pcap);
	return 0;
}
