// SPDX-License-Identifier: BSD-2-Clause
/* A new finding waits for what follows, then its packets are handed over, with what is missing. */
#include <errno.h>
#include "pipeline/evidence.h"
#include "record_blocks.h"
#include "record_samples.h"
#include "skua/link.h"
#include "tap.h"

#define START (1767225600 * SECOND)
#define SECTION_OPTIONS 16

static struct evidence *evidence;
static struct evidence_item items[EVIDENCE_WAITING + 8]; /* their bytes are the test's */
static unsigned count;
static uint64_t lost_total, armed_until;
static struct address armed_a, armed_b;

static const struct talk beacon = { 5, 9, 1000, 443, SKUA_TCP },
			 other = { 6, 8, 1000, 443, SKUA_TCP };

static void on_item(void *arg, const struct evidence_item *item)
{
	(void)arg;
	if (count == sizeof(items) / sizeof(items[0]))
		abort();
	items[count++] = *item;
}

static uint64_t lost(void *arg)
{
	(void)arg;
	return lost_total;
}

static void arm(void *arg, const struct address *a, const struct address *b, uint64_t until_ns)
{
	(void)arg;
	armed_a = *a;
	armed_b = *b;
	armed_until = until_ns;
}

static void begin(uint64_t keep, const struct policy *policy)
{
	struct evidence_options options = EVIDENCE_OPTIONS_DEFAULT;

	options.recorder.ring_bytes = 64 << 10;
	options.recorder.keep_bytes = keep;
	options.recorder.pairs = 64;
	options.application = "skua 1";
	options.publish = on_item;
	options.lost = lost;
	options.arm = arm;
	options.policy = policy;
	lost_total = 0;
	if (evidence_open(&evidence, &options))
		abort();
}

static void forget_items(void)
{
	for (unsigned i = 0; i < count; i++)
		free(items[i].bytes);
	count = 0;
}

static void end(void)
{
	evidence_close(evidence);
	forget_items();
}

static void say(const struct talk *talk, uint64_t time_ns, uint8_t link)
{
	struct skua_sample_event event = sample_of(talk, time_ns, true, SKUA_ACK, 100);

	event.link = link;
	evidence_sample(evidence, &event, bytes_of(1));
}

static struct finding found(const struct talk *talk, uint64_t first_ns, uint64_t trigger_ns)
{
	struct finding finding = { .kind = FINDING_BEACON,
				   .id = "7f3a000000000000000000000000000",
				   .src = host_of(talk->client),
				   .dst = host_of(talk->server),
				   .has_dst = true,
				   .dport = talk->server_port,
				   .proto = talk->proto,
				   .first_ns = first_ns,
				   .trigger_ns = trigger_ns,
				   .reason = "it calls" };

	return finding;
}

static bool says(const struct evidence_item *item, const char *text)
{
	return item->bytes && memmem(item->bytes, item->length, text, strlen(text));
}

static void test_waiting(void)
{
	struct finding finding = found(&beacon, START, START + 60 * SECOND);
	const struct finding_snapshot *snapshot = &items[0].finding.snapshot;

	begin(1 << 20, NULL);
	say(&beacon, START, 0);
	say(&beacon, START + 60 * SECOND, 0);
	evidence_finding(evidence, &finding, finding.trigger_ns + EVIDENCE_POST_NS);
	ok(address_equal(&armed_a, &finding.src) && address_equal(&armed_b, &finding.dst) &&
		   armed_until == START + 90 * SECOND,
	   "both ends of a finding are sampled in full until its window is over");
	say(&beacon, START + 80 * SECOND, 0);
	say(&other, START + 80 * SECOND, 0);
	evidence_tick(evidence, START + 89 * SECOND, false, NULL, NULL);
	ok(!count, "nothing is handed over before that");
	evidence_tick(evidence, START + 90 * SECOND, false, NULL, NULL);
	ok(count == 1 && items[0].part == 1 && items[0].finding.state == FINDING_UPDATE &&
		   items[0].bytes && snapshot->packets == 3 && snapshot->bytes == items[0].length &&
		   !snapshot->error && !snapshot->truncated && snapshot->pre_trigger_s == 60,
	   "then it is, once, with what came before and after, and nobody else's packets");
	ok(says(&items[0], "skua.finding={") && says(&items[0], "skua.context={") &&
		   says(&items[0], "beacon: 0.0.0.5 -> 0.0.0.9: it calls.") &&
		   !says(&items[0], "\"snapshot\""),
	   "the file says what it is for, in JSON and in a sentence");
	evidence_tick(evidence, START + 900 * SECOND, true, NULL, NULL);
	ok(count == 1, "and it is not handed over again");
	end();
}

/* Who sends much. */
static void test_armed_bytes(void)
{
	struct finding finding = found(&beacon, START, START + 60 * SECOND);
	struct skua_sample_event event =
		sample_of(&beacon, START + 61 * SECOND, true, SKUA_ACK, 1000);
	unsigned sent = 0;

	begin(1 << 20, NULL);
	say(&beacon, START, 0);
	evidence_finding(evidence, &finding, finding.trigger_ns + EVIDENCE_POST_NS);
	for (; sent + 1000 < EVIDENCE_POST_BYTES; sent += 1000) {
		event.flags = SKUA_SAMPLE_ARMED;
		evidence_sample(evidence, &event, bytes_of(1));
	}
	say(&other, START + 61 * SECOND, 0);
	evidence_tick(evidence, START + 62 * SECOND, false, NULL, NULL);
	ok(!count && armed_until == START + 90 * SECOND,
	   "as much as is allowed is sampled in full");
	evidence_sample(evidence, &event, bytes_of(1));
	ok(!armed_until, "and no more");
	evidence_tick(evidence, START + 62 * SECOND, false, NULL, NULL);
	ok(count == 1, "then the file is made early");
	end();
}

static void test_armed_twice(void)
{
	struct finding finding = found(&beacon, START, START + 60 * SECOND), later = finding;
	struct skua_sample_event event =
		sample_of(&beacon, START + 61 * SECOND, true, SKUA_ACK, 1000);

	begin(1 << 20, NULL);
	say(&beacon, START, 0);
	event.flags = SKUA_SAMPLE_ARMED;
	evidence_finding(evidence, &finding, finding.trigger_ns + EVIDENCE_POST_NS);
	for (unsigned sent = 0; sent + 2000 < EVIDENCE_POST_BYTES; sent += 1000)
		evidence_sample(evidence, &event, bytes_of(1));
	later.trigger_ns += 10 * SECOND;
	evidence_finding(evidence, &later, later.trigger_ns + EVIDENCE_POST_NS);
	evidence_sample(evidence, &event, bytes_of(1));
	evidence_sample(evidence, &event, bytes_of(1));
	ok(armed_until == START + 100 * SECOND,
	   "who has enough leaves the pair armed for another that waits");
	end();
}

static const struct finding *now_worse(void *arg, const struct finding *finding)
{
	struct finding *now = arg;

	*now = *finding;
	now->score = 0.9;
	now->trigger_ns += 20 * SECOND;
	return now;
}

static void test_now(void)
{
	struct finding finding = found(&beacon, START, START + 60 * SECOND), now;

	begin(1 << 20, NULL);
	say(&beacon, START, 0);
	evidence_finding(evidence, &finding, finding.trigger_ns + EVIDENCE_POST_NS);
	evidence_tick(evidence, START + 61 * SECOND, true, now_worse, &now);
	ok(count == 1 && items[0].finding.score == 0.9 && items[0].begun_ns == finding.trigger_ns,
	   "at the end nothing waits; the finding is as it is by then, its day that of its "
	   "beginning");
	end();
}

static void test_full(void)
{
	struct finding finding = found(&beacon, START, START);

	begin(1 << 20, NULL);
	say(&beacon, START, 0);
	for (unsigned i = 0; i < EVIDENCE_WAITING + 3; i++) {
		finding.trigger_ns = START + i;
		evidence_finding(evidence, &finding, finding.trigger_ns + EVIDENCE_POST_NS);
	}
	ok(count == 3 && evidence_early(evidence) == 3 && items[0].begun_ns == START,
	   "when too many wait the first goes early, and is counted");
	evidence_tick(evidence, START + 100 * SECOND, false, NULL, NULL);
	ok(count == EVIDENCE_WAITING + 3, "none is lost");
	end();
}

static void test_missing(void)
{
	struct finding finding = found(&beacon, START + 10 * SECOND, START + 20 * SECOND);

	begin(1 << 20, NULL);
	evidence_finding(evidence, &finding, finding.trigger_ns + EVIDENCE_POST_NS);
	evidence_tick(evidence, START, true, NULL, NULL);
	ok(count == 1 && !items[0].bytes && !items[0].length &&
		   items[0].finding.snapshot.error == -ENOENT && items[0].part == 1,
	   "a finding without a packet is handed over with an error");
	forget_items();

	lost_total = 5;
	evidence_tick(evidence, START + 5 * SECOND, false, NULL, NULL);
	lost_total = 7;
	evidence_tick(evidence, START + 15 * SECOND, false, NULL, NULL);
	say(&beacon, START + 10 * SECOND, 0);
	evidence_finding(evidence, &finding, finding.trigger_ns + EVIDENCE_POST_NS);
	evidence_tick(evidence, START + 60 * SECOND, false, NULL, NULL);
	ok(count == 1 && items[0].finding.snapshot.ring_dropped == 2 &&
		   !items[0].finding.snapshot.truncated,
	   "samples lost since it began are said, those lost before are not");
	forget_items();

	finding.first_ns = START;
	evidence_finding(evidence, &finding, finding.trigger_ns + EVIDENCE_POST_NS);
	evidence_tick(evidence, START + 60 * SECOND, false, NULL, NULL);
	ok(count == 1 && items[0].finding.snapshot.truncated &&
		   says(&items[0], "Some of what was sampled is not in this file."),
	   "a file that begins after its finding did says that something is missing");
	end();

	begin(0, NULL);
	say(&beacon, START, 0);
	for (int i = 0; i < 1000; i++)
		say(&other, START + i, 0);
	say(&beacon, START + 1001, 0);
	evidence_finding(evidence, &finding, finding.trigger_ns + EVIDENCE_POST_NS);
	evidence_tick(evidence, START + 60 * SECOND, false, NULL, NULL);
	ok(count == 1 && items[0].finding.snapshot.packets == 1 &&
		   items[0].finding.snapshot.truncated,
	   "so does one of which the ring has lost a packet");
	end();
}

static void test_links(void)
{
	struct finding finding = found(&beacon, START, START);

	begin(1 << 20, NULL);
	say(&beacon, START, SKUA_LINK_SLL2);
	say(&beacon, START + 1, SKUA_LINK_ETHERNET);
	say(&beacon, START + 2, SKUA_LINK_SLL2);
	say(&beacon, START + 3, SKUA_LINK_RAW);
	evidence_finding(evidence, &finding, finding.trigger_ns + EVIDENCE_POST_NS);
	evidence_tick(evidence, START, true, NULL, NULL);
	ok(count == 3 && items[0].part == 1 && items[0].finding.snapshot.packets == 2 &&
		   items[1].part == 2 && items[1].finding.snapshot.packets == 1 &&
		   items[2].part == 3 && items[1].bytes != items[0].bytes,
	   "each link type has a file of its own, the largest first");
	end();
}

static void test_selectors(void)
{
	struct finding finding = found(&beacon, START, START);
	struct recorder_selector selector;

	evidence_selector(&finding, &selector);
	ok(selector.what == RECORDER_PAIR && selector.port == 443 && selector.proto == SKUA_TCP,
	   "a beacon is its pair");
	finding.has_dst = false;
	strcpy(finding.entity, "evil.example");
	evidence_selector(&finding, &selector);
	ok(selector.what == RECORDER_NAME && selector.name_hash &&
		   !strcmp(selector.domain, "evil.example"),
	   "one by name is the name, and the questions for it");
	finding.kind = FINDING_DNS_EXFIL;
	evidence_selector(&finding, &selector);
	ok(selector.what == RECORDER_DNS && !strcmp(selector.domain, "evil.example"),
	   "a DNS tunnel is the questions for its domain");
	finding.kind = FINDING_SCAN;
	evidence_selector(&finding, &selector);
	ok(selector.what == RECORDER_HOST && address_equal(&selector.a, &finding.src),
	   "a scan is everything of its source");
	finding.kind = FINDING_EXFIL;
	finding.has_dst = true;
	evidence_selector(&finding, &selector);
	ok(selector.what == RECORDER_PAIR && !selector.port, "an upload is its two ends");
}

static void test_asked(void)
{
	const struct recorder_selector all = { .what = RECORDER_ALL };
	struct evidence_item item = { .part = 0 };

	begin(1 << 20, NULL);
	ok(evidence_snapshot(evidence, &all, NULL, NULL, "asked", &item.bytes, &item.length) ==
			   -ENOENT &&
		   !item.bytes,
	   "of nothing there is no snapshot");
	say(&beacon, START, 0);
	say(&other, START, 0);
	ok(!evidence_snapshot(evidence, &all, NULL, NULL, "asked by somebody", &item.bytes,
			      &item.length) &&
		   says(&item, "asked by somebody"),
	   "who asks gets what there is, and the file says so");
	free(item.bytes);
	end();
}

/* Of the beacon's client, once it is known. */
static const char *namespace_of(void *arg, const struct address *address)
{
	const struct address client = host_of(beacon.client);

	return address_equal(address, &client) ? *(const char **)arg : NULL;
}

static void set_policy(struct policy *policy, const char **name)
{
	*policy = (struct policy){ .find = namespace_of, .find_arg = name };
	if (policy_add(policy, "ns:pay=off") || policy_add(policy, "ns:lab=headers"))
		abort();
}

static void test_namespaces(void)
{
	const struct recorder_selector all = { .what = RECORDER_ALL };
	struct finding finding = found(&beacon, START, START);
	struct evidence_item item = { .part = 0 };
	const char *name = NULL;
	struct policy policy;

	set_policy(&policy, &name);
	begin(1 << 20, &policy);
	say(&beacon, START, 0);
	say(&other, START, 0);
	name = "lab";
	evidence_finding(evidence, &finding, START);
	evidence_tick(evidence, START + SECOND, false, NULL, NULL);
	ok(count == 1 && says(&items[0], "1 packet here has headers only.") &&
		   !memmem(items[0].bytes, items[0].length, bytes_of(1) + 54, 46) &&
		   memmem(items[0].bytes, items[0].length, bytes_of(1), 54),
	   "a packet loses its payload in a file when its rule is known after it came");
	name = "pay";
	evidence_finding(evidence, &finding, START);
	evidence_tick(evidence, START + SECOND, false, NULL, NULL);
	ok(count == 2 && !items[1].bytes && items[1].finding.snapshot.error == -ENOENT,
	   "and is in none at all when that says off");
	ok(!evidence_snapshot(evidence, &all, NULL, NULL, "asked", &item.bytes, &item.length) &&
		   says(&item, "1 packet was not recorded here.") &&
		   memmem(item.bytes, item.length, bytes_of(1) + 54, 46),
	   "likewise in one that was asked for, where others' packets are");
	free(item.bytes);
	end();
}

int main(void)
{
	test_waiting();
	test_armed_bytes();
	test_armed_twice();
	test_now();
	test_full();
	test_missing();
	test_links();
	test_selectors();
	test_asked();
	test_namespaces();
	return done();
}
