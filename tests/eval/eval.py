#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The evaluation: runs its parts, prints tables and goals, and writes build/eval.json."""
import argparse
import json
import os
import subprocess
import sys
import time

sys.dont_write_bytecode = True  # a build leaves the tree as it was
import ablate
import compare
import corpus
import lists
import mix
import packets
import report
import robust
import runs
import tables

GRID = runs.OUT + "/eval/grid"


def run_beacons(arguments, goals):
    """The grid of beacons, at the level of events, has a program of its own."""
    if not os.path.exists(GRID):
        print("no %s: beacons are not evaluated" % GRID)
        return None
    subprocess.run(["tests/eval/mixes.sh"], check=True)
    subprocess.run([GRID, "--mixes", runs.OUT + "/eval/mix", "--out", runs.OUT + "/eval/grid.json",
                    "--jobs", str(arguments.jobs)] + ["--all"] * arguments.all, check=True)
    with open(runs.OUT + "/eval/grid.json", encoding="utf-8") as file:
        told = json.load(file)
    for goal in told["goals"]:
        # Those of single laws stand in grid.json.
        if goal["list"] == "report" and goal["whole"]:
            rate, shown = goal.get("rate"), "%.4g" % goal["shown"]
            if rate:
                shown = "%d of %d (%.4g %%, 95 %% interval %.4g to %.4g)" % (
                    rate["found"], rate["of"], 100 * (rate["share"] or 0), 100 * rate["low"], 100 * rate["high"])
            goals.keep("beacons", "%s, %s %s" % (goal["goal"], goal["sense"], goal["wanted"]), shown, goal["met"])
    return told


def run_packets(arguments, goals):
    seeds = lists.read_both()
    return report.packets({name: packets.run(name, seeds[name], arguments.all, arguments.jobs, arguments.kinds)
                           for name in lists.NAMES}, goals)


def run_mix(arguments, goals):
    seeds = lists.read_both()
    told = {name: mix.tell(mix.run(name, seeds[name], arguments.all, arguments.jobs), goals, name == "report")
            for name in lists.NAMES}
    print("by list: " + "; ".join("%s %s a host-day, %s of 10" % (name, mix.total(one)["rate"], mix.top(one)["share"])
                                  for name, one in told.items()))
    return told


def run_corpus(_, goals):
    if corpus.there():
        return corpus.tell(goals)
    print(corpus.absent())
    return None


def run_robust(_, goals):
    rows = robust.run(robust.scenario_captures())
    rows += robust.run(robust.corpus_captures(corpus.CORPUS)) if corpus.there() else []
    print("\nspoilt captures: how far the scores of findings of %d and more move" % robust.LEAST)
    print("  " + "\n  ".join(robust.table(rows)))
    bad = robust.violations(rows)
    for row, column in bad:
        print("  too far: " + robust.told(row, column))
    for column in robust.JUDGED:
        mine = [row for row in rows if robust.judged(row, column)]
        far = sum(1 for _, which in bad if which == column)
        goals.share("spoilt captures: " + column, "scores move <= %.2f (%.1f below %d packets each)" % (
            robust.MOVE, robust.MOVE_SHORT, robust.SHORT), len(mine) - far, len(mine), 1.0)
    return {"findings": rows, "violations": [robust.told(*one) for one in bad]}


PARTS = {"beacons": run_beacons, "packets": run_packets, "mix": run_mix, "corpus": run_corpus, "robust": run_robust}


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="every cell, instead of some drawn from each group")
    parser.add_argument("--jobs", type=int, default=2, help="scenarios at a time (2)")
    parser.add_argument("--parts", default=",".join(PARTS), help="which parts, by commas (%(default)s)")
    parser.add_argument("--kinds", type=lambda text: text.split(","), help="of the packet-level part: which kinds")
    parser.add_argument("--ablate", metavar="RULE", help="instead: leave out this rule of context, or each (all)")
    parser.add_argument("--output", default=runs.OUT + "/eval.json", help="where figures go (%(default)s)")
    parser.add_argument("--compare", metavar="OLD.json", help="show what moved since these figures; with --output, of that file")
    parser.add_argument("--only-compare", action="store_true", help="run nothing")
    return parser.parse_args()


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def write(told, path):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(told, file, indent=1, sort_keys=True)


def evaluate(arguments):
    goals, told = tables.Goals(), {"schema": 1, "all": arguments.all, "seconds": {}}
    for part in arguments.parts.split(","):
        begun = time.monotonic()
        told[part] = PARTS[part](arguments, goals)
        told["seconds"][part] = round(time.monotonic() - begun, 1)
    if told.get("packets") and told.get("mix"):
        told["roc"] = report.roc(told["packets"]["report"], told["mix"]["report"])
    told["goals"] = goals.rows
    write(told, arguments.output)
    print("\n%d of %d goals met; %s has every figure; seconds: %s" % (
        sum(1 for row in goals.rows if row["met"]), len(goals.rows), os.path.relpath(arguments.output),
        ", ".join("%s %.0f" % one for one in told["seconds"].items())))


def main():
    sys.stdout.reconfigure(line_buffering=True)  # others print between our lines
    arguments = parse()
    if arguments.ablate:
        write(ablate.run(arguments.ablate, arguments.jobs), runs.OUT + "/ablate.json")
        return 0
    old = read(arguments.compare) if arguments.compare else None
    if not arguments.only_compare:
        evaluate(arguments)
    if old:
        compare.show(old, read(arguments.output))
    return 0


sys.exit(main())
