// SPDX-License-Identifier: BSD-2-Clause
/* Lines of a manifest are read when they are what their hash says, and name what they may. */
#include <errno.h>
#include "tap.h"
#include "upload_stage.h"

static char text[8192];

static int parse(const char *action, const char *file)
{
	struct upload_line line;

	stage_line(text, sizeof(text), 7, action, file);
	return upload_line_parse(&line, text, strlen(text));
}

static void good_lines(void)
{
	struct upload_line line;
	char id[UPLOAD_PATH];
	int err;

	stage_line(text, sizeof(text), 7, "publish", STAGE_FILE);
	err = upload_line_parse(&line, text, strlen(text));
	ok(!err && line.seq == 7 && line.published && !line.again && line.bytes == 77 &&
		   !strcmp(line.file, STAGE_FILE) && !strcmp(line.prev, STAGE_ZERO),
	   "a line says what was published");
	ok(!strcmp(line.json, "2026/11/21/0123456789abcdef0123456789abcdef.json"),
	   "the JSON lies beside the packets");
	ok(!strcmp(upload_path_id(line.file, id), "0123456789abcdef0123456789abcdef"),
	   "the ID is in the file's name");
	stage_line(text, sizeof(text), 8, "keep", STAGE_FILE);
	ok(!upload_line_parse(&line, text, strlen(text)) && line.published && line.again,
	   "what is listed again is there");
	stage_line(text, sizeof(text), 9, "drop", "MANIFEST-000001.jsonl");
	ok(!upload_line_parse(&line, text, strlen(text)) && !line.published && !line.file[0],
	   "a segment that goes is no snapshot");
	strcpy(text, "{\"seq\":1,\"action\":\"publish\",\"file\":\"" STAGE_FILE
		     "\",\"sha256\":\"" STAGE_ZERO "\",\"bytes\":1,\"prev\":\"" STAGE_ZERO "\",");
	stage_seal(text, sizeof(text));
	ok(!upload_line_parse(&line, text, strlen(text)) && !line.json[0],
	   "a snapshot without JSON has none");
}

static void hostile_names(void)
{
	static const char *const names[] = {
		"../../../etc/passwd",
		"/etc/passwd",
		"2026/11/21/../../../etc/passwd",
		"2026/11/21/../x.pcapng",
		"2026/11/21/.pcapng",
		"2026/11/21/ab.pcapng.part",
		"2026/11/21/ab.pcapng/x",
		"2026/11/21/aG.pcapng",
		"2026/11/21/a/b.pcapng",
		"2026/1/21/ab.pcapng",
		"./26/11/21/ab.pcapng",
		"MANIFEST.jsonl",
		"",
		"2026/11/21/0123456789abcdef0123456789abcdef0123456789abcdef0123456789.pcapng",
	};
	bool refused = true;

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		refused = refused && parse("publish", names[i]) == -EINVAL;
	ok(refused, "a name that is no snapshot's is refused");
	ok(!parse("remove", "../../x"), "what is removed names nothing that is opened");
	ok(!parse("publish", "2026/11/21/0-2.pcapng"), "a second file of one finding is one");
}

static void damage(void)
{
	struct upload_line line = { .seq = 99 };
	bool found = true, cut = true;
	size_t length;

	stage_line(text, sizeof(text), 7, "publish", STAGE_FILE);
	length = strlen(text);
	for (size_t i = 0; i < length; i++) {
		text[i] ^= 1;
		found = found && upload_line_parse(&line, text, length) == -EBADMSG;
		text[i] ^= 1;
		cut = cut && upload_line_parse(&line, text, i) == -EBADMSG;
	}
	ok(found, "one changed bit anywhere is found");
	ok(cut, "and so is a line that is cut anywhere");
	ok(line.seq == 99, "what is refused leaves nothing behind");
	ok(upload_line_parse(&line, "", 0) == -EBADMSG, "an empty line is none");
}

static void values(void)
{
	static const char json[] =
		"{\"a\":\"\\\",\\\"b\\\":\\\"no\",\"b\":\"yes\",\"n\":18446744073709551616,"
		"\"m\":12,\"open\":\"x";
	char to[8];
	uint64_t number = 5;

	ok(upload_text(json, sizeof(json) - 1, "b", to, sizeof(to)) && !strcmp(to, "yes"),
	   "text inside a text is no member");
	ok(!upload_text(json, sizeof(json) - 1, "b", to, 3), "a text that does not fit is none");
	ok(!upload_text(json, sizeof(json) - 1, "open", to, sizeof(to)), "nor one without an end");
	ok(!upload_number(json, sizeof(json) - 1, "n", &number) && number == 5,
	   "a number beyond 64 bits is none");
	ok(upload_number(json, sizeof(json) - 1, "m", &number) && number == 12, "others are");
}

int main(void)
{
	good_lines();
	hostile_names();
	damage();
	values();
	return done();
}
