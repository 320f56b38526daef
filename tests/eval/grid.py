#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A short run of the evaluation, whose facts are known.

grid.py OUT
"""
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import finish, ok  # noqa: E402

OUT = sys.argv[1]
GRID, SKUA, GEN, WORK = OUT + "/eval/grid", OUT + "/skua", OUT + "/skua-gen", OUT + "/eval/smoke"
FIXED, POISSON, POLL, DEAD = "10.9.0.10", "10.9.0.16", "10.9.0.14", "10.9.0.22"


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=3600)


def findings(*options):
    """The last score before context by client, of pairs by server."""
    done = run(SKUA, "replay", "-q", "--format", "json", "--min-score", "0", "--every-update", *options)
    last, names = {}, set()
    for line in done.stdout.splitlines():
        record = json.loads(line)
        if record["event_type"] == "beacon" and "entity" not in record:
            last[record["src_ip"], record["beacon"]["exchanges"]] = record["score_raw"]
            names |= {rule["name"] for rule in record["context"]}
    return last, names


def check_mirror():
    """Worlds are made of what the engine says of packets."""
    capture, journal = WORK + "/mirror.pcap", WORK + "/mirror"
    run(GEN, "tests/eval/mirror.scn", "-o", capture)
    run(SKUA, "replay", "-q", "--journal", journal, capture)
    done = run(GRID, "--mirror", journal)
    rows = [line.split() for line in done.stdout.splitlines()]
    ok(done.returncode == 0 and len(rows) >= 13, "a dozen callers of a capture are played again", done)
    ok(all(row[6] == "0" for row in rows), "as events they open and total each exchange, and end each attempt, as their packets do", rows)
    ok(all(row[4] == row[5] for row in rows), "and have the same score", rows)
    ok(any(row[0] == DEAD for row in rows), "one of them in vain", rows)
    product = findings(capture)[0]
    scores = [(row, product[row[0], int(row[3])]) for row in rows if (row[0], int(row[3])) in product]
    ok(len(scores) >= 6 and all(abs(float(row[4]) - score) < 0.0002 for row, score in scores),
       "which is what a replay of the capture prints", scores)
    ok([row[7] for row in rows if row[0] == FIXED] == ["7"], "a beacon each 60 s is found at its seventh exchange", rows)
    ok([float(row[5]) < 0.5 and row[7] == "0" for row in rows if row[0] == POISSON] == [True], "exponential gaps are no beacon", rows)


def check_rita():
    capture, journal = WORK + "/mirror.pcap", WORK + "/mirror"
    rows = {}
    printed = run(SKUA, "replay", "-q", "--rita", capture).stdout
    for line in printed.splitlines():
        record = json.loads(line)
        if record["event_type"] == "rita":
            rows[record["rita"]["source"]] = record["rita"]
    ok(rows[FIXED]["time"] == 1 and rows[FIXED]["connections"] == 1440 and rows[FIXED]["skua_score"] > 0.9,
       "--rita scores the connections of a clock 1, and has our score beside it", rows.get(FIXED))
    ok(POLL not in rows, "polling inside one connection is invisible to it", rows.get(POLL))
    ok(all(abs(row["score"] * 4 - row["time"] - row["size"] - row["histogram"] - row["duration"]) < 0.0021
           for row in rows.values()), "its score is the mean of four", rows)
    again = run(SKUA, "replay", "-q", "--rita", journal).stdout
    ok([line for line in again.splitlines() if '"rita"' in line] ==
       [line for line in printed.splitlines() if '"rita"' in line], "a journal gives the same rows")


def check_rules():
    capture = WORK + "/benign.pcap"
    run(GEN, "tests/scenarios/benign.scn", "-o", capture)
    before, after = findings(capture)[1], findings("--without-rule", "network-time", capture)[1]
    ok("network-time" in before and before - after == {"network-time"},
       "a rule of context that is left out is gone, and no other", (before, after))
    refused = run(SKUA, "replay", "--without-rule", "no-such-rule", capture)
    ok(refused.returncode == 2 and "no-such-rule" in refused.stderr, "a rule that does not exist is an error", refused)
    refused = run(GRID, "--per-group", "2", "--noise", "2", "--ablate", "no-such-rule")
    ok(refused.returncode == 1 and "no-such-rule" in refused.stderr, "for the evaluation too", refused)


def evaluate(name, *options):
    path = WORK + "/" + name + ".json"
    done = run(GRID, "--per-group", "6", "--noise", "1200", "--out", path, *options)
    if done.returncode:
        ok(False, "the evaluation runs", done)
        sys.exit(1)
    with open(path, encoding="utf-8") as file:
        result = json.load(file)
    del result["seconds"]
    return result, done.stdout


def group_of(result, law, jitter, loss):
    return [group for group in result["groups"]
            if (group["law"], group["jitter"], group["loss"]) == (law, jitter, loss)][0]


def check_grid():
    result, text = evaluate("one")
    ok(evaluate("two", "--jobs", "2")[0] == result, "two processes give the figures of one")
    fixed = group_of(result, "fixed", 0, 0)
    ok(fixed["beacons"] == 6 and fixed["exact"][0]["raw"]["share"] == 1,
       "beacons without jitter are found at their twelfth exchange, each of them", fixed)
    bound = group_of(result, "empire", 50, 50)["exact"][2]["bound"]
    ok(0.8 < bound < 0.9, "the optimal test finds 0.86 at 30 exchanges with 50 % jitter and 50 % missed", bound)
    bounds = [[mark["bound"] for mark in group["exact"]] for group in result["groups"]]
    ok(all(row == sorted(row) for row in bounds), "more exchanges never help it less", bounds)
    pairs = sum(row["pairs"] for row in result["noise"])
    alarms = sum(row["raw"]["found"] for row in result["noise"])
    ok(pairs == 1200 and alarms < 0.03 * pairs, "aperiodic pairs are quiet: fewer than 3 %", (pairs, alarms))
    ok(all(("goal %-6s %-76s" % (goal["list"], goal["goal"])) in text for goal in result["goals"]),
       "every goal is printed", text)
    ok(text.count("MISSED") == sum(not goal["met"] for goal in result["goals"]), "and every missed one says so")


def check_lists():
    """Nobody may report on what was tuned by."""
    shutil.copytree("tests/eval", WORK + "/lists", ignore=lambda folder, names: [n for n in names if n[-4:] != ".txt"])
    with open(WORK + "/lists/tune.txt", "a", encoding="utf-8") as file:
        file.write("laws cobalt\n")
    refused = run(GRID, "--lists", WORK + "/lists", "--per-group", "2", "--noise", "2")
    ok(refused.returncode == 1 and "share a seed or a law" in refused.stderr,
       "lists that share a law are refused", refused)


shutil.rmtree(WORK, ignore_errors=True)
os.makedirs(WORK)
check_mirror()
check_rita()
check_rules()
check_grid()
check_lists()
sys.exit(finish())
