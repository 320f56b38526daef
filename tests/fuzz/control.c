// SPDX-License-Identifier: BSD-2-Clause
/*
 * Whatever comes over the control socket is judged the same in pieces as at
 * once; and a view that passes its check is shown without harm: as JSON that
 * jansson reads, and as a table in which nothing steers a terminal.  The input
 * is a request, and a list of changes to a good view.
 */
#include <jansson.h>
#include <stdlib.h>
#include "serve/protocol.h"
#include "serve/status.h"
#include "../unit/serve_sample.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void need(bool good)
{
	if (!good)
		abort();
}

static void try_request(const uint8_t *bytes, size_t size)
{
	struct control_head head = { 0 };
	enum control_verdict verdict = CONTROL_MORE;

	for (size_t length = 0; length <= size && verdict == CONTROL_MORE; length++) {
		/* A copy of its own, so that reading beyond what came is seen. */
		uint8_t *copy = malloc(length ? length : 1);

		memcpy(copy, bytes, length);
		verdict = control_parse_request(copy, length, &head);
		free(copy);
	}
	need((verdict == CONTROL_MORE) == (size < sizeof(head)));
	need(verdict != CONTROL_OK ||
	     (head.length == sizeof(head) && head.version == CONTROL_VERSION));
	if (size >= sizeof(head)) {
		memcpy(&head, bytes, sizeof(head));
		need(control_reply_length(&head) <= sizeof(struct control_reply));
	}
}

/* Each change: two bytes of offset, one of length, the bytes. */
static void change(struct status_view *view, const uint8_t *at, size_t left)
{
	while (left >= 3) {
		size_t offset = (at[0] << 8 | at[1]) % sizeof(*view), length = at[2];

		at += 3;
		left -= 3;
		length = length < left ? length : left;
		length = length < sizeof(*view) - offset ? length : sizeof(*view) - offset;
		memcpy((char *)view + offset, at, length);
		at += length;
		left -= length;
	}
}

static char *written(void (*write)(FILE *, const struct status_view *),
		     const struct status_view *view, size_t *length)
{
	char *text = NULL;
	FILE *stream = open_memstream(&text, length);

	write(stream, view);
	fclose(stream);
	return text;
}

static void try_view(const struct status_view *view)
{
	size_t length;
	char *text;
	json_t *read;

	if (!view_check(view))
		return;
	text = written(status_write_table, view, &length);
	for (size_t i = 0; i < length; i++)
		need(text[i] == '\n' || ((unsigned char)text[i] >= 0x20 && text[i] != 0x7f));
	free(text);
	text = written(status_write_json, view, &length);
	need(length && memchr(text, '\n', length) == text + length - 1);
	read = json_loadb(text, length, JSON_DECODE_INT_AS_REAL, NULL);
	need(read != NULL);
	json_decref(read);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct status_view view;

	try_request(bytes, size < 64 ? size : 64);
	sample_view(&view);
	change(&view, bytes, size);
	try_view(&view);
	return 0;
}
