#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""How full the tables and rings of an agent were at most: peaks.py FILE NAME...

FILE: lines of `skua status --format json`, taken while it was filled, for what times out is gone in the
end.  Fails when one of NAME, tables that must have been full, was never 85 % full.
"""
import json
import sys


def main():
    peaks = {}
    with open(sys.argv[1], encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("{"):
                continue
            status = json.loads(line)["status"]
            parts = [(t["name"], t["entries"] / t["capacity"]) for t in status["tables"]]
            parts += [(r["name"], r["used"] / r["size"]) for r in status["rings"]]
            for name, part in parts:
                peaks[name] = max(peaks.get(name, 0), part)
    print("full: " + ", ".join("%s %.0f %%" % (n, 100 * p) for n, p in sorted(peaks.items())))
    sys.exit(any(peaks.get(name, 0) < 0.85 for name in sys.argv[2:]))


main()
