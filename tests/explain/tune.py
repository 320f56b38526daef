#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Asks `skua tune` what would calm harmless findings, allows some of it, and judges again with that.

tune.py OUT: what it proposes is compared with what the scenario put there; the lists that it writes
must give the scores that it measured, and nothing may be written that nobody confirmed.
"""
import json
import os
import pty
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import finish, ok  # noqa: E402

OUT = os.path.abspath(sys.argv[1])
SKUA, GEN, WORK = OUT + "/skua", OUT + "/skua-gen", OUT + "/tune"


def run(*arguments, **options):
    return subprocess.run([SKUA, *arguments], capture_output=True, text=True, check=False, **options)


def tune(*arguments, **options):
    done = run("tune", "--format", "json", *arguments, **options)
    return done, [json.loads(line) for line in done.stdout.splitlines()]


def scores(capture, *arguments):
    """finding id -> the last score."""
    lines = run("replay", "-q", "--format", "json", "--min-score", "0", *arguments, capture).stdout.splitlines()
    return {r["finding_id"]: r["score"] for r in map(json.loads, lines) if "finding_id" in r}


def check_proposals(capture):
    empty = WORK + "/empty"  # where nobody else writes meanwhile
    os.mkdir(empty)
    done, rows = tune(capture, cwd=empty)
    ok(done.returncode == 0 and not os.listdir(empty), "it proposes, and writes nothing", done.stderr)
    entries = {(row["list"], row["entry"]): row for row in rows}
    for wanted in (("monitoring-ports.txt", "9444/tcp"), ("known-services.txt", "updates.vendor.example"),
                   ("talkative-zones.txt", "filter.example")):
        row = entries.get(wanted)
        ok(row and row["after"] < row["before"] / 2, "%s: %s would calm what it is about" % wanted, rows)
    ok(entries[("known-services.txt", "updates.vendor.example")]["also"] >= 1, "one name calms both of its clients", rows)
    unnamed = [row for row in rows if row["list"] == "suppressions.txt" and "src=10.9.0.5/32 " in row["entry"]]
    ok(len(unnamed) >= 1 and "after" not in unnamed[0] and "dst=203.0.113.5/32 port=443 until=" in unnamed[0]["entry"],
       "for what no list can calm there is a line for the suppressions", rows)
    ok(not any(row["chosen"] for row in rows), "nothing is chosen unless somebody says so")
    now = scores(capture)
    ok(all(abs(now[row["finding_id"]] - row["before"]) < 0.0002 for row in rows), "the scores before are those of a replay")
    return entries


def check_writing(capture, entries):
    lists = WORK + "/lists"
    done, _ = tune("--write", lists, capture)
    ok(done.returncode == 0 and not os.path.exists(lists) and "nothing was confirmed" in done.stderr,
       "--write without a confirmation writes nothing", done.stderr)
    port = entries[("monitoring-ports.txt", "9444/tcp")]
    name = entries[("known-services.txt", "updates.vendor.example")]
    done, rows = tune("--write", lists, "--allow", "9444/tcp", "--allow", name["finding_id"][:10], capture)
    ok(done.returncode == 0 and sum(row["chosen"] for row in rows) == 2, "two are allowed, by entry and by id", done.stderr)
    calmed = scores(capture, "--lists", lists)
    for row in (port, name):
        ok(abs(calmed[row["finding_id"]] - row["after"]) < 0.0002,
           "%s: a replay with the lists gives the score that was measured" % row["entry"], (calmed[row["finding_id"]], row))
    tunnel = entries[("talkative-zones.txt", "filter.example")]
    ok(abs(calmed[tunnel["finding_id"]] - tunnel["before"]) < 0.0002, "what was not allowed keeps its score")
    with open(lists + "/monitoring-ports.txt", encoding="utf-8") as file:
        text = file.read()
    ok("# skua tune, 2026-01-13: beacon of 10.9.0.10, score" in text and text.endswith("\n9444/tcp\n") and "9100/tcp" in text,
       "the list has its old entries, the new one, and why it is there", text[-300:])
    with open(lists + "/talkative-zones.txt", encoding="utf-8") as file:
        ok("filter.example" not in file.read(), "and no other list has one more")
    return lists


def check_suppression(capture, entries):
    """The line for the suppressions is one as `skua suppress` writes them, and keeps back what it is about."""
    row = [r for r in entries.values() if r["list"] == "suppressions.txt"][0]
    directory, own = WORK + "/suppressed", WORK + "/own.txt"
    done, _ = tune("--write", directory, "--allow", row["finding_id"], capture)
    rules = directory + "/suppressions.txt"
    checked = run("suppress", "check", "--file", rules)
    ok(done.returncode == 0 and checked.returncode == 0 and ": 1 rule, 0 expired" in checked.stdout,
       "the file of suppressions is one that skua suppress accepts", checked.stdout + checked.stderr)
    listed = run("suppress", "list", "--file", rules).stdout.strip()
    parts = dict(part.split("=", 1) for part in row["entry"].split(" reason=")[0].split(" "))
    asked = [word for key in parts for word in ("--" + key, parts[key])]
    added = run("suppress", "add", "--file", own, *asked, "--reason", row["entry"].split(" reason=")[1])
    ok(added.returncode == 0 and added.stdout.strip() == listed and listed.endswith("  " + row["entry"]),
       "said to skua suppress add, it is the same rule, of the same id", (added.stdout, added.stderr, listed))
    lines = run("replay", "-q", "--format", "json", "--suppressions", rules, capture).stdout.splitlines()
    ids = {r.get("finding_id") for r in map(json.loads, lines)}
    ok(row["finding_id"] not in ids and len(ids) > 3, "a replay with it keeps that finding back, and not the others", ids)
    again, rows = tune("--suppressions", rules, capture)
    ok(again.returncode == 0 and {r["finding_id"] for r in rows} == {r["finding_id"] for r in entries.values()} -
       {row["finding_id"]}, "and nothing is proposed for it again", again.stdout)
    text = run("explain", "--suppressions", rules, "--id", row["finding_id"], capture).stdout
    ok("kept back by rule %s: known and harmless" % listed.split()[0] in text, "explain says which rule keeps it back", text)
    for name in set(os.listdir(directory)) - {"suppressions.txt"}:
        os.remove(directory + "/" + name)
    done, _ = tune("--write", directory, "--allow", row["finding_id"], capture)
    ok(done.returncode == 1 and not os.path.exists(directory + "/talkative-zones.txt"),
       "and suppressions that are there are not replaced either", done.stderr)


def check_refusals(capture, lists):
    with open(lists + "/known-services.txt", "a", encoding="utf-8") as file:
        file.write("mine.example\n")
    done, _ = tune("--write", lists, "--allow", "filter.example", capture)
    with open(lists + "/known-services.txt", encoding="utf-8") as file:
        kept = file.read().endswith("mine.example\n")
    ok(done.returncode == 1 and kept and "--force" in done.stderr, "lists that are there are not replaced", done.stderr)
    done, _ = tune("--write", lists, "--force", "--allow", "filter.example", capture)
    with open(lists + "/talkative-zones.txt", encoding="utf-8") as file:
        ok(done.returncode == 0 and file.read().endswith("\nfilter.example\n"), "but with --force they are", done.stderr)
    done, _ = tune("--allow", "google.com", "--write", WORK + "/none", capture)
    ok(done.returncode == 2 and not os.path.exists(WORK + "/none") and "'google.com' is no entry" in done.stderr,
       "what was not proposed cannot be allowed", done.stderr)
    done, _ = tune(WORK + "/missing.pcap")
    ok(done.returncode == 2 and "No such file" in done.stderr, "a capture that is missing is named", done.stderr)


def answer(capture, keys, directory):
    """On a terminal: yes to the first question, no to the others."""
    child, terminal = pty.fork()
    if not child:
        os.execv(SKUA, [SKUA, "tune", "--write", directory, capture])
    shown = b""
    while True:
        try:
            more = os.read(terminal, 4096)
        except OSError:
            break
        if not more:
            break
        asked = (shown + more).count(b"[y/N] ") - shown.count(b"[y/N] ")
        shown += more
        for _ in range(asked):
            os.write(terminal, keys.pop(0) if keys else b"n\n")
    return os.waitpid(child, 0)[1], shown.decode()


def check_terminal(capture):
    directory = WORK + "/asked"
    status, shown = answer(capture, [b"y\n"], directory)
    ok(status == 0 and "[y/N]" in shown and "1 entries were added" in shown, "on a terminal it asks for each", shown[-600:])
    first = shown.splitlines()[2].strip().split(": ", 1)
    with open(directory + "/" + first[0], encoding="utf-8") as file:
        ok(file.read().endswith("\n" + first[1] + "\n"), "and writes what was answered with y: " + first[1])
    status, shown = answer(capture, [b"y\n", b"\x04"], WORK + "/left")
    ok(os.waitstatus_to_exitcode(status) == 1 and not os.path.exists(WORK + "/left") and
       "no answer came: nothing is written; answer y or n, or name entries with --allow" in shown,
       "who answers once and then no more has confirmed nothing", shown[-300:])


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    os.makedirs(WORK)
    capture = WORK + "/tune.pcap"
    made = subprocess.run([GEN, "tests/explain/tune.scn", "-o", capture], capture_output=True, text=True, check=False)
    ok(made.returncode == 0, "the capture is made", made.stderr)
    entries = check_proposals(capture)
    lists = check_writing(capture, entries)
    check_suppression(capture, entries)
    check_refusals(capture, lists)
    check_terminal(capture)
    run("replay", "-q", "--format", "json", "--journal", WORK + "/journal", capture)
    ok(tune(WORK + "/journal")[0].stdout == tune(capture)[0].stdout, "of a journal it proposes the same")
    return finish()


sys.exit(main())
