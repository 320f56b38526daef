// SPDX-License-Identifier: BSD-2-Clause
/* Traffic over time, and who sent and received most. */
#include "base/text.h"
#include "page/page_parts.h"

static const char *const classes[TRAFFIC_KINDS] = { "s1", "s2", "s3" };
static const char *const names[TRAFFIC_KINDS] = { "TCP", "UDP", "other" };

static uint64_t total_of(const struct traffic_bin *bin)
{
	uint64_t sum = 0;

	for (int kind = 0; kind < TRAFFIC_KINDS; kind++)
		sum += bin->bytes[kind];
	return sum;
}

static void draw_bin(const struct svg_chart *chart, const struct traffic_bin *bin, double from_s,
		     double to_s)
{
	double below = 0;

	for (int kind = 0; kind < TRAFFIC_KINDS; kind++) {
		char number[TEXT_NUMBER], tip[128], at[PAGE_TIME];
		struct svg_bar bar = { from_s,        to_s, below, below + bin->bytes[kind],
				       classes[kind], tip };

		snprintf(tip, sizeof(tip), "%s: %s %s", page_time(at, from_s * 1e9), names[kind],
			 text_bytes(number, bin->bytes[kind]));
		svg_bar(chart, &bar);
		below = bar.to_y;
	}
}

static void draw(struct html *html, const struct traffic *traffic)
{
	struct svg_chart chart = SVG_CHART_DEFAULT(html, 1120, 190);
	double bin_s = traffic->bin_ns / 1e9, first_s = traffic->first_ns / 1e9;

	chart.from_x = first_s;
	chart.to_x = first_s + bin_s * traffic->used;
	for (unsigned i = 0; i < traffic->used; i++)
		if (total_of(&traffic->bins[i]) > chart.to_y)
			chart.to_y = total_of(&traffic->bins[i]);
	svg_chart_open(
		&chart, "traffic", 0, "Bytes over time by protocol",
		"Stacked bars: TCP, UDP and other protocols; the table below has the numbers.");
	svg_axis_y(&chart, SVG_BYTES);
	svg_axis_time(&chart);
	for (unsigned i = 0; i < traffic->used; i++)
		draw_bin(&chart, &traffic->bins[i], first_s + bin_s * i, first_s + bin_s * (i + 1));
	svg_chart_close(&chart);
}

static void write_bins(struct html *html, const struct traffic *traffic)
{
	static const char *const columns[] = { "From (UTC)", "Packets", "TCP bytes", "UDP bytes",
					       "Other bytes" };

	page_table_open(html, "Traffic over time as a table", columns, 5);
	for (unsigned i = 0; i < traffic->used; i++) {
		const struct traffic_bin *bin = &traffic->bins[i];

		if (!bin->packets)
			continue;
		html_markup(html, "<tr>");
		page_cell_time(html, traffic->first_ns + traffic->bin_ns * i);
		page_cell_number(html, bin->packets);
		for (int kind = 0; kind < TRAFFIC_KINDS; kind++)
			page_cell_number(html, bin->bytes[kind]);
		html_markup(html, "</tr>\n");
	}
	page_table_close(html);
}

static void write_time(struct html *html, const struct traffic *traffic)
{
	char text[TEXT_NUMBER];

	page_figure_open(html, "Traffic over time");
	html_markup(html, "<p class=\"legend\">");
	for (int kind = 0; kind < TRAFFIC_KINDS; kind++)
		html_markup(html, "<span><i class=\"%s\"></i>%s</span> ", classes[kind],
			    names[kind]);
	html_markup(html, "<span>bytes per %s, times in UTC</span></p>\n",
		    text_duration(text, traffic->bin_ns / 1e9));
	draw(html, traffic);
	if (traffic->early)
		page_figure_note(html, "%s packets are older than the first and stand in its bar.",
				 text_count(text, traffic->early));
	write_bins(html, traffic);
	page_figure_close(html);
}

/* Sent and received as one bar: its length is the share of the one with most. */
static void write_share(struct html *html, const struct traffic_host *host, uint64_t most)
{
	double sent = 200.0 * host->bytes[TRAFFIC_SENT] / most;
	double received = 200.0 * host->bytes[TRAFFIC_RECEIVED] / most;

	html_markup(html,
		    "<td class=\"share\"><svg viewBox=\"0 0 200 12\" aria-hidden=\"true\">"
		    "<rect class=\"s1\" x=\"0\" y=\"1\" width=\"%.1f\" height=\"10\"/>"
		    "<rect class=\"s2\" x=\"%.1f\" y=\"1\" width=\"%.1f\" height=\"10\"/>"
		    "</svg></td>",
		    sent, sent, received);
}

static void write_host(struct html *html, const struct traffic_host *host, uint64_t most)
{
	char address[ADDRESS_TEXT], text[TEXT_NUMBER];

	html_markup(html, "<tr><th scope=\"row\" class=\"mono\">");
	html_text(html, address_format(&host->address, address));
	html_markup(html, "</th>");
	write_share(html, host, most);
	for (int way = TRAFFIC_SENT; way <= TRAFFIC_RECEIVED; way++)
		html_markup(html, "<td class=\"n\" data-value=\"%llu\">%s</td>",
			    (unsigned long long)host->bytes[way],
			    text_bytes(text, host->bytes[way]));
	for (int way = TRAFFIC_SENT; way <= TRAFFIC_RECEIVED; way++)
		page_cell_number(html, host->packets[way]);
	html_markup(html, "</tr>\n");
}

static void write_talkers(struct html *html, const struct traffic *traffic)
{
	struct traffic_host top[TRAFFIC_TOP];
	unsigned count = traffic_top(traffic, top);
	char text[TEXT_NUMBER];

	if (!count)
		return;
	html_markup(html,
		    "<h2 id=\"talkers\">Top talkers</h2>\n<p class=\"legend\"><span><i "
		    "class=\"s1\"></i>sent</span> <span><i class=\"s2\"></i>received</span> "
		    "<span>whole frames; the first %u of %s addresses</span></p>\n"
		    "<div class=\"scroll\" tabindex=\"0\"><table class=\"sortable\"><caption>"
		    "Addresses with most bytes"
		    "</caption><thead><tr><th scope=\"col\">Address</th><th scope=\"col\" "
		    "data-nosort>Share</th><th scope=\"col\" class=\"n\">Bytes sent</th><th "
		    "scope=\"col\" "
		    "class=\"n\">Bytes received</th><th scope=\"col\" class=\"n\">Packets sent</th>"
		    "<th scope=\"col\" class=\"n\">Packets received</th></tr></thead><tbody>\n",
		    count, text_count(text, traffic->hosts.used));
	for (unsigned i = 0; i < count; i++)
		write_host(html, &top[i], top[0].bytes[0] + top[0].bytes[1]);
	html_markup(html, "</tbody></table></div>\n");
	if (traffic->hosts.evictions)
		page_figure_note(html,
				 "There was no room for all addresses: %s with the fewest bytes "
				 "were forgotten.",
				 text_count(text, traffic->hosts.evictions));
}

void page_write_traffic(struct html *html, const struct page *page)
{
	html_markup(html, "<section aria-labelledby=\"traffic\">\n"
			  "<h2 id=\"traffic\">Traffic</h2>\n");
	if (!page->traffic.bin_ns) {
		html_markup(html, "<p>No packet of a protocol that is followed.</p></section>\n");
		return;
	}
	write_time(html, &page->traffic);
	write_talkers(html, &page->traffic);
	html_markup(html, "</section>\n");
}
