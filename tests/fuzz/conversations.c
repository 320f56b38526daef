// SPDX-License-Identifier: BSD-2-Clause
/*
 * Fuzzes what reads conversations: the input is a list of packets, each a
 * header of six bytes (flags and sides, port, sequence number, length, missing
 * bytes) and its payload.  What is found is shown to those who put objects and
 * SMB operations together, and to the simple rules.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "analyze/object_answers.h"
#include "analyze/smb_answers.h"
#include "analyze/suspicious.h"
#include "dissect/bytes.h"
#include "dissect/conversations.h"
#include "dissect/dns_view.h"
#include "dissect/ftp_line.h"
#include "dissect/http_credential.h"
#include "dissect/http_message.h"
#include "dissect/smb2_view.h"
#include "dissect/tls_view.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

#define PACKET_HEADER 6

static volatile uint8_t touched;

static void touch(const struct cursor *part)
{
	for (size_t i = 0; i < part->left; i++)
		touched ^= part->at[i];
}

static void read_dns(const struct dns_view *view)
{
	unsigned records = view->answers + view->authorities + view->additionals;
	struct dns_reader reader = dns_view_rewind(view);
	struct dns_record record;
	char text[300];

	for (unsigned i = 0; i < view->questions && dns_read_question(&reader, &record); i++)
		assert(memchr(record.name, 0, sizeof(record.name)));
	for (unsigned i = 0; i < records && dns_read_record(&reader, &record); i++)
		assert(strlen(dns_record_text(view, &record, text, sizeof(text))) < sizeof(text));
}

static void read_tls(const struct tls_view *view)
{
	char text[TLS_NAME_TEXT];

	assert(strlen(view->hello.ja4) == 36);
	assert(strlen(tls_version_text(view->version, text)));
	assert(strlen(tls_cipher_text(view->cipher, text)));
	assert(view->alpns_length <= sizeof(view->alpns));
	assert(view->chosen_length <= sizeof(view->chosen));
	assert(strlen(view->certificate.subject) < sizeof(view->certificate.subject));
	assert(strlen(view->certificate.issuer) < sizeof(view->certificate.issuer));
}

static void read_credential(const struct credential *credential)
{
	assert(credential->protocol && credential->method);
	touch(&credential->user);
	touch(&credential->secret);
}

static void read_form(struct cursor body)
{
	struct http_credential_room room;
	struct credential credential;

	if (http_form_read(body, &room, &credential))
		read_credential(&credential);
}

static void read_authorization(const struct http_message *message)
{
	struct http_credential_room room;
	struct credential credential;
	struct cursor value;

	if (http_field(message, "authorization", &value) &&
	    http_credential_read(value, &room, &credential))
		read_credential(&credential);
}

/* Who makes more of it: each gets every item. */
#define ANALYSTS 3
static struct analyst *analysts[ANALYSTS];

static void read_smb2(const struct smb2_view *view)
{
	char text[64];

	touch(&view->name);
	assert(smb2_view_name(view, text, sizeof(text)) <= sizeof(text));
}

static void read_others(const struct item *item)
{
	const struct ftp_line *line = item->is;
	const struct bytes_piece *piece = item->is;
	const struct smb2_data *data = item->is;

	if (item->kind == ITEM_FTP) {
		touch(&line->word);
		touch(&line->text);
	}
	if (item->kind == ITEM_BYTES)
		touch(&(struct cursor){ piece->bytes, piece->length });
	if (item->kind == ITEM_SMB2)
		read_smb2(item->is);
	if (item->kind == ITEM_SMB2_DATA)
		touch(&(struct cursor){ data->bytes, data->length });
	for (unsigned i = 0; i < ANALYSTS; i++)
		analysts[i]->item(analysts[i], item);
}

static void on_item(void *arg, const struct item *item)
{
	const struct http_message *message = item->is;
	const struct http_body *body = item->is;
	struct cursor value;

	assert(item->kind && item->kind < ITEM_KINDS);
	(void)arg;
	read_others(item);
	if (item->kind == ITEM_DNS)
		read_dns(item->is);
	if (item->kind == ITEM_TLS)
		read_tls(item->is);
	if (item->kind == ITEM_CREDENTIAL)
		read_credential(item->is);
	if (item->kind == ITEM_HTTP_BODY) {
		touch(&(struct cursor){ body->bytes, body->length });
		read_form((struct cursor){ body->bytes, body->length });
	}
	if (item->kind != ITEM_HTTP_REQUEST && item->kind != ITEM_HTTP_RESPONSE)
		return;
	touch(&message->target);
	touch(&message->version);
	read_authorization(message);
	if (http_field(message, "host", &value))
		touch(&value);
}

/* Returns how many bytes of the input it was made of. */
static size_t feed(struct conversations *all, const uint8_t *input, size_t length, uint64_t frame)
{
	size_t size = input[4] * 8u, rest = length - PACKET_HEADER;
	struct skua_packet pkt = { .proto = input[0] & 0x40 ? SKUA_UDP : SKUA_TCP,
				   .src = { 1 + (input[0] & 1) },
				   .dst = { 2 - (input[0] & 1) } };
	struct conversation_packet packet = { .pkt = &pkt, .frame = frame, .time_ns = frame };
	uint16_t server = input[0] & 0x80 ? 53 : 8000, client = 1000 + (input[1] & 3);
	uint8_t *payload;

	if (size > rest)
		size = rest;
	payload = malloc(size ? size : 1);
	if (size)
		memcpy(payload, input + PACKET_HEADER, size);
	pkt.sport = input[0] & 1 ? server : client;
	pkt.dport = input[0] & 1 ? client : server;
	pkt.seq = (uint32_t)(int8_t)(input[1] & 0xfc) << 20 | input[2] << 8 | input[3];
	pkt.ack = pkt.seq;
	pkt.tcp_flags = input[0] & (SKUA_SYN | SKUA_RST) ? input[0] & 0x1e : SKUA_ACK;
	pkt.payload = size + input[5];
	packet.payload = payload;
	packet.captured = size;
	conversations_packet(all, &packet);
	free(payload);
	return PACKET_HEADER + size;
}

static void begin_analysts(FILE *to)
{
	static struct lists *lists; /* as long as the process */
	struct suspicious_options rules;
	const struct object_answers_options objects = { NULL, 1 << 16, 1 << 16 };

	if (!lists && lists_open(&lists, NULL))
		abort();
	rules.lists = lists;
	if (object_answers_open(&analysts[0], &objects) || smb_answers_open(&analysts[1], true) ||
	    suspicious_open(&analysts[2], &rules))
		abort();
	for (unsigned i = 0; i < ANALYSTS; i++) {
		if (answers_open(&analysts[i]->answers, to, ANSWERS_JSON, analysts[i]->columns))
			abort();
	}
}

static void end_analysts(void)
{
	for (unsigned i = 0; i < ANALYSTS; i++) {
		analysts[i]->finish(analysts[i]);
		answers_close(analysts[i]->answers);
		analysts[i]->close(analysts[i]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
	static FILE *nowhere;
	const struct conversations_options options = { .capacity = 4,
						       .memory_bytes = 1 << 16,
						       .say = on_item };
	struct conversations all;
	uint64_t frame = 0;

	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	if (!nowhere || conversations_init(&all, &options))
		abort();
	begin_analysts(nowhere);
	while (length > PACKET_HEADER) {
		size_t used = feed(&all, input, length, ++frame);

		input += used;
		length -= used;
	}
	conversations_finish(&all);
	assert(!all.room.used);
	end_analysts();
	conversations_fini(&all);
	return 0;
}
