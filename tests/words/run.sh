#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What every command says when it cannot do what it is asked: one line with object, reason and
# remedy, and the right status; and which messages of the program nobody has seen here.
cd "$(dirname "$0")/../.." && exec python3 -B tests/words/run.py "${OUT:-build}"
