// SPDX-License-Identifier: BSD-2-Clause
/* A row for each ClientHello, with what the server answered in clear. */
#include <errno.h>
#include <stdlib.h>
#include "analyze/tls_answers.h"
#include "dissect/tls_view.h"

static const struct answers_column columns[] = {
	{ "timestamp", "TIME", 30 },
	{ "frame", NULL, 0 },
	{ "src_ip", "FROM", 15 },
	{ "dest_ip", "TO", 15 },
	{ "src_port", NULL, 0 },
	{ "dest_port", NULL, 0 },
	{ "proto", "PROTO", 5 },
	{ "sni", "NAME", 32 },
	{ "alpn", "ALPN", 11 },
	{ "client_version", NULL, 0 },
	{ "version", "VERSION", 7 },
	{ "cipher", NULL, 0 },
	{ "chosen_alpn", NULL, 0 },
	{ "ja4", "JA4", 36 },
	{ "subject", "SUBJECT", 24 },
	{ "issuer", "ISSUER", 0 },
	{ "not_before", NULL, 0 },
	{ "not_after", NULL, 0 },
	{ .name = NULL },
};

static void put_text(struct answers *to, const char *text)
{
	if (text[0])
		answers_put_text(to, text);
	else
		answers_put_none(to);
}

static void put_alpns(struct answers *to, const struct tls_view *view)
{
	struct cursor from = { view->alpns, view->alpns_length }, one;

	answers_begin_list(to);
	while (cursor_vector8(&from, &one))
		answers_put_bytes(to, one.at, one.left);
	answers_end_list(to);
}

static void put_answer(struct answers *to, const struct tls_view *view)
{
	char text[TLS_NAME_TEXT];

	if (!view->answered) {
		answers_put_none(to);
		answers_put_none(to);
		answers_put_none(to);
		return;
	}
	answers_put_text(to, tls_version_text(view->version, text));
	answers_put_text(to, tls_cipher_text(view->cipher, text));
	if (view->chosen_length)
		answers_put_bytes(to, view->chosen, view->chosen_length);
	else
		answers_put_none(to);
}

static void on_item(struct analyst *analyst, const struct item *item)
{
	const struct tls_view *view = item->is;
	struct answers *to = analyst->answers;
	char text[TLS_NAME_TEXT];

	if (item->kind != ITEM_TLS)
		return;
	answers_begin_row(to);
	analyst_put_place(to, item->place);
	answers_put_text(to, view->quic ? "QUIC" : "TCP");
	put_text(to, view->hello.name);
	put_alpns(to, view);
	answers_put_text(to, tls_version_text(view->hello.version, text));
	put_answer(to, view);
	answers_put_text(to, view->hello.ja4);
	put_text(to, view->certificate.subject);
	put_text(to, view->certificate.issuer);
	put_text(to, view->certificate.not_before);
	put_text(to, view->certificate.not_after);
	answers_end_row(to);
}

static void on_close(struct analyst *analyst)
{
	free(analyst);
}

int tls_answers_open(struct analyst **out)
{
	struct analyst *analyst = calloc(1, sizeof(*analyst));

	if (!analyst)
		return -ENOMEM;
	*analyst = (struct analyst){
		.name = "tls", .columns = columns, .item = on_item, .close = on_close
	};
	*out = analyst;
	return 0;
}
