#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Findings in generated captures, compared with what the generator put there.
cd "$(dirname "$0")/../.." && exec python3 tests/findings/run.py "${OUT:-build}"
