// SPDX-License-Identifier: BSD-2-Clause
/* skua packets: the frames that meet some conditions. */
#include <errno.h>
#include <stdlib.h>
#include "analyst/analyst_session.h"
#include "analyze/packet_answers.h"
#include "base/log.h"
#include "cmd.h"
#include "command_tables.h"

struct settings {
	struct analyst_settings common;
	bool syn, per_pair;
	const char *length, *gap;
	struct option_texts ports;
};

#define FIELD(name) offsetof(struct settings, name)

static const struct option_row rows[] = {
	ANALYST_OPTIONS,
	{ "syn", 0, OPTION_FLAG, FIELD(syn), NULL, "only TCP with SYN and without ACK" },
	{ "len", 0, OPTION_TEXT, FIELD(length), "NUMBER",
	  "only TCP with so many payload bytes: '>1000', '<=10', 100..200" },
	{ "port", 0, OPTION_TEXTS, FIELD(ports), "PORT",
	  "only TCP, UDP and SCTP from or to this port; repeatable: any of them" },
	{ "gap", 0, OPTION_TEXT, FIELD(gap), "SECONDS",
	  "only frames so long after the one before that meets the rest: 55..65" },
	{ "per-pair", 0, OPTION_FLAG, FIELD(per_pair), NULL,
	  "the one before is that of the same conversation" },
	{ .name = NULL },
};

const struct option_command packets_command = {
	.usage = "packets [OPTION]... FILE... [FILTER]",
	.about = "Reads captures and prints a row for each frame that meets all conditions: when,\n"
		 "from whom to whom, TCP flags, length on the wire and of the payload, and how\n"
		 "long after the one before it that is shown.",
	.rows = rows,
};

static int add_port(struct packet_options *to, const char *text)
{
	struct packet_lengths one;

	if (packet_lengths_parse(&one, text) || one.least != one.most || one.least > 65535) {
		log_error("--port: '%s' is not a number from 0 to 65535", text);
		return -EINVAL;
	}
	to->ports[to->port_count++] = (uint16_t)one.least;
	return 0;
}

/* 0, or -EINVAL, which has been logged. */
static int read_conditions(struct packet_options *to, const struct settings *settings)
{
	_Static_assert(PACKET_PORTS >= OPTION_TEXTS_MAX, "each --port has its place");

	to->syn = settings->syn;
	to->per_pair = settings->per_pair;
	to->by_length = settings->length != NULL;
	to->by_gap = settings->gap != NULL;
	if (settings->length && packet_lengths_parse(&to->lengths, settings->length)) {
		log_error("--len: '%s' is nothing like '>1000', '<=10', 100 or 100..200",
			  settings->length);
		return -EINVAL;
	}
	if (settings->gap && gap_range_parse(&to->gap, settings->gap)) {
		log_error("--gap: '%s' is no range of seconds such as 55..65", settings->gap);
		return -EINVAL;
	}
	for (unsigned i = 0; i < settings->ports.count; i++)
		if (add_port(to, settings->ports.texts[i]))
			return -EINVAL;
	return 0;
}

int cmd_packets(int argc, char **argv)
{
	struct settings settings = { 0 };
	struct packet_options options = { 0 };
	struct analyst *analyst;
	int first, status = options_parse(&packets_command, argc, argv, &settings, &first);

	if (status >= 0)
		return status;
	if (read_conditions(&options, &settings))
		return EXIT_USAGE;
	if (packet_answers_open(&analyst, &options)) {
		log_error("cannot start: out of memory");
		return EXIT_RUNTIME;
	}
	return analyst_session(&settings.common, argc - first, argv + first, analyst);
}
