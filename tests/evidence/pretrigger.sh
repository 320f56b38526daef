#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Packets from before the alert: the first callback of beacons is still there when they are found.
cd "$(dirname "$0")/../.." && exec python3 tests/evidence/pretrigger.py "${OUT:-build}"
