// SPDX-License-Identifier: BSD-2-Clause
/* One row for each record of a finding, and no formula in it. */
#include <errno.h>
#include <stdlib.h>
#include "report/sink.h"
#include "report_samples.h"
#include "tap.h"

#define HEADER                                                                                     \
	"timestamp,event_type,finding_id,state,severity,score,score_raw,src_ip,src_port,dest_ip,"  \
	"dest_port,proto,entity,first_seen,last_seen,count,reason\n"

static char *written(struct finding *finding)
{
	struct record record = { .kind = RECORD_FINDING, .finding = finding };
	const struct stats stats = { .packets = 1 };
	struct sink *sink;
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	sink_csv_open(&sink, stream);
	if (finding) {
		strcpy(finding->id, "0123456789abcdef0123456789abcdef");
		sink->write(sink, &record);
	}
	record = (struct record){ .kind = RECORD_STATS, .stats = &stats };
	sink->write(sink, &record);
	sink->close(sink);
	fclose(stream);
	return text;
}

static bool is(char *text, const char *expected)
{
	bool same = !strcmp(text, expected);

	if (!same)
		printf("# got  %s\n# want %s\n", text, expected);
	free(text);
	return same;
}

static void test_full(void)
{
	const struct record record = { .kind = RECORD_FINDING,
				       .finding = &(struct finding){ .kind = FINDING_BEACON } };
	FILE *full = fopen("/dev/full", "w");
	struct sink *sink;

	ok(!sink_csv_open(&sink, full), "a sink opens on any stream");
	ok(sink->write(sink, &record) == -ENOSPC, "a full disk is an error with its reason");
	sink->close(sink);
	fclose(full);
}

int main(void)
{
	struct finding f = sample_port();

	ok(is(written(NULL), HEADER), "without findings there is a header, and no row of counters");
	ok(is(written(&f), HEADER
	      "2026-11-21T02:11:09.123456789Z,suspicious_port,0123456789abcdef0123456789abcdef,"
	      "new,3,0.3000,0.3000,10.9.0.6,50000,203.0.113.6,4444,TCP,\"\","
	      "2026-11-21T01:11:09.123456789Z,2026-11-21T02:11:09.123456789Z,812,"
	      "\"traffic on port 4444, which Metasploit uses by default: 812 packets\"\n"),
	   "a finding is one row");
	f = sample_scan();
	f.proto = 0;
	f.dport = 0;
	strcpy(f.reason, "=cmd|' /C calc'!A0\n\"x\"");
	ok(is(written(&f),
	      HEADER "2026-11-21T02:11:09.123456789Z,scan,0123456789abcdef0123456789abcdef,"
		     "update,1,0.9500,0.9500,2001:db8::7,,,,ARP,\"\","
		     "2026-11-21T01:11:09.123456789Z,2026-11-21T02:11:09.123456789Z,40,"
		     "\"'=cmd|' /C calc'!A0\\x0a\"\"x\"\"\"\n"),
	   "a formula is text, a line break is no new row, what is not known is empty");
	test_full();
	return done();
}
