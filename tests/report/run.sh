#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The HTML report: well-formed, true to what other commands say, and text where names are hostile.
# run.sh quick|all: all opens it in headless Chromium as well, with pictures in build/report.
cd "$(dirname "$0")/../.." && exec python3 tests/report/run.py "${OUT:-build}" "${1:-quick}"
