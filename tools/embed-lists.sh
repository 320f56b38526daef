#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Prints C source that holds the list files named on the command line: the
# lists skua falls back to when no directory of lists is given.
set -eu

printf '/* Made by tools/embed-lists.sh from the files named below. */\n'
printf '#include <stddef.h>\n#include "base/lists.h"\n\n'
printf 'const struct list_file lists_builtin[] = {\n'
for file in "$@"; do
	printf '\t{ "%s",\n' "$(basename "$file")"
	# Comments are for readers of the file; the octal guard keeps "??" from being a trigraph.
	sed -e 's/[[:space:]]*#.*//' -e '/^[[:space:]]*$/d' \
		-e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/?/\\077/g' -e 's/.*/\t  "&\\n"/' "$file"
	printf '\t  "" },\n'
done
printf '\t{ NULL, NULL },\n};\n'
