// SPDX-License-Identifier: BSD-2-Clause
/* ICMP echo: genuine replies, replies that carry other data, and replies to nothing. */
#include <string.h>
#include "track/echoes.h"
#include "tap.h"

#define START_NS (1700000000 * SKUA_SECOND_NS)

static struct echoes echoes;
static struct echo last;
static unsigned judged;
static uint64_t now_ns = START_NS;

static void judge(void *arg, const struct subject *subject)
{
	(void)arg;
	judged += subject->kind == SUBJECT_ECHO;
	last = *subject->echo;
}

static void begin(void)
{
	struct echoes_options options = { .echoes = 16, .requests = 256 };

	if (echoes.echoes.slots)
		echoes_fini(&echoes);
	echoes_init(&echoes, &options);
	memset(&last, 0, sizeof(last));
	judged = 0;
	now_ns = START_NS;
}

struct ping {
	const char *from, *to; /* NULL: 10.0.0.5 and 10.0.0.9 */
	uint16_t id, seq;
	uint64_t hash;
	uint32_t payload;
	bool reply; /* then from answers to */
};

static void tell(const struct ping *ping)
{
	struct skua_icmp_event event;
	struct address from, to;
	bool from_is_low;

	memset(&event, 0, sizeof(event));
	address_parse(&from, ping->from ? ping->from : ping->reply ? "10.0.0.9" : "10.0.0.5");
	address_parse(&to, ping->to ? ping->to : ping->reply ? "10.0.0.5" : "10.0.0.9");
	from_is_low = memcmp(from.bytes, to.bytes, 16) < 0;
	memcpy(event.head.key.low, from_is_low ? &from : &to, 16);
	memcpy(event.head.key.high, from_is_low ? &to : &from, 16);
	event.sender = from_is_low ? SKUA_LOW : SKUA_HIGH;
	event.head.time_ns = now_ns;
	event.head.key.proto = SKUA_ICMP;
	event.id = ping->id;
	event.seq = ping->seq;
	event.hash = ping->hash;
	event.payload = ping->payload;
	event.reply = ping->reply;
	echoes_message(&echoes, &event, judge, NULL);
}

static const struct echo *between(const char *requester, const char *responder)
{
	struct address ends[2];

	address_parse(&ends[0], requester);
	address_parse(&ends[1], responder);
	return table_find(&echoes.echoes, ends);
}

static const struct echo *only(void)
{
	return between("10.0.0.5", "10.0.0.9");
}

static void test_genuine(void)
{
	begin();
	for (int i = 0; i < 100; i++) {
		tell(&(struct ping){ .id = 1, .seq = i, .hash = i + 1, .payload = 56 });
		tell(&(struct ping){
			.id = 1, .seq = i, .hash = i + 1, .payload = 56, .reply = true });
		now_ns += SKUA_SECOND_NS;
	}
	ok(only()->requests == 100 && only()->replies == 100, "requests and replies are one echo");
	ok(!only()->mismatches && !only()->unsolicited, "replies that repeat are genuine");
	ok(only()->breaks == 0 && only()->size_count == 1, "one stream of one size");
	ok(only()->bytes == 5600 && !only()->large_bytes, "an echo carries nothing new");
	tell(&(struct ping){ .id = 1, .seq = 99, .hash = 100, .payload = 32, .reply = true });
	ok(!only()->mismatches && !only()->unsolicited, "repeated and cut replies are genuine");
}

static void test_mismatch(void)
{
	begin();
	for (int i = 0; i < 10; i++) {
		tell(&(struct ping){ .id = 1, .seq = i, .hash = i, .payload = 100 });
		tell(&(struct ping){
			.id = 1, .seq = i, .hash = i + 1000, .payload = 300, .reply = true });
	}
	ok(only()->mismatches == 10 && !only()->unsolicited, "replies that carry other data");
	ok(judged == 10, "each of the first is judged");
	ok(only()->bytes == 4000 && only()->large_bytes == 3000, "what they carry counts");
}

static void test_pipelined(void)
{
	begin();
	for (int i = 0; i < 10; i++)
		tell(&(struct ping){ .id = 1, .seq = 0, .hash = i, .payload = 8 });
	for (int i = 0; i < 10; i++)
		tell(&(struct ping){ .id = 1, .seq = 0, .hash = i, .payload = 8, .reply = true });
	ok(!only()->mismatches, "requests of one number may be under way together");
}

static void test_unsolicited(void)
{
	begin();
	for (int i = 0; i < 6; i++)
		tell(&(struct ping){ .id = 1, .seq = i, .hash = i, .reply = true, .payload = 99 });
	ok(only()->unsolicited == 6 && !only()->mismatches, "nobody asked");
	ok(only()->bytes == 594, "what they carry counts");
	begin();
	for (int i = 0; i < 6; i++) {
		tell(&(struct ping){ .to = "10.0.0.255", .id = 1, .seq = i, .hash = i });
		tell(&(struct ping){ .id = 1, .seq = i, .hash = i, .reply = true });
	}
	ok(only()->replies == 6 && !only()->unsolicited, "an answer to a broadcast is genuine");
}

static void test_breaks(void)
{
	begin();
	for (int i = 0; i < 20; i++)
		tell(&(struct ping){ .id = i * 77, .seq = 1, .payload = 1000 });
	ok(only()->breaks == 19, "a ping started for each packet is no stream");
	begin();
	for (int i = 0; i < 20; i++)
		tell(&(struct ping){ .id = 5, .seq = __builtin_bswap16(250 + i), .payload = 1000 });
	ok(only()->breaks == 0, "a sequence in the other byte order is one");
	begin();
	for (int i = 0; i < 20; i++)
		tell(&(struct ping){ .id = 5, .seq = 65530 + 3 * i, .payload = 1000 });
	ok(only()->breaks == 0, "a few lost packets and a wrap leave it one");
}

static void test_windows(void)
{
	begin();
	for (int i = 0; i < 6; i++)
		tell(&(struct ping){ .id = i, .seq = 1, .payload = 100 + i, .reply = true });
	ok(only()->size_count == ECHO_SIZES, "so many sizes are remembered");
	now_ns += ECHO_WINDOW_NS;
	tell(&(struct ping){ .id = 9, .seq = 1, .payload = 1000 });
	ok(only()->bytes == 1000 && only()->size_count == 1 && only()->asked == 1,
	   "after ten minutes volume begins anew");
	ok(only()->unsolicited == 6, "but odd replies are those of a day");
	now_ns += 86400 * SKUA_SECOND_NS;
	tell(&(struct ping){ .id = 9, .seq = 2, .payload = 1000 });
	ok(!only()->unsolicited && only()->requests == 1, "and then forgotten");
	now_ns -= 5 * SKUA_SECOND_NS;
	tell(&(struct ping){ .id = 9, .seq = 3, .payload = 1000 });
	ok(only()->last_ns >= only()->day_ns, "a clock that steps back makes no day of 584 years");
}

static void test_judging(void)
{
	begin();
	for (int i = 0; i < 1000; i++)
		tell(&(struct ping){ .id = 1, .seq = i, .payload = 1000 });
	ok(judged > 10 && judged < 60, "volume is judged as it grows, not with each packet");
	ok(last.bytes > 800000, "up to the last eighth");
}

static void test_crowded(void)
{
	begin();
	for (int i = 0; i < 1000; i++)
		tell(&(struct ping){ .to = "192.0.2.7", .id = 2, .seq = i, .hash = i });
	for (int i = 0; i < 1000; i++)
		tell(&(struct ping){ .from = "192.0.2.7",
				     .to = "10.0.0.5",
				     .id = 2,
				     .seq = i,
				     .hash = i,
				     .reply = true });
	ok(!between("10.0.0.5", "192.0.2.7")->unsolicited &&
		   !between("10.0.0.5", "192.0.2.7")->mismatches,
	   "requests that we forgot are held against nobody");
	ok(echoes.requests.used == 256, "the table of requests stays bounded");
	now_ns += 61 * SKUA_SECOND_NS;
	tell(&(struct ping){ .id = 3, .seq = 3, .hash = 3, .reply = true });
	ok(only()->unsolicited == 1, "a minute later the books are in order");
}

int main(void)
{
	test_genuine();
	test_mismatch();
	test_pipelined();
	test_unsolicited();
	test_breaks();
	test_windows();
	test_judging();
	test_crowded();
	echoes_fini(&echoes);
	return done();
}
