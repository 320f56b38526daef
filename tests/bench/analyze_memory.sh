#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Peak memory of the commands of analysts on captures of 1 and 10 GB (SIZES, in GB), which come
# through a pipe: a generated capture again and again, each time of other hosts; and, where there is
# a corpus, real captures likewise up to 1 GB (REAL_SIZES), with so many conversations that every
# table is full.  After analyze.sh, which makes both.
set -eu
cd "$(dirname "$0")/../.."
out=${OUT:-build}
work=$out/bench
[ -e "$work/generated100k.pcap" ] || {
	echo "there is no $work/generated100k.pcap: tests/bench/analyze.sh makes it"
	exit 77
}
python3 tests/bench/analyze_memory.py "$out" "$work" "${SIZES:-1 10}" "$work/generated100k.pcap"
[ ! -e "$work/real100k.pcap" ] ||
	python3 tests/bench/analyze_memory.py "$out" "$work" "${REAL_SIZES:-1}" "$work/real100k.pcap"
