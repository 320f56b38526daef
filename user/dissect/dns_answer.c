// SPDX-License-Identifier: BSD-2-Clause
/* The answers of a DNS message, within a bound for what they say. */
#include <string.h>
#include "dissect/dns_view.h"

struct dns_answer_reader dns_read_answers(const struct dns_view *view)
{
	struct dns_answer_reader reader = { .from = dns_view_rewind(view) };
	struct dns_record question;

	for (unsigned i = 0; i < view->questions && dns_read_question(&reader.from, &question);)
		i++;
	return reader;
}

static unsigned count_rest(struct dns_answer_reader *reader, struct dns_record *scratch)
{
	unsigned most = reader->from.view->answers - reader->told, count = 1;

	while (count < most && dns_read_record(&reader->from, scratch))
		count++;
	return count;
}

bool dns_read_answer(struct dns_answer_reader *reader, struct dns_record *out, char *to,
		     size_t size)
{
	const struct dns_view *view = reader->from.view;
	size_t length;

	if (reader->left_out || reader->told == view->answers ||
	    !dns_read_record(&reader->from, out))
		return false;
	dns_record_text(view, out, to, size);
	length = strlen(out->name) + strlen(to);
	if (length > DNS_ANSWERS_TEXT - reader->text) {
		reader->left_out = count_rest(reader, out);
		return false;
	}
	reader->text += length;
	reader->told++;
	return true;
}
