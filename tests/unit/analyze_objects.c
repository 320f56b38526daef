// SPDX-License-Identifier: BSD-2-Clause
/* Objects of HTTP and FTP come out whole, decoded, bounded, and never outside their directory. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include "analyze/object_answers.h"
#include "analyze/object_store.h"
#include "items_played.h"

static char directory[] = "/tmp/skua-objects-XXXXXX";

static void begin(const char *to, uint64_t max_object, uint64_t max_total)
{
	const struct object_answers_options objects = { to, max_object, max_total };

	items_begin(object_answers_open(&analyst, &objects));
}

/* server 0: the client speaks; on: one of four connections. */
static void send_to(unsigned on, unsigned server, uint8_t flags, const void *bytes, uint32_t length)
{
	static const uint16_t ports[CONNECTIONS] = { 80, 21, 2050, 2051 };

	items_send(on, ports[on], server, flags, bytes, length);
}

static void say(unsigned on, unsigned server, const char *text)
{
	send_to(on, server, SKUA_ACK, text, strlen(text));
}

static size_t compress_to(uint8_t *to, size_t size, const void *bytes, size_t length, int window)
{
	z_stream z = {
		.next_in = (void *)bytes, .avail_in = length, .next_out = to, .avail_out = size
	};

	deflateInit2(&z, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY);
	deflate(&z, Z_FINISH);
	deflateEnd(&z);
	return size - z.avail_out;
}

/* A response with this body, as one segment per octet. */
static void answer(const char *head, const uint8_t *body, size_t length)
{
	say(0, 0, "GET /dir/name.txt?q=/x HTTP/1.1\r\nHost: h.example\r\n\r\n");
	say(0, 1, head);
	for (size_t i = 0; i < length; i++)
		send_to(0, 1, SKUA_ACK, body + i, 1);
}

#define GZIP (15 + 16)
#define ZLIB 15
#define RAW (-15)

static void test_coding(const char *coding, int window, const char *sentence)
{
	uint8_t body[256];
	size_t length = compress_to(body, sizeof(body), "abc", 3, window);
	char head[200];

	snprintf(head, sizeof(head),
		 "HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\nContent-Length: %zu\r\n\r\n", coding,
		 length);
	begin(NULL, 1000, 1000);
	answer(head, body, length);
	finish();
	ok(has("\"bytes\":3,\"state\":\"whole\",\"sha256\":\"" ABC "\""), sentence);
	free(said);
}

static void test_http(void)
{
	begin(NULL, 1000, 1000);
	answer("HTTP/1.1 200 OK\r\nContent-Type: text/x\r\nTransfer-Encoding: chunked\r\n\r\n",
	       (const uint8_t *)"1\r\na\r\n2\r\nbc\r\n0\r\n\r\n", 18);
	say(0, 0, "POST /up HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc");
	finish();
	ok(has("\"host\":\"h.example\",\"path\":\"/dir/name.txt?q=/x\",\"name\":\"name.txt\","
	       "\"declared_type\":\"text/x\",\"type\":\"text\",\"bytes\":3,\"state\":\"whole\","
	       "\"sha256\":\"" ABC),
	   "a body in chunks is put together, and named by its request");
	ok(has("\"name\":\"up\",\"type\":\"text\",\"bytes\":3,\"state\":\"whole\",\"sha256\":"
	       "\"" ABC),
	   "what a client posts is an object too");
	free(said);
	test_coding("gzip", GZIP, "gzip is taken off, octet by octet");
	test_coding("deflate", ZLIB, "deflate in zlib's format is taken off");
	test_coding("deflate", RAW, "and plain deflate, which some send");
}

static void test_torn(void)
{
	begin(NULL, 1000, 1000);
	say(0, 0, "GET /a HTTP/1.1\r\n\r\n");
	say(0, 1, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
	next[1][0] += 3;
	send_to(0, 0, SKUA_ACK, NULL, 0);
	say(0, 1, "ghi");
	finish();
	ok(has("\"bytes\":3,\"state\":\"torn\",\"sha256\":\"" ABC),
	   "of an object with a hole there is what comes before it");
	free(said);
	begin(NULL, 1000, 1000);
	say(0, 0, "GET /a HTTP/1.1\r\n\r\n");
	say(0, 1, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
	finish();
	ok(has("\"state\":\"no end\""), "an object that the capture cuts has no end");
	free(said);
	begin(NULL, 1000, 1000);
	answer("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n",
	       (const uint8_t *)"abc", 3);
	finish();
	ok(has("\"bytes\":3,\"state\":\"whole\",\"sha256\":\"" ABC),
	   "what is called gzip and is none is taken as it is");
	free(said);
}

static void test_bomb(void)
{
	static uint8_t zeros[1 << 20], body[1 << 16];
	size_t length = compress_to(body, sizeof(body), zeros, sizeof(zeros), GZIP);
	char head[200];

	snprintf(head, sizeof(head),
		 "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n",
		 length);
	begin(directory, 100000, 1 << 30);
	answer(head, body, length);
	finish();
	ok(has("\"state\":\"too large\",\"left_out\":\"larger than --max-object\"") &&
		   !strstr(said, "sha256") && rmdir(directory) == 0 && mkdir(directory, 0700) == 0,
	   "a bomb is given up at the limit, and nothing of it stays");
	free(said);
}

/* One object of three bytes with this target, written. */
static void write_one(const char *target, uint64_t max_total)
{
	char text[3000];

	snprintf(text, sizeof(text), "POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc",
		 target);
	begin(directory, 1000, max_total);
	say(0, 0, text);
	finish();
}

static bool holds(const char *name, const char *wanted)
{
	char path[400], got[16] = { 0 };
	int fd;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	fd = open(path, O_RDONLY | O_NOFOLLOW);
	if (fd < 0 || read(fd, got, sizeof(got) - 1) < 0)
		return false;
	close(fd);
	unlink(path);
	return !strcmp(got, wanted);
}

static void test_names(void)
{
	static const char *const hostile[] = { "/..",           "/../../etc/passwd",
					       "/a/..\\..\\x",  "/%2e%2e",
					       "/\x01\x1b[31m", "/.hidden",
					       "/a;rm -rf",     "/C:evil" };
	static const char *const safe[] = {
		"000001-..",           "000001-passwd",       "000001-x",
		"000001-%252e%252e",   "000001-%01%1B%5B31m", "000001-.hidden",
		"000001-a%3Brm%20-rf", "000001-C%3Aevil"
	};
	char to[OBJECT_FILE_NAME], name[2000];
	const struct cursor longest = { (const uint8_t *)name, sizeof(name) };
	bool good = true;

	for (unsigned i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		write_one(hostile[i], 1000);
		if (!holds(safe[i], "abc")) {
			printf("# %s is not %s\n", hostile[i], safe[i]);
			good = false;
		}
		free(said);
	}
	ok(good && rmdir(directory) == 0 && mkdir(directory, 0700) == 0,
	   "hostile names become plain ones, inside the directory");
	memset(name, '/', sizeof(name));
	object_file_name(to, UINT64_MAX, &longest, 999);
	ok(strlen(to) < OBJECT_FILE_NAME && !strchr(to, '/') &&
		   strcmp(to + strlen(to) - 4, ".999") == 0,
	   "a long name is cut, and its number stays");
}

static void test_existing(void)
{
	char path[400], target[] = "/tmp/skua-objects-target";
	struct stat status;
	int fd;

	snprintf(path, sizeof(path), "%s/000001-up", directory);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	if (fd < 0 || write(fd, "old", 3) != 3 || close(fd))
		abort();
	write_one("/up", 1000);
	ok(has("\"file\":\"000001-up.1\"") && holds("000001-up", "old") &&
		   holds("000001-up.1", "abc"),
	   "a file that is there stays as it is, and the new one has a number behind its name");
	free(said);
	unlink(target);
	if (symlink(target, path))
		abort();
	write_one("/up", 1000);
	ok(has("\"file\":\"000001-up.1\"") && lstat(target, &status) && holds("000001-up.1", "abc"),
	   "a link in the directory is not followed, wherever it leads");
	unlink(path);
	free(said);
	write_one("/up", 2);
	ok(has("\"left_out\":\"beyond --max-total\"") && !holds("000001-up", "abc"),
	   "no more is written than --max-total allows, and it is said");
	free(said);
}

static void test_ftp(void)
{
	begin(NULL, 1000, 1000);
	say(1, 1, "220 Welcome\r\n");
	say(1, 0, "USER anonymous\r\n");
	say(1, 0, "PASV\r\n");
	say(1, 1, "227 Entering Passive Mode (9,9,9,9,8,2)\r\n");
	send_to(2, 0, SKUA_SYN, NULL, 0);
	next[0][2]++;
	say(1, 0, "RETR /pub/GET.bin\r\n");
	say(2, 1, "abc");
	send_to(2, 1, SKUA_FIN | SKUA_ACK, NULL, 0);
	next[1][2]++;
	send_to(2, 0, SKUA_FIN | SKUA_ACK, NULL, 0);
	say(1, 1, "226 Done\r\n229 Entering Extended Passive Mode (|||2051|)\r\n");
	say(1, 0, "LIST\r\n");
	send_to(3, 0, SKUA_SYN, NULL, 0);
	next[0][3]++;
	say(3, 1, "a listing");
	send_to(3, 1, SKUA_FIN | SKUA_ACK, NULL, 0);
	finish();
	ok(has("\"protocol\":\"ftp\",\"path\":\"/pub/"
	       "GET.bin\",\"name\":\"GET.bin\",\"type\":\"text\","
	       "\"bytes\":3,\"state\":\"whole\",\"sha256\":\"" ABC),
	   "a file of FTP is found by the port that its control connection announced");
	ok(strchr(said, '\n') == said + strlen(said) - 1, "and a listing is no file");
	free(said);
}

/* A file of FTP behind these commands: the data connection is the third or the fourth. */
static void fetch(unsigned on, const char *announces, const char *asks)
{
	say(1, 0, "PASV\r\n");
	say(1, 1, announces);
	send_to(on, 0, SKUA_SYN, NULL, 0);
	next[0][on]++;
	say(1, 0, asks);
	say(on, 1, "abc");
	send_to(on, 1, SKUA_FIN | SKUA_ACK, NULL, 0);
	send_to(on, 0, SKUA_FIN | SKUA_ACK, NULL, 0);
}

static void test_resumed(void)
{
	begin(NULL, 1000, 1000);
	say(1, 1, "220 Welcome\r\n");
	say(1, 0, "USER anonymous\r\n");
	fetch(2, "227 Entering Passive Mode (9,9,9,9,8,2)\r\n", "REST 100\r\nRETR /first\r\n");
	fetch(3, "229 Entering Extended Passive Mode (|||2051|)\r\n", "RETR /next\r\n");
	finish();
	ok(has("\"name\":\"first\",\"type\":\"text\",\"bytes\":3,\"state\":\"part\"") &&
		   has("\"name\":\"next\",\"type\":\"text\",\"bytes\":3,\"state\":\"whole\""),
	   "a transfer that is resumed is a part of its file, the next one is whole");
	free(said);
	begin(NULL, 1000, 1000);
	say(1, 1, "220 Welcome\r\n");
	say(1, 0, "USER anonymous\r\nREST 7\r\nREST 0\r\n");
	fetch(2, "227 Entering Passive Mode (9,9,9,9,8,2)\r\n", "RETR /first\r\n");
	say(1, 0, "REST 9\r\n");
	fetch(3, "229 Entering Extended Passive Mode (|||2051|)\r\n", "STOR /next\r\n");
	finish();
	ok(has("\"name\":\"first\",\"type\":\"text\",\"bytes\":3,\"state\":\"whole\"") &&
		   has("\"name\":\"next\",\"type\":\"text\",\"bytes\":3,\"state\":\"part\""),
	   "REST 0 takes it back, and REST holds over PASV");
	free(said);
	begin(NULL, 1000, 1000);
	say(1, 1, "220 Welcome\r\n");
	say(1, 0, "USER anonymous\r\n");
	fetch(2, "227 Entering Passive Mode (9,9,9,9,8,2)\r\n", "REST 100\r\nLIST\r\n");
	fetch(3, "229 Entering Extended Passive Mode (|||2051|)\r\n", "RETR /next\r\n");
	finish();
	ok(has("\"name\":\"next\",\"type\":\"text\",\"bytes\":3,\"state\":\"whole\""),
	   "nor does it hold behind a listing");
	free(said);
}

int main(void)
{
	if (!mkdtemp(directory))
		abort();
	test_http();
	test_torn();
	test_bomb();
	test_names();
	test_existing();
	test_ftp();
	test_resumed();
	rmdir(directory);
	return done();
}
