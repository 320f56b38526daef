// SPDX-License-Identifier: BSD-2-Clause
/* The file of a fleet's prevalence: what is told, of whom, and what is refused. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/log.h"
#include "base/prevalence.h"
#include "tap.h"

static struct prevalence *read_text(const char *text)
{
	char path[] = "/tmp/skua-prevalence-XXXXXX";
	struct prevalence *prevalence = NULL;
	int fd = mkstemp(path);

	if (fd < 0 || write(fd, text, strlen(text)) < 0 || close(fd))
		abort();
	if (prevalence_open(&prevalence, path))
		prevalence = NULL;
	unlink(path);
	return prevalence;
}

static bool of_address(const struct prevalence *prevalence, const char *text,
		       struct prevalence_count *count)
{
	struct address address;

	address_parse(&address, text);
	return prevalence_of_address(prevalence, &address, count);
}

static void test_lookups(void)
{
	struct prevalence *prevalence = read_text("# fleet\n\nUpdate.Example. 300 400\r\n"
						  "203.0.113.0/24\t10 400\n"
						  "  203.0.113.9 20 400\n2001:db8::/32 5 50\n");
	struct prevalence_count count = { 1, 2 };

	ok(prevalence && prevalence_lines(prevalence) == 4, "a line is a name or a network");
	ok(prevalence_of_name(prevalence, "update.EXAMPLE", &count) && count.clients == 300 &&
		   count.seen == 400,
	   "a name is found without case");
	ok(!prevalence_of_name(prevalence, "a.update.example", &count) &&
		   !prevalence_of_name(prevalence, "", &count) && count.clients == 300,
	   "what lies below it is somebody else");
	ok(of_address(prevalence, "203.0.113.9", &count) && count.clients == 20,
	   "of two networks the smaller one counts");
	ok(of_address(prevalence, "203.0.113.8", &count) && count.clients == 10, "else the other");
	ok(of_address(prevalence, "2001:db8:7::1", &count) && count.seen == 50 &&
		   !of_address(prevalence, "203.0.114.9", &count),
	   "IPv6 likewise, and nothing is told of the rest");
	prevalence_close(prevalence);
}

static void test_refused(void)
{
	static const char *const bad[] = { "example.org 1",    "example.org 1 2 3",
					   "example.org 3 2",  "example.org 0 0",
					   "example.org -1 2", "example.org 1 99999999999",
					   "exa*mple.org 1 2", "a.example 1 2\nA.EXAMPLE 1 2",
					   "10.0.0.0/33 1 2",  "10.1.2.3/8 1 2\n10.0.0.0/8 1 2" };

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(!read_text(bad[i]), "what makes no sense is refused");
}

int main(void)
{
	log_set_level(LOG_ERROR);
	test_lookups();
	test_refused();
	return done();
}
