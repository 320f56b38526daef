// SPDX-License-Identifier: BSD-2-Clause
/* DNS messages in EVE, version 2: a line for a query, a line for its answer. */
#include <stdio.h>
#include "dissect/dns_view.h"
#include "logs/eve.h"

#define RDATA 4096

enum { FLAG_AA = 0x0400, FLAG_TC = 0x0200, FLAG_RD = 0x0100, FLAG_RA = 0x0080 };

static void put_flags(struct json *json, const struct dns_view *view)
{
	char text[5];

	snprintf(text, sizeof(text), "%04x", view->flags);
	json_put_text(json, "flags", text);
	json_put_bool(json, "qr", true);
	if (view->flags & FLAG_AA)
		json_put_bool(json, "aa", true);
	if (view->flags & FLAG_TC)
		json_put_bool(json, "tc", true);
	if (view->flags & FLAG_RD)
		json_put_bool(json, "rd", true);
	if (view->flags & FLAG_RA)
		json_put_bool(json, "ra", true);
}

static unsigned put_answers(struct json *json, const struct dns_view *view)
{
	struct dns_answer_reader reader = dns_read_answers(view);
	char text[RDATA], type[DNS_TYPE_TEXT];
	struct dns_record record;

	if (!view->answers)
		return 0;
	json_open_array(json, "answers");
	while (dns_read_answer(&reader, &record, text, sizeof(text))) {
		json_open_object(json, NULL);
		json_put_text(json, "rrname", record.name);
		json_put_text(json, "rrtype", dns_type_text(record.type, type));
		json_put_uint(json, "ttl", record.lifetime_s);
		json_put_text(json, "rdata", text);
		json_close(json);
	}
	json_close(json);
	if (reader.left_out)
		json_put_uint(json, "answers_left_out", reader.left_out);
	return reader.left_out;
}

static void put_question(struct json *json, const struct dns_record *question)
{
	char type[DNS_TYPE_TEXT];

	json_put_text(json, "rrname", question->name);
	json_put_text(json, "rrtype", dns_type_text(question->type, type));
}

unsigned eve_dns(struct json *json, const struct dns_view *view)
{
	bool response = dns_view_is_response(view);
	struct dns_reader reader = dns_view_rewind(view);
	struct dns_record question;
	char rcode[DNS_TYPE_TEXT];
	unsigned left_out = 0;

	json_open_object(json, "dns");
	if (response)
		json_put_uint(json, "version", 2);
	json_put_text(json, "type", response ? "answer" : "query");
	json_put_uint(json, "id", view->id);
	if (response)
		put_flags(json, view);
	if (view->questions && dns_read_question(&reader, &question))
		put_question(json, &question);
	if (response) {
		json_put_text(json, "rcode", dns_rcode_text(dns_view_rcode(view), rcode));
		left_out = put_answers(json, view);
	}
	json_put_uint(json, "opcode", view->flags >> 11 & 0x0f);
	json_close(json);
	return left_out;
}

void eve_dns_event(struct json *json, const struct skua_dns *dns, const char *name)
{
	char type[DNS_TYPE_TEXT], rcode[DNS_TYPE_TEXT];

	json_open_object(json, "dns");
	if (dns->response)
		json_put_uint(json, "version", 2);
	json_put_text(json, "type", dns->response ? "answer" : "query");
	json_put_uint(json, "id", dns->id);
	json_put_text(json, "rrname", name);
	json_put_text(json, "rrtype", dns_type_text(dns->type, type));
	if (dns->response)
		json_put_text(json, "rcode", dns_rcode_text(dns->rcode, rcode));
	json_close(json);
}
