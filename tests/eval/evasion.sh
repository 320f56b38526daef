#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# One kept witness of each detector stays below its threshold, and what is above is found, as TAP.
set -u
here=$(cd "$(dirname "$0")/../.." && pwd)
cd "$here" || exit 1
for tool in skua skua-gen evasion_scores; do
	[ -x "${OUT:-build}/$tool" ] && continue
	echo "1..0 # SKIP ${OUT:-build}/$tool is not built"
	exit 0
done
exec python3 tests/eval/evasion.py --quick
