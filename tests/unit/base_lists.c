// SPDX-License-Identifier: BSD-2-Clause
/* Lists of names and ports: what matches, what a bad line does, what is built in. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/lists.h"
#include "tap.h"

#define TCP 6
#define UDP 17

static char directory[] = "/tmp/skua-lists-XXXXXX";

static void write_list(const char *name, const char *text, size_t length)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "w");
	if (!file || fwrite(text, 1, length, file) != length || fclose(file))
		abort();
}

static void remove_list(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	unlink(path);
}

/* What lists_open() says of one file with this text; the lists are closed again. */
static int open_with(const char *name, const char *text)
{
	struct lists *lists = NULL;
	int err;

	write_list(name, text, strlen(text));
	err = lists_open(&lists, directory);
	lists_close(lists);
	remove_list(name);
	return err;
}

static void test_builtin(void)
{
	struct lists *lists = NULL;

	ok(!lists_open(&lists, NULL), "the built-in lists can be read");
	ok(lists_match_name(lists, LIST_KNOWN_SERVICES, "detectportal.firefox.com"),
	   "a connectivity check is known");
	ok(!lists_match_name(lists, LIST_KNOWN_SERVICES, "c2.example.net"),
	   "a stranger is not known");
	ok(!lists_match_name(lists, LIST_KNOWN_SERVICES, "com") &&
		   !lists_match_name(lists, LIST_KNOWN_SERVICES, ""),
	   "neither a top-level domain nor nothing is known");
	ok(lists_match_name(lists, LIST_TALKATIVE_ZONES, "4.3.2.1.in-addr.arpa"),
	   "reverse lookups are talkative");
	ok(lists_has_port(lists, LIST_TLS_PORTS, TCP, 443) &&
		   lists_has_port(lists, LIST_TLS_PORTS, UDP, 443) &&
		   !lists_has_port(lists, LIST_TLS_PORTS, TCP, 80),
	   "TLS is expected on 443, not on 80");
	ok(lists_has_port(lists, LIST_HTTP_PORTS, TCP, 80), "HTTP is expected on 80");
	ok(lists_has_port(lists, LIST_MONITORING_PORTS, TCP, 10051) &&
		   !lists_has_port(lists, LIST_MONITORING_PORTS, UDP, 10051),
	   "a port of TCP is none of UDP");
	ok(lists_has_port(lists, LIST_SUSPICIOUS_PORTS, TCP, 4444) &&
		   !lists_has_port(lists, LIST_SUSPICIOUS_PORTS, 1, 4444),
	   "4444 is suspicious, but ICMP has no ports");
	lists_close(lists);
}

static void test_directory(void)
{
	static const char names[] = "# a comment\n\n  Example.ORG.\t# "
				    "why\r\nunit:a.service\nunit:b@.service\nb.example.net";
	struct lists *lists = NULL;
	const char *entry;

	write_list("known-services.txt", names, strlen(names));
	write_list("suspicious-ports.txt", "65535\n1/udp\n", 12);
	ok(!lists_open(&lists, directory), "a directory with some of the files can be read");
	entry = lists_match_name(lists, LIST_KNOWN_SERVICES, "a.EXAMPLE.org");
	ok(entry && !strcmp(entry, "example.org"),
	   "case, comments, blanks and the last dot do not matter");
	ok(lists_match_name(lists, LIST_KNOWN_SERVICES, "b.example.net"),
	   "the last line needs no end");
	entry = lists_match_unit(lists, "a.service");
	ok(entry && !strcmp(entry, "a.service"), "a unit is known by its name");
	entry = lists_match_unit(lists, "b@home.service");
	ok(entry && !strcmp(entry, "b@.service"), "and an instance by its template");
	ok(!lists_match_unit(lists, "A.service") && !lists_match_unit(lists, "aa.service") &&
		   !lists_match_unit(lists, "a@.service") && !lists_match_unit(lists, "") &&
		   !lists_match_name(lists, LIST_KNOWN_SERVICES, "a.service"),
	   "not by another case, prefix or template; and a unit is no domain");
	ok(!lists_match_name(lists, LIST_KNOWN_SERVICES, "badexample.org") &&
		   !lists_match_name(lists, LIST_KNOWN_SERVICES, "example.net"),
	   "a name covers what lies below it, not what ends alike or lies above");
	ok(!lists_match_name(lists, LIST_KNOWN_SERVICES, "detectportal.firefox.com"),
	   "a file replaces the built-in list");
	ok(lists_has_port(lists, LIST_SUSPICIOUS_PORTS, TCP, 65535) &&
		   lists_has_port(lists, LIST_SUSPICIOUS_PORTS, UDP, 65535) &&
		   lists_has_port(lists, LIST_SUSPICIOUS_PORTS, UDP, 1) &&
		   !lists_has_port(lists, LIST_SUSPICIOUS_PORTS, TCP, 1),
	   "a port without a protocol is one of both");
	ok(lists_has_port(lists, LIST_TLS_PORTS, TCP, 443),
	   "a missing file leaves the built-in list");
	lists_close(lists);
	remove_list("known-services.txt");
	remove_list("suspicious-ports.txt");
}

static void test_errors(void)
{
	char long_name[300];
	struct lists *lists = NULL;

	memset(long_name, 'a', sizeof(long_name));
	long_name[254] = 0;
	ok(open_with("known-services.txt", "a b.example\n") == -EINVAL, "two words are no name");
	ok(open_with("known-services.txt", "a..b\n") == -EINVAL, "an empty label is no name");
	ok(open_with("known-services.txt", ".\n") == -EINVAL, "the root is no name to list");
	ok(open_with("known-services.txt", long_name) == -EINVAL, "254 characters are no name");
	long_name[253] = 0;
	ok(open_with("known-services.txt", long_name) == 0, "253 characters are");
	ok(open_with("known-services.txt", "unit:sh\n") == -EINVAL, "a unit has a type");
	ok(open_with("known-services.txt", "unit:a b.service\n") == -EINVAL, "and no blanks");
	ok(open_with("talkative-zones.txt", "unit:a.service\n") == -EINVAL,
	   "units are listed among services only");
	ok(open_with("tls-ports.txt", "0\n") == -EINVAL, "port 0 is none");
	ok(open_with("tls-ports.txt", "65536\n") == -EINVAL, "port 65536 is none");
	ok(open_with("tls-ports.txt", "443/sctp\n") == -EINVAL, "other protocols are refused");
	ok(open_with("tls-ports.txt", "99999999999999999999\n") == -EINVAL,
	   "a number without end is refused");
	write_list("tls-ports.txt", "1\0002", 3);
	ok(lists_open(&lists, directory) == -EINVAL, "a zero octet in a file is refused");
	remove_list("tls-ports.txt");
	ok(!lists, "what failed leaves nothing behind");
}

int main(void)
{
	if (!mkdtemp(directory))
		abort();
	test_builtin();
	test_directory();
	test_errors();
	rmdir(directory);
	return done();
}
