// SPDX-License-Identifier: BSD-2-Clause
/* Which bytes the engine samples, and that each frame it is shown ends in one row. */
#include "skua/sample.h"
#include "engine_stage.h"

static void test_sample(void)
{
	struct stage *stage = stage_open();
	const struct skua_sample_event *sample = &stage->sample;

	at(stage, 100);
	out(stage, SKUA_SYN, 0, 0, 0);
	ok(stage->samples == 1 && sample->captured == HEADERS && sample->length == HEADERS &&
		   !sample->payload && sample->offset == HEADERS && sample->tcp_flags == SKUA_SYN &&
		   sample->seq == CLIENT_ISN && sample->ours && sample->sender == SKUA_LOW &&
		   sample->link == SKUA_LINK_ETHERNET && sample->head.time_ns == ms(100) &&
		   sample->from_client && sample->head.ifindex == 1,
	   "the SYN of a conversation is sampled");
	in(stage, SKUA_SYN | SKUA_ACK, 0, 1, 0);
	out(stage, SKUA_ACK, 1, 1, 0);
	out(stage, SKUA_ACK, 1, 1, 50);
	ok(stage->samples == 4 && sample->captured == HEADERS + 50 && sample->payload == 50 &&
		   sample->offset == HEADERS && sample->seq == CLIENT_ISN + 1 &&
		   stage->sampled[sample->offset] == 'p' && stage->sampled[sample->offset - 1] == 0,
	   "so is its first payload, which lies where the sample says");
	in(stage, SKUA_ACK, 1, 51, 3000);
	ok(stage->samples == 5 && sample->captured == 1514 && sample->length == HEADERS + 3000 &&
		   sample->payload == 3000 && sample->sender == SKUA_HIGH && !sample->ours &&
		   !sample->from_client,
	   "a long packet up to the snapshot length");
	ok(counted(stage, SKUA_COUNT_SAMPLED) == 5, "each is counted");
	stage_close(stage);
}

static unsigned sampled_by(struct stage *stage, uint32_t seq, uint32_t payload)
{
	unsigned before = stage->samples;

	out(stage, SKUA_ACK, seq, 1, payload);
	return stage->samples == before ? 0 : stage->sample.captured;
}

static void test_cutoff(void)
{
	struct stage *stage = stage_open();

	handshake(stage);
	sampled_by(stage, 1, 32767);
	ok(sampled_by(stage, 32768, 1) == HEADERS + 1,
	   "what begins within the first 32 KiB is sampled");
	ok(sampled_by(stage, 32769, 10) == 0, "what follows is not,");
	ok(sampled_by(stage, 32779, 57) == 0 && sampled_by(stage, 32836, 32700) == 0 &&
		   sampled_by(stage, 65536, 200) == SKUA_SAMPLE_HEADER,
	   "but for a header where 64 KiB are full");
	ok(sampled_by(stage, 65736, 10) == 0, "and not the one after it");
	in(stage, SKUA_ACK, 1, 1, 20);
	ok(stage->sample.sender == SKUA_HIGH && stage->sample.payload == 20,
	   "each direction has 32 KiB of its own");
	at(stage, 5000);
	ok(sampled_by(stage, 65746, 4095) == 1514, "an exchange begins anew");
	ok(sampled_by(stage, 69841, 1) == HEADERS + 1 && sampled_by(stage, 69842, 10) == 0,
	   "for 4 KiB");
	stage_close(stage);
}

static void test_rate(void)
{
	struct engine_options options = stage_options();
	struct stage *stage;

	options.config.sample_rate = 4096;
	stage = stage_open_as(&options);
	handshake(stage);
	/* 64 units of 64 bytes are granted: 3 to the handshake, 24 to each of these. */
	ok(sampled_by(stage, 1, 1460) == 1514 && sampled_by(stage, 1461, 1460) == 1514,
	   "a source's flow samples what it was granted");
	ok(sampled_by(stage, 2921, 1460) == 0 && counted(stage, SKUA_COUNT_SAMPLE_REFUSED) == 1,
	   "beyond its source's share of a second samples are refused and counted");
	at(stage, 1000);
	ok(sampled_by(stage, 4381, 1460) == 1514, "the next second has its own");
	stage_close(stage);
}

static uint64_t rows(const struct stage *stage)
{
	uint64_t sum = 0;

	for (int row = SKUA_COUNT_VERDICT; row <= SKUA_COUNT_LOST_TABLE; row++)
		sum += counted(stage, row);
	return sum;
}

/* Every frame of the parser's list, by everybody, one second after the other. */
static void test_rows(void)
{
	struct engine_options options = stage_options();
	struct stage *stage;
	bool each = true, parsed = true;

	options.flows = 4; /* so that some are evicted */
	stage = stage_open_as(&options);
	for (unsigned i = 0; i < 3 * FRAMES; i++) {
		const struct frame *f = &frames[i / 3];
		uint8_t bytes[FRAME_BUFFER];
		struct engine_frame frame = { .bytes = bytes, .ifindex = 1 + i % 2 };

		at(stage, i * 300);
		frame.time_ns = stage->now_ns;
		frame.link = f->link;
		frame.origin = (int)(i % 3) - 1;
		frame.captured = frame_bytes(bytes, f->hex);
		frame.length = frame.captured + f->beyond;
		parsed &= (engine_frame(stage->engine, &frame) != NULL) ==
			  (f->verdict == SKUA_PARSED);
		each &= rows(stage) == i + 1;
	}
	ok(each && FRAMES > 50, "each frame ends in exactly one row");
	ok(parsed, "and those that were parsed are returned, no others");
	ok(!counted(stage, SKUA_COUNT_VERDICT + SKUA_PARSED), "being parsed is no row");
	stage_close(stage);
}

static bool ends_in(const char *hex, enum skua_counter row)
{
	struct stage *stage = stage_open();
	uint8_t bytes[FRAME_BUFFER];
	unsigned n = frame_bytes(bytes, hex);
	bool good;

	show(stage, bytes, n, n);
	good = counted(stage, row) == 1 && rows(stage) == 1;
	stage_close(stage);
	return good;
}

static void test_ignored(void)
{
	ok(ends_in(ETH "88cc 0207" PAD PAD, SKUA_COUNT_LLDP), "LLDP is told from the rest");
	ok(ends_in(ETH "888e 0207" PAD PAD, SKUA_COUNT_EAPOL), "EAPOL, too");
	ok(ends_in(ETH "05ff 424203" PAD PAD, SKUA_COUNT_LENGTH), "and frames with a length");
	ok(ends_in(ETH "0600 424203" PAD PAD, SKUA_COUNT_VERDICT + SKUA_IGNORED),
	   "1536 is the first type");
	ok(ends_in(ETH "0800" IP4("0028", "06") "c001 01bb", SKUA_COUNT_VERDICT + SKUA_MALFORMED),
	   "a packet that is cut on the wire is malformed");
}

static void test_tunnel(void)
{
	static const char vxlan[] =
		ETH "0800" IP4("0052", "11") "d000 12b5 003e 0000 08000000 00002a00" ETH
					     "0800" IP4("0020", "11") "0400 0401 000c 0000" BYTES4;
	struct engine_options options = stage_options();
	struct stage *stage = stage_open();
	uint8_t bytes[FRAME_BUFFER];
	unsigned n = frame_bytes(bytes, vxlan);

	show(stage, bytes, n, n);
	ok(stage->exchange.head.key.low_port == 1024, "a tunnel is looked through");
	stage_close(stage);
	options.config.look_through = 0;
	stage = stage_open_as(&options);
	show(stage, bytes, n, n);
	ok(stage->exchange.head.key.high_port == 4789, "unless it is not wanted");
	stage_close(stage);
}

/* Strangers that send one SYN each have no record to be charged to. */
static void test_newcomers(void)
{
	struct engine_options options = stage_options();
	struct stage *stage;
	unsigned sampled;

	options.config.sample_rate = 10 * HEADERS;
	stage = stage_open_as(&options);
	stage->server = (struct host){ HOST_OURS, 22 };
	for (unsigned i = 0; i < 30; i++) {
		stage->client = (struct host){ HOST_WORLD + i, 40000 };
		out(stage, SKUA_SYN, 0, 0, 0);
	}
	sampled = stage->samples;
	ok(sampled == 10 && counted(stage, SKUA_COUNT_SAMPLE_REFUSED) == 20,
	   "newcomers together are sampled as much as one source, the others counted");
	at(stage, 1000);
	stage->client = (struct host){ HOST_WORLD + 30, 40000 };
	out(stage, SKUA_SYN, 0, 0, 0);
	ok(stage->samples == sampled + 1, "in the next second there is room again");
	stage_close(stage);
}

int main(void)
{
	test_sample();
	test_newcomers();
	test_cutoff();
	test_rate();
	test_rows();
	test_ignored();
	test_tunnel();
	return done();
}
