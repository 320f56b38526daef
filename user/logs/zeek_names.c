// SPDX-License-Identifier: BSD-2-Clause
/* ssl.log, http.log and files.log. */
#include <stdio.h>
#include <string.h>
#include "logs/zeek.h"

static void put_known(struct json *json, const char *name, const char *text)
{
	if (text[0])
		json_put_text(json, name, text);
}

/* "TLSv12", as Zeek has it. */
static void put_version(struct json *json, uint16_t version)
{
	static const struct {
		uint16_t number;
		const char *text;
	} known[] = { { 0x0300, "SSLv3" },
		      { 0x0301, "TLSv10" },
		      { 0x0302, "TLSv11" },
		      { 0x0303, "TLSv12" },
		      { 0x0304, "TLSv13" } };
	char text[TLS_NAME_TEXT];

	for (unsigned i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].number == version) {
			json_put_text(json, "version", known[i].text);
			return;
		}
	snprintf(text, sizeof(text), "unknown-%u", version);
	json_put_text(json, "version", text);
}

static void put_cipher(struct json *json, uint16_t cipher)
{
	char text[TLS_NAME_TEXT], name[64];
	const char *known = tls_cipher_text(cipher, text);

	if (known == text)
		snprintf(name, sizeof(name), "unknown-%u", cipher);
	else
		snprintf(name, sizeof(name), "TLS_%s", known);
	json_put_text(json, "cipher", name);
}

void zeek_ssl(struct json *json, const struct tls_view *view)
{
	if (view->answered) {
		put_version(json, view->version);
		put_cipher(json, view->cipher);
	}
	put_known(json, "server_name", view->hello.name);
	json_put_bool(json, "resumed", view->resumed);
	if (view->chosen_length)
		json_put_bytes(json, "next_protocol", view->chosen, view->chosen_length);
	put_known(json, "subject", view->certificate.subject);
	put_known(json, "issuer", view->certificate.issuer);
	put_known(json, "ja4", view->hello.ja4);
}

void zeek_hello(struct json *json, const struct fact_hello *hello)
{
	put_known(json, hello->tls ? "server_name" : "host", hello->name);
	put_known(json, "ja4", hello->ja4);
	if (hello->connect)
		json_put_text(json, "method", "CONNECT");
}

static void put_part(struct json *json, const char *name, const struct cursor *part)
{
	if (part->at)
		json_put_bytes(json, name, part->at, part->left);
}

/* Without parameters, in small letters: what the server says, for ours are no media types. */
static void put_type(struct json *json, const struct cursor *type)
{
	char text[128];
	size_t i;

	if (!type->left)
		return;
	for (i = 0; i < type->left && i < sizeof(text) && !strchr("; \t", type->at[i]); i++)
		text[i] = type->at[i] >= 'A' && type->at[i] <= 'Z' ? type->at[i] + 32 : type->at[i];
	json_open_array(json, "resp_mime_types");
	json_put_bytes(json, NULL, text, i);
	json_close(json);
}

void zeek_http(struct json *json, const struct http_exchange *exchange)
{
	const struct cursor *parts = exchange->parts;

	json_put_uint(json, "trans_depth", exchange->number);
	put_part(json, "method", &parts[HTTP_METHOD]);
	put_part(json, "host", &parts[HTTP_HOST]);
	put_part(json, "uri", &parts[HTTP_TARGET]);
	put_part(json, "referrer", &parts[HTTP_REFERRER]);
	put_part(json, "version", &parts[HTTP_VERSION]);
	put_part(json, "user_agent", &parts[HTTP_AGENT]);
	json_put_uint(json, "request_body_len", exchange->bytes[0]);
	json_put_uint(json, "response_body_len", exchange->bytes[1]);
	if (exchange->status) {
		json_put_uint(json, "status_code", exchange->status);
		put_part(json, "status_msg", &parts[HTTP_REASON]);
	}
	if (exchange->interim)
		json_put_uint(json, "info_code", exchange->interim);
	json_open_array(json, "tags");
	json_close(json);
	put_type(json, &parts[HTTP_TYPE]);
}

void zeek_file(struct json *json, const struct object *object, const char *sha256,
	       const struct identity *identity)
{
	struct cursor name = object_name(&object->origin);
	struct analyst_ends ends = analyst_ends_of(&object->origin.place);

	json_put_text(json, "source", object->origin.protocol);
	json_put_bytes(json, "filename", name.at, name.left);
	json_put_bool(json, "is_orig",
		      address_equal(&ends.src, &identity->src) && ends.sport == identity->sport);
	json_put_uint(json, "seen_bytes", object->bytes);
	json_put_bool(json, "timedout", object->state != OBJECT_WHOLE);
	if (sha256)
		json_put_text(json, "sha256", sha256);
}
