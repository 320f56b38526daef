// SPDX-License-Identifier: BSD-2-Clause
/* Several captures become one row of frames in time order, filtered, with none lost. */
#include <errno.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include "capture_bytes.h"
#include "tap.h"

#define FILES 600 /* more than may be open at once */

static struct bytes made;
static struct reading got;

static void begin(uint32_t network)
{
	made.size = 0;
	put_pcap_header(&made, PCAP_MICRO, network);
}

static char *write_made(void)
{
	return write_file(made.at, made.size);
}

/* A capture of packets at these seconds, each of bytes of this value. */
static char *write_capture(uint8_t value, const uint32_t *seconds, unsigned int count)
{
	begin(1);
	for (unsigned int i = 0; i < count; i++)
		put_record(&made, seconds[i], 0, value, 60, 60);
	return write_made();
}

static void drop(char **paths, unsigned int count)
{
	while (count--) {
		unlink(paths[count]);
		free(paths[count]);
	}
}

static void read_all(char **paths, unsigned int count, const char *filter)
{
	read_paths(&got, (const char *const *)paths, count, filter);
}

/* The value of each frame's bytes, as digits. */
static const char *order(void)
{
	static char digits[SEEN_MAX + 1];

	for (unsigned int i = 0; i < got.count; i++)
		digits[i] = (char)('0' + got.seen[i].first);
	digits[got.count] = '\0';
	return digits;
}

static void test_merge(void)
{
	static const uint32_t early[] = { 1, 4, 7, 7 }, late[] = { 2, 4, 7, 9 },
			      back[] = { 5, 3, 8 };
	char *paths[] = { write_capture(1, early, 4), write_capture(2, late, 4),
			  write_capture(3, back, 3) };

	read_all(paths, 2, NULL);
	ok(!strcmp(order(), "12121122"),
	   "merged by time; at equal times in the order of arguments");
	ok(got.seen[0].file == 0 && got.seen[1].file == 1, "each frame tells its file");
	ok(got.seen[0].interface == 1 && got.seen[1].interface == 2,
	   "files that overlap are interfaces of their own");
	ok(got.position == 2 * (24 + 4 * 76) && got.size == got.position,
	   "in the end all bytes of all files are read");
	read_all(paths, 3, NULL);
	ok(!strcmp(order(), "12123311232"),
	   "a clock that steps back within a file delays nothing and nobody");
	drop(paths, 3);
}

static void test_damaged_among_others(void)
{
	static const uint32_t times[] = { 1, 4, 7 };
	char *paths[2];

	paths[0] = write_capture(1, times, 3);
	if (truncate(paths[0], 24 + 76 + 66))
		abort();
	paths[1] = write_capture(2, times, 3);
	read_all(paths, 2, NULL);
	ok(!strcmp(order(), "1222") && got.truncated && got.warnings == 1 &&
		   strstr(got.said, paths[0]),
	   "a damaged file is named, the others are read to their ends");
	drop(paths, 2);
}

static void test_ring(void)
{
	static const uint32_t first[] = { 1, 2 }, second[] = { 3, 4 }, third[] = { 4, 5 };
	char *paths[] = { write_capture(2, second, 2), write_capture(1, first, 2),
			  write_capture(3, third, 2) };

	read_all(paths, 2, NULL);
	ok(!strcmp(order(), "1122") && got.seen[0].interface == 1 && got.seen[3].interface == 1,
	   "a capture that goes on in the next file of a ring keeps its interface");
	read_all(paths, 3, NULL);
	ok(!strcmp(order(), "112233") && got.seen[5].interface == 1,
	   "also where one ends in the second in which the next begins");
	drop(paths, 3);
}

static void test_filter(void)
{
	char *paths[3];

	begin(1);
	for (unsigned int i = 0; i < 2; i++) {
		put_record(&made, i, 0, 0, 60, 60);
		memcpy(made.at + made.size - 60 + 12, "\x08\x00\x45", 3);
		made.at[made.size - 60 + 23] = i ? 17 : 6;
	}
	paths[0] = write_made();
	begin(101);
	put_record(&made, 5, 0, 0, 40, 40);
	made.at[made.size - 40] = 0x45;
	made.at[made.size - 40 + 9] = 17;
	paths[1] = write_made();
	begin(60000);
	put_record(&made, 6, 0, 0, 40, 40);
	put_record(&made, 7, 0, 0, 40, 40);
	paths[2] = write_made();

	read_all(paths, 2, "udp");
	ok(got.count == 2 && got.counts.filtered == 1 && got.seen[0].linktype == 1 &&
		   got.seen[1].linktype == 101 && !got.warnings,
	   "a filter is compiled for each link type");
	read_all(paths, 3, "udp");
	ok(got.count == 2 && got.counts.filtered == 3 && got.warnings == 1 &&
		   strstr(got.said, "60000"),
	   "what it cannot be compiled for does not match, said once");
	read_all(paths, 2, "ether host 00:00:00:00:00:00");
	ok(got.count == 2 && got.seen[1].linktype == 1, "also when it fits only some");
	read_all(paths, 1, "udp or or");
	ok(got.opened == -EINVAL && strstr(got.error, "'udp or or'"), "a misspelt one is an error");
	read_all(paths, 1, "wlan type mgt");
	ok(!got.opened && got.count == 0 && got.warnings == 1,
	   "one for quite another link type is not");
	drop(paths, 3);
}

static void name_in(char *to, const char *folder, const char *name)
{
	snprintf(to, 200, "%s/%s", folder, name);
}

static void test_directory(void)
{
	static const uint32_t early[] = { 1, 4 }, late[] = { 2, 5 };
	static const char *const names[] = { "b.pcap", "a.pcap", ".hidden", "README" };
	char folder[] = "/tmp/skua-test-XXXXXX", *argument = folder;
	char to[4][200], below[200], *from;

	if (!mkdtemp(folder))
		abort();
	for (unsigned int i = 0; i < 4; i++) {
		name_in(to[i], folder, names[i]);
		from = i < 3 ? write_capture((uint8_t)(i + 1), i ? early : late, 2)
			     : write_file("text", 4);
		if (rename(from, to[i]))
			abort();
		free(from);
	}
	name_in(below, folder, "deeper");
	mkdir(below, 0700);
	read_all(&argument, 1, NULL);
	ok(!strcmp(order(), "2121") && got.counts.skipped_files == 1 && !got.truncated,
	   "of a directory the captures in it are read, and nothing else");
	ok(got.seen[0].file == 1 && got.seen[1].file == 2 && got.size,
	   "in the order of their names' bytes");
	for (unsigned int i = 0; i < 3; i++)
		unlink(to[i]);
	read_all(&argument, 1, NULL);
	ok(got.opened == -ENOENT && strstr(got.error, "no capture"), "one without any is an error");
	unlink(to[3]);
	rmdir(below);
	rmdir(folder);
}

static void test_many_files(void)
{
	static char *paths[FILES];
	uint32_t seconds[2];
	bool sorted = true;

	for (unsigned int i = 0; i < FILES; i++) {
		seconds[0] = 10 * (FILES - i);
		seconds[1] = 10 * (FILES - i) + 15;
		paths[i] = write_capture((uint8_t)(i % 250), seconds, 2);
	}
	read_all(paths, FILES, NULL);
	for (unsigned int i = 1; i < got.count; i++)
		sorted &= got.seen[i - 1].time_ns <= got.seen[i].time_ns;
	ok(!got.opened && !got.ended && got.count == 2 * FILES && sorted,
	   "more files than may be open at once are merged all the same");
	ok(got.begun < 3 * (24 + 2 * 76) && got.position == got.size &&
		   got.size == FILES * (24 + 2 * 76ul),
	   "and none of their bytes counts twice");
	drop(paths, FILES);
	for (unsigned int i = 0; i < FILES; i++) {
		seconds[0] = i;
		seconds[1] = 100000;
		paths[i] = write_capture(1, seconds, 2);
	}
	read_all(paths, FILES, NULL);
	ok(got.ended == -EMFILE && got.count == FILE_IN_OPEN_MAX && strstr(got.said, "overlap"),
	   "unless too many overlap: then that is said");
	drop(paths, FILES);
}

/* What `cat capture | skua replay -` gives, in pieces as small as they come. */
static void test_pipe(void)
{
	static const uint32_t times[] = { 1, 2, 3 };
	char *dash = "-", *path = write_capture(4, times, 3);
	int old = dup(STDIN_FILENO), ends[2];

	if (pipe(ends))
		abort();
	if (!fork()) {
		for (size_t i = 0; i < made.size; i++)
			if (write(ends[1], made.at + i, 1) != 1)
				_exit(1);
		_exit(0);
	}
	close(ends[1]);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	read_all(&dash, 1, NULL);
	dup2(old, STDIN_FILENO);
	close(old);
	ok(!strcmp(order(), "444") && got.size == 0 && got.position == made.size,
	   "a pipe is read as it comes; its size is unknown");
	drop(&path, 1);
}

/* As many as a reader may want open, and a few; false where that is not permitted. */
static bool has_descriptors(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur >= FILES)
		return true;
	limit.rlim_cur = FILES;
	return !setrlimit(RLIMIT_NOFILE, &limit);
}

static void test_refusals(void)
{
	char *missing = "/nowhere/at-all.pcap";

	read_all(&missing, 1, NULL);
	ok(got.opened == -ENOENT && strstr(got.error, missing), "a missing file is named");
	ok(!got.warnings, "in the error and not on standard error as well");
	read_all(&missing, 0, NULL);
	ok(got.opened == -ENOENT, "no file at all is an error");
}

int main(void)
{
	test_merge();
	test_damaged_among_others();
	test_ring();
	test_filter();
	test_directory();
	if (has_descriptors())
		test_many_files();
	else
		skip("more files than may be open at once", "as many may not be open here");
	test_pipe();
	test_refusals();
	return done();
}
