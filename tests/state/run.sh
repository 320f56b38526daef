#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What outlives a run, what is usual, and what people say of findings: replayed, killed, live.
export PYTHONDONTWRITEBYTECODE=1
cd "$(dirname "$0")/../.." && exec python3 tests/state/run.py "${OUT:-build}"
