// SPDX-License-Identifier: BSD-2-Clause
/* What the records lack is counted: files that were not begun, transfers that gave way. */
#include <stdlib.h>
#include <string.h>
#include "logs/logs_state.h"
#include "tap.h"

#define ANNOUNCED (FTP_OBJECTS_TRANSFERS + 10)

static struct logs *logs;
static uint32_t next[2];
static uint64_t frame;

/* Of one FTP control connection; server 0: the client speaks. */
static void say(unsigned server, const char *text)
{
	uint32_t length = strlen(text);
	struct skua_packet pkt = { .proto = SKUA_TCP,
				   .src = { server + 1 },
				   .dst = { 2 - server },
				   .sport = server ? 21 : 40000,
				   .dport = server ? 40000 : 21,
				   .seq = next[server],
				   .payload = length,
				   .tcp_flags = SKUA_ACK };
	const struct logs_packet packet = { .pkt = &pkt,
					    .bytes = (const uint8_t *)text,
					    .captured = length,
					    .frame = ++frame,
					    .time_ns = frame };

	next[server] += length;
	logs_packet(logs, &packet);
}

static void announce(unsigned port)
{
	char text[80];

	say(0, "EPSV\r\n");
	snprintf(text, sizeof(text), "229 Extended Passive (|||%u|)\r\n", port);
	say(1, text);
}

/* A datagram of so many bytes, of which so many were captured behind a header of eight. */
static void show_cut(uint32_t payload, uint32_t captured)
{
	static const uint8_t bytes[64];
	struct skua_packet pkt = { .proto = SKUA_UDP,
				   .src = { 1 },
				   .dst = { 2 },
				   .sport = 40000,
				   .dport = 40001,
				   .payload = payload,
				   .payload_at = 8 };
	const struct logs_packet packet = { .pkt = &pkt,
					    .bytes = bytes,
					    .captured = captured,
					    .frame = ++frame,
					    .time_ns = frame };

	logs_packet(logs, &packet);
}

static void test_cut(const struct logs_counters *counters)
{
	show_cut(20, 28);
	show_cut(20, 40);
	show_cut(0, 8);
	show_cut(0, 4);
	ok(logs_counters(logs) == counters && !counters->cut, "packets that are whole are not cut");
	show_cut(20, 27);
	show_cut(20, 8);
	show_cut(20, 4);
	logs_counters(logs);
	ok(counters->cut == 3, "each of which less was captured than it carries is counted");
}

int main(void)
{
	char error[LOGS_ERROR_SIZE], *text;
	size_t size;
	FILE *stream = open_memstream(&text, &size);
	const struct logs_options options = { .kinds = 1u << LOG_FILE, .stream = stream };
	const struct logs_counters *counters;

	if (!stream || logs_open(&logs, &options, error))
		abort();
	say(1, "220 here\r\n");
	say(0, "USER me\r\n");
	say(1, "230 welcome\r\n");
	for (unsigned i = 0; i < FTP_OBJECTS_TRANSFERS; i++)
		announce(10000 + i);
	counters = logs_counters(logs);
	ok(!counters->files_unknown && !counters->announced && !counters->files_early,
	   "so many transfers are awaited");
	for (unsigned i = FTP_OBJECTS_TRANSFERS; i < ANNOUNCED; i++)
		announce(10000 + i);
	counters = logs_counters(logs);
	ok(counters->files_unknown == ANNOUNCED - FTP_OBJECTS_TRANSFERS &&
		   counters->announced == ANNOUNCED - EXPECTED_MAX,
	   "each that gives way to another is counted, and each connection");
	logs->objects.no_memory = 3;
	logs->objects.gave_way = 4;
	ok(logs_counters(logs)->files_early == 7,
	   "files that found no memory are as lost as those that gave way");
	test_cut(counters);
	logs_finish(logs);
	logs_close(logs);
	fclose(stream);
	free(text);
	return done();
}
