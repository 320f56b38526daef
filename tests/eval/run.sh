#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The evaluation's own arithmetic, lists and cells: what it says can be believed.
cd "$(dirname "$0")/../.." || exit 1
exec python3 tests/eval/run.py
