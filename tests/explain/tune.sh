#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# `skua tune` proposes entries, measures them, and writes only what was confirmed.
cd "$(dirname "$0")/../.." && exec python3 tests/explain/tune.py "${OUT:-build}"
