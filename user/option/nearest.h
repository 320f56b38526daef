/* SPDX-License-Identifier: BSD-2-Clause */
/* The known word that somebody most likely meant. */
#ifndef SKUA_OPTION_NEAREST_H
#define SKUA_OPTION_NEAREST_H

#define NEAREST_LENGTH 64 /* of words; a longer one is near to nothing */

/* Edits from one to the other: a letter more, less, other, or two exchanged; - and _ are the same,
 * and so are large and small letters.  NEAREST_LENGTH: too far to count. */
unsigned nearest_edits(const char *a, const char *b);
/* Few enough for words of this length? */
int nearest_is_near(unsigned edits, const char *meant);

#endif /* SKUA_OPTION_NEAREST_H */
