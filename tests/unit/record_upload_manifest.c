// SPDX-License-Identifier: BSD-2-Clause
/* A manifest is followed while it grows, is cut into segments, and is cut off. */
#include <errno.h>
#include <sys/stat.h>
#include "tap.h"
#include "upload_stage.h"
#include "record/upload_manifest.h"

static struct upload_manifest manifest;
static int dir;

/* The number of the next line, 0 for none yet, or -errno. */
static int next(void)
{
	const char *line;
	uint64_t seq;
	size_t length;
	int got = upload_manifest_next(&manifest, &line, &length);

	if (got != 1)
		return got;
	return upload_number(line, length, "seq", &seq) && line[length] == '\n' ? (int)seq : -1;
}

static void add(const char *name, unsigned from, unsigned to)
{
	char line[2048];

	for (; from <= to; from++) {
		stage_line(line, sizeof(line) - 1, from, "publish", STAGE_FILE);
		stage_write(dir, name, O_APPEND, strcat(line, "\n"));
	}
}

static void growth(void)
{
	unsigned n = 0;

	ok(!next(), "without a manifest there is nothing yet");
	stage_write(dir, "MANIFEST.jsonl", 0, "");
	ok(!next(), "nor in an empty one");
	add("MANIFEST.jsonl", 1, 300);
	while (next() == (int)n + 1)
		n++;
	ok(n == 300, "all lines come in their order, whatever fits into a buffer");
	stage_write(dir, "MANIFEST.jsonl", O_APPEND, "{\"seq\":301,");
	ok(!next() && !next(), "half a line is none yet");
	stage_write(dir, "MANIFEST.jsonl", O_APPEND, "\"x\":1}\n");
	ok(next() == 301 && !next(), "until it has its end");
}

static void recovery(void)
{
	int fd = openat(dir, "MANIFEST.jsonl", O_RDWR);
	off_t end = lseek(fd, 0, SEEK_END);

	stage_write(dir, "MANIFEST.jsonl", O_APPEND, "{\"seq\":30");
	ok(!next(), "what a crash left is no line");
	ok(!ftruncate(fd, end) && !next(), "what is taken back was never read");
	add("MANIFEST.jsonl", 302, 302);
	ok(next() == 302, "and what comes instead is read from its beginning");
	ok(!ftruncate(fd, end) && next() == -ESTALE, "a line that was read and is cut off is told");
	close(fd);
	upload_manifest_rewind(&manifest);
	ok(next() == 1, "then everything can be read again");
	while (next() > 0)
		;
}

static void rotation(void)
{
	add("MANIFEST.jsonl", 302, 303);
	renameat(dir, "MANIFEST.jsonl", dir, "MANIFEST-000009.jsonl");
	add("MANIFEST.jsonl", 304, 304);
	renameat(dir, "MANIFEST.jsonl", dir, "MANIFEST-10.jsonl");
	add("MANIFEST.jsonl", 305, 305);
	add("MANIFEST-x.jsonl", 1000, 1000);
	add("MANIFEST.jsonl.bak", 1000, 1000);
	ok(next() == 302 && next() == 303 && next() == 304 && next() == 305 && !next(),
	   "segments follow one another by what they hold, not by name");
	upload_manifest_rewind(&manifest);
	ok(next() == 1, "also from the beginning");
	while (next() > 0)
		;
	renameat(dir, "MANIFEST-10.jsonl", dir, "MANIFEST.jsonl");
	ok(next() == -ESTALE, "a manifest that is replaced is told");
	upload_manifest_rewind(&manifest);
}

static void oddities(void)
{
	static char line[200002];

	unlinkat(dir, "MANIFEST-000009.jsonl", 0);
	unlinkat(dir, "MANIFEST.jsonl", 0);
	memset(line, 'x', sizeof(line) - 2);
	line[sizeof(line) - 2] = '\n';
	add("MANIFEST.jsonl", 1, 1);
	stage_write(dir, "MANIFEST.jsonl", O_APPEND, line);
	add("MANIFEST.jsonl", 2, 2);
	line[UPLOAD_LINE_MAX + 1] = '\n';
	line[UPLOAD_LINE_MAX + 2] = '\0';
	stage_write(dir, "MANIFEST.jsonl", O_APPEND, line);
	add("MANIFEST.jsonl", 3, 3);
	ok(next() == 1 && next() == -EMSGSIZE && next() == 2 && next() == -EMSGSIZE && next() == 3,
	   "lines that are too long are told, once each, and passed over");
	upload_manifest_rewind(&manifest);
	unlinkat(dir, "MANIFEST.jsonl", 0);
	symlinkat("/etc/passwd", dir, "MANIFEST.jsonl");
	mkdirat(dir, "MANIFEST-1.jsonl", 0700);
	ok(!next(), "links and directories are no segments");
}

int main(void)
{
	char path[64];

	dir = stage_directory(path);
	upload_manifest_init(&manifest, dir);
	growth();
	recovery();
	rotation();
	oddities();
	upload_manifest_fini(&manifest);
	close(dir);
	stage_remove(path);
	return done();
}
