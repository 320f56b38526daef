// SPDX-License-Identifier: BSD-2-Clause
/*
 * Whatever comes over the control socket is judged the same in pieces as at
 * once, and what is typed to ask it; snapshots are joined to whole blocks; and
 * a view that passes its check is shown without harm: as JSON that
 * jansson reads, and as a table in which nothing steers a terminal.  The input
 * is a request, a word, a snapshot, and a list of changes to a good view.
 */
#include <jansson.h>
#include <stdlib.h>
#include "serve/join.h"
#include "serve/protocol.h"
#include "serve/status.h"
#include "../unit/serve_sample.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void need(bool good)
{
	if (!good)
		abort();
}

/* What may be asked of an agent: nothing that it could not do. */
static void check_request(const struct control_request *request)
{
	char text[SELECTOR_TEXT];
	const struct control_selector *selector = &request->selector;

	need(request->head.length == control_request_length(request->head.what) &&
	     request->head.version == CONTROL_VERSION);
	switch (request->head.what) {
	case CONTROL_ARM:
		selector = &request->arm.selector;
		need(selector->has_a && request->arm.seconds &&
		     request->arm.seconds <= CONTROL_ARM_MAX_S);
		__attribute__((fallthrough));
	case CONTROL_SNAPSHOT:
		need(selector->last_ns <= SELECTOR_LAST_MAX_NS &&
		     selector->has_b <= selector->has_a);
		need(strlen(selector_describe(selector, text)) < sizeof(text) - 1);
		need(strlen(selector_option(selector, text)) < sizeof(text) - 1);
	}
}

static void try_request(const uint8_t *bytes, size_t size)
{
	struct control_request request;
	struct control_head head = { 0 };
	enum control_verdict verdict = CONTROL_MORE;
	size_t length;

	for (length = 0; length <= size && verdict == CONTROL_MORE; length++) {
		/* A copy of its own, so that reading beyond what came is seen. */
		uint8_t *copy = malloc(length ? length : 1);

		memcpy(copy, bytes, length);
		verdict = control_parse_request(copy, length, &request);
		free(copy);
	}
	if (verdict == CONTROL_OK) {
		need(request.head.length == length - 1);
		check_request(&request);
	}
	if (size >= sizeof(head)) {
		memcpy(&head, bytes, sizeof(head));
		need(verdict != CONTROL_MORE || size < control_request_length(head.what));
		for (int kind = 1; kind < CONTROL_KINDS; kind++)
			need(control_reply_length(&head, kind) <= sizeof(struct control_reply));
	}
}

/* What is typed is read, or not; what was read is a selector, and reads the same again. */
static void try_words(const uint8_t *bytes, size_t size)
{
	struct control_selector selector = { 0 }, again = { 0 };
	char *word = strndup((const char *)bytes, size), said[SELECTOR_TEXT];
	uint64_t duration_ns;

	if (!selector_parse_pair(&selector, word)) {
		need(selector_check(&selector));
		selector_option(&selector, said);
		need(!selector_parse_pair(&again, strchr(said, '=') + 1) &&
		     !memcmp(&selector, &again, sizeof(again)));
	} else if (!selector_parse_host(&selector, word)) {
		need(selector_check(&selector));
		selector_option(&selector, said);
		need(!selector_parse_host(&again, strchr(said, '=') + 1) &&
		     !memcmp(&selector, &again, sizeof(again)));
	} else if (!selector_parse_duration(&duration_ns, word)) {
		need(duration_ns && duration_ns <= SELECTOR_LAST_MAX_NS);
	}
	free(word);
}

/* Whatever an agent sends, what is written is whole blocks. */
static void try_join(const uint8_t *bytes, size_t size)
{
	static struct join join, again;
	char *text = NULL, *copy = malloc(size ? size : 1), *second = NULL;
	size_t length = 0, second_length = 0;
	FILE *stream = open_memstream(&text, &length);

	memcpy(copy, bytes, size);
	join_init(&join, stream);
	join_add(&join, copy, size / 2);
	join_add(&join, copy, size);
	fclose(stream);
	join_fini(&join);
	stream = open_memstream(&second, &second_length);
	join_init(&again, stream);
	need(!join_add(&again, text, length) && second_length <= length);
	fclose(stream);
	join_fini(&again);
	free(second);
	free(text);
	free(copy);
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

	try_request(bytes, size < 128 ? size : 128);
	try_words(bytes, size);
	try_join(bytes, size);
	sample_view(&view);
	change(&view, bytes, size);
	try_view(&view);
	return 0;
}
