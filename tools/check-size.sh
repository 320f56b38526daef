#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# No file over 400 lines, no function over 60, an SPDX line in every file.
set -eu
cd "$(dirname "$0")/.."
failed=0
sources=$(find bpf include user tools tests -name '*.[ch]' | LC_ALL=C sort)
wc -l $sources | awk '$2 != "total" && $1 > 400 { print $2 ": " $1 " lines, 400 are allowed"; bad = 1 }
END { exit bad }' || failed=1
ctags --output-format=json --fields=+ne --kinds-C=f -f- $sources | python3 -c '
import json, sys
bad = 0
for line in sys.stdin:
    tag = json.loads(line)
    length = tag.get("end", tag["line"]) - tag["line"] + 1
    if length > 60:
        print("%s:%d: %s has %d lines, 60 are allowed" % (tag["path"], tag["line"], tag["name"], length))
        bad = 1
sys.exit(bad)' || failed=1
for file in $(find bpf include user tools tests deploy Makefile .ci -type f ! -path '*/licenses/*' \
	! -name '*.json' ! -name '*.md'); do
	head -n 3 "$file" | grep -q SPDX-License-Identifier || {
		echo "$file: no SPDX line"
		failed=1
	}
done
exit $failed
