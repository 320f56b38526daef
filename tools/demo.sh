#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The main job on a capture made for it: a scan, a jittered beacon and a DNS tunnel among
# ordinary traffic.
set -eu
cd "$(dirname "$0")/.."
out=${OUT:-build}
mkdir -p "$out/demo"
capture=$out/demo/demo.pcap
echo "Six hours of a small office, generated from tests/scenarios/demo.scn:"
"$out/skua-gen" tests/scenarios/demo.scn -o "$capture" --truth "$out/demo/truth.tsv"
ls -l "$capture" | awk '{ printf "  %s, %.1f MB\n", $NF, $5 / 1e6 }'
echo
echo "\$ $out/skua replay $capture"
"$out/skua" replay --format table "$capture"
cat <<EOT

Where to look next:
  $out/skua replay --min-score 0 $capture     what context calmed as well
  $out/skua replay --format json $capture     one JSON object per line, with every number
  $out/skua replay YOUR.pcap 'net 10.0.0.0/8'      your own captures, with a filter
  wireshark $capture                          the same packets by eye
EOT
