// SPDX-License-Identifier: BSD-2-Clause
/* dns.log: a question and what was answered. */
#include <stdio.h>
#include "logs/zeek.h"

#define RDATA 4096

enum { FLAG_AA = 0x0400, FLAG_TC = 0x0200, FLAG_RD = 0x0100, FLAG_RA = 0x0080 };
enum { RCODE_REFUSED = 5 };

static const char *class_text(uint16_t class, char to[DNS_TYPE_TEXT])
{
	switch (class & 0x7fff) { /* the first bit is mDNS's own */
	case 1:
		return "C_INTERNET";
	case 3:
		return "C_CHAOS";
	case 255:
		return "C_ANY";
	default:
		snprintf(to, DNS_TYPE_TEXT, "qclass-%u", class);
		return to;
	}
}

/* As Zeek shows names: small letters. */
static void put_name(struct json *json, const char *name)
{
	char small[DNS_NAME_TEXT];
	size_t i;

	for (i = 0; name[i] && i + 1 < sizeof(small); i++)
		small[i] = name[i] >= 'A' && name[i] <= 'Z' ? name[i] + 32 : name[i];
	json_put_bytes(json, "query", small, i);
}

static unsigned put_answers(struct json *json, const struct dns_view *view)
{
	struct dns_answer_reader reader = dns_read_answers(view);
	struct dns_reader again = reader.from;
	struct dns_record record;
	char text[RDATA];

	if (!view->answers)
		return 0;
	json_open_array(json, "answers");
	while (dns_read_answer(&reader, &record, text, sizeof(text)))
		json_put_text(json, NULL, text);
	json_close(json);
	json_open_array(json, "TTLs");
	for (unsigned i = 0; i < reader.told && dns_read_record(&again, &record); i++)
		json_put_real(json, NULL, record.lifetime_s, 1);
	json_close(json);
	return reader.left_out;
}

static unsigned put_response(struct json *json, const struct dns_view *view)
{
	char rcode[DNS_TYPE_TEXT];

	json_put_uint(json, "rcode", dns_view_rcode(view));
	json_put_text(json, "rcode_name", dns_rcode_text(dns_view_rcode(view), rcode));
	json_put_bool(json, "AA", view->flags & FLAG_AA);
	json_put_bool(json, "TC", view->flags & FLAG_TC);
	json_put_bool(json, "RD", view->flags & FLAG_RD);
	json_put_bool(json, "RA", view->flags & FLAG_RA);
	json_put_uint(json, "Z", view->flags >> 4 & 7);
	return put_answers(json, view);
}

unsigned zeek_dns(struct json *json, const struct dns_query *query, const struct dns_view *response,
		  uint64_t response_ns)
{
	char text[DNS_TYPE_TEXT];
	unsigned left_out = 0;

	json_put_uint(json, "trans_id", query->id);
	if (query->asked && response && response_ns >= query->time_ns)
		json_put_real(json, "rtt", (double)((response_ns - query->time_ns) / 1000) / 1e6,
			      6);
	if (query->has_question) {
		put_name(json, query->name);
		json_put_uint(json, "qclass", query->class);
		json_put_text(json, "qclass_name", class_text(query->class, text));
		json_put_uint(json, "qtype", query->type);
		json_put_text(json, "qtype_name", dns_type_text(query->type, text));
	}
	if (response) {
		left_out = put_response(json, response);
	} else {
		json_put_bool(json, "AA", false);
		json_put_bool(json, "TC", query->flags & FLAG_TC);
		json_put_bool(json, "RD", query->flags & FLAG_RD);
		json_put_bool(json, "RA", false);
		json_put_uint(json, "Z", query->flags >> 4 & 7);
	}
	json_put_bool(json, "rejected", response && dns_view_rcode(response) == RCODE_REFUSED);
	return left_out;
}

void zeek_dns_event(struct json *json, const struct skua_dns *dns, const char *name)
{
	char text[DNS_TYPE_TEXT];

	json_put_uint(json, "trans_id", dns->id);
	put_name(json, name);
	json_put_uint(json, "qtype", dns->type);
	json_put_text(json, "qtype_name", dns_type_text(dns->type, text));
	if (!dns->response)
		return;
	json_put_uint(json, "rcode", dns->rcode);
	json_put_text(json, "rcode_name", dns_rcode_text(dns->rcode, text));
	json_put_bool(json, "rejected", dns->rcode == RCODE_REFUSED);
}
