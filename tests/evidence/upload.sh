#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A vault carried off the node to a real web server and to S3, over lines that fail, by an uploader
# that is killed; and snapshots fetched back: tests/evidence/upload.sh
cd "$(dirname "$0")/../.."
out=${OUT:-build}
PATH=$PATH:/usr/sbin
for tool in python3 lighttpd openssl; do
	command -v $tool >/dev/null || {
		echo "$tool is not installed: tools/setup.sh check"
		exit 77
	}
done
if "$out/skua" version | grep -q '^libcurl: no'; then
	echo "1..0 # SKIP this skua was built without libcurl"
	exit 0
fi
# No folder of compiled scripts in the tree.
export PYTHONDONTWRITEBYTECODE=1
exec python3 tests/evidence/upload.py "$out"
