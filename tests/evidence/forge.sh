#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Forged evidence does not verify: tests/evidence/forge.sh [EDITS]
set -u
cd "$(dirname "$0")/../.."
exec python3 tests/evidence/forge.py "${OUT:-build}" "${1:-1000}"
