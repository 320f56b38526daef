#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Indicator lists and trigger filters over generated captures, and live while lists change.
cd "$(dirname "$0")/../.." && exec python3 tests/evidence/triggers.py "${OUT:-build}"
