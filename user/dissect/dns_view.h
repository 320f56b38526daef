/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A DNS message (RFC 1035, 4) seen whole: its questions and records, one after
 * the other, with names uncompressed.  Nothing is copied but names.  Pointers
 * must lead backwards, so that no message makes a reader run in circles.
 */
#ifndef SKUA_DISSECT_DNS_VIEW_H
#define SKUA_DISSECT_DNS_VIEW_H

#include "dissect/cursor.h"

/* Twice as many octets as a name may have (RFC 1035, 2.3.4), for tunnels do send longer ones; each
 * at worst \DDD, and a zero. */
#define DNS_NAME_TEXT 2048
/*
 * Bytes of names and data that are told of the answers of one message: with pointers 64 KB may
 * stand for more than 10 MB.  Eight times the longest message is more than zones say.
 */
#define DNS_ANSWERS_TEXT (512u << 10)

enum {
	DNS_A = 1,
	DNS_NS = 2,
	DNS_CNAME = 5,
	DNS_SOA = 6,
	DNS_PTR = 12,
	DNS_MX = 15,
	DNS_TXT = 16,
	DNS_AAAA = 28,
	DNS_SRV = 33,
	DNS_OPT = 41
};

struct dns_view {
	const uint8_t *message;
	size_t length;
	uint16_t id, flags;
	uint16_t questions, answers, authorities, additionals; /* as the header says */
	bool tcp;
	bool multicast; /* mDNS (RFC 6762) or LLMNR (RFC 4795): nobody's resolver was asked */
};

/* Reads on from here; begin with dns_view_rewind(). */
struct dns_reader {
	const struct dns_view *view;
	struct cursor from;
};

struct dns_record {
	char name[DNS_NAME_TEXT]; /* as in zone files (RFC 1035, 5.1), without the last dot */
	uint16_t type, class;
	uint32_t lifetime_s;
	struct cursor data; /* of a record; empty for questions */
};

/* false: no header. */
bool dns_view_open(struct dns_view *view, const uint8_t *message, size_t length);
static inline bool dns_view_is_response(const struct dns_view *view)
{
	return view->flags >> 15;
}
static inline unsigned dns_view_rcode(const struct dns_view *view)
{
	return view->flags & 0x0f;
}
struct dns_reader dns_view_rewind(const struct dns_view *view);
/* false: there is no such thing, or it is cut or malformed. */
bool dns_read_name(struct dns_reader *reader, char to[DNS_NAME_TEXT]);
bool dns_read_question(struct dns_reader *reader, struct dns_record *out);
bool dns_read_record(struct dns_reader *reader, struct dns_record *out);
/*
 * What a record says, as zone files have it; an unknown type as RFC 3597 has
 * it.  Returns to, which is cut at size.
 */
const char *dns_record_text(const struct dns_view *view, const struct dns_record *record, char *to,
			    size_t size);
/* Reads the answers; begin with dns_read_answers(). */
struct dns_answer_reader {
	struct dns_reader from;
	unsigned told;
	size_t text;       /* bytes of names and data that were told */
	unsigned left_out; /* answers that are there, beyond DNS_ANSWERS_TEXT */
};

/* Behind the questions. */
struct dns_answer_reader dns_read_answers(const struct dns_view *view);
/* The next, and what it says, as dns_record_text(); false: none, malformed, or all are left out. */
bool dns_read_answer(struct dns_answer_reader *reader, struct dns_record *out, char *to,
		     size_t size);
/* "A", "TYPE65"; returns to. */
#define DNS_TYPE_TEXT 16
const char *dns_type_text(uint16_t type, char to[DNS_TYPE_TEXT]);
/* "NOERROR", "RCODE12"; constant or to. */
const char *dns_rcode_text(unsigned rcode, char to[DNS_TYPE_TEXT]);
/* Every octet is accounted for by what the header promises. */
bool dns_view_is_whole(const struct dns_view *view);

#endif /* SKUA_DISSECT_DNS_VIEW_H */
