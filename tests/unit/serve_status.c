// SPDX-License-Identifier: BSD-2-Clause
/* What people and programs read of a running agent. */
#include <stdlib.h>
#include "serve/status.h"
#include "serve_sample.h"
#include "tap.h"

typedef void write_fn(FILE *stream, const struct status_view *view);

/* To be freed. */
static char *written(write_fn *write, const struct status_view *view)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	write(stream, view);
	fclose(stream);
	return text;
}

static bool is(char *text, const char *expected)
{
	bool same = !strcmp(text, expected);

	if (!same)
		printf("# got\n%s# want\n%s", text, expected);
	free(text);
	return same;
}

static bool has(char *text, const char *part)
{
	bool found = strstr(text, part);

	if (!found)
		printf("# got\n%s# want\n%s\n", text, part);
	free(text);
	return found;
}

static void test_table(void)
{
	struct status_view view;

	sample_view(&view);
	ok(view_check(&view), "the sample is a view");
	ok(is(written(status_write_table, &view),
	      "skua 0.1.0, pid 4711, source kernel, up 3 h since 2026-11-21T00:02:03Z\n"
	      "Findings  6 (3 high, 2 medium, 1 info)\n"
	      "Packets   1,204,316 (12,345/s), 1.2 GB (12 MB/s) = 1,203,998 accounted (7 to their "
	      "source only) + 313 ignored + 5 lost\n"
	      "Ignored   arp 300, lldp 13\n"
	      "Lost      table 5\n"
	      "Given up  pairs_evicted 1,200\n"
	      "Events    45,678 (120/s)\n"
	      "Blind     veth1f2a3b4c: packets are counted there that we do not see\n"
	      "Clock     1 step\n"
	      "Journal   34 MB\n"
	      "\n"
	      "INTERFACE     ROLE      HOOK    STATE       PACKETS   PER S   BYTES     RATE\n"
	      "eth0          uplink    xdp     watching  1,200,000  12,000  1.2 GB  12 MB/s\n"
	      "veth1f2a3b4c  workload  tcx     blind         4,316      43  4.3 MB  43 kB/s\n"
	      "tap0          tap       clsact  down              0       0     0 B    0 B/s\n"
	      "\n"
	      "TABLE      ENTRIES    ROOM  FULL\n"
	      "flows_out   12,345  65,536  18 %\n"
	      "attempts         3  16,384  <1 %\n"
	      "RING          USED    ROOM  FULL\n"
	      "events      1.2 MB   17 MB   7 %\n"),
	   "everything, aligned");
	memset(&view, 0, sizeof(view));
	ok(is(written(status_write_table, &view),
	      "skua , pid 0, source , up 0 s since 1970-01-01T00:00:00Z\n"
	      "Findings  0\n"
	      "Packets   0 (0/s), 0 B (0 B/s) = 0 accounted + 0 ignored + 0 lost\n"
	      "Events    0 (0/s)\n"),
	   "nothing is said of nothing");
}

static void test_json(void)
{
	struct status_view view;

	sample_view(&view);
	ok(is(written(status_write_json, &view),
	      "{\"timestamp\":\"2026-11-21T03:02:03.000000000Z\","
	      "\"schema_version\":\"1.0\",\"event_type\":\"status\","
	      "\"mode\":\"live\",\"status\":{\"version\":\"0.1.0\",\"pid\":4711,"
	      "\"source\":\"kernel\","
	      "\"started\":\"2026-11-21T00:02:03.000000000Z\","
	      "\"packets\":1204316,\"bytes\":1204316000,"
	      "\"packets_per_s\":12345,\"bytes_per_s\":12345678,"
	      "\"accounted\":1203998,\"source_only\":7,"
	      "\"ignored\":{\"arp\":300,\"lldp\":13},\"lost\":{\"table\":5},"
	      "\"given_up\":{\"pairs_evicted\":1200},\"causes_beyond\":0,"
	      "\"events\":45678,\"events_per_s\":120,\"findings\":{\"high\":3,"
	      "\"medium\":2,\"low\":0,\"info\":1},\"clock_steps\":1,"
	      "\"journal_bytes\":34000000,\"answered\":0,\"turned_away\":0,"
	      "\"interfaces\":[{\"name\":\"eth0\",\"ifindex\":2,"
	      "\"role\":\"uplink\",\"hook\":\"xdp\",\"state\":\"watching\","
	      "\"packets\":1200000,\"bytes\":1200000000,"
	      "\"packets_per_s\":12000,\"bytes_per_s\":12000000},"
	      "{\"name\":\"veth1f2a3b4c\",\"ifindex\":3,\"role\":\"workload\","
	      "\"hook\":\"tcx\",\"state\":\"blind\",\"packets\":4316,"
	      "\"bytes\":4316000,\"packets_per_s\":43,"
	      "\"bytes_per_s\":43160},{\"name\":\"tap0\",\"ifindex\":4,"
	      "\"role\":\"tap\",\"hook\":\"clsact\",\"state\":\"down\","
	      "\"packets\":0,\"bytes\":0,\"packets_per_s\":0,"
	      "\"bytes_per_s\":0}],\"interfaces_beyond\":0,"
	      "\"tables\":[{\"name\":\"flows_out\",\"entries\":12345,"
	      "\"capacity\":65536},{\"name\":\"attempts\",\"entries\":3,"
	      "\"capacity\":16384}],\"tables_beyond\":0,"
	      "\"rings\":[{\"name\":\"events\",\"used\":1200000,"
	      "\"size\":16777216}],\"config\":{}}}\n"),
	   "one line, with every number");
}

static void test_hostile(void)
{
	struct status_view view;
	char *text;

	sample_view(&view);
	strcpy(view.version, "\033[2J");
	strcpy(view.interfaces[1].name, "\033]0;x\a\n\xe2\x80\xae");
	strcpy(view.interfaces[0].role, "\xff\"");
	ok(view_check(&view), "an interface may have any name");
	text = written(status_write_table, &view);
	ok(!strchr(text, '\033') && !strchr(text, '\a') && !strstr(text, "\xe2\x80\xae"),
	   "but nothing in it steers a terminal");
	free(text);
	text = written(status_write_json, &view);
	ok(!strchr(text, '\033') && strchr(text, '\n') == text + strlen(text) - 1,
	   "nor breaks the line of JSON");
	ok(has(text, "\"role\":\"\\\\xff\\\"\",\"role_hex\":\"ff22\""),
	   "and nothing of it is lost");
}

/* More of everything than there is room for. */
static void test_full(void)
{
	struct status_view view;
	char name[32];

	memset(&view, 0, sizeof(view));
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "thing%d", i);
		sample_interface(&view, name, "tap", "xdp", "watching", 1);
		view_add_cause(&view, STATUS_LOST, name, 2);
		view_add_table(&view, name, UINT64_MAX, i);
		view_add_ring(&view, name, i, UINT64_MAX);
	}
	ok(view_check(&view) && view.interfaces_beyond == 36 && view.causes_beyond == 36 &&
		   view.tables_beyond == 84,
	   "what finds no room is counted");
	ok(view.lost == 200, "and its packets are in the sums");
	ok(has(written(status_write_table, &view), "and 36 more interfaces\n"), "and said");
	ok(has(written(status_write_table, &view), "thing63    tap   xdp   watching        1"),
	   "every row that is there is shown");
	ok(has(written(status_write_json, &view), "\"interfaces_beyond\":36"), "in JSON as well");
	memset(&view, 0, sizeof(view));
	view_add_cause(&view, STATUS_LOST, "a-name-that-is-longer-than-its-room-is", 1);
	ok(view_check(&view) && strlen(view.causes[0].name) == STATUS_NAME - 1,
	   "a long name is cut");
	view_add_cause(&view, STATUS_LOST, "nothing", 0);
	ok(view.cause_count == 1, "what did not happen takes no room");
}

static void test_share(void)
{
	struct status_view view = { 0 };

	view_add_table(&view, "none", 0, 1000);
	view_add_table(&view, "few", 1, 1000);
	view_add_table(&view, "most", 999, 1000);
	view_add_table(&view, "all", 1000, 1000);
	view_add_table(&view, "over", UINT64_MAX, 1000);
	view_add_table(&view, "unknown", 1, 0);
	ok(has(written(status_write_table, &view),
	       "TABLE                       ENTRIES   ROOM   FULL\n"
	       "none                              0  1,000    0 %\n"
	       "few                               1  1,000   <1 %\n"
	       "most                            999  1,000   99 %\n"
	       "all                           1,000  1,000  100 %\n"
	       "over     18,446,744,073,709,551,615  1,000  100 %\n"
	       "unknown                           1      0      -\n"),
	   "full is said of what is full only, empty of what is empty");
}

int main(void)
{
	test_table();
	test_json();
	test_hostile();
	test_full();
	test_share();
	return done();
}
