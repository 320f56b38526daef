// SPDX-License-Identifier: BSD-2-Clause
/* Where lines of logs go: to a stream, or to files, of which nothing but files are written. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "logs/lines.h"
#include "tap.h"

static char place[128], error[LOGS_ERROR_SIZE], said[4096];

static const char *path(const char *name)
{
	static char text[256];

	snprintf(text, sizeof(text), "%s/%s", place, name);
	return text;
}

/* What a file has; NULL: it is not there. */
static const char *text_of(const char *name)
{
	FILE *stream = fopen(path(name), "r");

	if (!stream)
		return NULL;
	said[fread(said, 1, sizeof(said) - 1, stream)] = '\0';
	fclose(stream);
	return said;
}

static bool has(const char *name, const char *wanted)
{
	const char *text = text_of(name);

	return text && !strcmp(text, wanted);
}

static int opens(struct lines *lines, enum log_format format, bool append)
{
	const struct logs_options options = { .kinds = 1u << LOG_FLOW | 1u << LOG_TLS,
					      .format = format,
					      .directory = place,
					      .append = append };

	error[0] = '\0';
	return lines_open(lines, &options, error);
}

static void say(struct lines *lines, enum log_kind kind, const char *text)
{
	json_put_text(lines_begin(lines, kind), "a", text);
	lines_end(lines);
}

static int write_files(enum log_format format, bool append, const char *text)
{
	struct lines lines;

	if (opens(&lines, format, append))
		return -1;
	say(&lines, LOG_FLOW, text);
	say(&lines, LOG_TLS, "tls");
	return lines.count == 2 ? lines_close(&lines) : -1;
}

static void test_stream(void)
{
	struct logs_options options = { .stream = tmpfile() };
	struct lines lines;
	long size;

	ok(options.stream && lines_open(&lines, &options, error) == 0, "lines may go to a stream");
	say(&lines, LOG_FLOW, "x");
	say(&lines, LOG_HTTP, "y");
	lines_flush(&lines);
	size = ftell(options.stream);
	ok(size == 2 * (long)sizeof("{\"a\":\"x\"}") && lines.count == 2,
	   "all kinds to the same, each as a line");
	ok(lines_close(&lines) == 0 && fputs("still open", options.stream) >= 0,
	   "which is not theirs to close");
	fclose(options.stream);
}

static void test_files(void)
{
	struct stat status;

	ok(!write_files(LOGS_ZEEK, false, "one") && has("conn.log", "{\"a\":\"one\"}\n") &&
		   has("ssl.log", "{\"a\":\"tls\"}\n"),
	   "in a directory, which is made, each kind has its file");
	ok(!text_of("dns.log") && !text_of("http.log") && !text_of("files.log") &&
		   !text_of("eve.json"),
	   "those that are not wanted have none");
	ok(!stat(path("conn.log"), &status) && (status.st_mode & 0777) == 0640 &&
		   !stat(place, &status) && (status.st_mode & 0777) == 0750,
	   "they are not for everybody");
	ok(!write_files(LOGS_ZEEK, true, "two") &&
		   has("conn.log", "{\"a\":\"one\"}\n{\"a\":\"two\"}\n"),
	   "what is there is added to");
	ok(!write_files(LOGS_ZEEK, false, "three") && has("conn.log", "{\"a\":\"three\"}\n"),
	   "or begins anew");
	ok(!write_files(LOGS_EVE, false, "four") &&
		   has("eve.json", "{\"a\":\"four\"}\n{\"a\":\"tls\"}\n") &&
		   has("conn.log", "{\"a\":\"three\"}\n"),
	   "EVE has all kinds in one");
}

/* What cannot be written to is named, and nothing stays open. */
static bool refused(const char *name, int err)
{
	struct lines lines;
	int got = opens(&lines, LOGS_ZEEK, false);
	bool good = got == err && strlen(error) > strlen(name) &&
		    !strcmp(error + strlen(error) - strlen(name), name);

	for (unsigned kind = 0; kind < LOG_KINDS; kind++)
		good &= !lines.files[kind];
	if (!good)
		printf("# %d, '%s'\n", got, error);
	if (!got)
		lines_close(&lines);
	unlink(path("ssl.log"));
	rmdir(path("ssl.log"));
	return good;
}

static void test_strangers(void)
{
	const char *sentence = "nor a device";

	unlink(path("ssl.log"));
	ok(!symlink("elsewhere", path("ssl.log")) && refused("/ssl.log", -ELOOP) &&
		   !text_of("elsewhere"),
	   "no link is followed");
	ok(!mkfifo(path("ssl.log"), 0640) && refused("/ssl.log", -ENXIO), "a pipe is no file");
	ok(!mkdir(path("ssl.log"), 0750) && refused("/ssl.log", -EISDIR), "nor a directory");
	if (mknod(path("ssl.log"), S_IFCHR | 0640, makedev(1, 3)))
		skip(sentence, "needs CAP_MKNOD");
	else
		ok(refused("/ssl.log", -EEXIST), sentence);
	snprintf(place + strlen(place), sizeof(place) - strlen(place), "/not/there");
	ok(refused("/not/there", -ENOENT), "a directory is made, but none around it");
	*strstr(place, "/not/there") = '\0';
}

static void test_full(void)
{
	struct logs_options options = { .stream = fopen("/dev/full", "w") };
	struct lines lines;

	lines_open(&lines, &options, error);
	say(&lines, LOG_FLOW, "x");
	lines_flush(&lines);
	lines_flush(&lines);
	ok(lines.error == -ENOSPC && lines_close(&lines) == -ENOSPC,
	   "a line that finds no room is told in the end");
	fclose(options.stream);
}

int main(void)
{
	const char *where = getenv("TMPDIR");

	umask(022);
	snprintf(place, sizeof(place) - 32, "%s/skua-lines-XXXXXX", where ? where : "/tmp");
	if (!mkdtemp(place) || rmdir(place))
		abort();
	test_stream();
	test_files();
	test_strangers();
	test_full();
	unlink(path("conn.log"));
	unlink(path("eve.json"));
	rmdir(place);
	return done();
}
