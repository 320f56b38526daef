// SPDX-License-Identifier: BSD-2-Clause
/* TLS hellos, HTTP exchanges and files in EVE. */
#include <stdio.h>
#include <string.h>
#include "logs/eve.h"

static void put_known(struct json *json, const char *name, const char *text)
{
	if (text[0])
		json_put_text(json, name, text);
}

static void put_alpns(struct json *json, const struct tls_view *view)
{
	struct cursor from = { view->alpns, view->alpns_length }, one;

	if (!view->alpns_length)
		return;
	json_open_array(json, "client_alpns");
	while (cursor_vector8(&from, &one))
		json_put_bytes(json, NULL, one.at, one.left);
	json_close(json);
}

void eve_tls(struct json *json, const struct tls_view *view)
{
	char text[TLS_NAME_TEXT];

	json_open_object(json, "tls");
	put_known(json, "subject", view->certificate.subject);
	put_known(json, "issuerdn", view->certificate.issuer);
	put_known(json, "sni", view->hello.name);
	json_put_text(json, "version",
		      view->answered ? tls_version_text(view->version, text) : "UNDETERMINED");
	put_known(json, "notbefore", view->certificate.not_before);
	put_known(json, "notafter", view->certificate.not_after);
	put_known(json, "ja4", view->hello.ja4);
	put_alpns(json, view);
	if (view->chosen_length) {
		json_open_array(json, "server_alpns");
		json_put_bytes(json, NULL, view->chosen, view->chosen_length);
		json_close(json);
	}
	json_close(json);
}

void eve_hello(struct json *json, const struct fact_hello *hello)
{
	if (!hello->tls) {
		json_open_object(json, "http");
		put_known(json, "hostname", hello->name);
		if (hello->connect)
			json_put_text(json, "http_method", "CONNECT");
		json_close(json);
		return;
	}
	json_open_object(json, "tls");
	put_known(json, "sni", hello->name);
	put_known(json, "ja4", hello->ja4);
	if (hello->alpn[0]) {
		json_open_array(json, "client_alpns");
		json_put_text(json, NULL, hello->alpn);
		json_close(json);
	}
	json_close(json);
}

static void put_part(struct json *json, const char *name, const struct cursor *part)
{
	if (part->at)
		json_put_bytes(json, name, part->at, part->left);
}

/* Digits to the end that are a port. */
static bool read_port(const uint8_t *at, const uint8_t *end, uint64_t *port)
{
	if (at == end || end - at > 5)
		return false;
	for (*port = 0; at < end; at++) {
		if (*at < '0' || *at > '9')
			return false;
		*port = 10 * *port + *at - '0';
	}
	return *port <= UINT16_MAX;
}

/* A host's port is a field of its own. */
static void put_host(struct json *json, const struct cursor *host)
{
	const uint8_t *colon = host->at ? memrchr(host->at, ':', host->left) : NULL;
	uint64_t port;
	bool has_port = colon && read_port(colon + 1, host->at + host->left, &port);

	if (!host->at)
		return;
	json_put_bytes(json, "hostname", host->at,
		       has_port ? (size_t)(colon - host->at) : host->left);
	if (has_port)
		json_put_uint(json, "http_port", port);
}

void eve_http(struct json *json, const struct http_exchange *exchange)
{
	const struct cursor *parts = exchange->parts;
	char protocol[16];

	json_open_object(json, "http");
	put_host(json, &parts[HTTP_HOST]);
	put_part(json, "url", &parts[HTTP_TARGET]);
	put_part(json, "http_user_agent", &parts[HTTP_AGENT]);
	put_part(json, "http_content_type", &parts[HTTP_TYPE]);
	put_part(json, "http_refer", &parts[HTTP_REFERRER]);
	put_part(json, "http_method", &parts[HTTP_METHOD]);
	if (parts[HTTP_VERSION].left && parts[HTTP_VERSION].left < 8) {
		snprintf(protocol, sizeof(protocol), "HTTP/%.*s", (int)parts[HTTP_VERSION].left,
			 (const char *)parts[HTTP_VERSION].at);
		json_put_text(json, "protocol", protocol);
	}
	put_part(json, "redirect", &parts[HTTP_LOCATION]);
	if (exchange->status) {
		json_put_uint(json, "status", exchange->status);
		json_put_uint(json, "length", exchange->bytes[1]);
	}
	json_close(json);
}

void eve_file(struct json *json, const struct object *object, const char *sha256)
{
	struct cursor name = object_name(&object->origin);

	json_open_object(json, "fileinfo");
	json_put_bytes(json, "filename",
		       object->origin.path.length ? object->origin.path.bytes
						  : (const char *)name.at,
		       object->origin.path.length ? object->origin.path.length : name.left);
	json_put_bool(json, "gaps", object->state == OBJECT_TORN);
	/* As Suricata says it: the file ended, or was cut. */
	json_put_text(json, "state", object->state == OBJECT_WHOLE ? "CLOSED" : "TRUNCATED");
	json_put_text(json, "magic", object_type(object));
	if (object->origin.declared.length)
		json_put_bytes(json, "mimetype", object->origin.declared.bytes,
			       object->origin.declared.length);
	if (sha256)
		json_put_text(json, "sha256", sha256);
	json_put_bool(json, "stored", false);
	json_put_uint(json, "size", object->bytes);
	json_close(json);
}
