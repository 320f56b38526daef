#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Whole packets in a second pass, compared with tshark's display filters.
set -u
cd "$(dirname "$0")/../.."
exec python3 tests/evidence/complete.py "${OUT:-build}"
