/* SPDX-License-Identifier: BSD-2-Clause */
/* Does a sampled packet ask, or answer, about a domain? */
#ifndef SKUA_RECORD_DOMAIN_H
#define SKUA_RECORD_DOMAIN_H

#include "record/sample_row.h"

/* domain: lower case, as findings name it; a message that is cut may be about it. */
bool domain_asked(const struct sample_row *row, const char *domain);

#endif /* SKUA_RECORD_DOMAIN_H */
