// SPDX-License-Identifier: BSD-2-Clause
/* Findings as messages of RFC 5424, and where they go. */
#include <errno.h>
#include <string.h>
#include "sinks/syslog_line.h"
#include "sinks/syslog_target.h"
#include "report_samples.h"
#include "tap.h"

static const struct syslog_origin origin = { .facility = 3, .host = "node-7", .pid = 4711 };

static bool writes(const struct finding *finding, const struct syslog_origin *from,
		   const char *expected)
{
	char line[SYSLOG_LINE];
	bool truncated;
	size_t length = syslog_line_write(line, sizeof(line), from, finding, &truncated);
	bool good = !truncated && length == strlen(expected) && !memcmp(line, expected, length);

	if (!good)
		printf("# %.*s\n# %s\n", (int)length, line, expected);
	return good;
}

static void test_golden(void)
{
	struct finding beacon = sample_beacon(), scan = sample_scan();

	strcpy(beacon.id, "00112233445566778899aabbccddeeff");
	strcpy(scan.id, "ffeeddccbbaa99887766554433221100");
	ok(writes(&beacon, &origin,
		  "<26>1 2026-11-21T02:11:09.123456Z node-7 skua 4711 beacon [skua@32473 "
		  "finding_id=\"00112233445566778899aabbccddeeff\" kind=\"beacon\" state=\"new\" "
		  "severity=\"1\" score=\"0.9700\" src=\"10.9.0.5\" dst=\"203.0.113.5\" "
		  "dport=\"443\"] 10.9.0.5 -> 203.0.113.5: 288 exchanges every 300.6 s (MAD 5.2 s) "
		  "for 24 h"),
	   "a beacon is a message of daemon.crit with its values beside the sentence");
	ok(writes(&scan, &origin,
		  "<26>1 2026-11-21T02:11:09.123456Z node-7 skua 4711 scan [skua@32473 "
		  "finding_id=\"ffeeddccbbaa99887766554433221100\" kind=\"scan\" state=\"update\" "
		  "severity=\"1\" score=\"0.9500\" src=\"2001:db8::7\" dport=\"445\"] 2001:db8::7: "
		  "horizontal SYN scan: 40 targets on port 445 in 5 s"),
	   "a scan of many has no destination");
}

static void test_escapes(void)
{
	struct finding finding = { .kind = FINDING_DNS_EXFIL, .score = 0.6 };
	const struct syslog_origin odd = { .facility = 19, .host = "not a name", .pid = 1 };

	address_parse(&finding.src, "10.0.0.1");
	strcpy(finding.entity, "a]\"\\\n\x1b.example");
	strcpy(finding.reason, "x\r\n<0>1 - - \xff");
	ok(writes(&finding, &odd,
		  "<156>1 1970-01-01T00:00:00.000000Z - skua 1 dns_exfil [skua@32473 "
		  "finding_id=\"\" kind=\"dns_exfil\" state=\"new\" severity=\"2\" "
		  "score=\"0.6000\" "
		  "src=\"10.0.0.1\" entity=\"a\\]\\\"\\\\\\\\\\\\x0a\\\\x1b.example\"] "
		  "10.0.0.1 -> a]\"\\\\\\x0a\\x1b.example: x\\x0d\\x0a<0>1 - - \\xff"),
	   "line ends, escapes, quotes and brackets of a name stay within their place");
}

/* All lengths at which the sentence is cut, of a name that is nothing but escapes. */
static void test_cut(void)
{
	struct finding finding = { .kind = FINDING_DNS_EXFIL };
	char line[SYSLOG_LINE];
	size_t written;
	bool fits = true, whole = true, said = true, truncated;

	address_parse(&finding.src, "10.0.0.1");
	memset(finding.reason, '\n', FINDING_REASON - 1);
	for (size_t limit = 480; limit < 1400; limit++) {
		size_t n = syslog_line_write(line, limit, &origin, &finding, &truncated);

		fits = fits && n <= limit && truncated;
		said = said && memmem(line, n, " truncated=\"yes\"] ", 18) &&
		       !memcmp(line + n - 3, "...", 3);
		whole = whole && (line[n - 4] == 'a' || line[n - 4] == ' ');
	}
	ok(fits, "whatever the limit, no message is longer");
	ok(said, "a sentence that was cut says so, in its values and at its end");
	ok(whole, "and no escape is cut in half");
	memset(finding.entity, '\n', FINDING_NAME - 1);
	written = syslog_line_write(line, 1180, &origin, &finding, &truncated);
	ok(written <= 1180 && truncated && memmem(line, written, "src=\"10.0.0.1\" tr", 17) &&
		   !memmem(line, written, "entity=", 7),
	   "a name that would fill the message alone leaves the values whole");
	memset(finding.entity, 0, FINDING_NAME);
	memset(finding.reason, 'a', FINDING_REASON - 1);
	syslog_line_write(line, 1180, &origin, &finding, &truncated);
	ok(!truncated, "the longest plain sentence fits into a datagram");
}

static bool goes(const char *text, enum syslog_transport transport, const char *host,
		 const char *port)
{
	struct syslog_target target;

	return !syslog_target_parse(&target, text) && target.transport == transport &&
	       !strcmp(target.host, host) && !strcmp(target.port, port);
}

static void test_targets(void)
{
	static const char *const bad[] = {
		"",           "udp:",       "udp://",    "udp://:514", "udp://a:0", "udp://a:65536",
		"udp://a:1x", "tcp://[::1", "tcp://a/b", "unix:",      "tls://a",   "udp://a b"
	};
	struct syslog_target target;
	char longest[400] = "unix:";
	bool refused = true;

	ok(goes("udp://log.example", SYSLOG_UDP, "log.example", "514"), "UDP has port 514");
	ok(goes("tcp://10.0.0.1", SYSLOG_TCP, "10.0.0.1", "601"), "TCP has port 601");
	ok(goes("tcp://[2001:db8::1]:1514", SYSLOG_TCP, "2001:db8::1", "1514"),
	   "IPv6 stands in brackets");
	ok(goes("unix:/dev/log", SYSLOG_UNIX, "/dev/log", ""), "a socket is a path");
	memset(longest + 5, 'x', 200);
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refused = refused && syslog_target_parse(&target, bad[i]) == -EINVAL;
	ok(refused, "what is no place is refused");
	ok(syslog_target_parse(&target, longest) == -EINVAL, "and so is a path that is too long");
}

int main(void)
{
	ok(syslog_facility(0) == 3 && syslog_facility(2) == 10 && syslog_facility(11) == 23,
	   "facilities have the numbers of RFC 5424");
	test_golden();
	test_escapes();
	test_cut();
	test_targets();
	return done();
}
