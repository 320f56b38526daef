#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Configuration of `skua run`: who goes before whom, what is refused, what a live run makes of a
# change, and that parser, help, sample, manual, schema and completion agree.
cd "$(dirname "$0")/../.." && exec python3 tests/config/run.py "${OUT:-build}"
