// SPDX-License-Identifier: BSD-2-Clause
/* A selection has everything of those who were asked for, once, and says what is missing. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "record_samples.h"
#include "tap.h"

#define START (1767225600 * SECOND)

static struct recorder *recorder;
static uint64_t said;

static void begin(uint64_t ring, uint64_t keep, uint32_t pairs)
{
	const struct recorder_options options = { .ring_bytes = ring,
						  .keep_bytes = keep,
						  .pairs = pairs };

	said = 0;
	if (recorder_open(&recorder, &options))
		abort();
}

static void say(const struct talk *talk, uint64_t time_ns, bool from_client, uint8_t flags,
		uint32_t length)
{
	const struct skua_sample_event event = sample_of(talk, time_ns, from_client, flags, length);

	recorder_sample(recorder, &event, bytes_of(++said), length);
}

static void call(const struct talk *talk, uint64_t time_ns, uint32_t length)
{
	say(talk, time_ns, true, SKUA_SYN, 54);
	say(talk, time_ns + 1, false, SKUA_SYN | SKUA_ACK, 54);
	say(talk, time_ns + 2, true, SKUA_ACK, length);
	say(talk, time_ns + 3, false, SKUA_ACK, length);
}

static struct recorder_selector pair_selector(const struct talk *talk)
{
	return (struct recorder_selector){ .what = RECORDER_PAIR,
					   .a = host_of(talk->client),
					   .b = host_of(talk->server),
					   .port = talk->server_port,
					   .proto = talk->proto };
}

/* Each sample once, in order, with the bytes it came with. */
static bool is_sound(const struct recorder_selection *selection)
{
	for (size_t i = 0; i < selection->count; i++) {
		const struct sample_row *row = &selection->rows[i];

		if ((i && row[-1].number >= row->number) ||
		    memcmp(row->bytes, bytes_of(row->number), row->captured))
			return false;
	}
	return true;
}

static void test_union(void)
{
	const struct talk beacon = { 5, 9, 1000, 443, SKUA_TCP },
			  other = { 6, 9, 1000, 443, SKUA_TCP };
	struct recorder_selector selector = pair_selector(&beacon);
	struct recorder_selection got;

	begin(1 << 20, 1 << 20, 64);
	for (int i = 0; i < 20; i++) {
		call(&beacon, START + 100 * i * SECOND, 300);
		call(&other, START + (100 * i + 7) * SECOND, 300);
	}
	ok(!recorder_select(recorder, &selector, &got) && got.count == 80 && is_sound(&got) &&
		   !got.thinned && !got.cut,
	   "what lies in the ring and in the keep area is there once, in order, nothing missing");
	recorder_selection_fini(&got);
	for (int i = 0; i < 10000; i++)
		call(&other, START + (3000 + i) * SECOND, 300);
	ok(!recorder_select(recorder, &selector, &got) && is_sound(&got) && got.thinned &&
		   got.count >= 2 * 4 + 18 * 2 && got.rows[0].number == 1,
	   "when the ring has passed on, the keep area has the first packet, and it is said");
	recorder_selection_fini(&got);
	selector.port = 80;
	ok(recorder_select(recorder, &selector, &got) == -ENOENT,
	   "of another port there is nothing");
	selector.port = 0;
	selector.since_ns = START + 1000 * SECOND;
	ok(!recorder_select(recorder, &selector, &got) &&
		   got.rows[0].event->head.time_ns == selector.since_ns,
	   "what was before the time asked for is left out");
	recorder_selection_fini(&got);
	selector = (struct recorder_selector){ .what = RECORDER_ALL,
					       .since_ns = START + 12900 * SECOND };
	ok(!recorder_select(recorder, &selector, &got) && got.count == 400 && is_sound(&got) &&
		   !got.thinned,
	   "the last hundred seconds of all are whole, and nothing is said to be missing");
	recorder_selection_fini(&got);
	recorder_close(recorder);
}

/* Ring only, no keep area, so the naive answer is known: the last so many of the host. */
static void test_thinned(void)
{
	const struct talk beacon = { 5, 9, 1000, 443, SKUA_TCP },
			  other = { 6, 8, 1000, 443, SKUA_TCP };
	struct recorder_selector pair = pair_selector(&beacon),
				 host = { .what = RECORDER_HOST, .a = host_of(5) };
	struct recorder_selection got;
	bool exact = true;
	size_t before = 400;

	begin(64 << 10, 0, 64);
	for (int i = 0; i < 100; i++)
		call(&beacon, START + i * SECOND, 60);
	for (int i = 0; i < 100; i++) {
		int err = recorder_select(recorder, &pair, &got);
		size_t count = err ? 0 : got.count;

		exact &= err ? err == -ENOENT : got.thinned == (count < 400) && is_sound(&got);
		exact &= count <= before;
		before = count;
		if (!err)
			recorder_selection_fini(&got);
		err = recorder_select(recorder, &host, &got);
		exact &= err ? !count : got.count == count && got.thinned == (count < 400);
		if (!err)
			recorder_selection_fini(&got);
		call(&other, START + (200 + i) * SECOND, 60);
	}
	ok(exact && before < 50,
	   "thinned is said of a pair and of a host exactly when samples are gone");
	recorder_close(recorder);
}

/* A pair that the table forgot leaves samples in the ring. */
static void test_forgotten(void)
{
	const struct talk beacon = { 5, 9, 1000, 443, SKUA_TCP };
	struct talk churn = { 7, 0, 1000, 443, SKUA_TCP };
	struct recorder_selector pair = pair_selector(&beacon);
	struct recorder_selection got;
	struct recorder_counts counts;

	begin(1 << 20, 1 << 20, 16);
	say(&beacon, START, true, SKUA_SYN, 54);
	for (churn.server = 100; churn.server < 400; churn.server++) {
		call(&churn, START + churn.server * SECOND, 60);
		call(&churn, START + (churn.server + 1) * SECOND, 60);
	}
	say(&beacon, START + 1000 * SECOND, true, SKUA_SYN, 54);
	recorder_counts(recorder, &counts);
	ok(counts.pairs_evicted && !recorder_select(recorder, &pair, &got) && got.count == 2 &&
		   is_sound(&got),
	   "what a pair left in the ring is found though the pair was forgotten meanwhile");
	recorder_selection_fini(&got);
	recorder_close(recorder);
}

static void test_cut(void)
{
	const struct talk beacon = { 5, 9, 1000, 443, SKUA_TCP };
	struct recorder_selector selector = pair_selector(&beacon);
	struct recorder_selection got;
	uint64_t bytes = 0;

	begin(1 << 20, 0, 16);
	for (int i = 0; i < 100; i++)
		say(&beacon, START + i * SECOND, true, SKUA_ACK, 100);
	selector.bytes_max = 1000;
	ok(!recorder_select(recorder, &selector, &got) && got.cut && got.count == 10 &&
		   got.rows[0].number == 1 && got.rows[4].number == 5 && got.rows[5].number == 96 &&
		   got.rows[9].number == 100,
	   "too many bytes are cut out of the middle, and it is said");
	for (size_t i = 0; i < got.count; i++)
		bytes += got.rows[i].captured;
	ok(bytes <= 1000 && !got.thinned, "what is left keeps the limit, and cut is not thinned");
	recorder_selection_fini(&got);
	selector.bytes_max = 10000;
	ok(!recorder_select(recorder, &selector, &got) && !got.cut && got.count == 100,
	   "what is just not too much stays");
	recorder_selection_fini(&got);
	recorder_close(recorder);
}

/* A question about a name of two labels. */
static void ask(const struct talk *talk, uint64_t time_ns, const char *first, const char *second)
{
	struct skua_sample_event event = sample_of(talk, time_ns, true, 0, 100);
	uint8_t bytes[100] = { 0 }, *at = bytes + 54 + 12;

	*at++ = strlen(first);
	at = mempcpy(at, first, strlen(first));
	*at++ = strlen(second);
	memcpy(at, second, strlen(second));
	said++;
	recorder_sample(recorder, &event, bytes, sizeof(bytes));
}

static void test_names(void)
{
	const struct talk web = { 5, 9, 1000, 443, SKUA_TCP },
			  else_ = { 5, 10, 1000, 443, SKUA_TCP },
			  dns = { 5, 53, 2000, 53, SKUA_UDP };
	const struct skua_flow_key key = talk_key(&web);
	struct recorder_selector selector = {
		.what = RECORDER_NAME, .a = host_of(5), .name_hash = 77, .domain = "evil.example"
	};
	struct recorder_selection got;

	begin(1 << 20, 1 << 20, 16);
	ask(&dns, START, "evil", "example");
	ask(&dns, START, "good", "example");
	ask(&dns, START, "xevil", "example");
	call(&web, START + SECOND, 300);
	call(&else_, START + SECOND, 300);
	recorder_name(recorder, &key, SKUA_LOW, 77);
	ok(!recorder_select(recorder, &selector, &got) && got.count == 5 &&
		   got.rows[0].number == 1 && got.rows[1].number == 4 && !got.thinned,
	   "of a name there is the question for it and what was said to its servers, no more");
	recorder_selection_fini(&got);
	selector.what = RECORDER_DNS;
	ok(!recorder_select(recorder, &selector, &got) && got.count == 1 && got.rows[0].number == 1,
	   "of a domain there are the questions only");
	recorder_selection_fini(&got);
	recorder_close(recorder);
}

static void test_totals(void)
{
	const struct talk voip = { 5, 9, 1000, 5060, SKUA_UDP };
	const struct skua_flow_key key = talk_key(&voip);
	const struct recorder_selector selector = pair_selector(&voip);
	struct skua_flow_event event = { .flow = { .first_ns = START,
						   .report_shift = SKUA_REPORT_SHIFT_MIN } };
	struct recorder_selection got;
	struct recorder_counts counts;

	begin(1 << 20, 1 << 20, 16);
	say(&voip, START, true, 0, 100);
	for (int i = 1; i <= 5; i++) { /* one conversation, five reports */
		skua_event_init(&event.head, SKUA_EVENT_FLOW, &key, 1, START + i * 60 * SECOND);
		event.flow.way[0].payload = 1000 * i;
		event.flow.way[1].packets = i;
		event.flow.last_ns = START + i * 60 * SECOND;
		event.reason = i == 5 ? SKUA_FLOW_IDLE : SKUA_FLOW_REPORT;
		recorder_flow(recorder, &event);
		event.flow.reported_s = i * 60;
	}
	event.flow.first_ns = START + 400 * SECOND; /* the ports again, at once over */
	event.flow.last_ns = START + 401 * SECOND;
	event.flow.reported_s = 0;
	event.flow.way[0].payload = 7;
	recorder_flow(recorder, &event);
	ok(!recorder_select(recorder, &selector, &got) && got.totals_count == 1 &&
		   got.totals[0].totals.payload[0] == 5007 &&
		   got.totals[0].totals.packets[1] == 10 &&
		   got.totals[0].totals.since_ns == START &&
		   got.totals[0].totals.until_ns == START + 401 * SECOND,
	   "reports of living and of ended conversations add up, each byte once");
	recorder_selection_fini(&got);
	event.flow.reported_s = 60; /* it has said more than is remembered */
	event.flow.first_ns = START + 500 * SECOND;
	recorder_flow(recorder, &event);
	recorder_counts(recorder, &counts);
	ok(!recorder_select(recorder, &selector, &got) && got.totals[0].totals.payload[0] == 5007 &&
		   counts.totals_forgotten == 1,
	   "what a forgotten one said before does not count twice, and that is counted");
	recorder_selection_fini(&got);
	event.head.key.proto = SKUA_TCP;
	recorder_flow(recorder, &event);
	recorder_close(recorder);
}

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static void time_select(const char *what, const struct recorder_selector *selector)
{
	struct recorder_selection got = {};
	double begun = now_s();
	int err = recorder_select(recorder, selector, &got);

	printf("# %s: %zu samples in %.1f ms\n", what, err ? 0 : got.count,
	       (now_s() - begun) * 1e3);
	if (!err)
		recorder_selection_fini(&got);
}

/* A full recorder of the default size; says how long selections take. */
static void test_speed(void)
{
	struct recorder_options options = RECORDER_OPTIONS_DEFAULT;
	struct recorder_selector all = { .what = RECORDER_ALL },
				 last = { .what = RECORDER_ALL, .since_ns = START + 55 * SECOND },
				 host = { .what = RECORDER_HOST, .a = host_of(0x0a000001) }, pair;
	struct talk talk = { 0x0a000001, 0x0a100000, 1000, 443, SKUA_TCP };
	struct recorder_counts counts;

	if (recorder_open(&recorder, &options))
		abort();
	for (int i = 0; i < 60 * 4000; i++) {
		talk.client = 0x0a000000 + i % 250;
		talk.server = 0x0a100000 + i % 60000;
		say(&talk, START + i * (SECOND / 4000), true, SKUA_SYN, 54);
		say(&talk, START + i * (SECOND / 4000), false, SKUA_ACK, i % 8 ? 66 : 600);
	}
	recorder_counts(recorder, &counts);
	pair = pair_selector(&talk);
	printf("# ring %llu of %llu, keep %llu of %llu bytes, %llu pairs\n",
	       (unsigned long long)counts.ring_used, (unsigned long long)counts.ring_size,
	       (unsigned long long)counts.keep_used, (unsigned long long)counts.keep_size,
	       (unsigned long long)counts.pairs);
	time_select("a pair", &pair);
	time_select("a host", &host);
	time_select("the last five seconds of all", &last);
	time_select("all", &all);
	recorder_close(recorder);
}

static void test_file(void)
{
	struct recorder_options options = { .ring_bytes = 1 << 20,
					    .keep_bytes = 1 << 20,
					    .pairs = 16 };
	const struct talk beacon = { 5, 9, 1000, 443, SKUA_TCP };
	struct recorder_selector selector = pair_selector(&beacon);
	struct recorder_selection got;
	struct recorder *none = NULL;
	char folder[] = "/tmp/skua-select-XXXXXX", path[64];
	struct rlimit usual, narrow;
	int fd;

	if (!mkdtemp(folder))
		abort();
	snprintf(path, sizeof(path), "%s/recorder", folder);
	options.file = path;
	said = 0;
	ok(!recorder_open(&recorder, &options) && access(path, F_OK),
	   "the recorder's file has no name once it is open");
	call(&beacon, START, 300);
	ok(!recorder_select(recorder, &selector, &got) && got.count == 4 && is_sound(&got),
	   "and it holds samples as memory does");
	recorder_selection_fini(&got);
	recorder_close(recorder);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	ok(recorder_open(&none, &options) == -EEXIST && !none && !access(path, F_OK),
	   "a file that is there already is not touched");
	close(fd);
	unlink(path);
	/* However much room there is: no file may be so long. */
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &usual);
	narrow = (struct rlimit){ 1 << 30, usual.rlim_max };
	setrlimit(RLIMIT_FSIZE, &narrow);
	options.ring_bytes = 1ull << 43;
	ok(recorder_open(&none, &options) < 0 && !none && access(path, F_OK),
	   "a file for which there is no room is an error, and is gone");
	setrlimit(RLIMIT_FSIZE, &usual);
	options.ring_bytes = UINT64_MAX - 4096;
	ok(recorder_open(&none, &options) == -EFBIG, "sizes whose sum overflows are refused");
	rmdir(folder);
}

int main(void)
{
	test_union();
	test_thinned();
	test_forgotten();
	test_cut();
	test_names();
	test_totals();
	test_file();
	test_speed();
	return done();
}
