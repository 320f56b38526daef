#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Findings in ECS and OCSF are what these ask for: OUT=build tests/sinks/schemas.sh
set -eu
cd "$(dirname "$0")/../.."
OUT=${OUT:-build}
python=python3
"$python" -c 'import jsonschema' 2>/dev/null || python=/usr/bin/python3 # Debian's, behind another
"$python" -c 'import jsonschema' 2>/dev/null || {
	echo "1..0 # SKIP python3-jsonschema is not installed: tools/setup.sh check"
	exit 0
}
make -s OUT="$OUT" "$OUT/schema/records" >&2
exec "$python" tests/sinks/schemas.py "$OUT"
