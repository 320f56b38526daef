#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Uploads over UDP are proved by the totals in comments, and by no others: tests/evidence/totals.sh
set -u
cd "$(dirname "$0")/../.."
exec python3 tests/evidence/totals.py "${OUT:-build}"
