// SPDX-License-Identifier: BSD-2-Clause
/* Which protocols a frame has: layers by their headers, TLS by its records, QUIC by its versions.
 */
#include "skua/parse.h"
#include "analyze/hierarchy_answers.h"
#include "analyze/record_marks.h"
#include "frames_played.h"
#include "tap.h"

static uint8_t bytes[256];
static struct skua_parsed parsed;

/* A frame of these bytes, in hexadecimal; the rest is zero. */
static struct analyst_frame frame_of(const char *hex, unsigned length, bool look_through)
{
	struct skua_frame in = { bytes, bytes + length, SKUA_FRAME_WHOLE };
	struct analyst_frame frame = { .bytes = bytes,
				       .captured = length,
				       .length = length,
				       .linktype = 1,
				       .link = SKUA_LINK_ETHERNET,
				       .pkt = &parsed.pkt };
	unsigned byte, at = 0;

	memset(bytes, 0, sizeof(bytes));
	for (; sscanf(hex, " %2x", &byte) == 1 && at < length; hex += 2)
		bytes[at++] = byte;
	frame.verdict = skua_parse(&in, length, SKUA_LINK_ETHERNET, look_through, &parsed);
	return frame;
}

static bool has(const char *hex, unsigned length, const char *wanted)
{
	struct analyst_frame frame = frame_of(hex, length, true);
	struct layers layers = layers_of(&frame);
	char text[LAYERS_TEXT];

	layers_text(&layers, layers_count(&layers), text);
	if (strcmp(text, wanted))
		printf("# got %s, want %s\n", text, wanted);
	return !strcmp(text, wanted);
}

#define MAC "000000000000000000000000"
#define IP(length, fragment, proto)                                                                \
	"4500" length "0000" fragment "40" proto "0000"                                            \
	"0a0000010a000002"
#define TCP "c35001bb00000001000000015010ffff00000000"

static void test_layers(void)
{
	ok(has(MAC "0800" IP("0028", "0000", "06") TCP, 54, "eth:ip:tcp"), "TCP over Ethernet");
	ok(has(MAC "8100000188a80002", 20, "eth:vlan"), "a tag, and what is cut behind it");
	ok(has(MAC "88a80001"
		   "81000002"
		   "0800" IP("0028", "0000", "06") TCP,
	       62, "eth:ieee8021ad:vlan:ip:tcp"),
	   "two tags");
	ok(has(MAC "0806", 42, "eth:arp") && has(MAC "0026", 60, "eth:llc"), "ARP, and LLC");
	ok(has(MAC "0800" IP("0028", "2000", "06") TCP, 54, "eth:ip") &&
		   has(MAC "0800" IP("0028", "0001", "06") TCP, 54, "eth:ip"),
	   "fragments end at IP");
	ok(has(MAC "0800" IP("0014", "0000", "fd"), 34, "eth:ip"), "so does what has no name");
	ok(has(MAC "0800" IP("0040", "0000", "2f") "00000800" IP("0028", "0000", "06") TCP, 78,
	       "eth:ip:gre:ip:tcp"),
	   "what a tunnel carries comes behind it");
}

static struct analyst_frame segment;
static struct skua_packet pkt;
static struct record_marks marks;

static enum layer mark_of(uint32_t seq, const void *head, uint32_t head_length, uint32_t length)
{
	memset(bytes, 0x55, sizeof(bytes));
	memcpy(bytes, head, head_length);
	pkt.seq = seq;
	pkt.payload = length;
	segment.payload = bytes;
	segment.payload_captured = length;
	segment.pkt = &pkt;
	segment.verdict = SKUA_PARSED;
	segment.time_ns++;
	return record_marks_of(&marks, &segment);
}

#define mark(seq, head, length) mark_of(seq, head, sizeof(head) - 1, length)

static void test_records(void)
{
	pkt.proto = SKUA_TCP;
	ok(mark(100, "GET / HT", 50) == LAYER_NONE, "text is no record");
	ok(mark(1000, "\x16\x03\x01\x00\x5f\x01", 50) == LAYER_TLS, "a record of 100 bytes begins");
	ok(mark(1050, "", 20) == LAYER_NONE, "in its middle is TCP alone");
	ok(mark(1050, "", 20) == LAYER_NONE, "and when it comes again");
	ok(mark(1070, "", 30) == LAYER_TLS, "where it ends is TLS");
	ok(mark(1070, "", 30) == LAYER_NONE, "but not when that comes again");
	ok(mark(1100, "\x17\x03\x03\x00\x05", 10) == LAYER_TLS, "the next one, whole");
	ok(mark(1110, "QUIT\r\n", 6) == LAYER_NONE && mark(1116, "more", 6) == LAYER_NONE,
	   "no record where one should begin: it is no TLS any more");
	ok(mark(1122, "\x17\x03\x03\xff\xff", 10) == LAYER_NONE, "nor is a record of 64 KiB");
	ok(mark(0xfffffff0, "\x17\x03\x03\x00\x1b", 16) == LAYER_TLS &&
		   mark(0, "", 16) == LAYER_TLS,
	   "numbers wrap around");
}

static void test_quic(void)
{
	pkt.proto = SKUA_UDP;
	ok(mark(0, "\x40zzz", 30) == LAYER_NONE, "a short header alone could be anything");
	ok(mark(0, "\xc3\x00\x00\x00\x05\x08", 30) == LAYER_NONE, "a version nobody has");
	ok(mark(0, "\xc3\x00\x00\x00\x01\x15", 30) == LAYER_NONE, "an identifier of 21 bytes");
	ok(mark(0, "\xc3\x00\x00\x00\x01\x08", 30) == LAYER_QUIC, "a long header of version 1");
	ok(mark(0, "\x40zzz", 30) == LAYER_QUIC, "and then short ones");
	pkt.sport++;
	ok(mark(0, "\x40zzz", 30) == LAYER_NONE, "but not of others");
}

static char *play(bool tree, bool frames)
{
	const struct hierarchy_options options = { .tree = tree, .frames = frames };
	static struct played played;
	struct analyst *analyst;
	struct item_place place = { .frame = 2, .key.proto = SKUA_TCP };
	const struct item item = { ITEM_HTTP_END, &place, NULL };

	if (hierarchy_answers_open(&analyst, &options))
		abort();
	played_begin(&played, analyst);
	frame_of(MAC "0800" IP("0028", "0000", "06") TCP, 54, true);
	memcpy(played.bytes, bytes, 54);
	played.frame.captured = 54;
	played_frame(&played, SKUA_ACK, 0, 0);
	played_frame(&played, SKUA_ACK, 0, 0);
	analyst->item(analyst, &item);
	played_frame(&played, SKUA_ACK, 0, 0);
	analyst->item(analyst, &item); /* of a frame that is over */
	return played_end(&played);
}

static void test_tree(void)
{
	char *text = play(false, false);

	ok(!strcmp(text, "{\"path\":\"eth\",\"frames\":3,\"bytes\":180}\n"
			 "{\"path\":\"eth:ip\",\"frames\":3,\"bytes\":180}\n"
			 "{\"path\":\"eth:ip:tcp\",\"frames\":3,\"bytes\":180}\n"
			 "{\"path\":\"eth:ip:tcp:http\",\"frames\":1,\"bytes\":60}\n"),
	   "each protocol within the one that carries it; a message counts where it ends");
	free(text);
	text = play(true, false);
	ok(strstr(text, "\"path\":\"      http\"") != NULL, "a table shows a tree");
	free(text);
	text = play(false, true);
	ok(played_count(text, "\n") == 3 &&
		   strstr(text, "{\"frame\":2,\"length\":60,\"path\":\"eth:ip:tcp:http\"}"),
	   "--frames: a row each");
	free(text);
}

static void test_full(void)
{
	struct record_marks few = { 0 };

	record_marks_fini(&marks);
	marks = few;
	if (record_marks_init(&marks, 4))
		abort();
	pkt.proto = SKUA_TCP;
	for (pkt.sport = 1; pkt.sport < 10; pkt.sport++)
		mark(1, "\x17\x03\x03\x00\x05", 10);
	ok(marks.table.used == 4 && marks.table.evictions == 5,
	   "conversations that give way are counted");
	record_marks_fini(&marks);
}

int main(void)
{
	if (record_marks_init(&marks, 16))
		abort();
	test_layers();
	test_records();
	test_quic();
	test_tree();
	test_full();
	return done();
}
