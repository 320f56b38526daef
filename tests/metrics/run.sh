#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Metrics and health of a live agent, read by promtool and scraped by a real Prometheus; rules and
# dashboard.  usage: OUT=build tests/metrics/run.sh
set -u
cd "$(dirname "$0")/../.." || exit 1
exec python3 tests/metrics/run.py
