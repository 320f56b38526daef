// SPDX-License-Identifier: BSD-2-Clause
/* user/capture/pcap_write.h behind tcpdump's letters: -i -w -C -G -W -c -s and a filter.  SIGUSR1:
 * says how many packets are in files so far. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "capture/pcap_write.h"

static volatile sig_atomic_t stopped, asked;

static void on_signal(int signal)
{
	if (signal == SIGUSR1)
		asked = 1;
	else
		stopped = 1;
}

static int read_options(struct pcap_write_options *options, int argc, char **argv)
{
	int letter;

	while ((letter = getopt(argc, argv, "i:w:C:G:W:c:s:")) >= 0) {
		uint32_t number = optarg ? (uint32_t)strtoul(optarg, NULL, 10) : 0;

		switch (letter) {
		case 'i':
			options->interface = optarg;
			break;
		case 'w':
			options->file = optarg;
			break;
		case 'C':
			options->megabytes = number;
			break;
		case 'G':
			options->seconds = number;
			break;
		case 'W':
			options->files = number;
			break;
		case 'c':
			options->count = number;
			break;
		case 's':
			options->snaplen = number;
			break;
		default:
			return -EINVAL;
		}
	}
	options->filter = argv[optind];
	return options->interface && options->file ? 0 : -EINVAL;
}

static void say_so_far(struct pcap_write *write)
{
	struct pcap_write_counts counts;

	asked = 0;
	pcap_write_counts(write, &counts);
	fprintf(stderr, "%llu so far\n", (unsigned long long)counts.captured);
}

/* The status it ended with, a SOURCE_* or -errno. */
static int run(struct pcap_write *write)
{
	struct pollfd ready = { .fd = pcap_write_fd(write), .events = POLLIN };
	int state = SOURCE_AGAIN;

	while (state == SOURCE_AGAIN && !stopped) {
		poll(&ready, 1, 100);
		state = pcap_write_poll(write);
		if (asked)
			say_so_far(write);
	}
	return state;
}

int main(int argc, char **argv)
{
	struct pcap_write_options options = {};
	struct pcap_write_counts counts;
	char error[PCAP_DEVICE_ERROR];
	struct pcap_write *write;
	int state;

	signal(SIGINT, on_signal);
	signal(SIGUSR1, on_signal);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (read_options(&options, argc, argv))
		return 2;
	if (pcap_write_open(&write, &options, error)) {
		fprintf(stderr, "%s\n", error);
		return 2;
	}
	fprintf(stderr, "listening\n");
	state = run(write);
	pcap_write_counts(write, &counts);
	fprintf(stderr, "%llu captured, %llu bytes, %llu files, %llu dropped, %llu unwritten\n",
		(unsigned long long)counts.captured, (unsigned long long)counts.bytes,
		(unsigned long long)counts.files, (unsigned long long)counts.losses.dropped,
		(unsigned long long)counts.unwritten);
	pcap_write_close(write);
	return state < 0;
}
