#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of the evaluation itself: intervals, lists, cells, damages and the table of README.md here."""
import os
import subprocess
import sys

sys.dont_write_bytecode = True  # a test leaves the tree as it was
import cells_scan
import cells_volume
import compare
import damage
import figures
import judge
import lists
import runs
import scenario
from draws import Draws

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import finish, ok  # noqa: E402


def near(got, wanted):
    return all(abs(a - b) < 5e-4 for a, b in zip(got, wanted))


def check_figures():
    ok(near(figures.wilson(9, 10), (0.5958, 0.9821)), "Wilson's interval of 9 of 10", figures.wilson(9, 10))
    ok(near(figures.wilson(300, 300), (0.9874, 1)), "and of 300 of 300", figures.wilson(300, 300))
    # Exact: 3.0 and 0.62 to 8.77 events.
    got = figures.poisson(3, 10)
    ok(near((got["rate"],), (0.3,)) and abs(got["low"] - 0.062) < 0.003 and abs(got["high"] - 0.877) < 0.003,
       "an interval of 3 events in 10 days", got)
    ok(figures.precision_at([(1, True), (0.9, False), (0.9, True)], 2)["hits"] == 1, "of equal scores the false one comes first")
    curve = figures.roc([0.4, 0.6, 1.0], [0.6], 2)
    at = {point["threshold"]: point for point in curve}
    ok(at[0.5]["recall"] == round(2 / 3, 4) and at[0.5]["false_per_host_day"] == 0.5 and at[0.65]["false_per_host_day"] == 0,
       "points of a curve", at[0.5])
    draws = Draws("a", 1)
    ok([draws.below(1000) for _ in range(3)] == [676, 390, 70], "the draws are the same everywhere",
       [Draws("a", 1).below(1000)])


def check_lists():
    both = lists.read_both()
    ok(all(both[name][what] for name in lists.NAMES for what in ("seed", "law")), "both lists have seeds and laws", both)
    ok(not set(both["tune"]["seed"]) & set(both["report"]["seed"]), "no seed is in both")
    ok(not set(both["tune"]["law"]) & set(both["report"]["law"]), "no law is in both")


def check_cells():
    attacks = cells_scan.every(Draws("cells"), ["law fixed"])
    seen = {tuple(attack.cell.values()) for attack in attacks}
    ok(seen == set(cells_scan.groups()), "every group of scans has a cell", set(cells_scan.groups()) - seen)
    ok(all(attack.failed <= attack.count for attack in attacks), "no scan fails more often than it tries")
    ok(all(attack.span_s < scenario.DAY_S - 600 for attack in attacks), "every scan fits a day")


def check_judgement():
    """Six attacks: the generator sends what the cells say, and each is judged by its own findings."""
    attacks = [cells_scan.scan("syn", "100/s", 100, "vertical", "random", "refused", "v4", "inside", "law fixed"),
               cells_scan.scan("connect", "10/s", 100, "horizontal", "random", "tenth open", "v6", "outside", "law fixed"),
               cells_scan.scan("ns", "10/s", 100, "horizontal", "random", "mixed", "v6", "inside", "law fixed"),
               cells_scan.scan("udp", "10/s", 10, "block", "sequential", "silent", "v4", "inside", "law fixed"),
               cells_volume.tunnel("random", "600 B", "1/s", 60, "v4", "law fixed"),
               cells_volume.upload("at once, 10 MB", "tls", "10M/s", "v4", "")]
    for together in scenario.pack(attacks, Draws("judge"), length_s=7200):
        shown, calm, truth = runs.judge(scenario.write(together, 1, [], length_s=7200, snaplen=96))
        sent = {}
        for row in truth:
            sent[row["src"]] = sent.get(row["src"], 0) + int(row["count"])
        for attack in together:
            judge.weigh(attack, shown, calm)
    ok(all(sent[attack.source] == attack.count for attack in attacks), "the generator sends what the cells say",
       [(attack.label(), sent[attack.source]) for attack in attacks])
    ok([attack.failed for attack in attacks[:4]] == [100, 90, 60, 10], "so many of the contacts fail",
       [attack.failed for attack in attacks])
    ok([attack.found["found"] for attack in attacks] == [True, True, True, False, True, False],
       "a scan of ten silent ports and an upload of 10 MB are no findings, the others are", [a.found for a in attacks])
    first = attacks[0].found
    ok(first["found"] and 0 < first["after_s"] < 3 and first["after_tenth_s"] < 2,
       "time to detection counts from the first probe", first)
    ok(first["simple"] and not attacks[2].found["simple"], "the simple rule sees SYNs to one address and no solicitations")
    ok(not judge.strangers(attacks, shown), "nothing is left over", judge.strangers(attacks, shown))


def check_damages():
    packets = [(1000000 * i, 200, bytes(200)) for i in range(1000)]
    kept = len(damage.lose(packets, "test"))
    ok(870 < kept < 930, "about a tenth of the packets is lost", kept)
    twice = damage.double(packets, "")
    ok(len(twice) == 2000 and twice[1][0] == damage.COPY_NS, "each packet twice")
    ok(all(len(data) == 96 and length == 200 for _, length, data in damage.cut(packets, "")),
       "lengths on the wire stay when bytes are cut")
    moved = [abs(new[0] - old[0]) for new, old in zip(damage.blur(packets, ""), packets)]
    ok(damage.NOISE_NS // 2 < max(moved) <= damage.NOISE_NS, "clocks are wrong by a millisecond at most", max(moved))


def check_comparison():
    old = {"goals": [{"goal": "a", "met": True, "shown": "x"}], "cells": [{"cell": {"k": "v"}, "all": {"hits": 1, "total": 2}}]}
    flat = compare.flatten(old)
    ok(flat == {"goals/a/met": (1.0, "True"), "cells/v/all": (0.5, "1/2")}, "figures are compared by where they stand", flat)


check_figures()
check_lists()
check_cells()
check_judgement()
check_damages()
check_comparison()
summary = subprocess.run([sys.executable, "tests/eval/summary.py"], capture_output=True, check=False)
ok(summary.returncode == 0, "tests/eval/README.md has the figures of tests/eval/summary.json", summary.stderr.decode().strip())
sys.exit(finish())
