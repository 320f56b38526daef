// SPDX-License-Identifier: BSD-2-Clause
/* Uploads and ICMP tunnels: at the limit they fire, below it and for harmless twins they do not. */
#include <string.h>
#include "detect/detect.h"
#include "track/baseline.h"
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

/* A day of so many bytes an hour, which deviate by an octave, and one hour more. */
static struct baseline usual_hours(uint64_t bytes, uint64_t out, uint64_t in)
{
	return (struct baseline){ .hours = 24,
				  .mean = baseline_log2(bytes),
				  .peaks = { (int32_t)baseline_log2(bytes),
					     (int32_t)baseline_log2(bytes) },
				  .out = out,
				  .in = in };
}

static bool judge_hour(const struct upload *upload, const struct baseline *usual,
		       const struct baseline *of_source)
{
	struct subject subject = { .kind = SUBJECT_UPLOAD,
				   .now_ns = 99,
				   .upload = upload,
				   .usual = usual,
				   .usual_of_source = of_source };

	memset(&finding, 0, sizeof(finding));
	return exfil_volume_detector.judge(&subject, &limits, &finding);
}

#define MIB ((uint64_t)1 << 20)

static void test_unusual(void)
{
	struct upload upload = { .out = { 30 * MEGABYTE }, .port = 443 };
	struct baseline usual = usual_hours(MIB - 1, 8 * MIB - 1, 0);

	ok(judge_hour(&upload, &usual, NULL) && near(finding.score_raw, 0.5) &&
		   finding.exfil.channel == EXFIL_UNUSUAL,
	   "three deviations above what is usual have a score of 0.5");
	ok(near(finding.exfil.baseline.z, 3) && near(finding.exfil.baseline.mean, 20) &&
		   near(finding.exfil.baseline.deviation, 1) &&
		   finding.exfil.baseline.hours == 24 && !finding.exfil.baseline.of_source,
	   "with the numbers behind it");
	ok(!strcmp(finding.reason,
		   "8.4 MB sent within an hour, 3.0 standard deviations above what usually "
		   "goes there (1 MB an hour); 0 B came back"),
	   "and a sentence");
	usual.out = 16 * MIB - 1;
	ok(judge_hour(&upload, &usual, NULL) && near(finding.score_raw, 0.6), "each more adds 0.1");
	usual.out = UINT64_MAX;
	ok(judge_hour(&upload, &usual, NULL) && finding.score_raw == 1, "up to 1");
	usual.out = 7 * MIB;
	ok(!judge_hour(&upload, &usual, NULL), "less than three are silent");
	usual.out = 8 * MIB - 1;
	usual.in = usual.out / 3 + 1;
	ok(!judge_hour(&upload, &usual, NULL), "as is what is answered by a third");
	usual.in = usual.out / 3 - 1;
	ok(judge_hour(&upload, &usual, NULL), "three to one is not");
	usual.hours = 23;
	ok(!judge_hour(&upload, &usual, NULL), "23 hours tell nothing");
	usual = usual_hours(1000, 5 * MEGABYTE, 0);
	ok(judge_hour(&upload, &usual, NULL), "5 MB are enough");
	usual.out--;
	ok(!judge_hour(&upload, &usual, NULL), "a byte less is not");
}

/* Of a destination that is new, the source tells what is usual. */
static void test_of_source(void)
{
	struct upload upload = { .out = { 30 * MEGABYTE } };
	struct baseline new = { .hours = 1, .out = 8 * MIB - 1 };
	struct baseline host = usual_hours(MIB - 1, 9 * MIB, 0);

	ok(judge_hour(&upload, &new, &host) && near(finding.score_raw, 0.5) &&
		   finding.exfil.baseline.of_source &&
		   strstr(finding.reason, "above what usually leaves this host (1 MB an hour)"),
	   "where it is new, what the host sends is compared");
	host.hours = 23;
	ok(!judge_hour(&upload, &new, &host), "if that is known for a day");
	host.hours = 24;
	host.peaks[1] = baseline_log2(4 * MIB);
	ok(!judge_hour(&upload, &new, &host), "and was not as much on two days before");
}

/* The cold rule stays but where the baseline explains. */
static void test_explained(void)
{
	struct upload upload = { .out = { 80 * MEGABYTE } };
	struct baseline usual = usual_hours(1, 80 * MEGABYTE, 0);

	usual.peaks[0] = usual.peaks[1] = baseline_log2(41 * MEGABYTE);
	usual.variance = (int64_t)400 * BASELINE_ONE;
	ok(!judge_hour(&upload, &usual, NULL), "what was half as much on two days is a backup");
	usual.peaks[1] = baseline_log2(39 * MEGABYTE);
	ok(judge_hour(&upload, &usual, NULL) && finding.exfil.channel == EXFIL_VOLUME,
	   "less than half explains nothing: the cold rule finds it, though z is 1.3");
	usual.peaks[1] = usual.peaks[0];
	usual.hours = 23;
	ok(judge_hour(&upload, &usual, NULL), "nor does less than a day");
	ok(judge_hour(&upload, NULL, NULL) && near(finding.score_raw, 0.58), "nor nothing at all");
	upload.internal = true;
	usual = usual_hours(1000, 60 * MEGABYTE, 0);
	ok(!judge_hour(&upload, &usual, NULL), "inside it is nobody's business");
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
	test_unusual();
	test_of_source();
	test_explained();
	test_replies();
	test_direction();
	test_volume();
	test_plain_ping();
	return done();
}
