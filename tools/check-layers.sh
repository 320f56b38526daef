#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Fail when a file includes from a folder that tools/layers does not allow it.
# Reads quoted includes only: "skua/x.h" is include/skua, "track/x.h" is user/track,
# "x.h" is the file's own folder, "*.skel.h" is generated into build/.
set -eu
cd "$(dirname "$0")/.."
find $(ls -d include bpf user 2>/dev/null) -name '*.[ch]' | LC_ALL=C sort |
xargs grep -Hn '^#include "' |
awk -v table=tools/layers -F'[:"]' '
function name(path) { sub(/.*\//, "", path); return path }
function folder(path) { sub(/\/[^\/]*$/, "", path); return path }
BEGIN {
	while ((getline line < table) > 0) {
		if (line ~ /^#/ || line == "")
			continue
		n = split(line, word, " ")
		for (i = 1; i <= n; i++)
			allowed[word[1], word[i]] = 1
	}
}
{
	from = folder($1)
	if ($4 ~ /\.skel\.h$/)
		to = "build"
	else if ($4 ~ /^skua\//)
		to = "include/skua"
	else if ($4 ~ /\//)
		to = "user/" folder($4)
	else
		to = from
	if ((from, to) in allowed || (from, to "/" name($4)) in allowed)
		next
	printf "%s:%s: %s may not include from %s (%s)\n", $1, $2, from, to, $4
	failed = 1
}
END { exit failed }'
