// SPDX-License-Identifier: BSD-2-Clause
/* Where an upload goes and by whose keys: what is taken, what is refused, and what is said of it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "record/upload_target.h"
#include "tap.h"

static struct upload_target target;
static struct upload_keys keys;
static char error[UPLOAD_ERROR_SIZE];
static char path[] = "/tmp/skua-keys-XXXXXX";

static bool is_taken(const char *url, const char *base, bool s3, bool clear)
{
	int err = upload_target_parse(&target, url, error);

	if (err)
		printf("# %s\n", error);
	return !err && !strcmp(target.base, base) && target.s3 == s3 && target.clear == clear;
}

static bool is_refused(const char *url, const char *why)
{
	struct upload_target before = target;
	int err = upload_target_parse(&target, url, error);

	if (err && !strstr(error, why))
		printf("# %s\n", error);
	return err == -EINVAL && strstr(error, why) && !memcmp(&before, &target, sizeof(before));
}

static void test_schemes(void)
{
	ok(is_taken("https://host/a/", "https://host/a/", false, false), "HTTPS is taken as it is");
	ok(is_taken("https://host/a", "https://host/a/", false, false) &&
		   !strcmp(target.said, "https://host/a/"),
	   "a slash ends it");
	ok(is_taken("http://host", "http://host/", false, true), "HTTP is in the clear");
	ok(is_taken("s3+https://host/bucket", "https://host/bucket/", true, false) &&
		   !strcmp(target.said, "s3+https://host/bucket/"),
	   "S3 goes over HTTPS, and is said as it was named,");
	ok(is_taken("s3+http://host/bucket/p", "http://host/bucket/p/", true, true),
	   "or over HTTP");
	ok(is_refused("ftp://host/", "begins with none of http, https") &&
		   is_refused("host/", "begins with none") && is_refused("", "begins with none"),
	   "others are refused");
}

static void test_this_machine(void)
{
	ok(is_taken("http://127.0.0.1:9000/", "http://127.0.0.1:9000/", false, false) &&
		   is_taken("http://[::1]:1/", "http://[::1]:1/", false, false) &&
		   is_taken("http://localhost:1/", "http://localhost:1/", false, false) &&
		   is_taken("http://localhost", "http://localhost/", false, false),
	   "what goes to this machine is nobody's to read");
	ok(is_taken("http://128.0.0.1/", "http://128.0.0.1/", false, true) &&
		   is_taken("http://localhost.example/", "http://localhost.example/", false,
			    true) &&
		   is_taken("http://[::2]/", "http://[::2]/", false, true),
	   "what only looks so is");
}

static void test_refused(void)
{
	ok(is_refused("https://user:secret@host/", "names an account"), "no secrets in a URL");
	ok(is_refused("https:///path", "names no host"), "no URL without a host");
	ok(is_refused("https://host/a b", "characters other than") &&
		   is_refused("https://host/a?b", "characters other than") &&
		   is_refused("https://host?b", "characters other than") &&
		   is_refused("https://host/a:b", "characters other than"),
	   "no blanks, questions and colons in its path");
	ok(is_refused("https://host/a/../b", "goes up") &&
		   is_refused("https://host/./b", "goes up"),
	   "no steps up");
	ok(is_taken("https://host/a..b/.c", "https://host/a..b/.c/", false, false),
	   "dots in names are none");
	ok(is_refused("s3+https://host", "names no bucket") &&
		   is_refused("s3+https://host/", "names no bucket"),
	   "S3 needs a bucket,");
	ok(is_taken("s3+https://host/b", "https://host/b/", true, false), "of a letter at least");
}

/* A URL of so many characters. */
static bool is_long(size_t length)
{
	char url[UPLOAD_URL + 64] = "https://host/";

	memset(url + strlen(url), 'a', length - strlen(url));
	url[length] = '\0';
	return !upload_target_parse(&target, url, error);
}

static void test_length(void)
{
	ok(is_long(UPLOAD_URL - 64), "960 characters are a URL,");
	ok(!is_long(UPLOAD_URL - 63) && strstr(error, "is too long"), "961 are too many");
}

static void write_keys(const char *text)
{
	FILE *stream = fopen(path, "w");

	if (!stream || fputs(text, stream) < 0 || fclose(stream))
		abort();
}

static bool refuses_keys(const char *text, int expected, const char *why)
{
	struct upload_keys before = keys;
	int err;

	write_keys(text);
	err = upload_keys_load(&keys, path, &target, error);
	if (err && !strstr(error, why))
		printf("# %s\n", error);
	return err == expected && strstr(error, why) && !memcmp(&before, &keys, sizeof(keys));
}

static void test_file(void)
{
	upload_target_parse(&target, "https://host/", error);
	write_keys("# keys\n\nHTTP_USER=me\r\nHTTP_PASSWORD=a=b#c\nHTTP_TOKEN=t\n");
	ok(!upload_keys_load(&keys, path, &target, error) && !strcmp(keys.http_user, "me") &&
		   !strcmp(keys.http_password, "a=b#c") && !strcmp(keys.http_token, "t"),
	   "keys are lines of NAME=VALUE, beside comments and empty ones");
	ok(!strcmp(keys.s3_region, "us-east-1"), "a region is there, though nobody named one");
	ok(refuses_keys("HTTP_USER=me\nHTTP_PASS=x\n", -EINVAL, ":2: is no NAME=VALUE"),
	   "a name that is not known is told by its line");
	ok(refuses_keys("HTTP_USER\n", -EINVAL, ":1: "), "so is one without a value");
	ok(refuses_keys("HTTP_USER=a b\n", -EINVAL, ":1: ") &&
		   refuses_keys("HTTP_USER=a\x7f\n", -EINVAL, ":1: ") &&
		   refuses_keys("HTTP_USER=a\x1f\n", -EINVAL, ":1: "),
	   "blanks and controls could end a header: they are no value");
	write_keys("HTTP_USER=!~\xc3\xa4\n");
	ok(!upload_keys_load(&keys, path, &target, error) &&
		   !strcmp(keys.http_user, "!~\xc3\xa4") && !keys.http_password[0],
	   "other letters are; what was read before is gone");
}

static void test_sizes(void)
{
	char text[256] = "HTTP_USER=";

	memset(text + 10, 'u', 128);
	text[10 + 127] = '\0';
	write_keys(text);
	ok(!upload_keys_load(&keys, path, &target, error) && strlen(keys.http_user) == 127,
	   "a name of 127 letters fits");
	text[10 + 127] = 'u';
	text[10 + 128] = '\0';
	ok(refuses_keys(text, -EINVAL, ":1: "), "one of 128 does not");
}

static void test_rights(void)
{
	write_keys("HTTP_USER=me\n");
	chmod(path, 0640);
	ok(refuses_keys("HTTP_USER=me\n", -EPERM, "chmod 600"), "the group may not read them,");
	chmod(path, 0602);
	ok(refuses_keys("HTTP_USER=me\n", -EPERM, "chmod 600"), "nor may others write them");
	chmod(path, 0700);
	ok(!upload_keys_load(&keys, path, &target, error), "what the owner may is not asked");
	ok(upload_keys_load(&keys, "/tmp", &target, error) == -EPERM, "a directory holds no keys");
	ok(upload_keys_load(&keys, "/tmp/skua-keys-nowhere", &target, error) == -ENOENT &&
		   strstr(error, "cannot read /tmp/skua-keys-nowhere"),
	   "nor does what is not there");
}

static void test_s3(void)
{
	upload_target_parse(&target, "s3+https://host/b", error);
	ok(refuses_keys("AWS_ACCESS_KEY_ID=a\n", -EINVAL, "no AWS_ACCESS_KEY_ID and") &&
		   refuses_keys("AWS_SECRET_ACCESS_KEY=a\n", -EINVAL, "no AWS_ACCESS_KEY_ID and"),
	   "S3 needs both, a name and a secret");
	write_keys("AWS_ACCESS_KEY_ID=a\nAWS_SECRET_ACCESS_KEY=b\nAWS_SESSION_TOKEN=c\n"
		   "AWS_REGION=eu-1\n");
	ok(!upload_keys_load(&keys, path, &target, error) && !strcmp(keys.s3_id, "a") &&
		   !strcmp(keys.s3_secret, "b") && !strcmp(keys.s3_token, "c") &&
		   !strcmp(keys.s3_region, "eu-1"),
	   "with them it has what it needs");
}

static void test_environment(void)
{
	upload_target_parse(&target, "s3+https://host/b", error);
	setenv("AWS_ACCESS_KEY_ID", "from", 1);
	setenv("AWS_SECRET_ACCESS_KEY", "outside", 1);
	setenv("HTTP_USER", "", 1);
	ok(!upload_keys_load(&keys, NULL, &target, error) && !strcmp(keys.s3_id, "from") &&
		   !strcmp(keys.s3_secret, "outside") && !keys.http_user[0],
	   "without a file the environment is asked, and what is empty there is nothing");
	setenv("HTTP_USER", "a b", 1);
	ok(upload_keys_load(&keys, NULL, &target, error) == -EINVAL &&
		   strstr(error, "the environment's HTTP_USER is no key"),
	   "what is no value there is told by its name");
	write_keys("AWS_ACCESS_KEY_ID=a\n");
	ok(upload_keys_load(&keys, path, &target, error) == -EINVAL,
	   "with a file the environment is not asked");
}

int main(void)
{
	static const char *const names[] = { "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
					     "AWS_SESSION_TOKEN", "AWS_REGION",
					     "HTTP_USER",         "HTTP_PASSWORD",
					     "HTTP_TOKEN" };
	int fd = mkstemp(path);

	if (fd < 0 || close(fd))
		abort();
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unsetenv(names[i]);
	test_schemes();
	test_this_machine();
	test_refused();
	test_length();
	test_file();
	test_sizes();
	test_rights();
	test_s3();
	test_environment();
	unlink(path);
	return done();
}
