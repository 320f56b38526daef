// SPDX-License-Identifier: BSD-2-Clause
/* The frames that meet all conditions, a row each. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "analyze/packet_answers.h"
#include "base/log.h"

#define ETH_ARP 0x0806

static const struct answers_column columns[] = {
	{ "timestamp", "TIME", 30 }, { "frame", "FRAME", 7 },  { "src_ip", "FROM", 15 },
	{ "src_port", "PORT", 5 },   { "dest_ip", "TO", 15 },  { "dest_port", "PORT", 5 },
	{ "proto", "PROTO", 6 },     { "flags", "FLAGS", 11 }, { "length", "LENGTH", 6 },
	{ "payload", "PAYLOAD", 7 }, { "gap_s", "GAP", 0 },    { .name = NULL },
};

struct packet_answers {
	struct analyst analyst;
	struct packet_options options;
	struct gaps gaps;
};

static int parse_number(uint32_t *to, const char **text)
{
	unsigned long long number;
	char *end;

	if (!isdigit((unsigned char)**text))
		return -EINVAL;
	errno = 0;
	number = strtoull(*text, &end, 10);
	if (errno || number > UINT32_MAX)
		return -EINVAL;
	*to = (uint32_t)number;
	*text = end;
	return 0;
}

int packet_lengths_parse(struct packet_lengths *lengths, const char *text)
{
	bool above = *text == '>', below = *text == '<', equal;
	struct packet_lengths read = { 0, UINT32_MAX };
	uint32_t number;

	text += above || below;
	equal = *text == '=';
	text += equal;
	if (parse_number(&number, &text))
		return -EINVAL;
	if ((above && !equal && number == UINT32_MAX) || (below && !equal && !number))
		return -EINVAL;
	if (!below)
		read.least = number + (above && !equal);
	if (!above)
		read.most = number - (below && !equal);
	if (!above && !below && !equal && !strncmp(text, "..", 2)) {
		text += 2;
		if (parse_number(&read.most, &text) || read.most < read.least)
			return -EINVAL;
	}
	if (*text)
		return -EINVAL;
	*lengths = read;
	return 0;
}

static bool has_ports(const struct analyst_frame *frame)
{
	const struct skua_packet *pkt = frame->pkt;

	if (frame->verdict != SKUA_PARSED || pkt->fragment == SKUA_LATER_FRAGMENT)
		return false;
	return pkt->proto == SKUA_TCP || pkt->proto == SKUA_UDP || pkt->proto == SKUA_SCTP;
}

static bool has_wanted_port(const struct packet_options *o, const struct skua_packet *pkt)
{
	for (unsigned i = 0; i < o->port_count; i++)
		if (pkt->sport == o->ports[i] || pkt->dport == o->ports[i])
			return true;
	return false;
}

static bool is_wanted(const struct packet_options *o, const struct analyst_frame *frame)
{
	const struct skua_packet *pkt = frame->pkt;
	bool ports = has_ports(frame), tcp = ports && pkt->proto == SKUA_TCP;

	if (o->syn && (!tcp || (pkt->tcp_flags & (SKUA_SYN | SKUA_ACK)) != SKUA_SYN))
		return false;
	if (o->by_length &&
	    (!tcp || pkt->payload < o->lengths.least || pkt->payload > o->lengths.most))
		return false;
	return !o->port_count || (ports && has_wanted_port(o, pkt));
}

static void put_flags(struct answers *to, uint8_t flags)
{
	static const char *const names[] = {
		"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"
	};

	answers_begin_list(to);
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (flags >> i & 1)
			answers_put_text(to, names[i]);
	answers_end_list(to);
}

static void put_end(struct answers *to, const void *bytes, bool port, uint16_t number)
{
	const struct address address = address_from(bytes);

	answers_put_address(to, &address);
	if (port)
		answers_put_number(to, number);
	else
		answers_put_none(to);
}

static void put_protocol(struct answers *to, uint8_t proto)
{
	static const struct {
		uint8_t number;
		const char *name;
	} names[] = {
		{ SKUA_ICMP, "ICMP" },        { SKUA_TCP, "TCP" },   { SKUA_UDP, "UDP" },
		{ SKUA_ICMPV6, "IPv6-ICMP" }, { SKUA_SCTP, "SCTP" },
	};
	char text[8];

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].number == proto) {
			answers_put_text(to, names[i].name);
			return;
		}
	}
	snprintf(text, sizeof(text), "%u", proto);
	answers_put_text(to, text);
}

/* From address to flags. */
static void put_packet(struct answers *to, const struct analyst_frame *frame)
{
	const struct skua_packet *pkt = frame->pkt;
	bool ports = has_ports(frame);

	put_end(to, pkt->src, ports, pkt->sport);
	put_end(to, pkt->dst, ports, pkt->dport);
	put_protocol(to, pkt->proto);
	if (ports && pkt->proto == SKUA_TCP)
		put_flags(to, pkt->tcp_flags);
	else
		answers_put_none(to);
}

/* The same of a frame that carries no IP, or none that could be read. */
static void put_no_packet(struct answers *to, const struct analyst_frame *frame)
{
	for (unsigned i = 0; i < 4; i++)
		answers_put_none(to);
	if (frame->verdict == SKUA_IGNORED && frame->pkt && frame->pkt->ethertype == ETH_ARP)
		answers_put_text(to, "ARP");
	else
		answers_put_none(to);
	answers_put_none(to);
}

static void put_row(struct answers *to, const struct analyst_frame *frame, const int64_t *gap_ns)
{
	answers_begin_row(to);
	answers_put_time(to, frame->time_ns);
	answers_put_number(to, frame->number);
	if (frame->verdict == SKUA_PARSED)
		put_packet(to, frame);
	else
		put_no_packet(to, frame);
	answers_put_number(to, frame->length);
	if (frame->verdict == SKUA_PARSED)
		answers_put_number(to, frame->pkt->payload);
	else
		answers_put_none(to);
	if (gap_ns)
		answers_put_real(to, (double)*gap_ns / 1e9, 9);
	else
		answers_put_none(to);
	answers_end_row(to);
}

static void on_frame(struct analyst *analyst, const struct analyst_frame *frame)
{
	struct packet_answers *a = (struct packet_answers *)analyst;
	bool behind;
	int64_t gap_ns;

	if (!is_wanted(&a->options, frame))
		return;
	behind = gaps_next(&a->gaps, frame, &gap_ns);
	if (a->options.by_gap && (!behind || !gap_range_holds(&a->options.gap, gap_ns)))
		return;
	put_row(analyst->answers, frame, behind ? &gap_ns : NULL);
}

static void on_finish(struct analyst *analyst)
{
	struct packet_answers *a = (struct packet_answers *)analyst;

	if (a->gaps.table.evictions)
		log_warning("%llu conversations gave way to others, more than %u were there: the "
			    "gap before their next frame is not known; use a filter",
			    (unsigned long long)a->gaps.table.evictions, GAPS_MAX);
}

static void on_close(struct analyst *analyst)
{
	struct packet_answers *a = (struct packet_answers *)analyst;

	gaps_fini(&a->gaps);
	free(a);
}

int packet_answers_open(struct analyst **out, const struct packet_options *options)
{
	struct packet_answers *a = calloc(1, sizeof(*a));

	if (!a || gaps_init(&a->gaps, options->per_pair, GAPS_MAX)) {
		free(a);
		return -ENOMEM;
	}
	a->options = *options;
	a->analyst = (struct analyst){ .name = "packets",
				       .columns = columns,
				       .frame = on_frame,
				       .finish = on_finish,
				       .close = on_close };
	*out = &a->analyst;
	return 0;
}
