// SPDX-License-Identifier: BSD-2-Clause
/* A classic pcap file. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "output.h"

#define BUFFER_BYTES (1 << 20)
#define RECORD_HEADER 16

struct output {
	int fd, err;
	uint32_t snaplen;
	uint64_t packets;
	uint32_t used;
	uint8_t buffer[BUFFER_BYTES];
};

static uint8_t *put_le32(uint8_t *to, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++, value >>= 8)
		to[i] = value;
	return to + 4;
}

static void flush(struct output *output)
{
	uint32_t done = 0;

	while (done < output->used && !output->err) {
		ssize_t n = write(output->fd, output->buffer + done, output->used - done);

		if (n >= 0)
			done += n;
		else if (errno != EINTR)
			output->err = -errno;
	}
	output->used = 0;
}

int output_open(struct output **out, const char *path, uint32_t linktype, uint32_t snaplen)
{
	struct output *output = malloc(sizeof(*output));
	uint8_t *at;

	if (!output)
		return -ENOMEM;
	output->fd = STDOUT_FILENO;
	if (strcmp(path, "-"))
		output->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (output->fd < 0) {
		int err = -errno;

		free(output);
		return err;
	}
	output->err = 0;
	output->snaplen = snaplen;
	output->packets = 0;
	at = put_le32(output->buffer, 0xa1b2c3d4);
	at = put_le32(at, 4 << 16 | 2); /* version 2.4 */
	at = put_le32(put_le32(at, 0), 0);
	at = put_le32(put_le32(at, snaplen), linktype);
	output->used = at - output->buffer;
	*out = output;
	return 0;
}

void output_write(struct output *output, uint64_t time_ns, const uint8_t *bytes, uint32_t length,
		  uint32_t snaplen)
{
	uint32_t most = snaplen && snaplen < output->snaplen ? snaplen : output->snaplen;
	uint32_t captured = length < most ? length : most;
	uint8_t *at;

	if (output->used + RECORD_HEADER + captured > BUFFER_BYTES)
		flush(output);
	at = output->buffer + output->used;
	at = put_le32(at, time_ns / 1000000000);
	at = put_le32(at, time_ns % 1000000000 / 1000);
	at = put_le32(put_le32(at, captured), length);
	memcpy(at, bytes, captured);
	output->used += RECORD_HEADER + captured;
	output->packets++;
}

uint64_t output_packets(const struct output *output)
{
	return output->packets;
}

int output_close(struct output *output)
{
	int err;

	if (!output)
		return 0;
	flush(output);
	err = output->err;
	if (output->fd != STDOUT_FILENO && close(output->fd) && !err)
		err = -errno;
	free(output);
	return err;
}
