#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs skua over a folder of real captures and compares with its MANIFEST.tsv.

score.py SKUA CORPUS [ONLY]: prints a scoreboard per kind (hits, misses, false
alarms, each named) and the verdicts in the Test Anything Protocol; ONLY is a part
of file names.  --without-rule NAME passes over a rule of context (skua replay),
--json FILE keeps the scores of rows for those who compare.  A finding belongs
to the row that matches its kind and entities; of the others, those in a file
with a `no-alert` row are false alarms, the rest are listed.  Rows `marginal`,
`credentials` and `alert-if-over-threshold` are reported, not judged.
"""
import argparse
import csv
import json
import os
import subprocess
import sys
from collections import OrderedDict, defaultdict

SHOWN = 0.5   # the score from which a finding is one
LOUD = 0.7    # no finding of this score may appear where nothing is
GOAL = 0.95   # share of all `alert` rows that must be found
CALM = 0.8    # share of the `no-alert-desired` rows that must not exceed SHOWN

# Kinds of the manifest -> kinds of findings that may match them.
KINDS = {
    "portscan": {"portscan"}, "hostsweep": {"hostsweep"}, "backscatter": {"portscan", "hostsweep"},
    "ddos": {"portscan", "hostsweep"}, "bruteforce": {"portscan", "hostsweep"},
    "beacon": {"beacon"}, "beacon-inflow": {"beacon"}, "periodic-benign": {"beacon"},
    "dnstunnel": {"dns"}, "benign-dns-long": {"dns"}, "benign-dns-many-unique": {"dns"},
    "doh-tunnel": {"dns"}, "icmptunnel": {"icmp"}, "upload": {"upload"}, "malware-exfil": {"upload"},
}
FORBIDS = {"portscan": {"portscan"}, "scan": {"portscan", "hostsweep"}, "dns": {"dns"}}


def kinds_of(finding):
    kind = finding["event_type"]
    if kind == "scan":
        shape = finding["scan"]["shape"]
        return {"vertical": {"portscan"}, "block": {"portscan"}, "horizontal": {"hostsweep"}}.get(
            shape, {"portscan", "hostsweep"})
    if kind == "exfil":
        return {"icmp"} if finding["exfil"]["channel"] == "icmp" else {"upload"}
    return {{"dns_exfil": "dns", "dns_dga": "dns"}.get(kind, kind)}


def run(skua, path, *options):
    done = subprocess.run([skua, "replay", "--format", "json", *options, path], capture_output=True, timeout=300)
    last, stats = OrderedDict(), None
    for line in done.stdout.decode().splitlines():
        record = json.loads(line)
        if record["event_type"] == "stats":
            stats = record["stats"]
        elif "finding_id" in record:
            last[record["finding_id"]] = record
    return done.returncode, list(last.values()), stats, done.stderr.decode()


def any_of(wanted, got):
    return wanted in ("many", "-", "", "one host") or wanted == got


def same_protocol(row, finding):
    proto, name = row["proto"], finding.get("proto", "")
    if row["kind"] == "hostsweep" and proto in ("arp", "icmp", "udp"):
        return name.lower() == proto
    return True


def domain_of(row):
    for part in row["extra"].split(";"):
        if part.startswith("domain="):
            return part[7:]
    return None


def matches(row, finding):
    wanted = KINDS.get(row["kind"])
    if not wanted or not wanted & kinds_of(finding):
        return False
    src, dst = finding.get("src_ip"), finding.get("dest_ip")
    if "dns" in kinds_of(finding):
        domain = domain_of(row)
        named = finding["dns_exfil" if "dns_exfil" in finding else "dns_dga"].get("domain")
        return src == row["src"] and (domain is None or domain == named)
    if wanted == {"icmp"}:
        return {src, dst} == {row["src"], row["dst"]}
    if "scan" == finding["event_type"]:
        return any_of(row["src"], src) and same_protocol(row, finding) and (
            dst is None or any_of(row["dst"], dst) or row["kind"] == "hostsweep")
    if not any_of(row["src"], src):
        return False
    port = finding.get("dest_port")
    return dst is None or (any_of(row["dst"], dst) and (port is None or any_of(row["dport"], str(port))))


def describe(finding):
    to = finding.get("dest_ip") or finding.get(finding["event_type"], {}).get("domain") or ""
    port = finding.get("dest_port", "")
    return "%.2f %s %s -> %s:%s: %s" % (finding["score"], "/".join(sorted(kinds_of(finding))),
                                        finding.get("src_ip"), to, port, finding["reason"])


class Board:
    def __init__(self, options=()):
        self.options, self.rows = list(options), []
        self.tests = self.failures = 0
        self.hits, self.misses, self.alarms = defaultdict(list), defaultdict(list), defaultdict(list)
        self.desired, self.reported, self.listed = [], [], []

    def ok(self, good, sentence):
        self.tests += 1
        self.failures += not good
        print("%s %d - %s" % ("ok" if good else "not ok", self.tests, sentence))

    def note(self, label, expected, score):
        self.rows.append({"row": label, "expected": expected, "score": score})

    def share(self, hits, total, goal, sentence):
        if total:
            self.ok(hits >= goal * total, "%d of %d %s (%.0f %%), the goal is %.0f %%" % (
                hits, total, sentence, 100 * hits / total, 100 * goal))


def judge_file(board, skua, path, rows):
    name = rows[0]["file"]
    status, findings, stats, errors = run(skua, path, *board.options)
    malformed = any(row["kind"] == "malformed" for row in rows)
    board.ok(status == 0 or (malformed and status in (2, 4)) or "TRUNCATED" in rows[0]["format"],
             "%s: exit status %d" % (name, status))
    if status not in (0, 4):
        if not malformed:
            print("# " + errors.strip().replace("\n", "\n# "))
        return
    if not malformed:
        board.ok(stats["packets"] == int(rows[0]["packets"]),
                 "%s: %d packets, the manifest says %s" % (name, stats["packets"], rows[0]["packets"]))
    calm = run(skua, path, "--min-score", "0", *board.options)[1]
    matched = set()
    for row in rows:
        mine = [f for f in findings if matches(row, f) and f["score"] >= SHOWN]
        matched |= {f["finding_id"] for f in mine}
        label = "%s: %s %s -> %s:%s" % (name, row["kind"], row["src"], row["dst"], row["dport"])
        board.note(label, row["expected"], max((f["score"] for f in calm if matches(row, f)), default=0.0))
        if row["expected"] == "alert":
            (board.hits if mine else board.misses)[row["kind"]].append(label)
            if row["kind"] in ("portscan", "hostsweep"):
                board.ok(bool(mine), "found: " + label)
        elif row["expected"] == "no-alert-desired":
            scores = [f["score"] for f in calm if matches(row, f)]
            board.desired.append((max(scores, default=0.0), label))
        elif row["expected"] in ("marginal", "alert-if-over-threshold", "credentials"):
            board.reported.append("%s %s: %s" % ("found" if mine else "silent", row["expected"], label))
        elif row["expected"].startswith("no-alert-as-"):
            forbidden = FORBIDS[row["expected"][12:]]
            bad = [f for f in findings if kinds_of(f) & forbidden and f["score"] >= SHOWN]
            board.ok(not bad, "%s: nothing is called a %s%s" % (
                name, row["expected"][12:], "".join("; " + describe(f) for f in bad)))
    loose = [f for f in findings if f["finding_id"] not in matched and f["score"] >= SHOWN]
    quiet = any(row["expected"] == "no-alert" for row in rows)
    unexplained = [f for f in findings if not any(matches(row, f) for row in rows if row["expected"] != "no-alert")]
    board.note(name, "nothing" if quiet else "anything", max((f["score"] for f in unexplained), default=0.0))
    for finding in loose:
        if quiet:
            board.alarms[finding["event_type"]].append((finding["score"], name + ": " + describe(finding)))
        else:
            board.listed.append(name + ": " + describe(finding))
    if quiet:
        loud = [f for f in unexplained if f["score"] >= LOUD]
        board.ok(not loud, "%s: nothing from %.1f on%s" % (name, LOUD, "".join("; " + describe(f) for f in loud)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("skua")
    parser.add_argument("corpus")
    parser.add_argument("only", nargs="?", default="")
    parser.add_argument("--without-rule", action="append", default=[])
    parser.add_argument("--json")
    arguments = parser.parse_args()
    skua, corpus, only = arguments.skua, arguments.corpus, arguments.only
    files = OrderedDict()
    with open(os.path.join(corpus, "MANIFEST.tsv"), newline="", encoding="utf-8") as manifest:
        for row in csv.DictReader(manifest, delimiter="\t", quoting=csv.QUOTE_NONE):
            if only in row["file"]:
                files.setdefault(row["file"], []).append(row)
    board = Board("--without-rule=" + rule for rule in arguments.without_rule)
    for name, rows in files.items():
        judge_file(board, skua, os.path.join(corpus, name), rows)
    kinds = sorted(set(board.hits) | set(board.misses))
    print("#\n# %-14s %5s %6s" % ("alert rows", "hits", "misses"))
    for kind in kinds:
        print("# %-14s %5d %6d" % (kind, len(board.hits[kind]), len(board.misses[kind])))
    for kind in kinds:
        for label in board.misses[kind]:
            print("# missed: " + label)
    for kind, alarms in sorted(board.alarms.items()):
        for score, label in sorted(alarms, reverse=True):
            print("# false alarm: " + label)
    for score, label in sorted(board.desired, reverse=True):
        print("# desired silent: %.2f %s" % (score, label))
    for line in board.reported:
        print("# " + line)
    for line in board.listed:
        print("# unmatched, not judged: " + line)
    hits = sum(map(len, board.hits.values()))
    total = hits + sum(map(len, board.misses.values()))
    board.share(hits, total, GOAL, "alert rows found")
    calm = sum(1 for score, _ in board.desired if score <= SHOWN)
    board.share(calm, len(board.desired), CALM, "no-alert-desired rows at most at %.1f" % SHOWN)
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump(board.rows, file, indent=1)
    print("1..%d" % board.tests)
    return board.failures != 0


sys.exit(main())
