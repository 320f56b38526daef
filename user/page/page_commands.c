// SPDX-License-Identifier: BSD-2-Clause
/* What to type next about a finding: display filter, community id, commands. */
#include <string.h>
#include "base/text.h"
#include "base/utf8.h"
#include "page/page_parts.h"
#include "page/wireshark.h"
#include "report/community_id.h"
#include "report/finding_json.h"

static void write_row(const struct page_detail *detail, const char *label, const char *text)
{
	html_markup(detail->html, "<dt>%s</dt><dd><code>", label);
	html_text(detail->html, text);
	html_markup(detail->html,
		    "</code><button type=\"button\" class=\"copy\" hidden "
		    "aria-label=\"Copy: %s\">Copy</button></dd>\n",
		    label);
}

/* Whether the shell and the reader see the same: else the page names no file. */
static bool is_plain(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t left = strlen(text);

	while (left) {
		uint32_t code;
		unsigned length = utf8_decode(at, left, &code);

		if (!length || utf8_is_hidden(code) || code == '\'' || code == '\\')
			return false;
		at += length;
		left -= length;
	}
	return text[0] && text[0] != '-';
}

/* The paths in quotes: as many as fit, or a placeholder. */
static void quote_paths(const struct page_about *about, char *to, size_t size)
{
	size_t used = 0;

	for (unsigned i = 0; i < about->path_count; i++) {
		size_t length = strlen(about->paths[i]);

		if (!is_plain(about->paths[i]) || used + length + 4 > size) {
			snprintf(to, size, "FILE...");
			return;
		}
		used += snprintf(to + used, size - used, "%s'%s'", i ? " " : "", about->paths[i]);
	}
}

static void write_live(const struct page_detail *detail)
{
	const struct finding *finding = &detail->found->finding;
	char src[ADDRESS_TEXT], dst[ADDRESS_TEXT], port[16] = "", text[256];
	bool v4 = address_is_ipv4(&finding->src);

	address_format(&finding->src, src);
	address_format(&finding->dst, dst);
	if (finding->dport)
		snprintf(port, sizeof(port), ":%u", finding->dport);
	if (!finding->has_dst)
		snprintf(text, sizeof(text), "skua snapshot --host=%s -w %.8s.pcapng", src,
			 finding->id);
	else
		snprintf(text, sizeof(text),
			 v4 ? "skua snapshot --pair=%s:%s%s -w %.8s.pcapng"
			    : "skua snapshot '--pair=[%s]:[%s]%s' -w %.8s.pcapng",
			 src, dst, port, finding->id);
	write_row(detail, "Packets of a running agent", text);
}

void page_write_commands(const struct page_detail *detail)
{
	const struct finding *finding = &detail->found->finding;
	char filter[WIRESHARK_FILTER], paths[512], text[800], id[COMMUNITY_ID];

	html_markup(detail->html, "<dl class=\"next\">\n");
	write_row(detail, "Finding", finding->id);
	if (wireshark_filter(filter, finding))
		write_row(detail, "Wireshark or tshark -Y", filter);
	if (finding_community_id(finding, id))
		write_row(detail, "Community ID", id);
	quote_paths(detail->about, paths, sizeof(paths));
	snprintf(text, sizeof(text), "skua explain --id %.8s %s", finding->id, paths);
	write_row(detail, "Why this score", text);
	snprintf(text, sizeof(text), "skua replay --complete --snapshots evidence %s", paths);
	write_row(detail, "Packets behind each finding", text);
	write_live(detail);
	html_markup(detail->html, "</dl>\n");
}
