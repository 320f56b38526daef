#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Findings of 30 and more in the scenarios keep their scores when the capture is spoilt: robust.sh [CORPUS]
cd "$(dirname "$0")/../.." || exit 1
exec python3 tests/eval/robust.py "$@"
