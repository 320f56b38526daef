// SPDX-License-Identifier: BSD-2-Clause
/* The yardstick of reading: a bare libpcap loop that touches the first byte of each packet. */
#include <pcap/pcap.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	char error[PCAP_ERRBUF_SIZE];
	const unsigned char *bytes;
	struct pcap_pkthdr *header;
	unsigned long packets = 0, sum = 0;
	pcap_t *pcap;

	if (argc != 2)
		return 2;
	pcap = pcap_open_offline(argv[1], error);
	if (!pcap) {
		fprintf(stderr, "pcap_loop: %s\n", error);
		return 1;
	}
	while (pcap_next_ex(pcap, &header, &bytes) == 1) {
		packets++;
		sum += bytes[0];
	}
	pcap_close(pcap);
	printf("%lu packets, %lu\n", packets, sum);
	return 0;
}
