#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The table of what the evaluation showed, in tests/eval/README.md.

summary.py --write: takes build/eval.json, keeps what the table says in tests/eval/summary.json, and
writes the table there.  Without it: says whether it is that of summary.json.
"""
import json
import os
import re
import sys

OUT = os.environ.get("OUT", "build")
PAGE = "tests/eval/README.md"
KEPT = "tests/eval/summary.json"
BEGIN, END = "<!-- figures of tests/eval/summary.json -->", "<!-- end of figures -->"
BLOCK = re.compile(re.escape(BEGIN) + r"\n.*?" + re.escape(END), re.S)


def rivals(grid):
    """What others say of the same beacons and of the same harmless days."""
    if not grid:
        return []
    rows, sums = [], {name: [0, 0] for name in ("context", "rita", "simple")}
    for group in grid["groups"]:
        if group["list"] != "report" or group["jitter"] > 50 or group["loss"]:
            continue
        for at in group["available"]:
            for name in sums if at["exchanges"] == 20 else ():
                sums[name][0] += at[name]["found"]
                sums[name][1] += at[name]["of"]
    if sums["context"][1]:
        rows.append({"what": "beacons", "met": "-",
                     "goal": "jitter <= 50 %, none missed, 20 and more exchanges, ever found: skua, RITA, simple rule",
                     "shown": ", ".join("%.1f %%" % (100 * found / of) for found, of in sums.values())})
    days = [mix for mix in grid["mixes"] if mix["list"] == "report"]
    host_days = sum(mix["host_days"] for mix in days)
    if host_days:
        counts = [sum(mix["findings"].get("beacon", 0) for mix in days)]
        counts += [sum(mix[name] for mix in days) for name in ("rita", "simple")]
        rows.append({"what": "harmless days", "goal": "false beacons per host-day: skua, RITA, simple rule", "met": "-",
                     "shown": ", ".join("%.2f" % (count / host_days) for count in counts)})
    return rows


def rows_of(told):
    return [{"what": goal["part"], "goal": goal["goal"], "shown": goal["shown"],
             "met": {True: "yes", False: "no", None: "not measured"}[goal["met"]]}
            for goal in told["goals"]] + rivals(told.get("beacons"))


def table(rows):
    lines = ["| what | goal | shown | met |", "| --- | --- | --- | --- |"]
    lines += ["| %s |" % " | ".join(str(row[key]).replace("|", "/") for key in ("what", "goal", "shown", "met")) for row in rows]
    return BEGIN + "\n" + "\n".join(lines) + "\n" + END


def main():
    if "--write" in sys.argv[1:]:
        with open(OUT + "/eval.json", encoding="utf-8") as file:
            rows = rows_of(json.load(file))
        with open(KEPT, "w", encoding="utf-8") as file:
            json.dump(rows, file, indent=1)
            file.write("\n")
    with open(KEPT, encoding="utf-8") as file:
        wanted = table(json.load(file))
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    if not BLOCK.search(page):
        print("%s: no line %s" % (PAGE, BEGIN), file=sys.stderr)
        return 1
    if "--write" in sys.argv[1:]:
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(BLOCK.sub(lambda _: wanted, page))
        return 0
    same = BLOCK.search(page).group(0) == wanted
    if not same:
        print("%s: its figures are not those of %s: tests/eval/summary.py --write" % (PAGE, KEPT), file=sys.stderr)
    return not same


sys.exit(main())
