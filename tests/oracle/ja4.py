#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Holds skua tls to what FoxIO's own tool says of the corpus: ja4.py SKUA CORPUS

Every row of JA4-EXPECTED.tsv must be a row of skua's: ends, server name and JA4; and skua has no
other client of TLS over TCP in those captures.
"""
import collections
import csv
import json
import os
import subprocess
import sys

skua, corpus = sys.argv[1:3]
expected = collections.defaultdict(collections.Counter)
with open(os.path.join(corpus, "JA4-EXPECTED.tsv"), newline="") as table:
    for row in csv.DictReader(table, delimiter="\t"):
        expected[row["file"]][(row["src"], row["srcport"], row["dst"], row["dstport"], row["sni"], row["ja4"])] += 1
missed, beyond = collections.Counter(), collections.Counter()
for name, rows in expected.items():
    done = subprocess.run([skua, "tls", "--format", "json", os.path.join(corpus, name)], capture_output=True, timeout=300)
    answers = [json.loads(line) for line in done.stdout.decode().splitlines()]
    ours = collections.Counter((a["src_ip"], str(a["src_port"]), a["dest_ip"], str(a["dest_port"]), a.get("sni", ""), a["ja4"])
                               for a in answers if a["proto"] == "TCP")
    missed += rows - ours
    beyond += ours - rows
for side, rows in (("missed", missed), ("nobody expects", beyond)):
    for row in rows.elements():
        print("# %s: %s" % (side, " ".join(row)))
total = sum(sum(rows.values()) for rows in expected.values())
print("%s 1 - %d of %d clients have the name and the JA4 that are expected" % (
    "ok" if total and not missed else "not ok", total - sum(missed.values()), total))
print("%s 2 - nothing else is taken for a client of TLS" % ("not ok" if beyond else "ok"))
print("1..2")
sys.exit(bool(missed or beyond or not total))
