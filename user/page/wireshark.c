// SPDX-License-Identifier: BSD-2-Clause
/* The packets of a finding as a display filter of Wireshark. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "skua/packet.h"
#include "page/wireshark.h"

struct text {
	char *to;
	size_t used;
};

__attribute__((format(printf, 2, 3))) static void add(struct text *text, const char *format, ...)
{
	size_t room = WIRESHARK_FILTER - text->used;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text->to + text->used, room, format, arguments);
	va_end(arguments);
	if (length > 0)
		text->used += (size_t)length < room ? (size_t)length : room - 1;
}

static const char *family(const struct address *address)
{
	return address_is_ipv4(address) ? "ip" : "ipv6";
}

static void add_address(struct text *text, const char *field, const struct address *address)
{
	char text_of[ADDRESS_TEXT];

	add(text, "%s%s.%s == %s", text->used ? " && " : "", family(address), field,
	    address_format(address, text_of));
}

static void add_name(struct text *text, const char *field, const char *how, const char *name)
{
	add(text, "%s %s \"", field, how);
	for (const unsigned char *at = (const unsigned char *)name; *at; at++) {
		bool plain = *at > 0x20 && *at < 0x7f && *at != '"' && *at != '\\';

		add(text, plain ? "%c" : "\\x%02x", *at);
	}
	add(text, "\"");
}

static void add_port(struct text *text, const struct finding *finding)
{
	if (finding->dport && (finding->proto == SKUA_TCP || finding->proto == SKUA_UDP))
		add(text, " && %s.port == %u", finding->proto == SKUA_TCP ? "tcp" : "udp",
		    finding->dport);
	else if (finding->proto == SKUA_ICMP || finding->proto == SKUA_ICMPV6)
		add(text, " && %s", finding->proto == SKUA_ICMP ? "icmp" : "icmpv6");
}

static void add_scan(struct text *text, const struct finding *finding)
{
	char address[ADDRESS_TEXT];

	if (finding->scan.technique == SCAN_ARP) {
		add(text, "arp.src.proto_ipv4 == %s", address_format(&finding->src, address));
		return;
	}
	add_address(text, finding->scan.noise ? "dst" : "src", &finding->src);
	switch (finding->scan.technique) {
	case SCAN_SYN:
	case SCAN_CONNECT:
		add(text, " && tcp.flags.syn == 1 && tcp.flags.ack == 0");
		break;
	case SCAN_UDP:
		add(text, " && udp");
		break;
	case SCAN_NS:
		add(text, " && icmpv6.type == 135");
		break;
	case SCAN_ICMP:
		add(text, address_is_ipv4(&finding->src) ? " && icmp.type == 8"
							 : " && icmpv6.type == 128");
		break;
	default:
		add(text, " && tcp");
	}
}

/* One that follows a name: where the name was told, whatever the address. */
static void add_named(struct text *text, const struct finding *finding)
{
	add_address(text, "addr", &finding->src);
	if (finding->kind == FINDING_DNS_EXFIL || finding->dport == 53) {
		add(text, " && dns");
		if (strchr(finding->entity, '?')) /* stands for an octet that is not known */
			return;
		add(text, " && ");
		add_name(text, "dns.qry.name", "contains", finding->entity);
	} else {
		add(text, " && (");
		add_name(text, "tls.handshake.extensions_server_name", "==", finding->entity);
		add(text, " || ");
		add_name(text, "http.host", "contains", finding->entity);
		add(text, ")");
	}
}

bool wireshark_filter(char to[WIRESHARK_FILTER], const struct finding *finding)
{
	struct text text = { to, 0 };

	if (finding->kind == FINDING_SCAN) {
		if (finding->scan.noise)
			return false;
		add_scan(&text, finding);
		return true;
	}
	if (finding->entity[0] && (finding->kind == FINDING_BEACON || !finding->has_dst ||
				   finding->kind == FINDING_DNS_EXFIL)) {
		add_named(&text, finding);
		return true;
	}
	add_address(&text, "addr", &finding->src);
	if (finding->kind == FINDING_DNS_EXFIL || finding->kind == FINDING_DNS_DGA) {
		add(&text, " && dns");
		return true;
	}
	if (finding->has_dst)
		add_address(&text, "addr", &finding->dst);
	add_port(&text, finding);
	return true;
}
