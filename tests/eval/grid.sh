#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The evaluation of beacons does what it says: a short run of it, whose facts are known.
cd "$(dirname "$0")/../.." && exec python3 tests/eval/grid.py "${OUT:-build}"
