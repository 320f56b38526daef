#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Builds without each optional library and asks for what it is needed for: run.sh words|all [LIBRARY...].
cd "$(dirname "$0")/../.." && exec python3 -B tests/without/run.py "${OUT:-build}" "${@:-words}"
