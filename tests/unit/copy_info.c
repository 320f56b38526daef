// SPDX-License-Identifier: BSD-2-Clause
/* What a capture tells of itself, as people read it: a line for each thing that there is. */
#include <stdlib.h>
#include <string.h>
#include "copy/info.h"
#include "tap.h"

#define START 1795227069123456789ull /* 2026-11-21T02:11:09.123456789Z */
#define SECOND 1000000000ull

static struct file_info info;
static struct info_view view;
static char *written;

static void begin(void)
{
	memset(&info, 0, sizeof(info));
	view = (struct info_view){ .path = "a.pcap", .file = &info };
}

/* To written. */
static void write_info(void)
{
	size_t size;
	FILE *stream;

	free(written);
	stream = open_memstream(&written, &size);
	if (!stream)
		abort();
	info_write_table(stream, &view);
	fclose(stream);
}

static bool is(const char *wanted)
{
	write_info();
	if (strcmp(written, wanted))
		printf("# %s", written);
	return !strcmp(written, wanted);
}

static struct info_text text_of(const char *text)
{
	return (struct info_text){ (char *)text, strlen(text) };
}

#define EMPTY "  packets     0, 0 bytes on the wire, 0 bytes captured\n"

static void test_totals(void)
{
	begin();
	ok(is("a.pcap: pcap\n" EMPTY), "of an empty file its kind");
	view.size = 1234;
	strcpy(view.sha256, "abc");
	info.packed = true;
	info.packets = 2000;
	info.length = 3000;
	info.captured = 4000;
	info.timed = true;
	info.ordered = true;
	info.first_ns = START;
	info.last_ns = START + 2 * SECOND;
	info.untimed = 5;
	ok(is("a.pcap: pcap, compressed, 1,234 bytes\n  sha256      abc\n  packets     2,000, "
	      "3,000 "
	      "bytes on the wire, 4,000 bytes captured\n  time        "
	      "2026-11-21T02:11:09.123456789Z "
	      "to 2026-11-21T02:11:11.123456789Z (2 s), in strict order\n  untimed     5 packets "
	      "without a time\n"),
	   "its size and hash, packets, bytes and times");
	info.ordered = false;
	write_info();
	ok(strstr(written, "(2 s), not in order\n"), "and whether they are in order");
	begin();
	view.path = "a\033b";
	ok(is("a\\x1bb: pcap\n" EMPTY), "a name that would move the cursor does not");
}

static void test_sections(void)
{
	struct info_section sections[] = { { text_of("box"), text_of("Linux"), text_of("skua") },
					   { { NULL, 0 }, { NULL, 0 }, { NULL, 0 } } };
	struct info_comment notes[] = { { INFO_SECTION, 1, text_of("hello") },
					{ INFO_INTERFACE, 0, text_of("not here") },
					{ INFO_SECTION, 1, text_of(INFO_FINDING "{}") } };

	begin();
	info.pcapng = true;
	info.sections = sections;
	info.notes = notes;
	info.counts.sections = 2;
	info.counts.notes = 3;
	ok(is("a.pcap: pcapng\n" EMPTY
	      "  finding     {}\nSection 0\n  hardware    box\n  os          "
	      "Linux\n  application skua\nSection 1\n  comment     hello\n"),
	   "each section, and the comments that are about it; a finding stands above");
}

static void test_interfaces(void)
{
	struct info_interface interfaces[] = {
		{ .number = 0, .linktype = 1, .resolution = 6, .snaplen = 65535, .packets = 1000 },
		{ .number = 1,
		  .linktype = 60000,
		  .resolution = 0x8a,
		  .name = text_of("eth0"),
		  .description = text_of("out"),
		  .filter = text_of("tcp"),
		  .os = text_of("Linux"),
		  .has_received = true,
		  .received = 10,
		  .has_dropped = true,
		  .dropped = 2,
		  .has_delivered = true,
		  .delivered = 8 },
		{ .number = 0, .section = 1, .linktype = 1, .resolution = 5 },
	};

	begin();
	info.interfaces = interfaces;
	info.counts.interfaces = 3;
	ok(is("a.pcap: pcap\n" EMPTY
	      "  Interface 0: Ethernet (1), snapshot length 65,535, times in us, "
	      "1,000 packets\n  Interface 1 eth0: link type (60000), times in 2^-10 s, 0 packets\n "
	      " "
	      "description out\n  filter      tcp\n  os          Linux\n  counted     10 received; "
	      "2 "
	      "dropped; 8 delivered; at its end\n"),
	   "interfaces with what is known of them, those of the section alone");
	interfaces[0] =
		(struct info_interface){ .linktype = 1, .resolution = 5, .has_dropped = true };
	info.counts.interfaces = 1;
	ok(is("a.pcap: pcap\n" EMPTY "  Interface 0: Ethernet (1), times in 10^-5 s, 0 packets\n  "
	      "counted     0 dropped; at its end\n"),
	   "one that counted in part says that part");
}

static void test_lists(void)
{
	struct info_name names[] = { { .name = text_of("a.example") } };
	struct info_comment comments[] = { { INFO_PACKET, 7, text_of("look") } };

	begin();
	address_parse(&names[0].address, "10.0.0.1");
	info.names = names;
	info.comments = comments;
	info.counts.names = 1;
	info.counts.comments = 1;
	ok(is("a.pcap: pcap\n" EMPTY
	      "Names\n  10.0.0.1  a.example\nComments of packets\n         7  look\n"),
	   "names, and comments of packets");
}

static void test_rest(void)
{
	begin();
	info.counts.secrets = 1;
	info.counts.custom = 2;
	info.counts.other = 3;
	info.counts.oversized = 4;
	info.counts.texts_dropped = 5;
	strcpy(info.problem, "it ends");
	info.problem_offset = 99;
	ok(is("a.pcap: pcap\n" EMPTY
	      "  1 blocks of secrets, such as TLS keys\n  2 custom blocks\n  3 "
	      "blocks of other kinds\n  4 blocks too large to look into\n  5 texts beyond 4 MiB of "
	      "them, not kept\nDamaged at byte 99: it ends; only what lies before was read\n"),
	   "what was not looked into, and where the damage is");
}

static void test_long(void)
{
	static char many[2050];
	struct info_section section = { .os = { many, 2048 } };

	memset(many, 'x', sizeof(many));
	begin();
	info.pcapng = true;
	info.sections = &section;
	info.counts.sections = 1;
	write_info();
	ok(!strstr(written, "bytes more"), "2,048 bytes of a text are shown,");
	section.os.size = 2050;
	write_info();
	ok(strstr(written, "xxx... (2 bytes more)\n"), "of more the rest is counted");
}

int main(void)
{
	test_totals();
	test_sections();
	test_interfaces();
	test_lists();
	test_rest();
	test_long();
	free(written);
	return done();
}
