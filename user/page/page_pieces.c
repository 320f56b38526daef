// SPDX-License-Identifier: BSD-2-Clause
/* Small pieces that parts of a page share: tables, figures, words. */
#include <stdarg.h>
#include <string.h>
#include "base/text.h"
#include "base/time_text.h"
#include "page/page_parts.h"

void page_table_open(struct html *html, const char *summary, const char *const *columns,
		     unsigned count)
{
	html_markup(html, "<details class=\"data\"><summary>");
	html_text(html, summary);
	html_markup(html, "</summary><div class=\"scroll\" tabindex=\"0\"><table><caption>");
	html_text(html, summary);
	html_markup(html, "</caption><thead><tr>");
	for (unsigned i = 0; i < count; i++) {
		html_markup(html, "<th scope=\"col\">");
		html_text(html, columns[i]);
		html_markup(html, "</th>");
	}
	html_markup(html, "</tr></thead><tbody>\n");
}

void page_table_close(struct html *html)
{
	html_markup(html, "</tbody></table></div></details>\n");
}

void page_cell_text(struct html *html, const char *text)
{
	html_markup(html, "<td>");
	html_text(html, text);
	html_markup(html, "</td>");
}

void page_cell_number(struct html *html, uint64_t number)
{
	char text[TEXT_NUMBER];

	html_markup(html, "<td class=\"n\">%s</td>", text_count(text, number));
}

const char *page_time(char to[PAGE_TIME], uint64_t time_ns)
{
	char full[TIME_TEXT];

	time_format(full, time_ns);
	snprintf(to, PAGE_TIME, "%.10s %.8s", full, full + 11);
	return to;
}

void page_cell_time(struct html *html, uint64_t time_ns)
{
	char text[TIME_TEXT];

	time_format(text, time_ns);
	html_markup(html, "<td class=\"t\">%.10s %.12s</td>", text, text + 11);
}

void page_figure_open(struct html *html, const char *title)
{
	html_markup(html, "<figure><figcaption>");
	html_text(html, title);
	html_markup(html, "</figcaption>\n");
}

void page_figure_note(struct html *html, const char *format, ...)
{
	char text[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	html_markup(html, "<p class=\"note\">");
	html_text(html, text);
	html_markup(html, "</p>\n");
}

void page_figure_close(struct html *html)
{
	html_markup(html, "</figure>\n");
}

const char *page_kind_title(enum finding_kind kind)
{
	static const char *const titles[FINDING_KINDS] = {
		[FINDING_BEACON] = "Beacon",
		[FINDING_SCAN] = "Scan",
		[FINDING_EXFIL] = "Exfiltration",
		[FINDING_DNS_EXFIL] = "DNS tunnel",
		[FINDING_DNS_DGA] = "Generated names",
		[FINDING_TRIGGER] = "Trigger",
		[FINDING_SUSPICIOUS_PORT] = "Suspicious port",
	};

	return kind > 0 && kind < FINDING_KINDS && titles[kind] ? titles[kind] : "Finding";
}

static void add_targets(char *to, size_t size, const struct scan_numbers *scan)
{
	int length = snprintf(to, size, " \u2192 %u target%s", scan->targets,
			      scan->targets == 1 ? "" : "s");

	if (scan->ports && (size_t)length < size)
		snprintf(to + length, size - length, ", %u port%s", scan->ports,
			 scan->ports == 1 ? "" : "s");
}

const char *page_who(char to[PAGE_WHO], const struct finding *finding)
{
	char src[ADDRESS_TEXT], dst[ADDRESS_TEXT];
	size_t length;

	address_format(&finding->src, src);
	length = snprintf(to, PAGE_WHO, "%s", src);
	if (finding->kind == FINDING_DNS_EXFIL && finding->entity[0]) {
		snprintf(to + length, PAGE_WHO - length, " \u2192 %s", finding->entity);
		return to;
	}
	if (finding->has_dst) {
		bool colons = !address_is_ipv4(&finding->dst) && finding->dport;

		address_format(&finding->dst, dst);
		length += snprintf(to + length, PAGE_WHO - length,
				   colons ? " \u2192 [%s]" : " \u2192 %s", dst);
		if (finding->dport)
			snprintf(to + length, PAGE_WHO - length, ":%u", finding->dport);
	} else if (finding->entity[0]) {
		snprintf(to + length, PAGE_WHO - length, " \u2192 %s", finding->entity);
	} else if (finding->kind == FINDING_SCAN && !finding->scan.noise) {
		add_targets(to + length, PAGE_WHO - length, &finding->scan);
	}
	return to;
}
