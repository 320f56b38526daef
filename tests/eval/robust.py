#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Replays captures with findings of 30 and more in spoilt form: their scores must hardly move.

robust.py [CORPUS]: the scenarios, and of a folder of real captures the files with `alert` rows;
prints a table and the Test Anything Protocol, a test for each kind of damage and kind of finding.
"""
import csv
import os
import shutil
import subprocess
import sys
import tempfile
from ipaddress import ip_address

sys.dont_write_bytecode = True  # a test leaves the tree as it was
import damage
import runs

SCENARIOS = ("beacons", "scans", "tunnels")
LEAST = 30        # exchanges, contacts or names
SHOWN = 0.5
MOVE, MOVE_SHORT = 0.05, 0.2
SHORT = 3         # packets of an exchange: below, one lost packet is a lost exchange
FIRST_PACKETS = 5 # of the source: what a capture that starts in between has missed
ONE_SIDE = ("only what the source sends", "only what comes back")
BETWEEN = "started in between"
JUDGED = [*damage.DAMAGES, BETWEEN, ONE_SIDE[0]]
COLUMNS = [*JUDGED, ONE_SIDE[1]]
HEADS = [*damage.DAMAGES, "in between", "one side: sent", "one side: back"]
# What cannot be seen from one side, by kind of finding: stated, not judged.
ONE_SIDE_LIMITS = {"exfil": "whether replies repeat their requests is not to be seen"}


def count_of(record):
    kind = record["event_type"]
    if kind == "scan":
        return record["scan"]["contacts"]
    if kind == "beacon":
        return record["beacon"]["exchanges"]
    if kind in ("dns_exfil", "dns_dga"):
        return record[kind].get("distinct", record[kind].get("count", 0))
    return record["exfil"]["count"] if record["exfil"]["channel"] == "icmp" else 0


def name_of(record):
    return record.get(record["event_type"], {}).get("domain") or record.get("beacon", {}).get("name")


def same(record, other):
    """The same thing, by whichever key it was found: an address, or a name of it."""
    if (record["event_type"], record.get("src_ip")) != (other["event_type"], other.get("src_ip")):
        return False
    if record["event_type"] == "scan":
        return record.get("proto") == other.get("proto")
    far, far_other = record.get("dest_ip"), other.get("dest_ip")
    return (far and far == far_other) or (name_of(record) and name_of(record) == name_of(other)) or not (far and far_other)


def packets_each(capture, record):
    """Packets for each exchange, by the addresses of the finding."""
    source = ip_address(record["src_ip"]).packed
    target = ip_address(record["dest_ip"]).packed if record.get("dest_ip") else None
    count = 0
    for _, _, data in capture.packets:
        pair = damage.ends(capture.linktype, data)
        if pair and source in pair and (target is None or target in pair):
            count += 1
    return count / max(1, count_of(record))


def start_in_between(capture, record):
    """Without all that came before the source had sent and received its first packets."""
    source, seen = ip_address(record["src_ip"]).packed, 0
    target = ip_address(record["dest_ip"]).packed if record.get("dest_ip") else None
    for number, (_, _, data) in enumerate(capture.packets):
        pair = damage.ends(capture.linktype, data)
        if pair and source in pair and (target is None or target in pair):
            seen += 1
            if seen == FIRST_PACKETS:
                return capture.packets[number:]
    return capture.packets


def one_side(capture, record, hidden):
    """Without what the source receives (hidden: 1), or without what it sends (0)."""
    source = ip_address(record["src_ip"]).packed
    return [packet for packet in capture.packets
            if (damage.ends(capture.linktype, packet[2]) or (None, None))[hidden] != source]


def score_in(findings, record):
    return max((most for other, most, _ in findings.all() if same(record, other)), default=0.0)


def scores_of(capture, record, spoilt, path):
    """{damage: score}"""
    scores = {name: score_in(findings, record) for name, findings in spoilt.items()}
    for name, packets in ((BETWEEN, start_in_between(capture, record)), (ONE_SIDE[0], one_side(capture, record, 1)),
                          (ONE_SIDE[1], one_side(capture, record, 0))):
        damage.write(capture, packets, path)
        scores[name] = score_in(runs.replay(path, "--min-score", "0"), record)
    return scores


def judge_capture(label, capture, folder):
    """[{what, kind, count, score, each, scores, allowed}] of a capture's findings of 30 and more."""
    path, spoilt, rows = folder + "/whole.pcap", {}, []
    damage.write(capture, capture.packets, path)
    whole = runs.replay(path, "--min-score", "0")
    wanted = [(record, most) for record, most, _ in whole.all() if most >= SHOWN and count_of(record) >= LEAST]
    for name, spoil in damage.DAMAGES.items() if wanted else ():
        damage.write(capture, spoil(capture.packets, label), folder + "/spoilt.pcap")
        spoilt[name] = runs.replay(folder + "/spoilt.pcap", "--min-score", "0")
    for record, most in wanted:
        each = packets_each(capture, record)
        far = record.get("dest_ip") or name_of(record) or "many"
        rows.append({"what": "%s: %s %s -> %s" % (label, record["event_type"], record["src_ip"], far),
                     "kind": record["event_type"], "count": count_of(record), "score": most, "each": round(each, 1),
                     "allowed": MOVE_SHORT if each < SHORT else MOVE,
                     "scores": scores_of(capture, record, spoilt, path)})
    return rows


def scenario_captures():
    for name in SCENARIOS:
        with tempfile.TemporaryDirectory(dir=runs.OUT) as folder:
            subprocess.run([runs.GEN, "tests/scenarios/%s.scn" % name, "-o", folder + "/made.pcap"], check=True)
            yield name, damage.read(folder + "/made.pcap")


def corpus_captures(corpus):
    with open(corpus + "/MANIFEST.tsv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    for name in dict.fromkeys(row["file"] for row in rows if row["expected"] == "alert"):
        try:
            yield name, damage.read(os.path.join(corpus, name))
        except ValueError as error:
            print("# %s: cannot be spoilt: %s" % (name, error))


def run(captures):
    rows = []
    for label, capture in captures:
        folder = tempfile.mkdtemp(prefix="robust-", dir=runs.OUT)
        try:
            rows += judge_capture(label, capture, folder)
        finally:
            shutil.rmtree(folder)
    return rows


def judged(row, column):
    return column in JUDGED and not (column in ONE_SIDE and row["kind"] in ONE_SIDE_LIMITS)


def violations(rows):
    return [(row, column) for row in rows for column in JUDGED if judged(row, column) and
            abs(row["scores"][column] - row["score"]) > row["allowed"] + 1e-9]


def told(row, column):
    return "%s (%d, %.1f packets each): %.2f, %s: %.2f" % (
        row["what"], row["count"], row["each"], row["score"], column, row["scores"][column])


def table(rows):
    """By kind and damage: how far scores moved at most, and how many of them too far."""
    bad, lines = violations(rows), []
    lines.append("%-14s %4s" % ("findings", "n") + "".join(" %14s" % head for head in HEADS))
    for kind in sorted({row["kind"] for row in rows}):
        mine = [row for row in rows if row["kind"] == kind]
        line = "%-14s %4d" % (kind, len(mine))
        for column in COLUMNS:
            most = max(abs(row["scores"][column] - row["score"]) for row in mine)
            far = sum(1 for row, which in bad if which == column and row["kind"] == kind)
            told_most = "%.2f" % most if judged(mine[0], column) else "(%.2f)" % most
            line += " %14s" % (told_most + (" %d far" % far if far else ""))
        lines.append(line)
    lines.append("columns: the largest move of a score, and how many moved too far; in brackets what is not judged")
    return lines + ["from one side, %s: %s" % limit for limit in ONE_SIDE_LIMITS.items()]


def main():
    rows = run(scenario_captures())
    if len(sys.argv) > 1:
        rows += run(corpus_captures(sys.argv[1]))
    print("# " + "\n# ".join(table(rows)))
    bad, tests = violations(rows), 0
    for kind in sorted({row["kind"] for row in rows}):
        for column in JUDGED:
            mine = [row for row in rows if row["kind"] == kind and judged(row, column)]
            wrong = [one for one in bad if one[0]["kind"] == kind and one[1] == column]
            if mine:
                tests += 1
                print("%s %d - %s, %s: %d of %d findings keep their score" % (
                    "not ok" if wrong else "ok", tests, kind, column, len(mine) - len(wrong), len(mine)))
            for row, which in wrong:
                print("# " + told(row, which))
    print("1..%d" % tests)
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
