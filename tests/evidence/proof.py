#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Does each snapshot prove its finding, and do other tools read it?

proof.py OUT sample|all CAPTURE...: replays generated scenarios and captures with --snapshots
--proof.  Each finding must have a verdict; of those whose samples were neither lost nor thinned
98 % must be proved by packets, where those need no totals, and none may fail.  capinfos, tshark, tcpdump, editcap and mergecap
must read each file without a word of complaint, and count and hash what the finding says.
"""
import collections
import glob
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import finish, ok  # noqa: E402

OUT, HOW, CAPTURES = sys.argv[1], sys.argv[2], sys.argv[3:]
SKUA, GEN, WORK = OUT + "/skua", OUT + "/skua-gen", OUT + "/evidence"
SCENARIOS = ["demo", "scans", "beacons", "tunnels", "uploads", "datagrams", "odd"]
VERDICTS = ("packets", "totals", "unprovable", "failed")


def run(*command):
    return subprocess.run(command, capture_output=True, check=False, timeout=1200)


def last_of_each(output):
    last = {}
    for line in output.decode().splitlines():
        record = json.loads(line)
        if "finding_id" in record:
            last[record["finding_id"]] = record
    return last.values()


def silent(*command):
    """The tool's output, or None when it complained."""
    done = run(*command)
    noise = [line for line in done.stderr.decode().splitlines() if "Running as user" not in line and line.strip()]
    return None if done.returncode or noise else done.stdout.decode()


def tools_complain(path, snapshot, finding):
    """What is wrong with a file in the eyes of others; empty: nothing."""
    wrong = []
    told = silent("capinfos", "-M", "-T", "-r", "-c", "-H", path)
    if told is None:
        return ["capinfos complains"]
    columns = told.split()
    if str(snapshot["packets"]) not in columns:
        wrong.append("capinfos counts %s, not %d" % (columns[1:2], snapshot["packets"]))
    if snapshot["sha256"] not in columns:
        wrong.append("capinfos has another SHA-256")
    if os.path.getsize(path) != snapshot["bytes"]:
        wrong.append("the file has not %d bytes" % snapshot["bytes"])
    comments = silent("tshark", "-r", path, "-T", "fields", "-e", "frame.comment")
    if comments is None:
        wrong.append("tshark complains")
    elif "first packet kept" not in comments or "found here" not in comments:
        wrong.append("frame.comment lacks the first packet or the trigger")
    named = finding.get(finding["event_type"], {}).get("name")
    if named and "dest_ip" in finding:
        hosts = silent("tshark", "-r", path, "-q", "-z", "hosts") or ""
        if finding["dest_ip"] not in hosts:
            wrong.append("tshark knows no name of %s" % finding["dest_ip"])
    rows = run("tcpdump", "-nr", path)
    if rows.returncode or len(rows.stdout.splitlines()) < snapshot["packets"]:
        wrong.append("tcpdump reads less")
    for tool in (["editcap", path, WORK + "/trip.pcapng"], ["mergecap", "-w", WORK + "/trip.pcapng", path, path]):
        factor = 2 if tool[0] == "mergecap" else 1
        if silent(*tool) is None:
            wrong.append(tool[0] + " complains")
            continue
        told = silent("capinfos", "-M", "-T", "-r", "-c", WORK + "/trip.pcapng")
        if told is None or str(factor * snapshot["packets"]) not in told.split():
            wrong.append("not as many packets after " + tool[0])
    return wrong


def check(name, capture, tools):
    vault = WORK + "/vault"
    shutil.rmtree(vault, ignore_errors=True)
    done = run(SKUA, "replay", "--format", "json", "--snapshots", vault, "--proof", capture)
    findings = list(last_of_each(done.stdout))
    verdicts = []
    complaints = []
    for finding in findings:
        snapshot = finding.get("snapshot", {})
        verdict = finding.get("proof", "none: " + str(snapshot.get("error", "no snapshot")))
        whole = not snapshot.get("truncated") and not snapshot.get("ring_dropped")
        verdicts.append((finding["event_type"], verdict, whole))
        if verdict != "packets":
            print("# exception: %s: %s %s %s -> %s %s%s" % (
                name, verdict, finding["event_type"], finding["src_ip"], finding.get("dest_ip", "-"),
                finding.get("reason", ""), "" if whole else " (samples lost or thinned)"))
        if tools and "file" in snapshot:
            complaints += ["%s: %s" % (snapshot["file"], wrong) for wrong in
                           tools_complain(os.path.join(vault, snapshot["file"]), snapshot, finding)]
    if done.returncode not in (0, 2, 4) or findings: # 2: some of the folder are no captures
        ok(done.returncode in (0, 4) and all(v in VERDICTS and v != "failed" for _, v, _ in verdicts),
           "%s: %d findings, each with a verdict, none failed" % (name, len(findings)),
           [v for v in verdicts if v[1] not in ("packets", "totals", "unprovable")] or done.stderr.decode()[-300:])
    if tools and findings:
        ok(not complaints, "%s: capinfos, tshark, tcpdump, editcap and mergecap read every snapshot" % name, complaints[:5])
    if findings:
        verified = run(SKUA, "verify", vault)
        ok(verified.returncode == 0, "%s: skua verify finds nothing wrong" % name,
           (verified.stdout + verified.stderr).decode()[-300:])
    return verdicts


def main():
    os.makedirs(WORK, exist_ok=True)
    verdicts = []
    for scenario in SCENARIOS:
        capture = "%s/%s.pcap" % (WORK, scenario)
        made = run(GEN, "tests/scenarios/%s.scn" % scenario, "-o", capture)
        if made.returncode:
            ok(False, scenario + ": the generator works", made.stderr.decode())
            continue
        verdicts += check(scenario, capture, HOW == "all" or scenario in ("demo", "tunnels"))
    for i, capture in enumerate(CAPTURES):
        verdicts += check(os.path.basename(capture), capture, HOW == "all" or i % 4 == 0)
    if not CAPTURES:
        ok(True, "snapshots of real captures # SKIP no folder of them: set SKUA_CORPUS")
    whole = [v for kind, v, complete in verdicts if complete and kind in ("beacon", "scan", "dns_exfil", "dns_dga", "exfil")]
    # Of those by volume without sequence numbers totals.py wants to know.
    share = whole.count("packets") / max(1, len(whole) - whole.count("totals"))
    ok(whole and share >= 0.98, "of %d findings whose samples are all there, %.1f %% of those that need no totals are proved by packets" %
       (len(whole), 100 * share), collections.Counter(whole))
    counts = collections.Counter(v for _, v, _ in verdicts)
    print("# figure: %d snapshots: %s; %d had samples lost or thinned" % (
        len(verdicts), ", ".join("%s %d" % item for item in sorted(counts.items())),
        sum(not complete for _, _, complete in verdicts)))
    return finish()


sys.exit(main())
