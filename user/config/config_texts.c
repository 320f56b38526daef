// SPDX-License-Identifier: BSD-2-Clause
/* Texts that settings point into, each kept once. */
#include <stdlib.h>
#include <string.h>
#include "config/config_rows.h"

struct config_text {
	struct config_text *next;
	char text[];
};

const char *config_texts_keep(struct config_texts *texts, const char *text)
{
	size_t size = strlen(text) + 1;
	struct config_text *kept = texts->first;

	while (kept && strcmp(kept->text, text))
		kept = kept->next;
	if (kept)
		return kept->text;
	if (size > CONFIG_KEPT_BYTES - texts->bytes)
		return NULL;
	kept = malloc(sizeof(*kept) + size);
	if (!kept)
		return NULL;
	memcpy(kept->text, text, size);
	kept->next = texts->first;
	texts->first = kept;
	texts->bytes += size;
	return kept->text;
}

void config_texts_free(struct config_texts *texts)
{
	while (texts->first) {
		struct config_text *next = texts->first->next;

		free(texts->first);
		texts->first = next;
	}
	texts->bytes = 0;
}
