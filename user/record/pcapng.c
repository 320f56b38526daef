// SPDX-License-Identifier: BSD-2-Clause
/* Writes pcapng: each block is described by one function that runs twice, to measure and to write.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include "record/pcapng.h"

enum block_type {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_NAMES = 4,
	BLOCK_STATISTICS = 5,
	BLOCK_PACKET = 6,
};

#define BYTE_ORDER_MAGIC 0x1a2b3c4d
#define BLOCK_FRAME 12       /* type, length, and the length again */
#define SECTION_LENGTH_AT 16 /* behind type, length, magic and version */
#define NANOSECONDS 9        /* if_tsresol: 10^-9 */
#define FILTER_EXPRESSION 0  /* if_filter's first byte: a libpcap expression follows */

enum option {
	OPTION_END = 0,
	OPTION_COMMENT = 1,
	SECTION_HARDWARE = 2,
	SECTION_OS = 3,
	SECTION_APPLICATION = 4,
	INTERFACE_NAME = 2,
	INTERFACE_DESCRIPTION = 3,
	INTERFACE_RESOLUTION = 9,
	INTERFACE_FILTER = 11,
	INTERFACE_OS = 12,
	PACKET_FLAGS = 2,
	PACKET_DROPPED = 4,
	PACKET_ID = 5,
	PACKET_QUEUE = 6,
	STATISTICS_START = 2,
	STATISTICS_END = 3,
	STATISTICS_RECEIVED = 4,
	STATISTICS_DROPPED = 5,
	STATISTICS_DELIVERED = 8,
};

enum name_record { NAME_END = 0, NAME_IPV4 = 1, NAME_IPV6 = 2 };

/* What a block's description is given to. */
struct body {
	FILE *stream;  /* NULL: only measured */
	uint64_t size; /* so far */
};

typedef void describe_fn(struct body *body, const void *what);

static void put(struct body *body, const void *bytes, size_t size)
{
	body->size += size;
	if (body->stream && size)
		fwrite(bytes, 1, size, body->stream); /* ferror() is looked at in the end */
}

static void put_16(struct body *body, uint16_t value)
{
	put(body, &value, sizeof(value));
}

static void put_32(struct body *body, uint32_t value)
{
	put(body, &value, sizeof(value));
}

/* Times are two words, the high one first in either byte order. */
static void put_time(struct body *body, uint64_t time_ns)
{
	put_32(body, (uint32_t)(time_ns >> 32));
	put_32(body, (uint32_t)time_ns);
}

static void pad(struct body *body)
{
	static const uint8_t zeros[3];

	put(body, zeros, (4 - body->size % 4) % 4);
}

static void put_option(struct body *body, enum option code, const void *value, uint16_t size)
{
	put_16(body, (uint16_t)code);
	put_16(body, size);
	put(body, value, size);
	pad(body);
}

static void put_option_32(struct body *body, enum option code, uint32_t value)
{
	put_option(body, code, &value, sizeof(value));
}

static void put_option_64(struct body *body, enum option code, uint64_t value)
{
	put_option(body, code, &value, sizeof(value));
}

static void put_option_time(struct body *body, enum option code, uint64_t time_ns)
{
	put_16(body, (uint16_t)code);
	put_16(body, sizeof(time_ns));
	put_time(body, time_ns);
}

/* As much of the text as fits, cut between two characters. */
static uint16_t text_size(const char *text, size_t room)
{
	size_t size = strnlen(text, room + 1);

	if (size > room)
		for (size = room; size && ((unsigned char)text[size] & 0xc0) == 0x80;)
			size--;
	return (uint16_t)size;
}

static void put_text(struct body *body, enum option code, const char *text)
{
	if (text && *text)
		put_option(body, code, text, text_size(text, PCAPNG_TEXT_MAX));
}

static void put_comments(struct body *body, const char *const *comments, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		put_text(body, OPTION_COMMENT, comments[i]);
}

/* A list of options ends with one; without options there is no list. */
static void end_options(struct body *body, uint64_t begin)
{
	if (body->size > begin)
		put_32(body, OPTION_END);
}

static int stream_errno(struct pcapng *pcapng)
{
	if (!pcapng->error && ferror(pcapng->stream))
		pcapng->error = errno ? -errno : -EIO;
	return pcapng->error;
}

static int add_block(struct pcapng *pcapng, enum block_type type, describe_fn *describe,
		     const void *what)
{
	struct body measure = { 0 }, body = { .stream = pcapng->stream };
	uint32_t length;

	if (pcapng->error)
		return pcapng->error;
	describe(&measure, what);
	if (measure.size > PCAPNG_BLOCK_MAX - BLOCK_FRAME)
		return -EMSGSIZE;
	length = (uint32_t)measure.size + BLOCK_FRAME;
	errno = 0;
	put_32(&body, type);
	put_32(&body, length);
	describe(&body, what);
	put_32(&body, length);
	return stream_errno(pcapng);
}

static void describe_section(struct body *body, const void *what)
{
	static const uint64_t unknown = UINT64_MAX;
	const struct pcapng_section *section = what;
	uint64_t begin;

	put_32(body, BYTE_ORDER_MAGIC);
	put_16(body, 1);
	put_16(body, 0);
	put(body, &unknown, sizeof(unknown));
	begin = body->size;
	put_comments(body, section->comments, section->comment_count);
	put_text(body, SECTION_HARDWARE, section->hardware);
	put_text(body, SECTION_OS, section->os);
	put_text(body, SECTION_APPLICATION, section->application);
	end_options(body, begin);
}

/* Where the next byte goes, or -1 where it cannot be changed later. */
static off_t seekable_at(FILE *stream)
{
	int fd = fileno(stream);
	int flags = fd < 0 ? 0 : fcntl(fd, F_GETFL);

	return flags < 0 || (flags & O_APPEND) ? -1 : ftello(stream);
}

int pcapng_begin(struct pcapng *pcapng, FILE *stream, const struct pcapng_section *section)
{
	struct body measure = { 0 };

	*pcapng = (struct pcapng){ .stream = stream, .section_at = seekable_at(stream) };
	describe_section(&measure, section);
	pcapng->header_size = (uint32_t)measure.size + BLOCK_FRAME;
	return add_block(pcapng, BLOCK_SECTION, describe_section, section);
}

static void put_filter(struct body *body, const char *expression)
{
	static const uint8_t kind = FILTER_EXPRESSION;
	uint16_t size;

	if (!expression || !*expression)
		return;
	size = text_size(expression, PCAPNG_TEXT_MAX - sizeof(kind));
	put_16(body, INTERFACE_FILTER);
	put_16(body, (uint16_t)(size + sizeof(kind)));
	put(body, &kind, sizeof(kind));
	put(body, expression, size);
	pad(body);
}

static void describe_interface(struct body *body, const void *what)
{
	static const uint8_t resolution = NANOSECONDS;
	const struct pcapng_interface *interface = what;
	uint64_t begin;

	put_16(body, interface->linktype);
	put_16(body, 0);
	put_32(body, interface->snaplen);
	begin = body->size;
	put_text(body, INTERFACE_NAME, interface->name);
	put_text(body, INTERFACE_DESCRIPTION, interface->description);
	put_option(body, INTERFACE_RESOLUTION, &resolution, sizeof(resolution));
	put_filter(body, interface->filter);
	put_text(body, INTERFACE_OS, interface->os);
	end_options(body, begin);
}

int pcapng_add_interface(struct pcapng *pcapng, const struct pcapng_interface *interface)
{
	int err;

	if (pcapng->interfaces &&
	    (interface->linktype != pcapng->linktype || interface->snaplen != pcapng->snaplen))
		return -EINVAL;
	err = add_block(pcapng, BLOCK_INTERFACE, describe_interface, interface);
	if (err)
		return err;
	pcapng->linktype = interface->linktype;
	pcapng->snaplen = interface->snaplen;
	pcapng->interfaces++;
	return 0;
}

struct names {
	const struct pcapng_name *at;
	unsigned count;
};

static void put_name(struct body *body, const struct pcapng_name *name)
{
	bool ipv4 = address_is_ipv4(&name->address);
	uint16_t width = ipv4 ? 4 : 16;
	uint16_t size;

	if (!name->name || !*name->name)
		return;
	size = text_size(name->name, PCAPNG_TEXT_MAX - width - 1u);
	put_16(body, ipv4 ? NAME_IPV4 : NAME_IPV6);
	put_16(body, (uint16_t)(width + size + 1));
	put(body, name->address.bytes + 16 - width, width);
	put(body, name->name, size);
	put(body, "", 1);
	pad(body);
}

static void describe_names(struct body *body, const void *what)
{
	const struct names *names = what;

	for (unsigned i = 0; i < names->count; i++)
		put_name(body, &names->at[i]);
	put_32(body, NAME_END);
}

int pcapng_add_names(struct pcapng *pcapng, const struct pcapng_name *names, unsigned count)
{
	const struct names all = { names, count };

	return count ? add_block(pcapng, BLOCK_NAMES, describe_names, &all) : pcapng->error;
}

static void describe_packet(struct body *body, const void *what)
{
	const struct pcapng_packet *packet = what;
	uint64_t begin;

	put_32(body, packet->interface);
	put_time(body, packet->time_ns);
	put_32(body, packet->captured);
	put_32(body, packet->length);
	put(body, packet->bytes, packet->captured);
	pad(body);
	begin = body->size;
	put_comments(body, packet->comments, packet->comment_count);
	if (packet->flags)
		put_option_32(body, PACKET_FLAGS, packet->flags);
	if (packet->dropped)
		put_option_64(body, PACKET_DROPPED, packet->dropped);
	if (packet->has_id)
		put_option_64(body, PACKET_ID, packet->packet_id);
	if (packet->has_queue)
		put_option_32(body, PACKET_QUEUE, packet->queue);
	end_options(body, begin);
}

int pcapng_add_packet(struct pcapng *pcapng, const struct pcapng_packet *packet)
{
	int err;

	if (packet->interface >= pcapng->interfaces || packet->captured > packet->length)
		return -EINVAL;
	if (pcapng->snaplen && packet->captured > pcapng->snaplen)
		return -EMSGSIZE;
	err = add_block(pcapng, BLOCK_PACKET, describe_packet, packet);
	pcapng->packets += !err;
	return err;
}

static void describe_statistics(struct body *body, const void *what)
{
	const struct pcapng_statistics *statistics = what;

	put_32(body, statistics->interface);
	put_time(body, statistics->end_ns); /* when these were counted */
	put_option_time(body, STATISTICS_START, statistics->start_ns);
	put_option_time(body, STATISTICS_END, statistics->end_ns);
	put_option_64(body, STATISTICS_RECEIVED, statistics->received);
	put_option_64(body, STATISTICS_DROPPED, statistics->dropped);
	put_option_64(body, STATISTICS_DELIVERED, statistics->delivered);
	put_32(body, OPTION_END);
}

int pcapng_add_statistics(struct pcapng *pcapng, const struct pcapng_statistics *statistics)
{
	if (statistics->interface >= pcapng->interfaces)
		return -EINVAL;
	return add_block(pcapng, BLOCK_STATISTICS, describe_statistics, statistics);
}

static int patch_length(struct pcapng *pcapng)
{
	FILE *stream = pcapng->stream;
	off_t end = ftello(stream);
	uint64_t length = (uint64_t)(end - pcapng->section_at) - pcapng->header_size;

	errno = 0;
	if (end < 0 || fseeko(stream, pcapng->section_at + SECTION_LENGTH_AT, SEEK_SET) ||
	    fwrite(&length, sizeof(length), 1, stream) != 1 || fseeko(stream, end, SEEK_SET))
		return errno ? -errno : -EIO;
	return 0;
}

int pcapng_end(struct pcapng *pcapng)
{
	if (!pcapng->error && pcapng->section_at >= 0)
		pcapng->error = patch_length(pcapng);
	errno = 0;
	if (!pcapng->error && fflush(pcapng->stream))
		pcapng->error = errno ? -errno : -EIO;
	return stream_errno(pcapng);
}
