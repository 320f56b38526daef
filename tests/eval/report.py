# SPDX-License-Identifier: BSD-2-Clause
"""What the packet-level cells showed: tables, goals, misses by name, and the same for machines."""
from collections import Counter

import cells_scan
import figures
import tables

TITLES = {"scan": "scans", "dns": "DNS tunnels", "exfil": "uploads", "icmp": "ICMP tunnels", "dga": "computed names"}
# By kind: the axes of the first table, and of further ones.
PIVOTS = {"scan": [("technique", "speed"), ("technique", "contacts"), ("shape", "answers")],
          "dns": [("style", "queries"), ("style", "rate"), ("style", "type")],
          "exfil": [("upload", "carrier")], "icmp": [("rate", "echoes"), ("shape", "echoes")], "dga": [("within", "names")]}
TIMES = {"scan": "speed", "dns": "rate", "exfil": "upload", "icmp": "rate", "dga": "within"}
GOALS = {"scan": "every scan with >= 15 failed contacts, silence of UDP, FIN, ACK and hosts counted from 20",
         "dns": "every tunnel with >= 60 queries",
         "exfil": "every upload above the design's thresholds", "icmp": "every tunnel with >= 10 odd echoes",
         "dga": "every host that asks for >= 40 names that do not exist within an hour"}
TENTH_S = 2  # a scan is to be told so soon after its tenth failure was decided
MISSES_SHOWN = 24  # cells in a line; eval.json names all


def misses(attacks):
    """[(cell, missed, of how many, what the missed ones have in common or not)]"""
    by_cell = {}
    for attack in attacks:
        by_cell.setdefault(tuple(attack.cell.items()), []).append(attack)
    rows = []
    for cell, members in by_cell.items():
        missed = [attack for attack in members if not attack.found["found"]]
        if missed:
            rows.append({"cell": dict(cell), "missed": len(missed), "of": len(members),
                         "drawn": [attack.drawn for attack in missed],
                         "score": max(attack.found["score"] for attack in missed)})
    return rows


def cells(attacks):
    """One record for each cell, for machines."""
    by_cell = {}
    for attack in attacks:
        by_cell.setdefault(tuple(attack.cell.items()), []).append(attack)
    records = []
    for cell, members in by_cell.items():
        wanted = [attack for attack in members if attack.goal]
        founds = [attack.found for attack in members if attack.found["found"]]
        records.append({"cell": dict(cell), "goal": figures.share(tables.hits_of(wanted), len(wanted)),
                        "all": figures.share(tables.hits_of(members), len(members)),
                        "simple": figures.share(sum(a.found["simple"] for a in members), len(members)),
                        "after_s": figures.spread([one["after_s"] for one in founds]),
                        "after": figures.spread([one["after"] for one in founds if one["after"] is not None])})
    return records


def print_misses(rows):
    """A line for each value of the first axis: the cells of which something was missed."""
    lines = {}
    for row in rows:
        first, *rest = row["cell"].values()
        lines.setdefault(first, []).append((" ".join(str(value) for value in rest), row["missed"], row["of"]))
    for first, cells in lines.items():
        told = ["%s (%d of %d)" % cell for cell in sorted(cells, key=lambda cell: (-cell[1] / cell[2], cell[0]))]
        more = ", and %d cells more" % (len(told) - MISSES_SHOWN) if len(told) > MISSES_SHOWN else ""
        print("  missed %s: %s%s" % (first, ", ".join(told[:MISSES_SHOWN]), more))


def one_kind(kind, attacks, goals, loud):
    wanted = [attack for attack in attacks if attack.goal]
    rest = [attack for attack in attacks if not attack.goal and not attack.quiet]
    quiet = [attack for attack in attacks if attack.quiet]
    hits, simple = tables.hits_of(wanted), sum(attack.found["simple"] for attack in wanted)
    otherwise = sum(1 for a in wanted if not a.found["found"] and a.found["otherwise"])
    missed = misses(wanted)
    if loud:
        for row, column in PIVOTS.get(kind, []):
            tables.pivot("%s within the goal, found of how many, %s x %s" % (TITLES[kind], row, column), wanted, row, column)
        tables.times("%s: time to detection (n: contacts, queries or echoes)" % TITLES[kind], wanted, TIMES[kind])
        print_misses(missed)
        print("simple rule on the same: %d of %d; missed, but found as another kind: %d" % (simple, len(wanted), otherwise))
        if rest:
            print("below the goal: %s found" % tables.ratio(rest))
        if quiet:
            print("below the thresholds, to stay silent: %s found" % tables.ratio(quiet))
        goals.share(TITLES[kind], GOALS[kind], hits, len(wanted), 1.0)
    record = {"goal": figures.share(hits, len(wanted)), "below": figures.share(tables.hits_of(rest), len(rest)),
              "quiet": figures.share(tables.hits_of(quiet), len(quiet)), "simple": figures.share(simple, len(wanted)),
              "otherwise": otherwise, "after_s": figures.spread([a.found["after_s"] for a in wanted if a.found["found"]]),
              "cells": cells(attacks), "missed": missed, "scores": [round(a.found["score"], 4) for a in wanted]}
    if kind == "scan":
        record |= scan_more(wanted, [a for a in attacks if a.failed >= cells_scan.GOAL_FAILED], goals, loud)
    return record


def scan_more(wanted, failing, goals, loud):
    """How soon; fast and slow; and all with so many contacts that fail, whether the design counts them or not."""
    tenth = [a.found["after_tenth_s"] for a in wanted if "after_tenth_s" in a.found]
    fast = [a for a in wanted if a.gap_s <= 1]
    slow = [a for a in wanted if a.gap_s > 1]
    if loud:
        goals.check("scans", "told within %d s of the tenth failure" % TENTH_S,
                    "at most %.3g s, %d scans" % (max(tenth), len(tenth)) if tenth else "nothing",
                    max(tenth) <= TENTH_S if tenth else None)
        print("at 1/s and faster %s, slower %s; with sweeps and silence (UDP, FIN, ACK) below %d contacts %s" % (
            tables.ratio(fast), tables.ratio(slow), cells_scan.LEAST_SILENT, tables.ratio(failing)))
    return {"after_tenth_s": figures.spread(tenth), "fast": figures.share(tables.hits_of(fast), len(fast)),
            "slow": figures.share(tables.hits_of(slow), len(slow)),
            "failing": figures.share(tables.hits_of(failing), len(failing))}


def packets(results, goals):
    """results: {list name: what packets.run() gave}; prints report in full and tune beside it."""
    told = {}
    for name, result in results.items():
        kinds = list(dict.fromkeys(attack.kind for attack in result["attacks"]))
        told[name] = {"kinds": {}, "host_days": result["host_days"], "packets": result["packets"],
                      "scenarios": result["scenarios"], "seconds": result["seconds"], "lost": result["lost"],
                      "beside": dict(Counter(kind for kind, _, _ in result["strangers"]))}
        for kind in kinds:
            mine = [attack for attack in result["attacks"] if attack.kind == kind]
            told[name]["kinds"][kind] = one_kind(kind, mine, goals, name == "report")
    print("\nthe two lists side by side (found of those within the goal)")
    for kind in told[next(iter(told))]["kinds"]:
        print("  %-14s %s" % (TITLES[kind], "   ".join("%s %d of %d" % (
            name, one["kinds"][kind]["goal"]["hits"], one["kinds"][kind]["goal"]["total"]) for name, one in told.items())))
    return told


EVENTS = {"scan": ["scan"], "dns": ["dns_exfil"], "exfil": ["exfil"], "dga": ["dns_dga"]}
POINTS = (0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def roc(told, mixed):
    """By kind: what each threshold on the score would find, and how much of harmless days it would show."""
    host_days = sum(view["host_days"] for view in mixed["views"].values())
    curves = {}
    for kind, events in EVENTS.items():
        if kind in told["kinds"]:
            false = [score for event in events for score in mixed["scores"].get(event, [])]
            curves[kind] = figures.roc(told["kinds"][kind]["scores"], false, host_days)
    print("\nby threshold on the score: recall of those within the goal / false findings per host-day (%.0f)" % host_days)
    print("  %-14s" % "" + "".join(" %13.1f" % point for point in POINTS))
    for kind, curve in curves.items():
        at = {point["threshold"]: point for point in curve}
        told_points = ["%.3f/%.3f" % (at[point]["recall"], at[point]["false_per_host_day"]) for point in POINTS]
        print("  %-14s" % TITLES[kind] + "".join(" %13s" % text for text in told_points))
    return curves
