#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Compares what an agent said of its snapshots with what lies in its vault: evidence.py whole|faulty|slow|burst ...

whole SKUA OUT VAULT UID: everything agrees;  faulty OUT WORD TIME=WORD...: what became of those asked for
at these times;  slow OUT;  burst OUT FILES.  Prints "0 sentence" for what holds, "1 sentence: detail" for what does not.
"""
import hashlib
import json
import os
import stat
import subprocess
import sys


def say(good, sentence, detail=""):
    print("%d %s%s" % (not good, sentence, "" if good else ": %s" % str(detail)[:280]))


def records(path):
    """Pairs of the time at which it came and the record."""
    found = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            came, text = line.split(" ", 1)
            found.append((float(came), json.loads(text)))
    return found


def last_states(said):
    return {record["finding_id"]: record for _, record in said if "finding_id" in record}


def capinfos(path):
    """Packets and bytes of a file, as another tool counts them."""
    text = subprocess.run(["capinfos", "-Mcs", path], capture_output=True, check=True, text=True).stdout
    numbers = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    return int(numbers["Number of packets"]), int(numbers["File size"].split()[0])


def compare(finding, vault):
    """What does not agree of one finding's file."""
    snapshot = finding.get("snapshot", {})
    path = os.path.join(vault, snapshot.get("file", "-"))
    if not os.path.exists(path):
        yield "no file: %s" % snapshot
        return
    with open(path, "rb") as file:
        if hashlib.sha256(file.read()).hexdigest() != snapshot["sha256"]:
            yield "sha256"
    if capinfos(path) != (snapshot["packets"], snapshot["bytes"]):
        yield "capinfos %s, said %s" % (capinfos(path), snapshot)
    with open(path[:-len("pcapng")] + "json", encoding="utf-8") as file:
        beside = json.load(file)
    for name in ("finding_id", "event_type", "src_ip", "dest_ip"):
        if beside.get(name) != finding.get(name):
            yield "%s beside it is %s" % (name, beside.get(name))
    if beside.get("snapshot") != snapshot:
        yield "the snapshot beside it is %s" % beside.get("snapshot")


def rights(vault, uid):
    for where, directories, names in os.walk(vault):
        for name, mode in [(".", 0o750)] + [(d, 0o750) for d in directories] + [(n, 0o640) for n in names]:
            status = os.lstat(os.path.join(where, name))
            if stat.S_IMODE(status.st_mode) != mode or status.st_uid != uid:
                yield "%s: %o of %d" % (os.path.join(where, name), stat.S_IMODE(status.st_mode), status.st_uid)


def proves(skua, finding, vault):
    """Whether a replay of nothing but the file shows it: the verdict, or what came instead."""
    done = subprocess.run([skua, "replay", "-q", "--format", "json", "--min-score", "0",
                           os.path.join(vault, finding["snapshot"]["file"])], capture_output=True, check=False, text=True)
    got = [json.loads(line) for line in done.stdout.splitlines()]
    same = [g for g in got if all(g.get(n) == finding.get(n) for n in ("event_type", "src_ip", "dest_ip"))]
    return "packets" if same else "not: %s" % sorted({(g["event_type"], g.get("src_ip")) for g in got if "score" in g})


def whole(skua, out, vault, uid):
    name, said = os.path.basename(out)[:-len(".out")], records(out)
    last = last_states(said)
    named = {r["finding_id"] for _, r in said if r.get("state") in ("update", "closed") and r.get("snapshot", {}).get("file")}
    say(last and named == set(last), "%s: each of %d findings gets an update that names its file" % (name, len(last)),
        [last[i] for i in set(last) - named])
    wrong = ["%s of %s: %s" % (f["event_type"], f.get("src_ip"), w) for f in last.values() for w in compare(f, vault)]
    say(not wrong, "%s: sha256, capinfos, size and the JSON beside agree with what was said" % name, wrong)
    wrong = list(rights(vault, int(uid)))
    say(not wrong, "%s: files are 0640, directories 0750, the worker's" % name, wrong)
    done = subprocess.run([skua, "verify", "--proof", vault, "--format", "json"], capture_output=True, check=False, text=True)
    result = json.loads(done.stdout)
    say(not done.returncode and result["good"], "%s: the vault verifies, with its proofs" % name, result["problems"])
    print("# figure: %s: %d files, %d of them proved by verify, %d bytes" % (
        name, result["files"], result["proved"], result["bytes"]))
    verdicts = {i: proves(skua, f, vault) for i, f in last.items() if f["event_type"] != "trigger"}
    wrong = ["%s of %s: %s" % (last[i]["event_type"], last[i]["src_ip"], v) for i, v in verdicts.items() if v != "packets"]
    say(not wrong, "%s: a replay of each file alone shows its finding" % name, wrong)
    head = [r["stats"]["vault"] for _, r in said if "stats" in r][-1]
    with open(os.path.join(vault, "HEAD"), encoding="utf-8") as file:
        written = file.read()
    say(head["head"] == result["head"]["hash"] and head["head"] in written and head["count"] == result["head"]["count"],
        "%s: the last statistics have the count and hash of HEAD" % name, (head, written))


def result_of(record):
    snapshot = record.get("snapshot", {})
    return snapshot.get("error") or ("file" if "file" in snapshot else "nothing")


def faulty(out, *asked):
    """asked: pairs of times and what must come of what is published between it and the next: file or error."""
    name, said = os.path.basename(out)[:-len(".out")], records(out)
    times = [(float(a.split("=")[0]), a.split("=")[1]) for a in asked]
    for number, (begun, wanted) in enumerate(times):
        until = times[number + 1][0] if number + 1 < len(times) else float("inf")
        got = {result_of(r) for came, r in said if begun <= came < until and r["event_type"] == "trigger" and "snapshot" in r}
        good = got == {"file"} if wanted == "file" else got and "file" not in got
        say(good, "%s: what is asked for, part %d, becomes %s" % (
            name, number + 1, "a file" if wanted == "file" else "an update with the error"), got)
    last = last_states(said)
    results = {result_of(f) for f in last.values() if f["event_type"] != "trigger"}
    say(results and "file" not in results and "nothing" not in results, "%s: at the end the findings carry the error" % name, results)
    failed = [r["stats"].get("tables", {}).get("snapshots_disk_failed", 0) for _, r in said if "stats" in r][-1]
    errors = sum(result_of(r) not in ("file", "nothing") for _, r in said if "snapshot" in r)
    say(failed >= len(last) - 1 and 0 < failed <= errors, "%s: and are counted" % name, (failed, errors, len(last)))
    print("# figure: %s: %d snapshots failed: %s" % (name, failed, ", ".join(sorted(results))))


def slow(out):
    name, said = os.path.basename(out)[:-len(".out")], records(out)
    stats = [r["stats"] for _, r in said if "stats" in r][-1]
    refused = stats.get("tables", {}).get("snapshots_disk_slow", 0)
    bound, late = (sum(result_of(r) == e for _, r in said) for e in ("the disk was too slow", "Connection timed out"))
    say(bound and late, "%s: snapshots beyond the bound are refused, and in the end those that wait" % name, (bound, late))
    say(0 < refused <= bound + late, "%s: each is said and counted" % name, (refused, bound, late))
    say(not stats.get("lost") and stats["packets"] == stats["accounted"] + sum(stats.get("ignored", {}).values()),
        "%s: no event is lost, every packet is in its row" % name, stats)
    print("# figure: %s: %d refused, %d packets" % (name, refused, stats["packets"]))


def burst(out, wanted):
    """All that is asked for just before the end is written, if the disk works."""
    name, said = os.path.basename(out)[:-len(".out")], records(out)
    tables = [r["stats"].get("tables", {}) for _, r in said if "stats" in r][-1]
    files = {r["snapshot"]["file"] for _, r in said if result_of(r) not in ("nothing",) and "file" in r["snapshot"]}
    given_up = {n: c for n, c in tables.items() if n.startswith("snapshots_")}
    say(not given_up and len(files) >= int(wanted), "%s: all that is due at the end is written" % name, (given_up, len(files)))
    print("# figure: %s: %d files" % (name, len(files)))


if __name__ == "__main__":
    {"whole": whole, "faulty": faulty, "slow": slow, "burst": burst}[sys.argv[1]](*sys.argv[2:])
