#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What was kept stays kept beside a churner, and memory within its bound: tests/evidence/churn.sh quick|all
cd "$(dirname "$0")/../.." && exec python3 tests/evidence/churn.py "${OUT:-build}" "${1:-quick}"
