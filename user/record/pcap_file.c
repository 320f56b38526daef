// SPDX-License-Identifier: BSD-2-Clause
/* Writes classic pcap files: a header, then records. */
#include <errno.h>
#include "record/pcap_file.h"

#define MAGIC_MICROSECONDS 0xa1b2c3d4
#define MAGIC_NANOSECONDS 0xa1b23c4d
#define SNAPLEN 262144 /* the most that libpcap takes */
#define SECOND_NS 1000000000

struct header {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t reserved[2];
	uint32_t snaplen, linktype;
};
_Static_assert(sizeof(struct header) == 24, "written as it is");

struct record {
	uint32_t seconds, fraction, captured, length;
};
_Static_assert(sizeof(struct record) == 16, "written as it is");

static int put(FILE *stream, const void *bytes, size_t size)
{
	errno = 0;
	return fwrite(bytes, 1, size, stream) == size ? 0 : errno ? -errno : -EIO;
}

int pcap_file_begin(FILE *stream, uint16_t linktype, bool nanoseconds)
{
	const struct header header = {
		.magic = nanoseconds ? MAGIC_NANOSECONDS : MAGIC_MICROSECONDS,
		.major = 2,
		.minor = 4,
		.snaplen = SNAPLEN,
		.linktype = linktype,
	};

	return put(stream, &header, sizeof(header));
}

int pcap_file_add(FILE *stream, const struct pcap_packet *packet, bool nanoseconds)
{
	const uint64_t seconds = packet->time_ns / SECOND_NS, rest = packet->time_ns % SECOND_NS;
	const struct record record = {
		.seconds = (uint32_t)seconds,
		.fraction = (uint32_t)(nanoseconds ? rest : rest / 1000),
		.captured = packet->captured,
		.length = packet->length,
	};
	int err;

	if (seconds > UINT32_MAX)
		return -EOVERFLOW;
	err = put(stream, &record, sizeof(record));
	return err ? err : put(stream, packet->bytes, packet->captured);
}
