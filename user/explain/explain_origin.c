// SPDX-License-Identifier: BSD-2-Clause
/* Says which process group is behind a finding. */
#ifdef HAVE_JANSSON
#include <jansson.h>
#include "base/text.h"
#include "explain/explain_text.h"

static void write_part(FILE *stream, const json_t *origin, const char *name, const char *before,
		       const char **between)
{
	char text[EXPLAIN_TEXT];

	if (!explain_word(text, origin, name)[0])
		return;
	fprintf(stream, "%s%s%s", *between, before, text);
	*between = ", ";
}

void explain_write_origin(FILE *stream, const json_t *finding)
{
	const json_t *origin = json_object_get(finding, "origin");
	const char *between = "";
	double others = explain_number(origin, "others");
	char text[TEXT_NUMBER], user[EXPLAIN_TEXT];

	if (!origin)
		return;
	explain_label(stream, "by");
	write_part(stream, origin, "user_unit", "unit ", &between);
	write_part(stream, origin, "unit", "unit ", &between);
	write_part(stream, origin, "runtime", "", &between);
	write_part(stream, origin, "container", "container ", &between);
	write_part(stream, origin, "pod_uid", "pod ", &between);
	fprintf(stream, "%suid %.0f", between, explain_number(origin, "uid"));
	if (explain_word(user, origin, "user")[0])
		fprintf(stream, " (%s)", user);
	if (others > 0)
		fprintf(stream, "; and by %s more", text_count(text, (uint64_t)others));
	fputc('\n', stream);
}

#endif
