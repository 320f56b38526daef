#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Prints C source that holds the style and the script of the HTML report, byte for byte.
set -eu

printf '/* Made by tools/embed-page.sh from the files named below. */\n'
printf '#include "page/builtin.h"\n'
for file in "$@"; do
	printf '\n/* %s */\nconst char page_%s[] =\n' "$file" "${file##*.}"
	sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/?/\\077/g' -e 's/.*/\t"&\\n"/' "$file"
	printf '\t"";\n'
done
