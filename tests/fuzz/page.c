// SPDX-License-Identifier: BSD-2-Clause
/*
 * Whatever names findings and files bear, the HTML report has the elements it
 * has for plain ones and no others: every < and every quote is its own.  The
 * input is what texts are filled from; its first bytes choose kind and protocol.
 */
#include <stdlib.h>
#include <string.h>
#include "base/utf8.h"
#include "page/page.h"
#include "page/wireshark.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

struct input {
	const uint8_t *at;
	size_t left;
};

static void need(bool good)
{
	if (!good)
		abort();
}

static uint8_t take(struct input *in)
{
	uint8_t byte = in->left ? *in->at : 0;

	in->at += !!in->left;
	in->left -= !!in->left;
	return byte;
}

/* A text of at most so many bytes; plain: as long, but of nothing that needs an escape. */
static void fill(struct input *in, char *to, size_t size, bool plain)
{
	size_t length = take(in), i;

	for (i = 0; i < length && i + 1 < size && in->left; i++) {
		to[i] = (char)take(in);
		to[i] = plain || !to[i] ? 'a' : to[i];
	}
	to[i] = '\0';
}

static void fill_numbers(struct input *in, struct finding *finding, bool plain)
{
	switch (finding->kind) {
	case FINDING_BEACON:
		finding->beacon.exchanges = 10;
		fill(in, finding->beacon.name, sizeof(finding->beacon.name), plain);
		fill(in, finding->beacon.ja4, sizeof(finding->beacon.ja4), plain);
		break;
	case FINDING_EXFIL:
		fill(in, finding->exfil.name, sizeof(finding->exfil.name), plain);
		break;
	case FINDING_DNS_EXFIL:
	case FINDING_DNS_DGA:
		fill(in, finding->dns.sample, sizeof(finding->dns.sample), plain);
		break;
	case FINDING_TRIGGER:
		fill(in, finding->trigger.indicator, sizeof(finding->trigger.indicator), plain);
		fill(in, finding->trigger.source, sizeof(finding->trigger.source), plain);
		fill(in, finding->trigger.label, sizeof(finding->trigger.label), plain);
		fill(in, finding->trigger.seen, sizeof(finding->trigger.seen), plain);
		break;
	default:
		break;
	}
}

static void fill_finding(struct input *in, struct finding *finding, const char *src, bool plain)
{
	uint8_t what = take(in);

	memset(finding, 0, sizeof(*finding));
	finding->kind = 1 + what % (FINDING_KINDS - 1);
	finding->proto = what & 0x80 ? 17 : 6;
	finding->dport = what & 0x40 ? 53 : 443;
	finding->has_dst = what & 0x20;
	finding->first_ns = 1767600000000000000;
	finding->last_ns = finding->first_ns + 1000000000;
	finding->score = finding->score_raw = 0.9;
	need(!address_parse(&finding->src, src) && !address_parse(&finding->dst, "203.0.113.5"));
	fill(in, finding->entity, sizeof(finding->entity), plain);
	fill_numbers(in, finding, plain);
	fill(in, finding->reason, sizeof(finding->reason), plain);
	finding_set_id(finding);
}

/* How many bytes of these there are between the head's style and the data for the script. */
static unsigned count_marks(const char *text, const char *marks)
{
	const char *at = strstr(text, "</head>"), *end = strstr(text, "<script type=\"application");
	unsigned count = 0;

	need(at && end && at < end);
	for (; at < end; at++)
		count += strchr(marks, *at) != NULL;
	return count;
}

static void check_utf8(const char *text, size_t length)
{
	const unsigned char *at = (const unsigned char *)text;

	for (size_t left = length; left;) {
		uint32_t code;
		unsigned took = utf8_decode(at, left, &code);

		need(took && (code == '\n' || code == '\t' || !utf8_is_hidden(code)));
		at += took;
		left -= took;
	}
}

/* What the script reads can neither end its element nor begin a comment. */
static void check_data(const char *text)
{
	const char *at = strstr(text, "id=\"data\">"), *end = at ? strstr(at, "</script>") : NULL;

	need(at && end);
	for (at += strlen("id=\"data\">"); at < end; at++)
		need(*at != '<' && *at != '>' && *at != '&');
}

/* A filter ends what it begins. */
static void check_filter(const struct finding *finding)
{
	char filter[WIRESHARK_FILTER];
	unsigned quotes = 0;
	int open = 0;

	if (!wireshark_filter(filter, finding))
		return;
	for (const char *at = filter; *at; at++) {
		quotes += *at == '"';
		open += quotes % 2 ? 0 : (*at == '(') - (*at == ')');
	}
	need(!(quotes % 2) && !open);
}

/* One for all runs: its tables are large.  Of a run only findings are left. */
static struct page *empty_page(void)
{
	static struct page *page;

	if (!page)
		need(!page_open(&page));
	found_fini(&page->found);
	return page;
}

static char *write_page(const uint8_t *bytes, size_t size, bool plain)
{
	struct input in = { bytes, size };
	char title[256], path[256], *text = NULL;
	const char *paths[] = { path, path };
	struct page_about about = { .paths = paths, .path_count = 2, .filter = path };
	struct record record = { .kind = RECORD_FINDING };
	struct finding finding;
	struct page *page = empty_page();
	size_t length = 0;
	FILE *stream = open_memstream(&text, &length);

	need(stream);
	fill(&in, title, sizeof(title), plain);
	fill(&in, path, sizeof(path), plain);
	about.title = title;
	record.finding = &finding;
	for (unsigned i = 0; i < 2; i++) {
		fill_finding(&in, &finding, i ? "10.9.0.6" : "fd00::5", plain);
		check_filter(&finding);
		need(!page->sink.write(&page->sink, &record));
	}
	need(!page_write(page, stream, &about) && !fclose(stream));
	check_utf8(text, length);
	check_data(text);
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char *hostile = write_page(bytes, size, false), *plain = write_page(bytes, size, true);

	need(count_marks(hostile, "<>") == count_marks(plain, "<>"));
	need(count_marks(hostile, "\"'") == count_marks(plain, "\"'"));
	free(hostile);
	free(plain);
	return 0;
}
