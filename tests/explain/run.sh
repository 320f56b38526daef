#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What `skua explain` prints of each kind of finding gives its score when it is computed again.
cd "$(dirname "$0")/../.." && exec python3 tests/explain/run.py "${OUT:-build}"
