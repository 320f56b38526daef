#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Every record that the JSON writers can make is one of include/skua/finding.schema.json, and the
# schema refuses what is not: OUT=build tests/schema/run.sh [FILE...] also validates those files.
set -eu
cd "$(dirname "$0")/../.."
OUT=${OUT:-build}
python=python3
"$python" -c 'import jsonschema' 2>/dev/null || python=/usr/bin/python3 # Debian's, behind another
"$python" -c 'import jsonschema' 2>/dev/null || {
	echo "python3-jsonschema is not installed"
	exit 77
}
make -s OUT="$OUT" "$OUT/schema/records" >&2
"$OUT/schema/records" >"$OUT/schema/records.jsonl"
head -n 14 "$OUT/schema/records.jsonl" >"$OUT/schema/full.jsonl"
grep -E '"event_type":"(compat|rita|status)"|"derivation":' "$OUT/schema/records.jsonl" >>"$OUT/schema/full.jsonl"
# One plan for both runs.
{
	"$python" tests/schema/validate.py "$OUT/schema/records.jsonl" "$@" || true
	"$python" tests/schema/validate.py --mutants "$OUT/schema/full.jsonl" || true
} | awk '
/^1\.\./ { plans++; next }
/^(not )?ok / { n++; sub(/ok [0-9]+/, "ok " n) }
/^not ok/ { failed = 1 }
{ print }
END { print "1.." n; exit failed || plans != 2 }'
