// SPDX-License-Identifier: BSD-2-Clause
/*
 * Classic pcap files, read by libpcap: it knows byte orders, the modified
 * format, files of old versions whose lengths are swapped, and link types whose
 * headers are in the order of the capturing host.  It gets the bytes through a
 * FILE of ours, so that compressed files and pipes look alike.  pcapng is not
 * read this way: libpcap refuses interfaces of different link types or
 * snapshot lengths and hides directions and comments (file_pcapng.c).
 */
#include <endian.h>
#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include "capture/file_reader.h"

#define HEADER_SIZE 24
#define SNAPSHOT_AT 16
#define NETWORK_AT 20
#define RECORD_SIZE 16
#define MODIFIED_RECORD_SIZE 24

#define NS_PER_S 1000000000u

struct classic {
	struct file_reader base;
	struct file_interface only;
	pcap_t *pcap; /* NULL: the file header was cut short */
	uint32_t record_size;
	uint64_t offset; /* of the next record */
	char *buffer;    /* of the FILE: glibc takes a size only with a buffer */
};

static ssize_t cookie_read(void *cookie, char *into, size_t size)
{
	ssize_t got = file_stream_read(cookie, into, size);

	if (got < 0) {
		errno = (int)-got;
		return -1;
	}
	return got;
}

/*
 * Fractions beyond a second occur in damaged files only; seconds are unsigned
 * in the file, which libpcap does not keep to for all of them.
 */
static uint64_t record_time_ns(const struct timeval *time)
{
	int64_t fraction = time->tv_usec; /* nanoseconds, as we asked for them */

	if (fraction < 0 || fraction >= NS_PER_S)
		fraction = NS_PER_S - 1;
	return (uint64_t)(uint32_t)time->tv_sec * NS_PER_S + (uint64_t)fraction;
}

static int classic_next(struct file_reader *reader, struct frame *frame)
{
	struct classic *classic = (struct classic *)reader;
	struct pcap_pkthdr *header;
	const u_char *bytes;
	int got;

	if (!classic->pcap)
		return file_reader_end(reader, 0, "the file header is cut short");
	got = pcap_next_ex(classic->pcap, &header, &bytes);
	if (got == PCAP_ERROR_BREAK)
		return file_reader_end(reader, classic->offset, NULL);
	if (got != 1)
		return file_reader_end(reader, classic->offset, pcap_geterr(classic->pcap));
	if (header->caplen > FILE_FRAME_MAX) /* libpcap lets some link types have more */
		return file_reader_end(reader, classic->offset, "a frame longer than 256 KiB");
	*frame = (struct frame){
		.bytes = bytes,
		.captured = header->caplen,
		.length = header->len,
		.time_ns = record_time_ns(&header->ts),
		.linktype = classic->only.linktype,
	};
	classic->offset += classic->record_size + header->caplen;
	return 1;
}

static void classic_close(struct file_reader *reader)
{
	struct classic *classic = (struct classic *)reader;

	file_interfaces_release(reader->interfaces, &classic->only);
	if (classic->pcap)
		pcap_close(classic->pcap); /* and the FILE */
	free(classic->buffer);
	free(classic);
}

static int classic_start(struct classic *classic, char error[FILE_ERROR_SIZE])
{
	char reason[PCAP_ERRBUF_SIZE] = "";
	FILE *file;

	classic->buffer = malloc(FILE_STREAM_CHUNK);
	if (!classic->buffer)
		return -ENOMEM;
	file = fopencookie(classic->base.stream, "r",
			   (cookie_io_functions_t){ .read = cookie_read });
	if (!file)
		return -ENOMEM;
	setvbuf(file, classic->buffer, _IOFBF, FILE_STREAM_CHUNK);
	__fsetlocking(file, FSETLOCKING_BYCALLER); /* one thread reads it: no locks */
	classic->pcap =
		pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, reason);
	if (classic->pcap)
		return 0;
	fclose(file);
	snprintf(error, FILE_ERROR_SIZE, "%.250s", reason);
	return -EINVAL;
}

static void read_header(struct classic *classic, uint8_t *header)
{
	uint32_t network;

	memcpy(&network, header + NETWORK_AT, sizeof(network));
	network = header[0] == 0xa1 ? be32toh(network) : le32toh(network);
	classic->only.linktype = file_reader_linktype(network);
	classic->record_size =
		header[0] == 0x34 || header[3] == 0x34 ? MODIFIED_RECORD_SIZE : RECORD_SIZE;
	classic->offset = HEADER_SIZE;
	/*
	 * Some writers give a snapshot length and then keep more; libpcap would
	 * cut these packets.  0 means that there is none.
	 */
	memset(header + SNAPSHOT_AT, 0, 4);
}

int file_pcap_open(struct file_reader **out, struct file_stream *stream,
		   char error[FILE_ERROR_SIZE])
{
	struct classic *classic = calloc(1, sizeof(*classic));
	uint8_t *header = file_stream_need(stream, HEADER_SIZE);
	int err = 0;

	if (!classic)
		return -ENOMEM;
	classic->base.next = classic_next;
	classic->base.close = classic_close;
	classic->base.stream = stream;
	classic->base.interface = &classic->only;
	if (header) {
		read_header(classic, header);
		err = classic_start(classic, error);
	}
	if (err) {
		free(classic->buffer);
		free(classic);
	} else {
		*out = &classic->base;
	}
	return err;
}
