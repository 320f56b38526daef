// SPDX-License-Identifier: BSD-2-Clause
/* Snapshots that follow one another become one section, in which each packet has its interface. */
#include <errno.h>
#include <stdlib.h>
#include "serve/join.h"
#include "tap.h"
#include "../serve/packets.h"

struct bytes {
	char *at;
	size_t length;
	FILE *stream;
};

static void bytes_open(struct bytes *bytes)
{
	bytes->stream = open_memstream(&bytes->at, &bytes->length);
}

static void test_join(void)
{
	struct bytes first, second, wanted, joined;
	static struct join join;

	bytes_open(&first);
	put_section(first.stream);
	put_interface(first.stream, "lan0");
	put_interface(first.stream, "wan0");
	put_names(first.stream, 'a');
	put_packet(first.stream, 1, 1, 1);
	put_statistics(first.stream);
	fclose(first.stream);
	memset(first.at + 16, 0, 8); /* a section whose length is known */
	bytes_open(&second);
	put_section(second.stream);
	put_interface(second.stream, "tun0");
	put_interface(second.stream, "wan0");
	put_names(second.stream, 'a');
	put_packet(second.stream, 0, 2, 2);
	put_packet(second.stream, 1, 3, 3);
	put_names(second.stream, 'b');
	fclose(second.stream);
	bytes_open(&wanted);
	put_section(wanted.stream);
	put_interface(wanted.stream, "lan0");
	put_interface(wanted.stream, "wan0");
	put_names(wanted.stream, 'a');
	put_packet(wanted.stream, 1, 1, 1);
	put_interface(wanted.stream, "tun0");
	put_packet(wanted.stream, 2, 2, 2);
	put_packet(wanted.stream, 1, 3, 3);
	put_names(wanted.stream, 'b');
	fclose(wanted.stream);

	bytes_open(&joined);
	join_init(&join, joined.stream);
	ok(!join_add(&join, first.at, first.length) && !join_add(&join, NULL, 0) &&
		   !join_add(&join, second.at, second.length),
	   "two snapshots are joined, and nothing between them");
	fclose(joined.stream);
	ok(joined.length == wanted.length && !memcmp(joined.at, wanted.at, wanted.length),
	   "interfaces keep their numbers, names are said when they change, the section has no "
	   "end");
	join_fini(&join);
	free(first.at);
	free(second.at);
	free(wanted.at);
	free(joined.at);
}

/* With one byte of it changed, or cut there. */
static int join_changed(const struct bytes *good, size_t at, int change, size_t length)
{
	static struct join join;
	struct bytes joined;
	char *copy = malloc(length ? length : 1);
	int err;

	memcpy(copy, good->at, length);
	if (at < length)
		copy[at] += change;
	bytes_open(&joined);
	join_init(&join, joined.stream);
	err = join_add(&join, copy, length);
	fclose(joined.stream);
	join_fini(&join);
	free(joined.at);
	free(copy);
	return err;
}

static void test_damage(void)
{
	struct bytes good;
	unsigned cuts = 0;

	bytes_open(&good);
	put_section(good.stream);
	put_interface(good.stream, "lan0");
	put_packet(good.stream, 0, 1, 1);
	fclose(good.stream);
	ok(join_changed(&good, 0, 1, good.length) == -EBADMSG &&
		   join_changed(&good, 8, 1, good.length) == -EBADMSG,
	   "what does not begin as a section of this machine's order is refused");
	ok(join_changed(&good, 28 + 4, 4, good.length) == -EBADMSG &&
		   join_changed(&good, 28 + 36, 1, good.length) == -EBADMSG &&
		   join_changed(&good, 28 + 7, 127, good.length) == -EBADMSG,
	   "and so are lengths that do not agree");
	ok(join_changed(&good, 28 + 40 + 8, 1, good.length) == -EBADMSG,
	   "and a packet of an interface that was not described");
	for (size_t length = 1; length < good.length; length++)
		cuts += !join_changed(&good, SIZE_MAX, 0, length);
	ok(cuts == 2, "and a cut amid a block");
	free(good.at);
}

int main(void)
{
	test_join();
	test_damage();
	return done();
}
