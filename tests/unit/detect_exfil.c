// SPDX-License-Identifier: BSD-2-Clause
/* Uploads and ICMP tunnels: at the limit they fire, below it and for harmless twins they do not. */
#include <string.h>
#include "detect/detect.h"
#include "track/echoes.h"
#include "track/uploads.h"
#include "tap.h"

#define MEGABYTE 1000000ull

static struct detect_limits limits = DETECT_LIMITS_DEFAULT;
static struct finding finding;

static bool near(double value, double expected)
{
	return value > expected - 0.005 && value < expected + 0.005;
}

static bool judge_upload(const struct upload *upload)
{
	struct subject subject = { .kind = SUBJECT_UPLOAD, .now_ns = 99, .upload = upload };

	memset(&finding, 0, sizeof(finding));
	return exfil_volume_detector.judge(&subject, &limits, &finding);
}

static bool judge_echo(const struct echo *echo)
{
	struct subject subject = { .kind = SUBJECT_ECHO, .now_ns = 99, .echo = echo };

	memset(&finding, 0, sizeof(finding));
	return exfil_icmp_detector.judge(&subject, &limits, &finding);
}

static void test_cold(void)
{
	struct upload upload = { .out = { 25 * MEGABYTE, 25 * MEGABYTE },
				 .in = { MEGABYTE },
				 .port = 443 };

	ok(judge_upload(&upload) && near(finding.score_raw, 0.5), "50 MB have a score of 0.5");
	ok(finding.exfil.channel == EXFIL_VOLUME && finding.exfil.bytes_out == 50 * MEGABYTE &&
		   near(finding.exfil.ratio, 50) && finding.dport == 443,
	   "with the numbers behind it");
	ok(strstr(finding.reason, "50 MB sent within"), "and a sentence");
	upload.out[5] = 150 * MEGABYTE;
	ok(judge_upload(&upload) && near(finding.score_raw, 0.75), "each doubling adds 0.125");
	upload.out[5] = UINT64_MAX / 4;
	ok(judge_upload(&upload) && finding.score_raw <= 1, "no volume exceeds 1");
}

static void test_cold_twins(void)
{
	struct upload upload = { .out = { 50 * MEGABYTE - 1 } };

	ok(!judge_upload(&upload), "a byte less than 50 MB is silent");
	upload.out[0] = 100 * MEGABYTE;
	upload.in[0] = 21 * MEGABYTE;
	ok(!judge_upload(&upload), "what is answered by a fifth is a conversation");
	upload.in[0] = 20 * MEGABYTE;
	ok(judge_upload(&upload), "at five to one it is an upload");
	upload.internal = true;
	ok(!judge_upload(&upload), "inside it is nobody's business");
	limits.exfil.internal = true;
	ok(judge_upload(&upload), "unless it is asked for");
	limits.exfil.internal = false;
}

static void test_slow(void)
{
	struct upload upload = { .in = { 6 * MEGABYTE } };

	for (int i = 0; i < 12; i++)
		upload.out[i] = 20 * MEGABYTE / 12 + 1;
	ok(judge_upload(&upload) && near(finding.score_raw, 0.55) &&
		   finding.exfil.channel == EXFIL_SLOW,
	   "20 MB in twelve hours are slow exfiltration");
	upload.in[0] = 7 * MEGABYTE;
	ok(!judge_upload(&upload), "with a third as much back they are none");
	upload.in[0] = 0;
	upload.out[0] += upload.out[1];
	upload.out[1] = 0;
	ok(!judge_upload(&upload), "nor in eleven hours");
}

static void test_replies(void)
{
	struct echo echo = { .requests = 10, .replies = 10, .mismatches = 5 };

	ok(judge_echo(&echo) && near(finding.score_raw, 0.9) &&
		   finding.exfil.channel == EXFIL_ICMP && finding.exfil.mismatches == 5,
	   "five replies that carry other data are a tunnel");
	echo.mismatches = 4;
	ok(!judge_echo(&echo), "four are not");
	echo.unsolicited = 5;
	ok(judge_echo(&echo) && near(finding.score_raw, 0.8), "five replies to nothing are one");
	echo.unsolicited = 4;
	ok(!judge_echo(&echo), "four are not");
}

static void test_direction(void)
{
	struct echo echo = { .replies = 10, .unsolicited = 10, .reply_bytes = 1000 };
	struct address asks, answers;

	address_parse(&asks, "10.0.0.5");
	address_parse(&answers, "10.0.0.9");
	echo.requester = asks;
	echo.responder = answers;
	ok(judge_echo(&echo) && address_equal(&finding.src, &answers) &&
		   finding.exfil.bytes_out == 1000 && finding.proto == SKUA_ICMP,
	   "who replies unasked is the source");
	echo.requests = 1;
	ok(judge_echo(&echo) && address_equal(&finding.src, &asks), "else who asks");
}

static void test_volume(void)
{
	/* Pings of 1,000 bytes, each by a process of its own. */
	struct echo echo = { .requests = 21,
			     .asked = 21,
			     .breaks = 20,
			     .bytes = 21000,
			     .large_bytes = 21000,
			     .size_count = 1 };

	ok(judge_echo(&echo) && near(finding.score_raw, 0.6), "large pings out of turn carry data");
	echo.large_bytes = 20000;
	ok(!judge_echo(&echo), "20 kB in ten minutes are allowed");
	echo.large_bytes = 0;
	echo.size_count = 4;
	ok(judge_echo(&echo), "small ones of four sizes carry data");
	echo.size_count = 3;
	ok(!judge_echo(&echo), "of three they do not");
}

static void test_plain_ping(void)
{
	/* ping -s 1400, once a second for ten minutes. */
	struct echo echo = { .requests = 600,
			     .replies = 600,
			     .asked = 600,
			     .bytes = 840000,
			     .large_bytes = 840000,
			     .size_count = 1 };

	ok(!judge_echo(&echo), "one stream of large pings is a monitor");
	echo.breaks = 150;
	ok(!judge_echo(&echo), "even when it is started for every four");
	echo.breaks = 151;
	ok(judge_echo(&echo), "but not for less");
	echo.breaks = 0;
	echo.size_count = 2;
	ok(judge_echo(&echo), "nor when sizes change");
	echo.size_count = 1;
	echo.mismatches = 1;
	ok(judge_echo(&echo), "nor when a reply differs");
	echo.mismatches = 0;
	echo.bytes = echo.large_bytes = 1000001;
	ok(judge_echo(&echo), "nor beyond one a second");
}

int main(void)
{
	test_cold();
	test_cold_twins();
	test_slow();
	test_replies();
	test_direction();
	test_volume();
	test_plain_ping();
	return done();
}
