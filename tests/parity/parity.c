// SPDX-License-Identifier: BSD-2-Clause
/* The same frames through the kernel and through user space must leave the same entries, events
 * and counters. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "skua/parse.h"
#include "engine.h"
#include "frames.h"
#include "random.h"
#include "../unit/tap.h"

#define RANDOM_FRAMES 100000 /* half of them each of the two ways through the kernel */
#define ROUND 500            /* frames between two clean slates */
#define ARM 16               /* frames between two changes of what is armed */
#define LOOK 25              /* frames between two comparisons of the tables */

static void test_parser(void)
{
	for (unsigned i = 0; i < FRAMES; i++) {
		const struct frame *f = &frames[i];
		unsigned char bytes[FRAME_BUFFER];
		unsigned n = frame_bytes(bytes, f->hex);
		struct skua_frame frame = { bytes, bytes + n, n };
		struct skua_parsed got = {};
		enum skua_verdict v = skua_parse(&frame, n + f->beyond, f->link, true, &got);
		bool same = v == f->verdict;

		if (same && v == SKUA_PARSED)
			same = got.pkt.proto == f->proto && got.pkt.sport == f->sport &&
			       got.pkt.dport == f->dport && got.pkt.payload == f->payload;
		ok(same, f->name);
		if (!same)
			printf("# verdict %d proto %d ports %d %d payload %d\n", v, got.pkt.proto,
			       got.pkt.sport, got.pkt.dport, got.pkt.payload);
	}
}

static const char *both(struct kernel *kernel, struct native *native,
			const struct engine_frame *frame, bool tc, bool look)
{
	const char *differs;

	native_show(native, frame);
	if (kernel_show(kernel, frame, tc))
		return "the test run failed";
	differs = kernel_said_differs(kernel, native);
	if (!differs && look)
		differs = kernel_differs(kernel, native, tc);
	return differs;
}

static int forget(struct kernel *kernel, struct native *native, const struct skua_config *config)
{
	native_close(native);
	return native_open(native, config) || kernel_forget(kernel);
}

static void test_frames(struct kernel *kernel, const struct skua_config *config, bool tc)
{
	struct native native = {};

	for (unsigned i = 0; i < FRAMES * 3; i++) {
		const struct frame *f = &frames[i / 3];
		unsigned char bytes[FRAME_BUFFER];
		struct engine_frame frame = { .bytes = bytes,
					      .ifindex = 1,
					      .time_ns = SKUA_SECOND_NS,
					      .link = f->link,
					      .origin = i % 3 };
		static const char *const origins[] = { "theirs", "ours", "either" };
		const char *differs;
		char name[256];

		frame.captured = frame_bytes(bytes, f->hex);
		frame.length = frame.captured + f->beyond;
		if (forget(kernel, &native, config))
			return ok(false, "the engines can be made to forget");
		differs = both(kernel, &native, &frame, tc, true);
		snprintf(name, sizeof(name), "%s, %s, %s: both engines agree%s%s", f->name,
			 origins[i % 3], tc ? "tc" : "xdp", differs ? ": " : "",
			 differs ? differs : "");
		ok(!differs, name);
	}
	native_close(&native);
}

/* Ticks of packet time: both sweep, and what they say is compared with the next frame's events. */
static int sweep(struct kernel *kernel, struct native *native, uint64_t now_s, bool tc,
		 uint64_t *second)
{
	int err = 0;

	for (; !err && *second < now_s; ++*second) {
		engine_tick(native->engine, *second + 1);
		err = kernel_tick(kernel, *second + 1, tc);
	}
	return err;
}

static void print_frame(const struct engine_frame *frame, uint64_t i, const char *differs)
{
	printf("# random frame %llu: %s\n# ", (unsigned long long)i, differs);
	for (unsigned j = 0; j < frame->captured; j++)
		printf("%02x", frame->bytes[j]);
	printf("\n");
}

/* What was reached, beside the counters: samples by flags and of what. */
struct sums {
	__u64 counters[SKUA_COUNTERS];
	__u64 whole, armed, headers, neighbours, errors;
};

static void add_samples(struct sums *sums, const struct native *native)
{
	for (unsigned i = 0; i < native->said.count; i++) {
		const struct skua_sample_event *sample = (const void *)&native->said.items[i];
		const struct skua_flow_key *key = &sample->head.key;

		if (sample->head.kind != SKUA_EVENT_SAMPLE)
			continue;
		sums->whole += !sample->flags;
		sums->armed += sample->flags == SKUA_SAMPLE_ARMED;
		sums->headers += sample->flags == SKUA_SAMPLE_HEADER_ONLY;
		sums->neighbours += !key->proto;
		/* The key is the quoted packet's, the bytes are those of the error. */
		sums->errors += (key->proto == SKUA_TCP || key->proto == SKUA_UDP) &&
				((const unsigned char *)(sample + 1))[14 + 9] == SKUA_ICMP;
	}
}

static void add_counters(struct sums *sums, const struct native *native)
{
	for (int i = 0; i < SKUA_COUNTERS; i++)
		sums->counters[i] += engine_counters(native->engine)[i];
	add_samples(sums, native);
}

static int arm(struct kernel *kernel, struct native *native, struct random *random, bool tc)
{
	struct skua_armed_key key;
	__u64 until_ns = random_arm(random, &key);

	return engine_arm(native->engine, &key, until_ns) || kernel_arm(kernel, &key, until_ns, tc);
}

/* Returns the frames that went the same way in both engines. */
static uint64_t test_random(struct kernel *kernel, const struct skua_config *config, __u64 seed,
			    bool tc, uint64_t count, struct sums *sums)
{
	struct native native = {};
	struct random random;
	uint64_t second = 0, i;

	random_init(&random, seed);
	for (i = 0; i < count; i++) {
		unsigned char bytes[FRAME_BUFFER];
		struct engine_frame frame = { .bytes = bytes };
		const char *differs;

		if (i % ROUND == 0 && forget(kernel, &native, config)) {
			printf("# forgetting failed before frame %llu: %s\n", (unsigned long long)i,
			       strerror(errno));
			break;
		}
		random_frame(&random, &frame, bytes);
		if (i / ROUND % 2 && !(random_next(&random) % ARM) && /* every other round */
		    arm(kernel, &native, &random, tc)) {
			print_frame(&frame, i, "arming failed");
			break;
		}
		if (sweep(kernel, &native, frame.time_ns / SKUA_SECOND_NS, tc, &second)) {
			print_frame(&frame, i, "the sweep failed");
			break;
		}
		differs = both(kernel, &native, &frame, tc, i % LOOK == LOOK - 1);
		if (differs) {
			print_frame(&frame, i, differs);
			break;
		}
		if (i % ROUND == ROUND - 1)
			add_counters(sums, &native);
	}
	native_close(&native);
	return i;
}

/* Random frames that never reach a branch prove nothing about it. */
static void test_reached(const struct sums *sums)
{
	static const struct {
		int row;
		const char *sentence;
	} rows[] = {
		{ SKUA_TRUNCATED, "random frames were truncated" },
		{ SKUA_MALFORMED, "random frames were malformed" },
		{ SKUA_TOO_DEEP, "random frames were too deep" },
		{ SKUA_COUNT_ARP, "random frames asked for addresses" },
		{ SKUA_COUNT_OUT, "random frames were accounted in flows of ours" },
		{ SKUA_COUNT_IN, "random frames were accounted in flows of strangers" },
		{ SKUA_COUNT_WAITING, "random frames waited" },
		{ SKUA_COUNT_SOURCE_ONLY, "random frames were not admitted" },
		{ SKUA_COUNT_ELSEWHERE, "random frames were seen elsewhere" },
		{ SKUA_COUNT_OVERFLOW, "random frames exceeded their source's budget" },
		{ SKUA_COUNT_UNSAID, "random events exceeded their source's budget" },
		{ SKUA_COUNT_DNS_REFUSED, "random names were refused" },
		{ SKUA_COUNT_SAMPLED, "random frames were sampled" },
		{ SKUA_COUNT_SAMPLE_REFUSED, "random samples exceeded their source's share" },
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ok(sums->counters[rows[i].row] != 0, rows[i].sentence);
	ok(sums->whole && sums->armed && sums->headers,
	   "random frames were sampled whole, as headers, and because they were armed");
	ok(sums->neighbours && sums->errors,
	   "random questions for neighbours were sampled, and errors as what they quote");
}

int main(int argc, char **argv)
{
	struct skua_config config = SKUA_CONFIG_DEFAULT;
	__u64 seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 0x736b7561;
	/* parity [SEED [FRAMES]] */
	uint64_t count = (argc > 2 ? strtoull(argv[2], NULL, 0) : RANDOM_FRAMES) / 2;
	struct sums sums = {};
	char sentence[96];
	struct kernel *kernel;
	int err;

	config.hash_seed = 42;
	config.one_way = 1;
	config.pending_budget = 3; /* small, so that sources run out of it */
	config.event_budget = 3;
	config.sample_rate = 4096;
	test_parser();
	err = kernel_open(&kernel, &config);
	if (err == -EPERM) {
		skip("both engines agree",
		     "loading BPF programs needs CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON");
		return done();
	}
	ok(!err, "the programs load");
	if (err)
		return done();
	for (int tc = 0; tc < 2; tc++) {
		test_frames(kernel, &config, tc);
		snprintf(sentence, sizeof(sentence), "%llu random frames through %s leave the same",
			 (unsigned long long)count, tc ? "tc" : "XDP and tc");
		ok(test_random(kernel, &config, seed + tc, tc, count, &sums) == count, sentence);
	}
	test_reached(&sums);
	kernel_close(kernel);
	return done();
}
