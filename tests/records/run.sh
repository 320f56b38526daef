#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Records of what passed, as EVE and as Zeek's logs: held to tshark, to the analyst commands and to
# scripts that know the documented fields alone.
cd "$(dirname "$0")/../.."
for tool in jq sqlite3; do
	command -v $tool >/dev/null || {
		echo "1..0 # SKIP $tool is not installed: tools/setup.sh check"
		exit 77
	}
done
exec python3 tests/records/run.py "${OUT:-build}" "${SKUA_CORPUS:-../shared/corpus}"
