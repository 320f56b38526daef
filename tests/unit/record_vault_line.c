// SPDX-License-Identifier: BSD-2-Clause
/* A line of a manifest says one thing in one way, or it is refused. */
#include <string.h>
#include "record/vault_line.h"
#include "tap.h"

#define ID "0123456789abcdef0123456789abcdef"
#define HASH_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HASH_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static struct vault_line sample(void)
{
	return (struct vault_line){ .seq = 7,
				    .time_ns = 1795228800123456789u,
				    .action = VAULT_PUBLISH,
				    .file = "2026/11/21/" ID ".pcapng",
				    .sha256 = HASH_A,
				    .bytes = 123456,
				    .json_sha256 = HASH_B,
				    .json_bytes = 99,
				    .severity = 2,
				    .recovered = true,
				    .prev = HASH_B };
}

static bool goes_round(struct vault_line line)
{
	struct vault_line back = { .seq = 0 };
	char text[VAULT_LINE_MAX], again[VAULT_LINE_MAX];
	size_t length = vault_line_format(&line, text);

	text[length - 1] = 0;
	if (vault_line_parse(text, &back))
		return false;
	vault_line_format(&back, again);
	again[length - 1] = 0;
	return !strcmp(text, again) && !memcmp(&line, &back, sizeof(line));
}

static void test_round(void)
{
	struct vault_line line = sample();
	const uint64_t times[] = {
		0, 1, 951782399999999999u, 951782400000000000u, 4102444799000000000u, UINT64_MAX
	};
	bool good = true;

	ok(goes_round(line), "a line is read as it was written");
	line.recovered = false;
	line.json_sha256[0] = 0;
	memset(line.json_sha256, 0, sizeof(line.json_sha256));
	line.json_bytes = 0;
	ok(goes_round(line), "so is one without JSON that was not recovered");
	for (unsigned i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		line.time_ns = times[i];
		good &= goes_round(line);
	}
	ok(good, "and every time from 1970 to 2554");
	line.seq = line.bytes = UINT64_MAX;
	ok(goes_round(line), "and the largest numbers");
	memset(line.file, 0, sizeof(line.file));
	strcpy(line.file, "MANIFEST-000012.jsonl");
	line.action = VAULT_DROP;
	ok(goes_round(line), "and one about a segment");
	line.action = VAULT_REMOVE;
	ok(!goes_round(line), "but a segment is nothing that is removed as a file");
}

/* Each byte of a line replaced by each other byte. */
static void test_altered(void)
{
	struct vault_line line = sample(), back;
	char text[VAULT_LINE_MAX];
	size_t length = vault_line_format(&line, text) - 1;
	unsigned accepted = 0;

	text[length] = 0;
	for (size_t i = 0; i < length; i++) {
		char was = text[i];

		for (int byte = 1; byte < 256; byte++) {
			text[i] = (char)byte;
			accepted += text[i] != was && !vault_line_parse(text, &back);
		}
		text[i] = was;
	}
	ok(!accepted, "no byte of a line can be another");
	text[length] = ' ';
	text[length + 1] = 0;
	ok(vault_line_parse(text, &back), "nor may there be one more");
	text[length - 1] = 0;
	ok(vault_line_parse(text, &back) && vault_line_parse("", &back), "or one less");
}

static void test_names(void)
{
	static const char *const good[] = { "2026/11/21/" ID ".pcapng", "0000/00/00/-.pcapng",
					    "2026/11/21/0-2.pcapng" };
	static const char *const bad[] = { "",
					   "2026/11/21/.pcapng",
					   "../../../etc.pcapng",
					   "2026/11/21/../0.pcapng",
					   "2026/11/21/0.json",
					   "2026/11/21/0.pcapng/",
					   "2026/11/2x/0.pcapng",
					   "/2026/11/2/0.pcapng",
					   "2026/11/21/G.pcapng",
					   "2026/11/21/" ID ID ".pcapng" };
	bool all = true, none = true;

	for (unsigned i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		all &= vault_file_is_valid(good[i]);
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		none &= !vault_file_is_valid(bad[i]);
	ok(all, "a file is a day, an id and .pcapng");
	ok(none, "and nothing else is one: no way leads out of the vault");
	ok(vault_segment_number("MANIFEST-000012.jsonl") == 12 &&
		   !vault_segment_number("MANIFEST-12.jsonl") &&
		   !vault_segment_number("MANIFEST-+00012.jsonl") &&
		   !vault_segment_number("MANIFEST.jsonl"),
	   "a segment has six digits");
}

/* Each byte of a name replaced by each other byte: what is accepted is another day or id. */
static void test_altered_names(void)
{
	char file[] = "2026/11/21/0a.pcapng", segment[] = "MANIFEST-123456.jsonl";
	unsigned files = 0, segments = 0;

	for (size_t i = 0; i < sizeof(file) - 1; i++) {
		char was = file[i];

		for (int byte = 1; byte < 256; byte++) {
			file[i] = (char)byte;
			files += vault_file_is_valid(file);
		}
		file[i] = was;
	}
	ok(files == 8 * 10 + 3 + 2 * 17 + 7, "a day has eight digits, an id what ids have");
	for (size_t i = 0; i < sizeof(segment) - 1; i++) {
		char was = segment[i];

		for (int byte = 1; byte < 256; byte++) {
			segment[i] = (char)byte;
			segments += vault_segment_number(segment) != 0;
		}
		segment[i] = was;
	}
	ok(segments == 9 + 6 * 10 + 6, "a segment six, and nothing else may be another");
}

static void test_head(void)
{
	char text[VAULT_LINE_MAX], hash[VAULT_HASH];
	uint64_t count = 0;

	vault_head_format(42, HASH_A, text);
	ok(vault_head_parse(text, &count, hash) && count == 42 && !strcmp(hash, HASH_A),
	   "a head is read as it was written");
	text[9] = '0';
	ok(!vault_head_parse(text, &count, hash), "but in one way only");
}

int main(void)
{
	test_round();
	test_altered();
	test_names();
	test_altered_names();
	test_head();
	return done();
}
