// SPDX-License-Identifier: BSD-2-Clause
/* Distinct information: the fixed sketches against the exact sets of
 * tests/reference/dns_information.py, whose --golden made the numbers. */
#include <stdio.h>
#include <string.h>
#include "track/information.h"
#include "tap.h"

#define HEX "0123456789abcdef"
#define BASE32 "abcdefghijklmnopqrstuvwxyz012345"
#define BASE64 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

static uint64_t state;

static unsigned below(unsigned n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (state >> 33) % n;
}

static const char *text(const char *alphabet, unsigned length)
{
	static char buffer[64];
	unsigned size = strlen(alphabet);

	for (unsigned i = 0; i < length; i++)
		buffer[i] = alphabet[below(size)];
	buffer[length] = '\0';
	return buffer;
}

/* A name as sent, built label by label. */
struct name {
	uint8_t octets[256];
	size_t length;
};

static void label(struct name *name, const char *characters)
{
	size_t length = strlen(characters);

	name->octets[name->length] = length;
	memcpy(name->octets + name->length + 1, characters, length);
	name->length += length + 1;
}

static void hex24(struct name *name, int i)
{
	(void)i;
	label(name, text(HEX, 24));
}

static void base32(struct name *name, int i)
{
	(void)i;
	label(name, text(BASE32, 60));
	label(name, text(BASE32, 60));
}

static void base64(struct name *name, int i)
{
	(void)i;
	label(name, text(BASE64, 50));
}

static void md5(struct name *name, int i)
{
	(void)i;
	label(name, text(HEX, 32));
	label(name, "hash");
}

static void reversed(struct name *name, int i)
{
	char number[8];

	for (i = 0; i < 4; i++) {
		snprintf(number, sizeof(number), "%u", below(256));
		label(name, number);
	}
	label(name, "zen");
}

static void shards(struct name *name, int i)
{
	char shard[32];

	(void)i;
	i = below(8);
	snprintf(shard, sizeof(shard), "r%d---sn-%.4s", i, text(BASE32, 4));
	label(name, shard);
	label(name, "cdn");
}

static void hosts(struct name *name, int i)
{
	char host[16];

	snprintf(host, sizeof(host), "www%d", i);
	label(name, host);
}

static const struct {
	const char *sentence;
	int count;
	void (*make)(struct name *name, int i);
	uint64_t distinct, bytes; /* exact */
} golden[] = {
	{ "24 hexadecimal digits x300", 300, hex24, 300, 3900 },
	{ "120 base32 characters x100", 100, base32, 100, 7700 },
	{ "50 base64 characters x60", 60, base64, 60, 2310 },
	{ "60 look-ups of hashes", 60, md5, 60, 1062 },
	{ "300 reversed addresses", 300, reversed, 300, 1810 },
	{ "200 shards", 200, shards, 200, 1873 },
	{ "40 numbered hosts", 40, hosts, 40, 159 },
};

static void feed(struct information *information, int which)
{
	state = 1;
	for (int i = 0; i < golden[which].count; i++) {
		struct name name = { .length = 0 };

		golden[which].make(&name, i);
		information_add(information, name.octets, name.length, false);
	}
}

#define NAMES_PERCENT 10 /* three standard errors */

static bool within(uint64_t value, uint64_t exact, uint64_t percent)
{
	return value * 100 <= exact * (100 + percent) && value * 100 >= exact * (100 - percent);
}

static void test_golden(void)
{
	for (unsigned i = 0; i < sizeof(golden) / sizeof(golden[0]); i++) {
		struct information information = { .marked = 0 };
		char sentence[128];

		feed(&information, i);
		snprintf(sentence, sizeof(sentence), "%s: names within 10 %% (%u for %u)",
			 golden[i].sentence, (unsigned)information_distinct(&information),
			 (unsigned)golden[i].distinct);
		ok(within(information_distinct(&information), golden[i].distinct, NAMES_PERCENT),
		   sentence);
		snprintf(sentence, sizeof(sentence), "%s: bytes within 12 %% (%u for %u)",
			 golden[i].sentence, (unsigned)information_bytes(&information),
			 (unsigned)golden[i].bytes);
		ok(within(information_bytes(&information), golden[i].bytes, 12), sentence);
	}
}

/* Bits of one label in an empty dictionary. */
static unsigned bits_of(const char *characters, bool fold)
{
	struct information information = { .marked = 0 };
	struct name name = { .length = 0 };

	label(&name, characters);
	information_add(&information, name.octets, name.length, fold);
	return information.bits_q8 / 256;
}

static void test_alphabets(void)
{
	ok(bits_of("0123456789", false) == 8 + 10 * 4, "digits carry 4 bits");
	ok(bits_of("DEADBEEF", false) == 8 + 8 * 4, "hexadecimal digits carry 4 bits");
	ok(bits_of("mail-server_1", false) == 8 + 13 * 5, "letters of one case carry 5 bits");
	ok(bits_of("MAIL", false) == 8 + 4 * 5, "large letters as well");
	ok(bits_of("mAil", false) == 8 + 4 * 6, "both cases carry 6 bits");
	ok(bits_of("ab+cd=", false) == 8 + 6 * 6, "base64 carries 6 bits");
	ok(bits_of("a\xff z", false) == 8 + 4 * 8, "octets carry 8 bits");
	ok(bits_of("mAil", true) == 8 + 4 * 5, "where case is mixed it says nothing");
	ok(bits_of("dEaD", true) == 8 + 4 * 4, "nor in hexadecimal digits");
}

static void test_known(void)
{
	struct information information = { .marked = 0 };
	struct name first = { .length = 0 }, second = { .length = 0 }, upper = { .length = 0 };
	uint64_t before;

	label(&first, "alpha");
	label(&second, "beta");
	label(&second, "alpha");
	label(&upper, "ALPHA");
	ok(information_add(&information, first.octets, first.length, false), "a name is new");
	before = information.bits_q8;
	ok(!information_add(&information, first.octets, first.length, false), "once");
	ok(information.bits_q8 == before, "and a name that comes back says nothing");
	ok(information_add(&information, second.octets, second.length, false), "another is new");
	ok(information_mean_length(&information) > 7.4 &&
		   information_mean_length(&information) < 7.6,
	   "5 and 10 characters are 7.5 in the mean");
	ok(!information_add(&information, upper.octets, upper.length, true),
	   "folded, a name in other case is the same");
	ok(information_add(&information, upper.octets, upper.length, false),
	   "not folded, it is another");
}

static void test_hostile(void)
{
	struct information information = { .marked = 0 };
	uint8_t lie[8] = { 60, 'a' }, zero[2] = { 0, 1 }, tiny[254];

	ok(!information_add(&information, lie, sizeof(lie), false), "a label beyond the end");
	ok(!information_add(&information, zero, sizeof(zero), false), "an empty label inside");
	ok(!information_add(&information, lie, 0, false), "a name of no labels is not new");
	for (int i = 0; i < 254; i += 2) {
		tiny[i] = 1;
		tiny[i + 1] = 'a' + i % 26;
	}
	ok(information_add(&information, tiny, sizeof(tiny), false), "127 labels fit");
}

static void test_decay(void)
{
	struct information small = { .marked = 0 }, large = { .marked = 0 };

	feed(&small, 2);
	feed(&large, 0);
	for (int i = 0; i < 40; i++)
		feed(&large, i % 2);
	information_decay(&small);
	ok(within(information_bytes(&small), golden[2].bytes / 2, 12), "sums halve");
	feed(&small, 2);
	ok(within(information_bytes(&small), golden[2].bytes / 2, 12),
	   "names that come back the next day are still known");
	for (int i = 0; i < 8; i++)
		information_decay(&large);
	ok(information_bytes(&large) < 10, "after a week nothing is left");
	large = small;
	for (int i = 0; i < 2; i++)
		feed(&large, i);
	ok(large.marked > INFORMATION_NAME_BITS / 2, "a busy domain half fills its sketch");
	information_decay(&large);
	ok(!large.marked && !large.bits_q8, "and begins anew each day");
}

int main(void)
{
	test_golden();
	test_alphabets();
	test_known();
	test_hostile();
	test_decay();
	return done();
}
