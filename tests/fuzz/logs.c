// SPDX-License-Identifier: BSD-2-Clause
/*
 * Whatever packets and names carry, every record is a line of its own, valid
 * JSON in valid UTF-8 with nothing that a terminal would obey, and bears what
 * each has: EVE's event_type and flow_id, Zeek's _path and uid.  The first byte
 * says the format; then come packets: a byte of ports and side, one of flags,
 * two of length, payload.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include "base/utf8.h"
#include "logs/logs.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define HEADER 4
#define BEGIN_NS 1767600000000000000ull

struct input {
	const uint8_t *at;
	size_t left;
	uint32_t sequence[8][2];
	uint64_t frames;
};

static void need(bool good)
{
	if (!good)
		abort();
}

static struct skua_packet packet_of(struct input *in, const uint8_t *head, size_t length)
{
	static const uint16_t ports[8] = { 53, 80, 443, 21, 445, 53, 5353, 443 };
	unsigned which = head[0] & 7, side = head[0] >> 3 & 1;
	uint16_t from = side ? ports[which] : 40000 + which,
		 to = side ? 40000 + which : ports[which];
	struct skua_packet pkt = { .proto = which >= 5 ? SKUA_UDP : SKUA_TCP,
				   .sport = from,
				   .dport = to,
				   .payload = length,
				   .left = length,
				   .length = length,
				   .tcp_flags = head[1],
				   .seq = in->sequence[which][side] };

	pkt.src[1] = 0xffff0a000001ull + side;
	pkt.dst[1] = 0xffff0a000002ull - side;
	in->sequence[which][side] += length + !!(head[1] & (SKUA_SYN | SKUA_FIN));
	return pkt;
}

static bool say_packet(struct logs *logs, struct input *in)
{
	const uint8_t *head = in->at;
	struct logs_packet packet;
	struct skua_packet pkt;
	size_t length;
	uint8_t *copy;

	if (in->left < HEADER)
		return false;
	length = head[2] << 8 | head[3];
	in->at += HEADER;
	in->left -= HEADER;
	length = length < in->left ? length : in->left;
	/* A copy of its own, so that reading beyond the end is seen, and afterwards. */
	copy = malloc(length ? length : 1);
	need(copy != NULL);
	memcpy(copy, in->at, length);
	in->at += length;
	in->left -= length;
	pkt = packet_of(in, head, length);
	packet = (struct logs_packet){ &pkt, copy, length, ++in->frames,
				       BEGIN_NS + in->frames * 1000000 };
	logs_packet(logs, &packet);
	free(copy);
	return true;
}

static void check_utf8(const char *text, size_t length)
{
	for (const unsigned char *at = (const unsigned char *)text; length;) {
		uint32_t code;
		unsigned took = utf8_decode(at, length, &code);

		need(took && !utf8_is_hidden(code));
		at += took;
		length -= took;
	}
}

static void check_line(const char *text, size_t length, bool zeek)
{
	json_t *line = json_loadb(text, length, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);

	check_utf8(text, length);
	need(json_is_object(line));
	need(json_is_string(json_object_get(line, zeek ? "_path" : "event_type")));
	need(zeek ? json_string_length(json_object_get(line, "uid")) == 17
		  : json_is_integer(json_object_get(line, "flow_id")));
	json_decref(line);
}

static void check_lines(const char *text, size_t length, const struct logs_counters *counters,
			bool zeek)
{
	const char *end = text + length;
	uint64_t lines = 0;

	while (text < end) {
		const char *newline = memchr(text, '\n', end - text);

		need(newline != NULL);
		check_line(text, newline - text, zeek);
		text = newline + 1;
		lines++;
	}
	need(lines == counters->lines && !counters->error);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct logs_options options = { .kinds = (1u << LOG_KINDS) - 1 };
	struct input in = { bytes + 1, size - 1 };
	char error[LOGS_ERROR_SIZE], *text = NULL;
	struct logs_counters counters;
	struct logs *logs = NULL;
	size_t length = 0;

	if (!size)
		return 0;
	options.format = bytes[0] & 1 ? LOGS_ZEEK : LOGS_EVE;
	options.stream = open_memstream(&text, &length);
	need(options.stream && !logs_open(&logs, &options, error));
	while (say_packet(logs, &in))
		if (!(in.frames % 8))
			logs_tick(logs, BEGIN_NS + in.frames * 1000000);
	logs_finish(logs);
	counters = *logs_counters(logs);
	need(!logs_close(logs) && !fclose(options.stream));
	check_lines(text, length, &counters, bytes[0] & 1);
	free(text);
	return 0;
}
