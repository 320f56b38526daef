// SPDX-License-Identifier: BSD-2-Clause
/* What is sampled of whoever has no flow yet, so that the samples alone decide the same. */
#include "skua/sample.h"
#include "engine_stage.h"

/* Samples since it was asked last; all of them are headers, of the stage's last frame. */
static bool sampled_headers(struct stage *stage, unsigned count)
{
	bool good = stage->samples == count &&
		    (stage->sample.flags & SKUA_SAMPLE_WHY) == SKUA_SAMPLE_HEADER_ONLY &&
		    stage->sample.captured <= SKUA_SAMPLE_HEADER;

	if (!good)
		printf("# %u samples, flags %u\n", stage->samples, stage->sample.flags);
	stage->samples = 0;
	return good;
}

static void test_handshake(void)
{
	struct stage *stage = stage_open_inbound();
	const struct skua_sample_event *sample = &stage->sample;

	out(stage, SKUA_SYN, 0, 0, 0);
	ok(stage->samples == 1 && !(sample->flags & SKUA_SAMPLE_WHY),
	   "the first packet of an attempt is sampled whole");
	stage->samples = 0;
	in(stage, SKUA_SYN | SKUA_ACK, 0, 1, 0);
	ok(sampled_headers(stage, 1) && !sample->from_client && sample->ours &&
		   sample->tcp_flags == (SKUA_SYN | SKUA_ACK),
	   "so are the headers of the answer");
	out(stage, SKUA_SYN, 0, 0, 0);
	ok(sampled_headers(stage, 1) && sample->from_client, "and of another try");
	out(stage, SKUA_RST, 1, 0, 0);
	ok(says(stage, "contact-half-open") && sampled_headers(stage, 1) &&
		   sample->tcp_flags == SKUA_RST,
	   "and what decides it");
	out(stage, SKUA_SYN, 0, 0, 0);
	stage->samples = 0;
	in(stage, SKUA_RST | SKUA_ACK, 0, 1, 0);
	ok(says(stage, "contact-refused") && sampled_headers(stage, 1), "as a refusal");
	in(stage, SKUA_RST | SKUA_ACK, 0, 1, 0);
	ok(!stage->samples, "a RST that nobody waits for is not sampled");
	stage_close(stage);
}

static void test_tries(void)
{
	static const uint8_t text[64] = "some text";
	struct stage *stage = stage_open_inbound();

	for (unsigned i = 0; i < 20; i++)
		show_datagram(stage, true, text, 60);
	ok(sampled_headers(stage, SKUA_SAMPLE_TRIES), "eight packets of an attempt are enough");
	ok(!counted(stage, SKUA_COUNT_SAMPLE_REFUSED), "the others were not due");
	stage_close(stage);
}

static void shows(struct stage *stage, const char *hex)
{
	uint8_t bytes[FRAME_BUFFER];
	unsigned n = frame_bytes(bytes, hex);

	show(stage, bytes, n, n);
}

static void test_error(void)
{
	struct stage *stage = stage_open_inbound();
	const struct skua_sample_event *sample = &stage->sample;

	out(stage, SKUA_SYN, 0, 0, 0);
	stage->samples = 0;
	/* A router says that 10.0.0.5 port 22 cannot be reached from 203.0.113.9 port 40000. */
	shows(stage, ETH "0800 4500 0038 0000 0000 4001 0000 0a000001 cb007109 0301 0000 00000000"
			 "4500 0028 0000 0000 4006 0000 cb007109 0a000005 9c40 0016 000003e8");
	ok(says(stage, "contact-unreachable") && sampled_headers(stage, 1),
	   "an error that decides an attempt is sampled");
	ok(sample->head.key.proto == SKUA_TCP && sample->head.key.low_port == 22 &&
		   sample->head.key.high_port == 40000 && sample->sender == SKUA_LOW &&
		   sample->captured == 70 && stage->sampled[34] == 3,
	   "under the key of what it quotes, as it was");
	shows(stage, ETH "0800 4500 0038 0000 0000 4001 0000 0a000001 cb007109 0301 0000 00000000"
			 "4500 0028 0000 0000 4006 0000 cb007109 0a000005 9c40 0016 000003e8");
	ok(!stage->samples, "one that decides nothing is not");
	stage_close(stage);
}

static void test_odd(void)
{
	struct stage *stage = stage_open_inbound();

	out(stage, 0, 0, 0, 0);
	ok(says(stage, "contact-odd") && sampled_headers(stage, 1) && stage->sample.from_client &&
		   !stage->sample.tcp_flags,
	   "an odd probe is sampled,");
	out(stage, SKUA_FIN | SKUA_PSH | SKUA_URG, 0, 0, 0);
	ok(says(stage, "contact-odd") && sampled_headers(stage, 1), "each of them");
	stage_close(stage);
}

static void test_overflow(void)
{
	struct engine_options options = stage_options();
	struct stage *stage;

	options.config.pending_budget = 2;
	stage = stage_open_as(&options);
	stage->client = (struct host){ HOST_WORLD, 40000 };
	for (unsigned i = 0; i < 5; i++) {
		stage->server = (struct host){ HOST_OURS, 100 + i };
		out(stage, SKUA_SYN, 0, 0, 0);
	}
	ok(counted(stage, SKUA_COUNT_OVERFLOW) == 3 && sampled_headers(stage, 5),
	   "attempts beyond their source's budget are sampled");
	stage_close(stage);
}

static void test_neighbour(void)
{
	struct engine_options options = stage_options();
	struct stage *stage;
	const struct skua_sample_event *sample;

	options.config.event_budget = 1;
	stage = stage_open_as(&options);
	sample = &stage->sample;
	shows(stage, ETH "0806 0001 0800 06 04 0001 020000000001 0a000009 000000000000 0a000002");
	ok(says(stage, "neighbour") && sampled_headers(stage, 1) &&
		   !memcmp(&sample->head.key, &stage->neighbour.head.key,
			   sizeof(sample->head.key)) &&
		   sample->sender == stage->neighbour.asker && sample->from_client,
	   "a question for a neighbour is sampled under the key it is said with");
	shows(stage, ETH "0806 0001 0800 06 04 0001 020000000001 0a000009 000000000000 0a000003");
	ok(says(stage, "") && !stage->samples, "one that is not said is not sampled");
	shows(stage, ETH "86dd 60000000 0020 3aff" ADDR6 "8700 0000 00000000"
			 "fe800000000000000000000000000009 0101020000000001");
	ok(says(stage, "neighbour") && sampled_headers(stage, 1) &&
		   !memcmp(&sample->head.key, &stage->neighbour.head.key,
			   sizeof(sample->head.key)) &&
		   sample->sender == stage->neighbour.asker,
	   "so is a solicitation of IPv6, whose packet has another key");
	stage_close(stage);
}

/* Attempts are charged to their source, then to all newcomers. */
static void test_shares(void)
{
	struct engine_options options = stage_options();
	struct stage *stage;

	options.config.sample_rate = 3 * HEADERS;
	stage = stage_open_as(&options);
	stage->server = (struct host){ HOST_OURS, 22 };
	stage->client = (struct host){ HOST_WORLD, 40000 };
	out(stage, SKUA_SYN, 0, 0, 0);
	out(stage, SKUA_SYN, 0, 0, 0);
	stage->client.address++;
	out(stage, SKUA_SYN, 0, 0, 0);
	ok(stage->samples == 3 && !counted(stage, SKUA_COUNT_SAMPLE_REFUSED),
	   "tries share with newcomers");
	out(stage, SKUA_SYN, 0, 0, 0);
	out(stage, 0, 0, 0, 0);
	stage->client.port++;
	out(stage, 0, 0, 0, 0);
	ok(stage->samples == 3 && counted(stage, SKUA_COUNT_SAMPLE_REFUSED) == 3,
	   "beyond that they are refused, and so are odd probes, counted");
	stage_close(stage);
}

static void test_source_share(void)
{
	struct engine_options options = stage_options();
	struct stage *stage;

	options.config.sample_rate = 4096 + 60; /* a flow's grant, and one packet */
	stage = stage_open_as(&options);
	stage->server = (struct host){ HOST_OURS, 22 };
	stage->client = (struct host){ HOST_WORLD, 40000 };
	handshake(stage);
	stage->samples = 0;
	stage->client.port = 50000;
	stage->server.port = 23;
	out(stage, SKUA_SYN, 0, 0, 0);
	out(stage, SKUA_SYN, 0, 0, 0);
	ok(stage->samples == 1 && counted(stage, SKUA_COUNT_SAMPLE_REFUSED) == 1,
	   "a source whose flows have used its share has none left for tries");
	stage_close(stage);
}

int main(void)
{
	test_handshake();
	test_tries();
	test_error();
	test_odd();
	test_overflow();
	test_neighbour();
	test_shares();
	test_source_share();
	return done();
}
