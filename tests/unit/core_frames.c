// SPDX-License-Identifier: BSD-2-Clause
/* Every frame that has a row: what is read of it, whole or cut anywhere, whatever memory it fills.
 */
#include <stdlib.h>
#include <string.h>
#include "skua/parse.h"
#include "../parity/frames.h"
#include "tap.h"

/* On the heap and no longer than captured + padding, so that the sanitizer sees an overread. */
static enum skua_verdict parse(const struct frame *f, const unsigned char *bytes, unsigned captured,
			       unsigned padding, unsigned length, bool look_through,
			       struct skua_parsed *out)
{
	unsigned char *exact = calloc(1, captured + padding + 1);
	struct skua_frame frame = { exact, exact + captured + padding, captured };
	enum skua_verdict v;

	if (!exact)
		abort();
	memcpy(exact, bytes, captured);
	v = skua_parse(&frame, length, f->link, look_through, out);
	free(exact);
	return v;
}

static bool as_told(const struct frame *f, enum skua_verdict v, const struct skua_packet *pkt)
{
	return v == f->verdict &&
	       (v != SKUA_PARSED || (pkt->proto == f->proto && pkt->sport == f->sport &&
				     pkt->dport == f->dport && pkt->payload == f->payload));
}

/* Into memory that was used before, and into memory that was not. */
static bool ignores_memory(const struct frame *f, const unsigned char *bytes, unsigned n)
{
	struct skua_parsed clean, used;
	enum skua_verdict v;

	memset(&clean, 0, sizeof(clean));
	memset(&used, 0xff, sizeof(used));
	v = parse(f, bytes, n, 0, n + f->beyond, true, &clean);
	return v == parse(f, bytes, n, 0, n + f->beyond, true, &used) &&
	       !memcmp(&clean.pkt, &used.pkt, sizeof(clean.pkt));
}

/* The wire says what it said: a header is either read as a whole or known to be missing. */
static bool survives_cuts(const struct frame *f, const unsigned char *bytes, unsigned n)
{
	struct skua_parsed whole, cut;
	enum skua_verdict v = parse(f, bytes, n, 0, n + f->beyond, false, &whole), w;
	bool parsed = false;

	for (unsigned captured = 0; captured < n; captured++) {
		w = parse(f, bytes, captured, n - captured, n + f->beyond, false, &cut);
		if (w != SKUA_TRUNCATED &&
		    (w != v || (w == SKUA_PARSED && memcmp(&whole.pkt, &cut.pkt, sizeof(cut.pkt)))))
			return false;
		if (parsed && w == SKUA_TRUNCATED)
			return false;
		parsed = w != SKUA_TRUNCATED;
	}
	return true;
}

int main(void)
{
	for (unsigned i = 0; i < FRAMES; i++) {
		const struct frame *f = &frames[i];
		unsigned char bytes[FRAME_BUFFER];
		unsigned n = frame_bytes(bytes, f->hex);
		struct skua_parsed got;
		enum skua_verdict v = parse(f, bytes, n, 0, n + f->beyond, true, &got);
		bool told = as_told(f, v, &got.pkt);
		bool clean = ignores_memory(f, bytes, n), cut = survives_cuts(f, bytes, n);

		ok(told && clean && cut, f->name);
		if (!told)
			printf("# verdict %d proto %d ports %d %d payload %d\n", v, got.pkt.proto,
			       got.pkt.sport, got.pkt.dport, got.pkt.payload);
		if (!clean || !cut)
			printf("# depends on %s\n", clean ? "where it is cut" : "memory");
	}
	return done();
}
