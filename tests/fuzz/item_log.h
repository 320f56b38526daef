/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What dissectors said, in a form that can be compared: kind, place and
 * content of each item; pieces of the same body that follow each other are one.
 */
#ifndef SKUA_FUZZ_ITEM_LOG_H
#define SKUA_FUZZ_ITEM_LOG_H

#include <stdlib.h>
#include <string.h>
#include "dissect/bytes.h"
#include "dissect/credential.h"
#include "dissect/dissector.h"
#include "dissect/dns_view.h"
#include "dissect/ftp_line.h"
#include "dissect/http_message.h"
#include "dissect/smb2_view.h"
#include "dissect/tls_view.h"

struct item_log {
	uint8_t *bytes;
	size_t length, room;
	/* Of the item that came last, to know the next piece of it. */
	enum item_kind kind;
	uint8_t sender;
	uint64_t number, next;
};

static inline void log_bytes(struct item_log *log, const void *bytes, size_t length)
{
	if (log->length + length > log->room) {
		log->room = 2 * (log->length + length);
		log->bytes = realloc(log->bytes, log->room);
		if (!log->bytes)
			abort();
	}
	if (length)
		memcpy(log->bytes + log->length, bytes, length);
	log->length += length;
}

static inline void log_number(struct item_log *log, uint64_t number)
{
	log_bytes(log, &number, sizeof(number));
}

static inline void log_part(struct item_log *log, const struct cursor *part)
{
	log_number(log, part->at ? part->left : UINT64_MAX);
	log_bytes(log, part->at, part->at ? part->left : 0);
}

static inline void log_text(struct item_log *log, const char *text)
{
	log_bytes(log, text, strlen(text) + 1);
}

/* The place of pieces is that of the frame that brought them: it is not compared. */
static inline void log_piece(struct item_log *log, const struct item *item, uint64_t number,
			     uint64_t at, const struct cursor *piece)
{
	bool goes_on = log->kind == item->kind && log->sender == item->place->sender &&
		       log->number == number && log->next == at;

	if (!piece->left)
		return;
	if (!goes_on) {
		log_number(log, item->kind);
		log_number(log, item->place->sender);
		log_number(log, number);
		log_number(log, at);
	}
	log->kind = item->kind;
	log->sender = item->place->sender;
	log->number = number;
	log->next = at + piece->left;
	log_bytes(log, piece->at, piece->left);
}

static inline void log_http(struct item_log *log, const struct http_message *message)
{
	log_number(log, message->response);
	log_number(log, message->number);
	log_number(log, message->status);
	log_number(log, message->length);
	log_part(log, &message->method);
	log_part(log, &message->target);
	log_part(log, &message->version);
	log_part(log, &message->fields);
}

static inline void log_tls(struct item_log *log, const struct tls_view *view)
{
	log_text(log, view->hello.name);
	log_text(log, view->hello.ja4);
	log_number(log, view->answered);
	log_number(log, view->retried);
	log_number(log, view->version);
	log_number(log, view->cipher);
	log_bytes(log, view->alpns, view->alpns_length);
	log_bytes(log, view->chosen, view->chosen_length);
	log_text(log, view->certificate.subject);
	log_text(log, view->certificate.issuer);
	log_text(log, view->certificate.not_before);
	log_text(log, view->certificate.not_after);
}

static inline void log_smb2(struct item_log *log, const struct smb2_view *view)
{
	struct smb2_view copy = *view;

	log_number(log, copy.command);
	log_number(log, copy.response);
	log_number(log, copy.status);
	log_number(log, copy.tree);
	log_number(log, copy.message);
	log_number(log, copy.session);
	log_number(log, copy.chain);
	log_number(log, copy.has_file ? copy.file[0] ^ copy.file[1] : 0);
	log_number(log, copy.offset);
	log_number(log, copy.length);
	log_number(log, copy.size);
	log_part(log, &copy.name);
}

static inline void log_rest(struct item_log *log, const struct item *item)
{
	const struct credential *credential = item->is;
	const struct ftp_line *line = item->is;
	const struct dns_view *dns = item->is;
	const struct http_body *body = item->is;
	const struct bytes_piece *piece = item->is;

	if (item->kind == ITEM_DNS)
		log_part(log, &(struct cursor){ dns->message, dns->length });
	if (item->kind == ITEM_CREDENTIAL) {
		log_text(log, credential->protocol);
		log_text(log, credential->method);
		log_part(log, &credential->user);
		log_part(log, &credential->secret);
	}
	if (item->kind == ITEM_FTP) {
		log_number(log, line->code * 2 + line->goes_on);
		log_part(log, &line->word);
		log_part(log, &line->text);
	}
	if (item->kind == ITEM_HTTP_END)
		log_number(log, body->number << 2 | body->response << 1 | body->whole);
	if (item->kind == ITEM_BYTES_END)
		log_number(log, piece->whole);
}

static inline void log_item(struct item_log *log, const struct item *item)
{
	const struct http_body *body = item->is;
	const struct bytes_piece *piece = item->is;
	const struct smb2_data *data = item->is;

	/* Where a piece is in its body is told by what came before it. */
	if (item->kind == ITEM_HTTP_BODY) {
		log_piece(log, item, body->number, log->next,
			  &(struct cursor){ body->bytes, body->length });
	} else if (item->kind == ITEM_BYTES) {
		log_piece(log, item, 0, log->next, &(struct cursor){ piece->bytes, piece->length });
	} else if (item->kind == ITEM_SMB2_DATA) {
		log_piece(log, item, data->view->message, data->at,
			  &(struct cursor){ data->bytes, data->length });
	} else {
		log->kind = item->kind;
		log->next = 0;
		log_number(log, item->kind);
		log_number(log, item->place->sender);
		log_number(log, item->place->frame);
		if (item->kind == ITEM_HTTP_REQUEST || item->kind == ITEM_HTTP_RESPONSE)
			log_http(log, item->is);
		else if (item->kind == ITEM_TLS)
			log_tls(log, item->is);
		else if (item->kind == ITEM_SMB2)
			log_smb2(log, item->is);
		else
			log_rest(log, item);
	}
}

#endif /* SKUA_FUZZ_ITEM_LOG_H */
