// SPDX-License-Identifier: BSD-2-Clause
/* A DNS message: the question and the addresses it was answered with. */
#include <string.h>
#include "dissect/cursor.h"
#include "dissect/dns.h"
#include "dissect/name.h"

#define HEADER 12
#define LABEL_MAX 63
#define NAME_MAX_OCTETS 255 /* RFC 1035, 2.3.4 */
#define POINTER 0xc0
#define TYPE_A 1
#define TYPE_AAAA 28
#define CLASS_IN 1

/* One label of the question goes to text, which has room for every legal name. */
static bool add_label(uint8_t text[NAME_MAX_OCTETS], size_t *length, struct cursor label)
{
	if (memchr(label.at, '.', label.left) || memchr(label.at, 0, label.left))
		return false;
	memcpy(text + *length, label.at, label.left);
	text[*length + label.left] = '.';
	*length += label.left + 1;
	return true;
}

/* Nothing comes before a question, so it cannot point to anything. */
static enum dissect_verdict read_question(struct cursor *from, struct dns_message *out)
{
	uint8_t text[NAME_MAX_OCTETS], size;
	size_t octets = 1, length = 0;
	struct cursor label;
	uint16_t class;

	while (cursor_u8(from, &size) && size) {
		octets += size + 1u;
		if (size > LABEL_MAX || octets > NAME_MAX_OCTETS)
			return DISSECT_NOT;
		if (!cursor_take(from, size, &label))
			return DISSECT_NEED_MORE;
		if (!out->refused)
			out->refused = !add_label(text, &length, label);
	}
	if (!cursor_u16(from, &out->type) || !cursor_u16(from, &class))
		return DISSECT_NEED_MORE;
	if (length && !out->refused)
		name_set(out->name, text, length);
	return DISSECT_DONE;
}

/*
 * An owner's name is stepped over, never followed; yet a pointer that does not
 * lead to an earlier name (a loop, the header, ahead) makes the message a lie.
 */
static enum dissect_verdict skip_name(const uint8_t *message, struct cursor *from)
{
	const size_t start = from->at - message;
	size_t octets = 1;
	struct cursor label;
	uint8_t size, low;

	while (cursor_u8(from, &size)) {
		if (!size)
			return DISSECT_DONE;
		if (size >= POINTER) {
			size_t target = (size & ~POINTER) << 8;

			if (!cursor_u8(from, &low))
				return DISSECT_NEED_MORE;
			target |= low;
			return target >= HEADER && target < start ? DISSECT_DONE : DISSECT_NOT;
		}
		octets += size + 1u;
		if (size > LABEL_MAX || octets > NAME_MAX_OCTETS)
			return DISSECT_NOT;
		if (!cursor_take(from, size, &label))
			return DISSECT_NEED_MORE;
	}
	return DISSECT_NEED_MORE;
}

static void add_address(struct dns_message *out, struct cursor from)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct address *to = &out->addresses[out->address_count];

	if (out->address_count == FACT_ADDRESSES)
		return;
	memcpy(to->bytes, mapped, sizeof(mapped));
	memcpy(to->bytes + sizeof(to->bytes) - from.left, from.at, from.left);
	out->address_count++;
}

static enum dissect_verdict read_answer(const uint8_t *message, struct cursor *from,
					struct dns_message *out)
{
	enum dissect_verdict verdict = skip_name(message, from);
	struct cursor lifetime, body;
	uint16_t type, class;
	size_t size;

	if (verdict != DISSECT_DONE)
		return verdict;
	if (!cursor_u16(from, &type) || !cursor_u16(from, &class) ||
	    !cursor_take(from, 4, &lifetime) || !cursor_vector16(from, &body))
		return DISSECT_NEED_MORE;
	if (class != CLASS_IN || (type != TYPE_A && type != TYPE_AAAA))
		return DISSECT_DONE;
	size = type == TYPE_A ? 4 : 16;
	if (body.left != size)
		return DISSECT_NOT;
	add_address(out, body);
	return DISSECT_DONE;
}

/* Everything behind the header. */
static enum dissect_verdict read_sections(const uint8_t *message, struct cursor *from,
					  unsigned answers, struct dns_message *out)
{
	enum dissect_verdict verdict = read_question(from, out);

	while (verdict == DISSECT_DONE && answers--)
		verdict = read_answer(message, from, out);
	return verdict;
}

enum dissect_verdict dns_message_parse(const uint8_t *bytes, size_t length, struct dns_message *out)
{
	struct cursor from = { bytes, length }, rest;
	uint16_t id, flags, questions, answers;
	enum dissect_verdict verdict = DISSECT_NOT;

	memset(out, 0, sizeof(*out));
	if (!cursor_u16(&from, &id) || !cursor_u16(&from, &flags) ||
	    !cursor_u16(&from, &questions) || !cursor_u16(&from, &answers) ||
	    !cursor_take(&from, 4, &rest))
		return DISSECT_NEED_MORE;
	/* A standard query or its answer; no resolver sends several questions. */
	if (!(flags >> 11 & 0x0f) && questions == 1) {
		out->response = flags >> 15;
		out->rcode = flags & 0x0f;
		verdict = read_sections(bytes, &from, answers, out);
	}
	if (verdict == DISSECT_NOT)
		memset(out, 0, sizeof(*out));
	return verdict;
}
