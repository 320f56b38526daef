// SPDX-License-Identifier: BSD-2-Clause
/* One finding as a message of syslog. */
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "base/time_text.h"
#include "sinks/syslog_line.h"

#define APPLICATION "skua"
/* We have no number of our own: 32473 is the one for examples (RFC 5612), and nobody else's. */
#define ELEMENT "skua@32473"
#define HOST_SIZE 256     /* RFC 5424: HOSTNAME has 255 characters at most */
#define MICROSECONDS 26   /* of time_format()'s text: TIME-SECFRAC has six digits at most */
#define WORDS_SIZE 2048   /* room for who talks to whom and the sentence, escaped */
#define ROOM_AT_LEAST 128 /* for the sentence, rather than for a name */
#define CUT " truncated=\"yes\""

struct line {
	char *to;
	size_t size, length;
};

static void add(struct line *line, const char *text, size_t length)
{
	if (length > line->size - line->length)
		length = line->size - line->length;
	memcpy(line->to + line->length, text, length);
	line->length += length;
}

static void add_text(struct line *line, const char *text)
{
	add(line, text, strlen(text));
}

/* RFC 5424, 6.3.3: three characters are escaped, controls by text_escape() before. */
static void add_param(struct line *line, const char *name, const char *value)
{
	char escaped[TEXT_ESCAPED(FINDING_NAME)];

	text_escape(escaped, sizeof(escaped), value, strlen(value));
	add_text(line, " ");
	add_text(line, name);
	add_text(line, "=\"");
	for (const char *at = escaped; *at; at++) {
		if (*at == '"' || *at == '\\' || *at == ']')
			add(line, "\\", 1);
		add(line, at, 1);
	}
	add_text(line, "\"");
}

static void add_number(struct line *line, const char *name, uint64_t number)
{
	char text[TEXT_NUMBER];

	add_param(line, name, text_number(text, number));
}

unsigned syslog_facility(unsigned choice)
{
	static const uint8_t numbers[] = { 3, 4, 10, 1, 16, 17, 18, 19, 20, 21, 22, 23 };

	return choice < sizeof(numbers) ? numbers[choice] : numbers[0];
}

/* High is critical: somebody should look.  Nothing here says that a system is unusable. */
static unsigned syslog_severity(const struct finding *finding)
{
	static const uint8_t levels[] = { 6, 2, 4, 5, 6 };

	return levels[finding_severity(finding)];
}

/* A name that is none, or has what HOSTNAME may not have, is not said. */
static const char *host_of(const struct syslog_origin *origin)
{
	if (!origin->host || !origin->host[0] || strlen(origin->host) >= HOST_SIZE)
		return "-";
	for (const char *at = origin->host; *at; at++)
		if (*at < 33 || *at > 126)
			return "-";
	return origin->host;
}

static void add_header(struct line *line, const struct syslog_origin *origin,
		       const struct finding *finding)
{
	char head[HOST_SIZE + 160], time[TIME_TEXT];

	time_format(time, finding->trigger_ns);
	snprintf(head, sizeof(head), "<%u>1 %.*sZ %s " APPLICATION " %d %s ",
		 origin->facility * 8 + syslog_severity(finding), MICROSECONDS, time,
		 host_of(origin), (int)origin->pid, finding_kind_name(finding->kind));
	add_text(line, head);
}

static void add_structured(struct line *line, const struct finding *finding, bool entity)
{
	char address[ADDRESS_TEXT], score[TEXT_NUMBER];

	add_text(line, "[" ELEMENT);
	add_param(line, "finding_id", finding->id);
	add_param(line, "kind", finding_kind_name(finding->kind));
	add_param(line, "state", finding_state_name(finding->state));
	add_number(line, "severity", finding_severity(finding));
	add_param(line, "score", text_fixed(score, finding->score, 4));
	add_param(line, "src", address_format(&finding->src, address));
	if (finding->has_dst)
		add_param(line, "dst", address_format(&finding->dst, address));
	if (finding->dport)
		add_number(line, "dport", finding->dport);
	if (entity && finding->entity[0])
		add_param(line, "entity", finding->entity);
}

/* "10.0.0.1 -> evil.example: ..." */
static void make_words(const struct finding *finding, char to[WORDS_SIZE])
{
	char from[ADDRESS_TEXT], address[ADDRESS_TEXT] = "";
	const char *target = finding->entity;

	address_format(&finding->src, from);
	if (!target[0] && finding->has_dst)
		target = address_format(&finding->dst, address);
	snprintf(to, WORDS_SIZE, "%s%s%s: %s", from, target[0] ? " -> " : "", target,
		 finding->reason);
}

size_t syslog_line_write(char to[SYSLOG_LINE], size_t limit, const struct syslog_origin *origin,
			 const struct finding *finding, bool *truncated)
{
	struct line line = { to, limit < SYSLOG_LINE ? limit : SYSLOG_LINE, 0 };
	char words[WORDS_SIZE], escaped[TEXT_ESCAPED(WORDS_SIZE)];
	size_t length, left, head;

	add_header(&line, origin, finding);
	head = line.length;
	add_structured(&line, finding, true);
	/* A name that is nothing but escapes stands in the sentence alone, cut. */
	if (line.size - line.length < ROOM_AT_LEAST) {
		line.length = head;
		add_structured(&line, finding, false);
	}
	make_words(finding, words);
	length = text_escape(escaped, sizeof(escaped), words, strlen(words));
	left = line.size - line.length;
	*truncated = length + 2 > left;
	if (*truncated) {
		add_text(&line, CUT "] ");
		left = line.size - line.length;
		/* Cut again from the words, so that no escape is left in half. */
		if (left > 4)
			add(&line, escaped,
			    text_escape(escaped, left - 3 + 1, words, strlen(words)));
		add_text(&line, "...");
	} else {
		add_text(&line, "] ");
		add(&line, escaped, length);
	}
	return line.length;
}
