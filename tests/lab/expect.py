#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Says which findings the cast of the lab should have given and did not, and which it should not have.

expect.py FINDINGS < EXPECTED: JSON lines, with or without a time before each; lines "kind technique
source", "-" for any technique, "- - source" for a host of which nothing may be found.
"""
import json
import sys

found, wrong = {}, []
for line in open(sys.argv[1], encoding="utf-8"):
    record = json.loads(line[line.index("{"):])
    if "finding_id" in record:
        found[record["finding_id"]] = record
claimed = set()
for kind, technique, source in (line.split() for line in sys.stdin):
    mine = [f for f in found.values() if f["src_ip"] == source]
    if kind == "-":
        continue
    mine = [f for f in mine if f["event_type"] == kind and technique in ("-", f.get("scan", {}).get("technique"))]
    claimed |= {f["finding_id"] for f in mine}
    if not mine:
        wrong.append("missing: %s %s from %s" % (kind, technique, source))
wrong += ["not expected: %.2f %s %s: %s" % (f["score"], f["event_type"], f["src_ip"], f["reason"])
          for f in found.values() if f["finding_id"] not in claimed]
print("\n".join(wrong) or "all %d found, and nothing else" % len(claimed))
sys.exit(bool(wrong))
