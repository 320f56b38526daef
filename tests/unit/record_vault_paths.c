// SPDX-License-Identifier: BSD-2-Clause
/* Files of a vault reached from its descriptor: no link is followed, no pipe waited for. */
#include <signal.h>
#include <sys/resource.h>
#include "record/vault_line.h"
#include "record/vault_paths.h"
#include "vault_stage.h"

static int root = -1;

static void begin(void)
{
	root = vault_paths_root(stage_vault);
	if (root < 0)
		abort();
}

static void end(void)
{
	close(root);
	clear_stage();
}

/* Is it a descriptor?  It is closed. */
static bool opens(int fd)
{
	if (fd < 0)
		return false;
	close(fd);
	return true;
}

static void test_root(void)
{
	char path[512];
	struct stat status;

	begin();
	ok(!fstat(root, &status) && S_ISDIR(status.st_mode) && (status.st_mode & 0777) == 0750,
	   "the directory of a vault is made, for its owner and his group");
	ok(opens(vault_paths_root(stage_vault)), "one that is there is taken");
	snprintf(path, sizeof(path), "%s-link", stage_vault);
	if (symlink(stage_vault, path))
		abort();
	ok(opens(vault_paths_root(path)), "the operator may name a link");
	unlink(path);
	snprintf(path, sizeof(path), "%s/no/where", stage_vault);
	ok(vault_paths_root(path) == -ENOENT, "what it lies in is not made");
	stage_write("file", "x", 1);
	ok(vault_paths_root(stage_path("file")) == -ENOTDIR, "a file is none");
	end();
}

static void test_days(void)
{
	char path[VAULT_FILE + 1];
	struct stat status;

	begin();
	ok(vault_paths_directory(root, "2026/11/21") == -ENOENT, "a day that is not there");
	ok(opens(vault_paths_day(root, "2026/11/21")) && !stat(stage_path("2026/11/21"), &status) &&
		   (status.st_mode & 0777) == 0750,
	   "is made, with all above it");
	ok(opens(vault_paths_day(root, "2026/11/21")) &&
		   opens(vault_paths_directory(root, "2026/11")),
	   "and is there then");
	ok(vault_paths_day(root, "") == -EINVAL && vault_paths_directory(root, "/") == -EINVAL,
	   "no name is no directory");
	memset(path, 'x', sizeof(path));
	memcpy(path, "2026/11/21/", 11);
	path[VAULT_FILE] = '\0';
	ok(vault_paths_day(root, path) == -ENAMETOOLONG, "64 letters are no path,");
	path[VAULT_FILE - 1] = '\0';
	ok(opens(vault_paths_day(root, path)), "63 are");
	end();
}

static void test_links(void)
{
	begin();
	opens(vault_paths_day(root, "2026/11/21"));
	stage_write("2026/11/21/a", "x", 1);
	if (symlink("2026", stage_path("2027")) || symlink("a", stage_path("2026/11/21/b")) ||
	    mkfifo(stage_path("2026/11/21/c"), 0600))
		abort();
	ok(opens(vault_paths_file(root, "2026/11/21/a")), "a file is opened");
	ok(vault_paths_file(root, "2026/11/21/b") == -ELOOP, "a link in its place is not,");
	ok(vault_paths_file(root, "2027/11/21/a") < 0 &&
		   vault_paths_directory(root, "2027/11") < 0 &&
		   vault_paths_day(root, "2027/11") < 0,
	   "nor one on the way");
	ok(vault_paths_file(root, "2026/11/21/c") == -EINVAL,
	   "nor a pipe, which is not waited for,");
	ok(vault_paths_file(root, "2026/11/21") == -EINVAL, "nor a directory");
	ok(vault_paths_file(root, "2026/11/21/d") == -ENOENT, "what is not there is told");
	end();
}

static void test_parts(void)
{
	struct stat status;
	size_t length;
	char *text;
	int fd;

	begin();
	stage_write("x.part", "leftover", 8);
	fd = vault_paths_part(root, "x.part");
	ok(fd >= 0 && !fstat(fd, &status) && status.st_size == 0 && (status.st_mode & 0777) == 0640,
	   "a new file takes the place of a leftover");
	ok(!vault_paths_write(fd, "abc", 3) && !vault_paths_write(fd, "", 0) &&
		   stage_size("x.part") == 3,
	   "all is written");
	close(fd);
	ok(vault_paths_write(-1, "a", 1) == -EBADF, "or why not");
	ok(!vault_paths_prepare(root, "x", "hello", 5) && stage_size("x.part") == 5 &&
		   !stage_exists("x"),
	   "what is prepared is a part,");
	ok(!vault_paths_replace(root, "x") && !stage_exists("x.part") && stage_size("x") == 5,
	   "which then takes its name");
	ok(vault_paths_replace(root, "x") == -ENOENT && stage_exists("x"), "once");
	if (mkdir(stage_path("y"), 0700) || vault_paths_prepare(root, "y", "z", 1))
		abort();
	ok(vault_paths_replace(root, "y") == -EISDIR && !stage_exists("y.part"),
	   "where it cannot the part is removed");
	text = stage_read("x", &length);
	ok(length == 5 && !strcmp(text, "hello"), "and nothing else");
	free(text);
	end();
}

static void test_full(void)
{
	struct rlimit usual, little;
	int err;

	begin();
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &usual);
	little = usual;
	little.rlim_cur = 3;
	setrlimit(RLIMIT_FSIZE, &little);
	err = vault_paths_prepare(root, "x", "hello", 5);
	setrlimit(RLIMIT_FSIZE, &usual);
	ok(err == -EFBIG && !stage_exists("x.part"), "of what cannot be written nothing is left");
	end();
}

static void test_read(void)
{
	char to[6];

	begin();
	stage_write("x", "hello", 5);
	ok(!vault_paths_read(root, "x", to, 6) && !strcmp(to, "hello"), "text that fits is read");
	ok(vault_paths_read(root, "x", to, 5) == -EFBIG, "with the zero behind it");
	stage_write("x", "he\0lo", 5);
	ok(vault_paths_read(root, "x", to, 6) == -EBADMSG, "a zero in it makes it none");
	stage_write("x", "", 0);
	ok(!vault_paths_read(root, "x", to, 6) && !to[0], "it may be empty");
	ok(vault_paths_read(root, "y", to, 6) == -ENOENT, "if it is there");
	end();
}

static void test_hash(void)
{
	static char many[70000];
	char hash[VAULT_HASH];
	uint64_t size = 0;
	int fd;

	begin();
	stage_write("x", "abc", 3);
	fd = vault_paths_file(root, "x");
	lseek(fd, 2, SEEK_SET);
	ok(!vault_paths_hash(fd, hash, &size) && size == 3 &&
		   !strcmp(hash,
			   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
	   "a hash is of all bytes, wherever the file stands");
	close(fd);
	stage_write("x", many, sizeof(many));
	fd = vault_paths_file(root, "x");
	ok(!vault_paths_hash(fd, hash, &size) && size == 70000 &&
		   !strncmp(hash, "f51b279903037b37", 16),
	   "of more than are read at once as well");
	close(fd);
	ok(vault_paths_hash(root, hash, &size) == -EIO && size == 70000,
	   "of a directory there is none");
	end();
}

static void test_prune(void)
{
	begin();
	opens(vault_paths_day(root, "2026/11/21"));
	opens(vault_paths_day(root, "2026/11/22"));
	opens(vault_paths_day(root, "2026/12/01"));
	vault_paths_prune(root, "2026/11/21");
	ok(!stage_exists("2026/11/21") && stage_exists("2026/11/22"), "an empty day goes, alone,");
	vault_paths_prune(root, "2026/11/22");
	ok(!stage_exists("2026/11") && stage_exists("2026/12"), "the last of a month with it,");
	stage_write("2026/12/01/x", "x", 1);
	vault_paths_prune(root, "2026/12/01");
	ok(stage_exists("2026/12/01/x"), "one that is not empty stays");
	unlink(stage_path("2026/12/01/x"));
	vault_paths_prune(root, "2026/12/01");
	ok(!stage_exists("2026"), "the last of a year takes it along");
	vault_paths_prune(root, "2025/01/01");
	ok(!stage_exists("2025"), "what is not there is no matter");
	end();
}

static void test_split(void)
{
	char day[VAULT_DAY], json[VAULT_FILE];

	vault_paths_split("2026/11/21/0123-2.pcapng", day, json);
	ok(!strcmp(day, "2026/11/21") && !strcmp(json, "0123-2.json"),
	   "a file has a day, and JSON beside it");
}

static int count(void *arg, const char *name, const struct stat *status)
{
	unsigned *found = arg;

	*found += S_ISREG(status->st_mode) ? 1 : 100;
	return strcmp(name, "stop") ? 0 : 7;
}

static void test_list(void)
{
	unsigned found = 0;

	begin();
	ok(!vault_paths_list(root, count, &found) && found == 0,
	   "an empty directory has nothing in it");
	stage_write("a", "", 0);
	stage_write(".b", "", 0);
	opens(vault_paths_day(root, "2026"));
	if (symlink("nowhere", stage_path("link")))
		abort();
	ok(!vault_paths_list(root, count, &found) && found == 202,
	   "others what is there, hidden ones and links too");
	found = 0;
	ok(!vault_paths_list(root, count, &found) && found == 202, "and again");
	stage_write("stop", "", 0);
	ok(vault_paths_list(root, count, &found) == 7, "until somebody stops it");
	ok(vault_paths_list(-1, count, &found) == -EBADF, "what is no directory is told");
	end();
}

int main(void)
{
	begin_stage();
	test_root();
	test_days();
	test_links();
	test_parts();
	test_full();
	test_read();
	test_hash();
	test_prune();
	test_split();
	test_list();
	verify_result_fini(&stage_result);
	end_stage();
	return done();
}
