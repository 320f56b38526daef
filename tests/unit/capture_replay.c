// SPDX-License-Identifier: BSD-2-Clause
/* Captures replayed on packet time: the ticks, the silences, the end. */
#include <errno.h>
#include "replay_player.h"

/* From the first on, each one second after the one before. */
static bool steady(unsigned first, unsigned count)
{
	for (unsigned i = first + 1; i < first + count; i++)
		if (played.ticks[i] != played.ticks[i - 1] + 1)
			return false;
	return first + count <= played.tick_count;
}

static void test_ticks(void)
{
	begin(1);
	put_frame(BASE, 500000000, SYN_OURS);
	put_frame(BASE, 900000000, SYN_OURS);
	put_frame(BASE + 3, 0, SYN_WORLD);
	play();
	ok(played.status == SOURCE_END && played.ticks[0] == BASE && steady(0, 4),
	   "each whole second of packet time is told once");
	ok(played.events[0].kind == SKUA_EVENT_EXCHANGE && played.events[0].ticks == 1 &&
		   played.events[0].time_ns == BASE * SKUA_SECOND_NS + 500000000,
	   "the tick of a second comes before its packets");
	ok(played.tick_count == 4 + 60 + 1 && steady(3, 61) && played.ticks[64] == played.ticks[63],
	   "at the end the clock goes on for a minute; the last second is told again for the stop");
	ok(played.ended_count == 61 && played.totals.at_end,
	   "what is decided there is known to be at the end, and nothing before");
	ok(played.events[1].kind == SKUA_EVENT_CONTACT &&
		   played.events[1].time_ns == (BASE + 6) * SKUA_SECOND_NS,
	   "so an attempt of the last seconds is decided in its time");
	ok(played.totals.packets == 3 && played.totals.bytes == 3 * 54 &&
		   played.totals.first_ns == BASE * SKUA_SECOND_NS + 500000000 &&
		   played.totals.last_ns == (BASE + 3) * SKUA_SECOND_NS &&
		   !played.totals.backwards && played.packet_count == 3,
	   "packets, bytes and times are counted, packets shown to who counts");
}

static void test_silence(void)
{
	begin(1);
	put_frame(BASE, 0, SYN_OURS);
	put_frame(BASE + 90, 0, SYN_WORLD);
	play();
	ok(steady(0, 91), "ninety seconds of silence are ticked one by one");
	begin(1);
	put_frame(BASE, 0, SYN_OURS);
	put_frame(BASE + 1000, 0, SYN_WORLD);
	play();
	ok(steady(0, 91) && played.ticks[91] == BASE + 120 && played.ticks[92] == BASE + 1000 &&
		   steady(92, 61),
	   "then the clock jumps to where something is due, and to the next packet");
	ok(played.events[2].kind == SKUA_EVENT_FLOW &&
		   played.events[2].time_ns == (BASE + 75) * SKUA_SECOND_NS,
	   "what falls idle in between does so in its second");
}

static void test_years(void)
{
	begin(1);
	for (unsigned year = 0; year <= 10; year++)
		put_frame(BASE + year * YEAR_S, 0, SYN_OURS);
	play();
	printf("# figure: replay of a capture that spans ten years: %.3f s\n", played.elapsed_s);
	ok(played.totals.last_ns - played.totals.first_ns == 10 * YEAR_S * SKUA_SECOND_NS &&
		   played.tick_count < 11 * 100 && played.elapsed_s < 30,
	   "a capture that spans ten years takes seconds and a bounded number of ticks");
	begin(1);
	put_frame(BASE, 0, ETH "0800" IP4("0028", "06") TCP_SYN);
	put_frame(BASE, 1,
		  ETH "0800 4500 0028 0000 0000 4006 0000 0a000002 0a000001"
		      "01bb c001 00000100 00000065 50120000 00000000");
	put_frame(BASE + 10 * YEAR_S, 0, SYN_OURS);
	play();
	ok(played.tick_count < 200 && played.events[2].kind == SKUA_EVENT_FLOW &&
		   played.events[2].time_ns == (BASE + 18001) * SKUA_SECOND_NS,
	   "a connection in it falls idle after five hours all the same");
}

static void test_backwards(void)
{
	begin(1);
	put_frame(BASE + 10, 0, SYN_OURS);
	put_frame(BASE + 10, 0, SYN_OURS);
	put_frame(BASE + 8, 700, SYN_WORLD);
	put_frame(BASE + 11, 0, SYN_WORLD);
	play();
	ok(played.totals.backwards == 1, "a packet that is behind the clock is counted");
	ok(steady(0, 62) && played.ticks[0] == BASE + 10, "the clock itself never steps back");
	begin(1);
	put_frame(BASE + 10, 0, SYN_WORLD);
	put_frame(BASE + 8, 700, SYN_OURS);
	play();
	ok(played.packet_ns == (BASE + 8) * SKUA_SECOND_NS + 700 &&
		   played.events[0].time_ns == played.packet_ns,
	   "and the packet keeps its own stamp");
	ok(played.totals.last_ns == (BASE + 10) * SKUA_SECOND_NS &&
		   played.totals.first_ns == played.packet_ns,
	   "while the capture's times are its earliest and its latest");
	begin(1);
	for (uint32_t i = 0; i < 5; i++)
		put_frame(BASE + 10 - (i ? 5 - i : 0), 0, SYN_OURS); /* 10, 6, 7, 8, 9 */
	play();
	ok(played.totals.backwards == 1, "a clock that steps back once is counted once");
}

static void test_stop(void)
{
	begin(1);
	put_frame(BASE, 0, ETH "0800" UDP_OURS);
	play();
	ok(played.events[played.event_count - 1].kind == SKUA_EVENT_FLOW &&
		   played.events[played.event_count - 1].time_ns == (BASE + 60) * SKUA_SECOND_NS &&
		   played.events[played.event_count - 1].ticks == 61,
	   "what still lives at the end is told behind the last second, before its second tick");
	begin(1);
	put_frame(0, 500, SYN_OURS);
	play();
	ok(played.ticks[0] == 0 && steady(0, 61) && played.events[1].kind == SKUA_EVENT_CONTACT &&
		   played.events[1].time_ns == 6 * SKUA_SECOND_NS,
	   "a capture that begins at second zero is no different");
}

static void test_many(void)
{
	begin(1);
	for (int i = 0; i < 3000; i++)
		put_frame(BASE, i, SYN_WORLD);
	play();
	ok(played.totals.packets == 3000 && played.status == SOURCE_END,
	   "more frames than one poll takes are all replayed");
}

/* The same capture, once with a host armed from its first event on: the first two of ten seconds.
 */
static void test_armed(void)
{
	static const __u8 world[16] = { [10] = 0xff, [11] = 0xff, 203, 0, 113, 9 };
	unsigned samples[2], events[2];
	__u64 host[2];

	memcpy(host, world, sizeof(host));
	skua_armed_host(&arm_key, host);
	for (unsigned i = 0; i < 2; i++) {
		arm_ns = i * 2 * SKUA_SECOND_NS;
		begin(1);
		put_frame(BASE, 0, SYN_OURS);
		for (unsigned n = 1; n <= 40; n++)
			put_frame(BASE + n / 10, n % 10 * 100000000, SYN_WORLD);
		play();
		samples[i] = played.samples;
		events[i] = played.event_count;
	}
	arm_ns = 0;
	ok(played.armed_samples == 18 && samples[1] == samples[0] + 11 && events[0] == events[1],
	   "what an event arms is sampled from there on, in packet time, and nothing else changes");
}

static void test_nothing(void)
{
	const char *path = "/nonexistent/capture.pcap";
	const struct replay_options options = { .input = { &path, 1, NULL },
						.engine = ENGINE_OPTIONS_DEFAULT };
	char error[FILE_IN_ERROR_SIZE] = "";
	struct replay *replay = NULL;

	begin(1);
	play();
	ok(played.status == SOURCE_END && !played.event_count && played.tick_count == 1 &&
		   played.totals.at_end && !played.totals.packets,
	   "an empty capture ends at once");
	ok(replay_open(&replay, &options, error) == -ENOENT && strstr(error, path) && !replay,
	   "one that is not there is named");
}

int main(void)
{
	test_ticks();
	test_silence();
	test_years();
	test_backwards();
	test_stop();
	test_many();
	test_armed();
	test_nothing();
	return done();
}
