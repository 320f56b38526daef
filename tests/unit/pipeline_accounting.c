// SPDX-License-Identifier: BSD-2-Clause
/* Where every packet of a capture went: the rows add up, and each names its cause. */
#include "capture_bytes.h"
#include "pipeline/accounting.h"
#define frame parsed_frame /* the readers have a struct of that name */
#include "../parity/frames.h"
#undef frame
#include "tap.h"

#define BASE 1700000000u

#define SYN(addresses, flags)                                                                      \
	ETH "0800 4500 0028 0000 0000 4006 0000" addresses "c001 01bb 00000064 00000000 50" flags  \
	    "0000 00000000"

struct run {
	struct replay *replay;
	struct pipeline *pipeline;
	struct stats stats;
};

static struct bytes made;
static uint64_t on_wire; /* bytes of the frames in it */

static void on_event(void *arg, const struct skua_event *event, const __u8 *bytes, __u64 now_ns)
{
	struct run *run = arg;

	if (event)
		pipeline_event(run->pipeline, event, bytes);
	else
		pipeline_tick(run->pipeline, now_ns);
}

static void play(struct run *run, uint32_t flows)
{
	char *path = write_file(made.at, made.size), error[FILE_IN_ERROR_SIZE];
	struct replay_options options = { .input = { (const char *const *)&path, 1, NULL },
					  .engine = ENGINE_OPTIONS_DEFAULT };
	struct pipeline_options pipeline = PIPELINE_OPTIONS_DEFAULT;
	struct source *source;

	options.engine.flows = flows;
	options.engine.pending = options.engine.sources = 256;
	pipeline.pairs = pipeline.sources = pipeline.census = pipeline.heads = 256;
	if (replay_open(&run->replay, &options, error) || pipeline_open(&run->pipeline, &pipeline))
		abort();
	source = replay_source(run->replay);
	while (source->poll(source, on_event, run) == SOURCE_AGAIN)
		;
	pipeline_finish(run->pipeline);
	memset(&run->stats, 0xee, sizeof(run->stats));
	accounting_of_replay(run->replay, run->pipeline, &run->stats);
	pipeline_close(run->pipeline);
	source->close(source);
	unlink(path);
	free(path);
}

static void begin(uint32_t network)
{
	made.size = on_wire = 0;
	put_pcap_header(&made, PCAP_NANO, network);
}

static void put_frame(uint32_t seconds, const char *hex, unsigned beyond)
{
	uint8_t bytes[FRAME_BUFFER];
	unsigned size = frame_bytes(bytes, hex);

	put_number(&made, seconds, 4);
	put_number(&made, 0, 4);
	put_number(&made, size, 4);
	put_number(&made, size + beyond, 4);
	put(&made, bytes, size);
	on_wire += size + beyond;
}

static uint64_t of(const struct stats_cause *causes, unsigned count, const char *name)
{
	uint64_t packets = 0;

	for (unsigned i = 0; i < count; i++)
		if (!strcmp(causes[i].name, name))
			packets += causes[i].packets;
	return packets;
}

static uint64_t ignored(const struct stats *stats, const char *name)
{
	return of(stats->ignored, stats->ignored_count, name);
}

static void test_all(void)
{
	struct run run = {};
	const struct stats *stats = &run.stats;
	unsigned parsed = 0, truncated = 0, malformed = 0, too_deep = 0;

	begin(1);
	for (unsigned i = 0; i < FRAMES; i++) {
		if (frames[i].link != SKUA_LINK_ETHERNET)
			continue;
		put_frame(BASE + i, frames[i].hex, frames[i].beyond);
		parsed += frames[i].verdict == SKUA_PARSED;
		truncated += frames[i].verdict == SKUA_TRUNCATED;
		malformed += frames[i].verdict == SKUA_MALFORMED;
		too_deep += frames[i].verdict == SKUA_TOO_DEEP;
	}
	play(&run, 2);
	ok(!accounting_missing(stats) && stats->packets > FRAMES / 2,
	   "every frame is accounted, ignored or lost");
	ok(stats->accounted == parsed && stats->source_only && stats->source_only < parsed,
	   "accounted are those that were parsed, some of them with their source only");
	ok(ignored(stats, "truncated") == truncated && ignored(stats, "malformed") == malformed &&
		   ignored(stats, "too_deep") == too_deep && truncated && malformed && too_deep,
	   "ignored the others, by what was wrong with them");
	ok(of(stats->tables, stats->table_count, "flows_out_evicted") > 0 &&
		   of(stats->tables, stats->table_count, "dns_unreadable") > 0 &&
		   of(stats->tables, stats->table_count, "flows_in_evicted") == 0,
	   "what tables gave up is named by the table");
	ok(stats->flows >= 4 && stats->events > stats->flows && !stats->truncated && !stats->totals,
	   "and the rest of the record is filled in");
}

static void test_ignored(void)
{
	struct run run = {};
	const struct stats *stats = &run.stats;

	begin(1);
	put_frame(BASE, ETH "88cc 0207" PAD PAD, 0);
	put_frame(BASE, ETH "888e 0207" PAD PAD, 0);
	put_frame(BASE, ETH "888e 0207" PAD PAD, 0);
	put_frame(BASE, ETH "0026 424203" PAD PAD, 0);
	put_frame(BASE + 9, ETH "9999 424203" PAD PAD, 100);
	put_frame(BASE + 5,
		  ETH "0806 0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002", 0);
	play(&run, 16);
	ok(ignored(stats, "lldp") == 1 && ignored(stats, "eapol") == 2 &&
		   ignored(stats, "ieee_802_3") == 1 && ignored(stats, "not_ip") == 1 &&
		   ignored(stats, "arp") == 1 && stats->ignored_count == 5,
	   "frames without IP are ignored by what they are");
	ok(stats->packets == 6 && !stats->accounted && !accounting_missing(stats) &&
		   stats->first_ns == BASE * SKUA_SECOND_NS &&
		   stats->last_ns == (BASE + 9) * SKUA_SECOND_NS &&
		   stats->time_ns == stats->last_ns && stats->backwards == 1 &&
		   stats->bytes == on_wire,
	   "packets, bytes, times and steps back are those of the capture");
	begin(147);
	put_frame(BASE, "00", 0);
	play(&run, 16);
	ok(ignored(stats, "link_type") == 1 && !accounting_missing(stats),
	   "so are those of other link types");
}

static void test_accounted(void)
{
	struct run run = {};

	made.size = on_wire = 0;
	put_section(&made);
	put_interface(&made, 1, NULL, 9, 0);
	put_interface(&made, 1, NULL, 9, 0);
	for (unsigned i = 0; i < 4; i++) { /* our SYN on two interfaces, a stranger's, a RST */
		static const char *const hex[] = {
			SYN("0a000001 cb007109", "02"),
			SYN("0a000001 cb007109", "02"),
			SYN("cb007109 0a000001", "02"),
			SYN("cb007110 0a000001", "04"),
		};
		uint8_t bytes[FRAME_BUFFER];
		unsigned size = frame_bytes(bytes, hex[i]);

		put_packet(&made, i == 1, BASE * SKUA_SECOND_NS, 0, size, 0, NULL);
		memcpy(made.at + made.size - 4 - (size + 3) / 4 * 4, bytes, size);
	}
	play(&run, 16);
	ok(run.stats.accounted == 4 && run.stats.source_only == 1 &&
		   !accounting_missing(&run.stats),
	   "accounted: in a flow, elsewhere, waiting, or at its source only");
}

static void test_missing(void)
{
	struct stats stats = { .packets = 10, .accounted = 5, .ignored_count = 2, .lost_count = 1 };

	stats.ignored[0].packets = 2;
	stats.ignored[1].packets = 1;
	stats.lost[0].packets = 1;
	stats.tables[0].packets = 100;
	ok(accounting_missing(&stats) == 1, "a packet in no row is missed");
	stats.accounted = 7;
	ok(accounting_missing(&stats) == -1, "and one in two rows as well");
}

static void test_cut(void)
{
	struct run run = {};

	begin(1);
	put_frame(BASE, frames[0].hex, 0);
	put_frame(BASE, frames[0].hex, 0);
	made.size -= 3;
	play(&run, 16);
	ok(run.stats.truncated && run.stats.packets == 1 && !accounting_missing(&run.stats),
	   "a capture that was cut is said to be, and adds up to there");
}

int main(void)
{
	test_all();
	test_ignored();
	test_accounted();
	test_missing();
	test_cut();
	return done();
}
