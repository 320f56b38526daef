/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of a page, one file each; for the files of this folder only. */
#ifndef SKUA_PAGE_PAGE_PARTS_H
#define SKUA_PAGE_PAGE_PARTS_H

#include "page/page.h"
#include "report/html_writer.h"
#include "report/svg_chart.h"

#define PAGE_WIDE 720   /* units of a wide chart, */
#define PAGE_NARROW 400 /* of one beside it, */
#define PAGE_HIGH 210   /* and of both */

/* One finding that gets a section. */
struct page_detail {
	struct html *html;
	const struct page *page;
	const struct page_about *about;
	const struct found *found;
	unsigned number; /* from 1 */
};

/* A table behind a fold; columns are constant text. */
void page_table_open(struct html *html, const char *summary, const char *const *columns,
		     unsigned count);
void page_table_close(struct html *html);
/* One cell: text, or a number as it is. */
void page_cell_text(struct html *html, const char *text);
void page_cell_number(struct html *html, uint64_t number);
/* "2026-01-05 08:00:00" UTC, as the cell and as text. */
#define PAGE_TIME 32
const char *page_time(char to[PAGE_TIME], uint64_t time_ns);
void page_cell_time(struct html *html, uint64_t time_ns);
/* A figure with a heading that is text. */
void page_figure_open(struct html *html, const char *title);
void page_figure_note(struct html *html, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void page_figure_close(struct html *html);

const char *page_kind_title(enum finding_kind kind);
#define PAGE_WHO 320
/* "10.9.0.5 → 203.0.113.5:443"; names are as on the wire. */
const char *page_who(char to[PAGE_WHO], const struct finding *finding);

void page_write_tiles(struct html *html, const struct page *page, const struct page_about *about);
void page_write_traffic(struct html *html, const struct page *page);
void page_write_findings(struct html *html, const struct page *page,
			 const struct page_about *about);
void page_write_commands(const struct page_detail *detail);
/* Charts of a kind: 0 or -ENOMEM. */
int page_write_beacon(const struct page_detail *detail);
int page_write_scan(const struct page_detail *detail);
int page_write_domain(const struct page_detail *detail);
/* The findings as JSON for the script: 0 or -ENOMEM. */
int page_write_json(struct html *html, const struct page *page);

#endif /* SKUA_PAGE_PAGE_PARTS_H */
