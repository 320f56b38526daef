#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What draws mutations: one line, one place, no comment, the same each time; the table names what exists.
cd "$(dirname "$0")/../.." && exec python3 tests/mutate/run.py
