// SPDX-License-Identifier: BSD-2-Clause
/* The table of findings, and a section for each of the first ones. */
#include <errno.h>
#include <string.h>
#include "base/log.h"
#include "base/text.h"
#include "page/page_parts.h"
#include "report/attack.h"
#include "report/protocol.h"

static void write_head(struct html *html)
{
	static const char *const columns[] = { "Score", "Severity",         "Kind",           "Who",
					       "Why",   "First seen (UTC)", "Last seen (UTC)" };

	html_markup(html, "<div class=\"scroll\" tabindex=\"0\">"
			  "<table class=\"sortable findings\"><caption>"
			  "Findings, the highest score first</caption><thead><tr>");
	for (unsigned i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		html_markup(html, "<th scope=\"col\"%s>%s</th>",
			    i ? "" : " aria-sort=\"descending\"", columns[i]);
	html_markup(html, "</tr></thead><tbody>\n");
}

static void write_row(struct html *html, const struct finding *finding, unsigned number)
{
	const char *severity = finding_severity_word(finding_severity(finding));
	char who[PAGE_WHO], time[PAGE_TIME];

	html_markup(html,
		    "<tr><td class=\"n\" data-value=\"%.4f\"><b>%.2f</b></td>"
		    "<td data-value=\"%d\"><span class=\"sev %s\">%s</span></td><td>%s</td>"
		    "<th scope=\"row\" class=\"mono\">",
		    finding->score, finding->score, finding_severity(finding), severity, severity,
		    page_kind_title(finding->kind));
	if (number <= PAGE_DETAILS)
		html_markup(html, "<a href=\"#f%u\">", number);
	html_text(html, page_who(who, finding));
	html_markup(html, number <= PAGE_DETAILS ? "</a></th>" : "</th>");
	page_cell_text(html, finding->reason);
	page_cell_text(html, page_time(time, finding->first_ns));
	page_cell_text(html, page_time(time, finding->last_ns));
	html_markup(html, "</tr>\n");
}

static void write_table(struct html *html, const struct found_list *found)
{
	char text[TEXT_NUMBER];

	write_head(html);
	for (unsigned i = 0; i < found->count; i++)
		write_row(html, &found->entries[i]->finding, i + 1);
	html_markup(html, "</tbody></table></div>\n");
	if (found_left_out(found))
		page_figure_note(html,
				 "There is room for %d findings: %s of the least score are left "
				 "out.",
				 FOUND_MAX, text_count(text, found_left_out(found)));
}

static void open_fact(struct html *html, const char *label)
{
	html_markup(html, "<div><dt>%s</dt><dd>", label);
}

static void close_fact(struct html *html)
{
	html_markup(html, "</dd></div>\n");
}

static void write_fact(struct html *html, const char *label, const char *text)
{
	if (!text[0])
		return;
	open_fact(html, label);
	html_text(html, text);
	close_fact(html);
}

static void write_attack(struct html *html, const struct finding *finding)
{
	struct attack attack[ATTACK_MAX];
	unsigned count = attack_map(finding, attack);

	if (!count)
		return;
	open_fact(html, "ATT&amp;CK");
	for (unsigned i = 0; i < count; i++)
		html_textf(html, "%s%s (%s)", i ? ", " : "", attack[i].technique, attack[i].tactic);
	close_fact(html);
}

static void beacon_facts(struct html *html, const struct beacon_numbers *n)
{
	char text[TEXT_NUMBER];

	open_fact(html, "Interval");
	html_textf(html, "%s", text_duration(text, n->interval_s));
	html_textf(html, " \u00b1 %s", text_duration(text, n->mad_s));
	close_fact(html);
	open_fact(html, "Calls");
	html_text(html, text_count(text, n->exchanges));
	if (n->missed)
		html_textf(html, ", %s missed", text_count(text, n->missed));
	if (n->failed)
		html_textf(html, ", %s failed", text_count(text, n->failed));
	close_fact(html);
	write_fact(html, "Name", n->name);
	write_fact(html, "JA4", n->ja4);
}

/* Distinct things are counted exactly up to 64 contacts. */
static void write_about(struct html *html, const char *label, uint32_t number, bool exact)
{
	char text[TEXT_NUMBER];

	open_fact(html, label);
	html_textf(html, "%s%s", exact ? "" : "about ", text_count(text, number));
	close_fact(html);
}

static void scan_facts(struct html *html, const struct scan_numbers *n)
{
	bool exact = n->contacts <= 64;

	write_about(html, "Failed contacts", n->contacts, exact);
	write_about(html, "Targets", n->targets, exact || n->targets == 1);
	if (n->ports)
		write_about(html, "Ports", n->ports, exact || n->ports == 1);
}

static void upload_facts(struct html *html, const struct exfil_numbers *n)
{
	char text[TEXT_NUMBER];

	write_fact(html, "Sent", text_bytes(text, n->bytes_out));
	write_fact(html, "Received", text_bytes(text, n->bytes_in));
	write_fact(html, "Within", text_duration(text, n->window_s));
	write_fact(html, "Name", n->name);
}

static void dns_facts(struct html *html, const struct dns_numbers *n, bool drawn)
{
	char text[TEXT_NUMBER];

	write_fact(html, "Queries", text_count(text, n->queries));
	write_fact(html, "Distinct names", text_count(text, n->distinct));
	write_fact(html, "Information", text_bytes(text, n->information_bytes));
	if (!drawn)
		write_fact(html, "A name", n->sample);
}

static void trigger_facts(struct html *html, const struct trigger_numbers *n)
{
	write_fact(html, "Indicator", n->indicator);
	write_fact(html, "Listed in", n->source);
	write_fact(html, "Label", n->label);
	write_fact(html, "Seen", n->seen);
}

static void write_facts(struct html *html, const struct finding *finding)
{
	char text[TEXT_NUMBER], name[PROTOCOL_NAME];
	const char *proto = protocol_name(finding, name);
	double span_s = (finding->last_ns - finding->first_ns) / 1e9;

	html_markup(html, "<dl class=\"facts\">\n");
	if (finding->kind == FINDING_BEACON)
		beacon_facts(html, &finding->beacon);
	else if (finding->kind == FINDING_SCAN)
		scan_facts(html, &finding->scan);
	else if (finding->kind == FINDING_EXFIL)
		upload_facts(html, &finding->exfil);
	else if (finding->kind == FINDING_DNS_EXFIL || finding->kind == FINDING_DNS_DGA)
		dns_facts(html, &finding->dns,
			  finding->kind == FINDING_DNS_EXFIL && !finding->dns.pooled);
	else if (finding->kind == FINDING_TRIGGER)
		trigger_facts(html, &finding->trigger);
	write_fact(html, "Protocol", proto ? proto : "");
	write_fact(html, "Lasted", text_duration(text, span_s > 0 ? span_s : 0));
	write_attack(html, finding);
	html_markup(html, "</dl>\n");
}

static void write_context(struct html *html, const struct finding *finding)
{
	if (finding->suppressed.rule[0]) {
		html_markup(html, "<p class=\"note\">Kept back by rule ");
		html_textf(html, "%s: %s", finding->suppressed.rule, finding->suppressed.reason);
		html_markup(html, "</p>\n");
	}
	if (!finding->factor_count)
		return;
	html_markup(html,
		    "<p class=\"note\">Score %.2f before context; what moved it:</p><ul "
		    "class=\"context\">",
		    finding->score_raw);
	for (unsigned i = 0; i < finding->factor_count && i < FINDING_FACTORS; i++) {
		const struct finding_factor *factor = &finding->factors[i];

		html_markup(html, "<li>");
		html_textf(html, "%s%.2f %s: %s", factor->raise ? "+" : "\u00d7", factor->factor,
			   factor->name, factor->why);
		html_markup(html, "</li>");
	}
	html_markup(html, "</ul>\n");
}

static void write_charts(const struct page_detail *detail)
{
	int err = 0;

	switch (detail->found->finding.kind) {
	case FINDING_BEACON:
		err = page_write_beacon(detail);
		break;
	case FINDING_SCAN:
		err = page_write_scan(detail);
		break;
	case FINDING_DNS_EXFIL:
		err = page_write_domain(detail);
		break;
	default:
		break;
	}
	if (err)
		page_figure_note(detail->html, "There was no memory to draw it.");
}

static void write_section(const struct page_detail *detail)
{
	const struct finding *finding = &detail->found->finding;
	const char *severity = finding_severity_word(finding_severity(finding));
	struct html *html = detail->html;
	char who[PAGE_WHO];

	html_markup(html,
		    "<section class=\"finding\" id=\"f%u\" aria-labelledby=\"f%u-h\">\n"
		    "<h3 id=\"f%u-h\"><span class=\"sev %s\">%s %.2f</span> %s ",
		    detail->number, detail->number, detail->number, severity, severity,
		    finding->score, page_kind_title(finding->kind));
	html_markup(html, "<span class=\"mono\">");
	html_text(html, page_who(who, finding));
	html_markup(html, "</span></h3>\n<p class=\"reason\">");
	html_text(html, finding->reason);
	html_markup(html, "</p>\n");
	write_facts(html, finding);
	write_charts(detail);
	write_context(html, finding);
	page_write_commands(detail);
	html_markup(html, "</section>\n");
}

void page_write_findings(struct html *html, const struct page *page, const struct page_about *about)
{
	const struct found_list *found = &page->found;
	struct page_detail detail = { .html = html, .page = page, .about = about };

	html_markup(html, "<section aria-labelledby=\"findings\">\n"
			  "<h2 id=\"findings\">Findings</h2>\n");
	if (found->count)
		write_table(html, found);
	else
		html_markup(html, "<p>Nothing was found from a score of %.2f on.</p>\n",
			    about->min_score);
	html_markup(html, "</section>\n");
	for (unsigned i = 0; i < found->count && i < PAGE_DETAILS; i++) {
		detail.found = found->entries[i];
		detail.number = i + 1;
		write_section(&detail);
	}
	if (found->count > PAGE_DETAILS)
		page_figure_note(html,
				 "The first %d findings are drawn; the table has all of them.",
				 PAGE_DETAILS);
}
