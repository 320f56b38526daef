// SPDX-License-Identifier: BSD-2-Clause
/* Names and secrets, each once between the same hosts. */
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include "analyze/credential_answers.h"
#include "base/table.h"
#include "dissect/http_credential.h"
#include "dissect/http_message.h"

#define MASK "***"
#define FORM_MAX 4096 /* bytes of a form that are read */

static const struct answers_column columns[] = {
	{ "timestamp", "TIME", 30 },      { "frame", NULL, 0 },
	{ "src_ip", "FROM", 15 },         { "dest_ip", "TO", 15 },
	{ "src_port", NULL, 0 },          { "dest_port", "PORT", 5 },
	{ "protocol", "PROTOCOL", 8 },    { "method", "METHOD", 11 },
	{ "user", "USER", 24 },           { "secret", "SECRET", 16 },
	{ "secret_length", "LENGTH", 0 }, { .name = NULL },
};

struct said_key {
	uint8_t hash[16];
};

struct form_key {
	uint64_t conversation, number;
};

struct form {
	struct item_place place; /* of the request */
	uint32_t length;
	uint8_t bytes[FORM_MAX];
};

struct credential_answers {
	struct analyst analyst;
	struct credential_answers_options options;
	struct table said;  /* struct said_key -> when */
	struct table forms; /* struct form_key -> struct form */
};

static void hash_text(crypto_generichash_state *state, struct cursor text)
{
	uint64_t length = text.at ? text.left : UINT64_MAX;

	crypto_generichash_update(state, (const uint8_t *)&length, sizeof(length));
	if (text.left)
		crypto_generichash_update(state, text.at, text.left);
}

static bool is_new(struct credential_answers *a, const struct item_place *place,
		   const struct credential *credential)
{
	const struct skua_flow_key *key = &place->key;
	uint16_t port = key->low_port < key->high_port ? key->low_port : key->high_port;
	crypto_generichash_state state;
	struct said_key hash;
	bool fresh;
	uint64_t *when;

	crypto_generichash_init(&state, NULL, 0, sizeof(hash));
	crypto_generichash_update(&state, (const uint8_t *)key->low, sizeof(key->low));
	crypto_generichash_update(&state, (const uint8_t *)key->high, sizeof(key->high));
	crypto_generichash_update(&state, (const uint8_t *)&port, sizeof(port));
	crypto_generichash_update(&state, (const uint8_t *)credential->method,
				  strlen(credential->method));
	hash_text(&state, credential->user);
	hash_text(&state, credential->secret);
	crypto_generichash_final(&state, hash.hash, sizeof(hash));
	when = table_get(&a->said, &hash, &fresh);
	*when = place->time_ns;
	return fresh;
}

static void put_text(struct answers *to, struct cursor text)
{
	if (text.at)
		answers_put_bytes(to, text.at, text.left);
	else
		answers_put_none(to);
}

static void put_secret(struct answers *to, struct cursor secret, bool show)
{
	if (show || !secret.at)
		put_text(to, secret);
	else
		answers_put_text(to, MASK);
	if (secret.at)
		answers_put_number(to, secret.left);
	else
		answers_put_none(to);
}

static void put_row(struct credential_answers *a, const struct item_place *place,
		    const struct credential *credential)
{
	struct answers *to = a->analyst.answers;

	if (!a->options.all && !is_new(a, place, credential))
		return;
	answers_begin_row(to);
	analyst_put_place(to, place);
	answers_put_text(to, credential->protocol);
	answers_put_text(to, credential->method);
	put_text(to, credential->user);
	put_secret(to, credential->secret, a->options.show_secrets);
	answers_end_row(to);
}

static void on_request(struct credential_answers *a, const struct item *item)
{
	static const char form[] = "application/x-www-form-urlencoded";
	const struct http_message *message = item->is;
	const struct form_key key = { item->place->conversation, message->number };
	struct http_credential_room room;
	struct credential credential;
	struct cursor value;
	struct form *slot;

	if ((http_field(message, "authorization", &value) &&
	     http_credential_read(value, &room, &credential)) ||
	    (http_field(message, "proxy-authorization", &value) &&
	     http_credential_read(value, &room, &credential)))
		put_row(a, item->place, &credential);
	if (item->place->key.proto != SKUA_TCP || !http_field(message, "content-type", &value) ||
	    value.left < sizeof(form) - 1)
		return;
	value.left = sizeof(form) - 1;
	if (!http_is_word(&value, form))
		return;
	slot = table_insert(&a->forms, &key);
	slot->place = *item->place;
}

static void on_body(struct credential_answers *a, const struct item *item)
{
	const struct http_body *body = item->is;
	const struct form_key key = { item->place->conversation, body->number };
	struct form *form = body->response ? NULL : table_find(&a->forms, &key);
	size_t room = form ? FORM_MAX - form->length : 0;

	if (!form || body->lost)
		return;
	if (room > body->length)
		room = body->length;
	if (room)
		memcpy(form->bytes + form->length, body->bytes, room);
	form->length += room;
	form->place.frame = item->place->frame;
	form->place.time_ns = item->place->time_ns;
}

static void show_form(struct credential_answers *a, const struct form *form)
{
	struct http_credential_room room;
	struct credential credential;

	if (http_form_read((struct cursor){ form->bytes, form->length }, &room, &credential))
		put_row(a, &form->place, &credential);
}

static void on_end(struct credential_answers *a, const struct item *item)
{
	const struct http_body *body = item->is;
	const struct form_key key = { item->place->conversation, body->number };
	struct form *form = body->response ? NULL : table_find(&a->forms, &key);

	if (!form)
		return;
	show_form(a, form);
	table_remove(&a->forms, form);
}

static void on_item(struct analyst *analyst, const struct item *item)
{
	struct credential_answers *a = (struct credential_answers *)analyst;

	switch (item->kind) {
	case ITEM_CREDENTIAL:
		put_row(a, item->place, item->is);
		break;
	case ITEM_HTTP_REQUEST:
		on_request(a, item);
		break;
	case ITEM_HTTP_BODY:
		on_body(a, item);
		break;
	case ITEM_HTTP_END:
		on_end(a, item);
		break;
	default:
		break;
	}
}

static void on_close(struct analyst *analyst)
{
	struct credential_answers *a = (struct credential_answers *)analyst;

	table_fini(&a->said);
	table_fini(&a->forms);
	free(a);
}

static uint64_t said_worth(const void *value)
{
	return *(const uint64_t *)value;
}

static uint64_t form_worth(const void *value)
{
	return ((const struct form *)value)->place.time_ns;
}

static void evicted(void *arg, const void *key, void *value)
{
	(void)key;
	show_form(arg, value);
}

int credential_answers_open(struct analyst **out, const struct credential_answers_options *options)
{
	struct credential_answers *a = calloc(1, sizeof(*a));
	const struct table_options said = { .key_size = sizeof(struct said_key),
					    .value_size = sizeof(uint64_t),
					    .capacity = CREDENTIAL_ANSWERS_SAID,
					    .worth = said_worth };
	const struct table_options forms = { .key_size = sizeof(struct form_key),
					     .value_size = sizeof(struct form),
					     .capacity = CREDENTIAL_ANSWERS_FORMS,
					     .worth = form_worth,
					     .evicted = evicted,
					     .arg = a };

	if (!a)
		return -ENOMEM;
	a->options = *options;
	a->analyst = (struct analyst){
		.name = "credentials", .columns = columns, .item = on_item, .close = on_close
	};
	if (table_init(&a->said, &said) || table_init(&a->forms, &forms)) {
		on_close(&a->analyst);
		return -ENOMEM;
	}
	*out = &a->analyst;
	return 0;
}
