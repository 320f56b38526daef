// SPDX-License-Identifier: BSD-2-Clause
/*
 * DNS tunnels: names and answers in the shapes of iodine, dnscat2, dns2tcp and of slow leaks.
 *
 * Of captures of the tools (names without their domain, share of the queries, middle gap): iodine
 * by NULL polls with 8 letters (78 %), 20 ms apart at work, 4 s when idle; by CNAME 84 % polls, 208
 * ms. dnscat2 at work fills its names (71 %, 220 of them), 230 ms apart, and says 34 to 38 letters
 * when idle, 1.0 to 1.3 s apart.  dns2tcp asks with 10 letters for data (36 %) and sends 178.
 */
#include <string.h>
#include "dns.h"
#include "dnsfile.h"
#include "habit.h"
#include "kinds.h"

#define ANSWER_MOST 1200
#define IODINE_PING_PPM 350000 /* polls among queries with data */
#define DNSCAT2_IDLE_PPM 600000
#define DNS2TCP_ASK_PPM 400000
#define SLOW_LETTERS 24
#define WORDS 6
#define WORDS_MOST 40 /* of three letters and a dot */

static const char base32[] = "abcdefghijklmnopqrstuvwxyz012345";
static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char hexadecimal[] = "0123456789abcdef";

/* The shape of a style's names: random letters stand for what the tools compress or encrypt. */
static const struct shape {
	const char *alphabet;
	unsigned letters;  /* a power of two */
	unsigned label;    /* letters between two dots */
	uint16_t types[3]; /* in turn at random */
} shapes[] = {
	[STYLE_IODINE] = { base32, 32, 57, { DNS_NULL, DNS_NULL, DNS_NULL } },
	[STYLE_DNSCAT2] = { hexadecimal, 16, 60, { DNS_TXT, DNS_CNAME, DNS_MX } },
	[STYLE_DNS2TCP] = { base64, 64, 63, { DNS_TXT, DNS_TXT, DNS_TXT } },
	[STYLE_SLOW] = { base32, 32, 63, { DNS_A, DNS_A, DNS_A } },
	[STYLE_DNSEXFILTRATOR] = { base64, 64, 63, { DNS_TXT, DNS_TXT, DNS_TXT } },
	[STYLE_HEXFILE] = { hexadecimal, 16, 32, { DNS_A, DNS_A, DNS_A } },
	[STYLE_WORDS] = { base32, 32, 63, { DNS_A, DNS_A, DNS_A } },
};

/* Letters of payload that fit before a domain, dots included. */
static unsigned most_letters(const struct shape *shape, const char *domain)
{
	unsigned room = DNS_NAME_MOST - 1 - strlen(domain);

	return room - room / (shape->label + 1) - 1;
}

static uint32_t polls(const struct spec *spec, uint32_t by_style)
{
	return spec->polls_ppm ? spec->polls_ppm : by_style;
}

/* How much a query of this style carries; first becomes its leading letter, or 0. */
static unsigned draw_letters(struct habit *habit, const struct shape *shape, char *first)
{
	static const char iodine_begin[] = "vlyszoi"; /* version, login, codec, ... */
	const struct spec *spec = &habit->actor->spec;
	unsigned most = most_letters(shape, spec->name);
	struct draw *draw = &habit->draw;

	*first = 0;
	switch ((enum style)spec->style) {
	case STYLE_IODINE:
		*first = '0';
		if (habit->step < sizeof(iodine_begin) - 1)
			*first = iodine_begin[habit->step];
		else if (draw_chance(draw, polls(spec, IODINE_PING_PPM)))
			*first = 'p';
		if (*first == '0')
			return draw_chance(draw, 800000) ? most : draw_between(draw, 20, most);
		return *first == 'l' ? 34 : 10;
	case STYLE_DNSCAT2:
		return draw_chance(draw, polls(spec, DNSCAT2_IDLE_PPM))
			       ? 34
			       : draw_between(draw, 20, most / 2) * 2;
	case STYLE_DNS2TCP:
		return draw_chance(draw, polls(spec, DNS2TCP_ASK_PPM))
			       ? 16
			       : draw_between(draw, 40, most);
	default:
		break;
	}
	if (!spec->letters)
		return SLOW_LETTERS;
	return spec->letters < most ? spec->letters : most;
}

/* Letters in labels, without a dot at the end; returns what lies behind. */
static char *put_letters(char *to, struct draw *draw, const struct shape *shape, char first,
			 unsigned letters)
{
	for (unsigned i = 0; i < letters; i++) {
		if (i && i % shape->label == 0)
			*to++ = '.';
		*to++ = i || !first ? shape->alphabet[draw_below(draw, shape->letters)] : first;
	}
	return to;
}

/* Words of a dictionary of 256, a label each. */
static char *put_words(char *to, struct draw *draw, unsigned words)
{
	static const char begins[] = "bcdfghjklmnprstv", vowels[] = "aeio", ends[] = "nrst";

	for (unsigned i = 0; i < words && i < WORDS_MOST; i++) {
		unsigned word = draw_below(draw, 256);

		if (i)
			*to++ = '.';
		*to++ = begins[word >> 4];
		*to++ = vowels[word >> 2 & 3];
		*to++ = ends[word & 3];
	}
	return to;
}

static void write_query_name(struct habit *habit, const struct shape *shape, char *to)
{
	const struct spec *spec = &habit->actor->spec;
	char first;

	if (spec->style >= STYLE_SLOW && spec->polls_ppm &&
	    draw_chance(&habit->draw, spec->polls_ppm))
		*to++ = 'w';
	else if (spec->style == STYLE_WORDS)
		to = put_words(to, &habit->draw, spec->letters ? spec->letters : WORDS);
	else {
		unsigned letters = draw_letters(habit, shape, &first);

		to = put_letters(to, &habit->draw, shape, first, letters);
	}
	*to++ = '.';
	strcpy(to, spec->name);
}

/* Strings of at most 255 letters, each behind its length (RFC 1035, 3.3.14). */
static uint8_t *put_text(uint8_t *to, struct draw *draw, const struct shape *shape,
			 unsigned letters)
{
	while (letters) {
		unsigned part = letters < 255 ? letters : 255;

		*to++ = part;
		for (unsigned i = 0; i < part; i++)
			*to++ = shape->alphabet[draw_below(draw, shape->letters)];
		letters -= part;
	}
	return to;
}

static uint8_t *put_target(uint8_t *to, struct habit *habit, const struct shape *shape)
{
	const char *domain = habit->actor->spec.name;
	char name[DNS_NAME_MOST + 1], *at;
	unsigned letters = draw_between(&habit->draw, 17, most_letters(shape, domain) / 2) * 2;

	at = put_letters(name, &habit->draw, shape, 0, letters & ~1u);
	*at++ = '.';
	strcpy(at, domain);
	return to + dns_write_name(to, name);
}

/* An address that is answered may be that of a server that is there. */
static void name_server(const struct spec *spec, uint16_t type, uint8_t *to)
{
	struct address server;

	if (!addresses_count(&spec->to) || type != DNS_A)
		return;
	server = addresses_at(&spec->to, 0);
	wire_put(to, server.bytes + 12, 4);
}

/* What the server hides in an answer of a type; most are short, for most queries are polls. */
static uint16_t write_answer(struct habit *habit, const struct shape *shape, uint16_t type,
			     uint8_t to[ANSWER_MOST])
{
	struct draw *draw = &habit->draw;
	bool full = draw_chance(draw, 300000);
	uint8_t *at = to;

	switch (type) {
	case DNS_NULL:
	case DNS_KEY:
		at += full ? draw_between(draw, 300, ANSWER_MOST) : draw_between(draw, 4, 60);
		draw_bytes(draw, to, at - to);
		break;
	case DNS_TXT:
		at = put_text(at, draw, shape, full ? draw_between(draw, 100, 250) & ~1u : 34);
		break;
	case DNS_MX:
		at = put_target(wire_put16(at, 10), habit, shape);
		break;
	case DNS_CNAME:
	case DNS_PTR:
		at = put_target(at, habit, shape);
		break;
	default:
		at += type == DNS_AAAA ? 16 : 4;
		draw_bytes(draw, to, at - to);
		name_server(&habit->actor->spec, type, to);
		break;
	}
	return at - to;
}

static void send_query(struct sim *sim, struct habit *habit)
{
	const struct actor *actor = habit->actor;
	const struct shape *shape = &shapes[actor->spec.style];
	struct address server = addresses_at(&actor->spec.via, 0);
	char name[DNS_NAME_MOST + 1];
	uint8_t content[ANSWER_MOST];
	struct dns query = {
		.id = draw_next(&habit->draw),
		.type = actor->spec.type,
		.name = name,
		.extended = actor->spec.style == STYLE_IODINE,
	};
	struct dns answer;
	bool file = actor->spec.style == STYLE_DNSEXFILTRATOR || actor->spec.style == STYLE_HEXFILE;

	if (!query.type)
		query.type = shape->types[draw_below(&habit->draw, 3)];
	if (file)
		dnsfile_name(habit, name);
	else
		write_query_name(habit, shape, name);
	answer = query;
	answer.response = true;
	answer.answer = content;
	answer.answer_length = file ? dnsfile_answer(habit, query.type, content)
				    : write_answer(habit, shape, query.type, content);
	dns_ask(sim, actor, &habit->host, &server, &query, &answer,
		draw_between(&habit->draw, 15000000, 60000000));
	habit->truth->count++;
}

int dnstunnel_start(struct sim *sim, struct actor *actor)
{
	return habits_start(sim, actor, PHASE_START, NULL, "dns", send_query);
}
