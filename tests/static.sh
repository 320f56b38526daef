#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What can be checked without running anything: floors, headers, sizes, layout of the source.
cd "$(dirname "$0")/.."
n=0 failed=0
check() {
	n=$((n + 1))
	sentence=$1
	shift
	if out=$("$@" 2>&1); then
		echo "ok $n - $sentence"
	else
		failed=1
		echo "not ok $n - $sentence"
		printf '%s\n' "$out" | head -n 20 | sed 's/^/# /'
	fi
}
top_level() {
	names=$(git ls-files | cut -d/ -f1 | grep -v '^\.' | LC_ALL=C sort -u | tr '\n' ' ')
	[ "$names" = "Makefile README.md bpf deploy include tests tools user " ] || {
		echo "the top level holds: $names"
		return 1
	}
}
no_leftovers() {
	! grep -rnwE 'TODO|XXX|FIXME' bpf include user tools tests --include='*.[ch]' --include='*.sh' \
		--exclude=static.sh
}
up_to_date() {
	make -q OUT="${OUT:-build}" SAN="$SAN" all || { make -n OUT="${OUT:-build}" SAN="$SAN" all; return 1; }
}
check "nothing includes from a floor above its own" tools/check-layers.sh
check "every header compiles alone, those of the kernel for it" tools/check-headers.sh
check "no file over 400 lines, no function over 60, SPDX lines everywhere" tools/check-size.sh
check "every source file is laid out as .clang-format says" sh -c \
	"find bpf include user tools tests -name '*.[ch]' | xargs clang-format --dry-run -Werror"
if git ls-files --error-unmatch Makefile >/dev/null 2>&1; then
	check "the top level holds the agreed folders and nothing else" top_level
else
	n=$((n + 1))
	echo "ok $n - the top level holds the agreed folders # SKIP git is not here or does not know this tree"
fi
check "nothing is left to do without an issue" no_leftovers
check "make does nothing when nothing changed" up_to_date
echo "1..$n"
exit $failed
