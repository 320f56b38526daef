#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes journals while captures are replayed, and replays those: the same bytes must come out.

run.py OUT CAPTURE...: all generated scenarios, then these captures; "-" instead of them: the corpus
of real ones is not there.
"""
import glob
import json
import os
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import finish, ok, skip  # noqa: E402

OUT, CAPTURES = sys.argv[1], sys.argv[2:]
SKUA, GEN, WORK = OUT + "/skua", OUT + "/skua-gen", OUT + "/journal-test"
SCENARIOS = ["demo", "benign", "scans", "beacons", "tunnels", "uploads", "odd"]


def replay(*arguments, **options):
    return subprocess.run([SKUA, "replay", *arguments], capture_output=True, check=False, **options)


def fresh(name):
    path = WORK + "/" + name
    shutil.rmtree(path, ignore_errors=True)
    return path


def files_of(journal):
    return sorted(glob.glob(journal + "/*.skj*"))


def differs(one, other):
    for a, b in zip(one.splitlines(), other.splitlines()):
        if a != b:
            return "%s\n%s" % (a.decode(), b.decode())
    return "%d and %d lines" % (one.count(b"\n"), other.count(b"\n"))


def check_same(label, capture, *options):
    """Every line, the accounting too; and the exit status."""
    journal = fresh("same")
    live = replay("-q", *options, "--journal", journal, capture)
    again = replay("-q", *options, journal)
    ok(live.returncode in (0, 4) and (live.returncode, live.stdout) == (again.returncode, again.stdout),
       "%s%s: the journal gives the same bytes" % (label, " " + " ".join(options) if options else ""),
       (live.returncode, again.returncode, differs(live.stdout, again.stdout), again.stderr.decode()))
    return journal


def check_scenarios():
    for name in SCENARIOS:
        capture = "%s/%s.pcap" % (WORK, name)
        subprocess.run([GEN, "tests/scenarios/%s.scn" % name, "-o", capture], check=True)
        check_same(name, capture)
    demo = WORK + "/demo.pcap"
    check_same("demo", demo, "--min-score", "0")
    check_same("demo", demo, "--format", "csv")
    check_same("demo", demo, "--format", "table", "--color", "never")
    check_same("demo", demo, "--local", "203.0.113.0/24")
    check_same("demo", demo, "--host", "sensor-7")


def check_corpus():
    if CAPTURES == ["-"]:
        skip("the corpus of real captures", "set SKUA_CORPUS")
        return
    for capture in CAPTURES:
        if replay("-q", capture).returncode == 2:  # no capture: there is nothing to write
            continue
        check_same("/".join(capture.split("/")[-2:]), capture, "--min-score", "0")


def check_judgement(demo):
    """A journal can be judged otherwise than the run was."""
    journal = fresh("demo")
    plain, all_of_it = replay("-q", demo).stdout, replay("-q", "--min-score", "0", demo).stdout
    written = replay("-q", "--journal", journal, demo)
    ok(written.stdout == plain, "writing a journal changes no finding", differs(written.stdout, plain))
    begun = time.monotonic()
    again = replay("--min-score", "0", journal)
    took = time.monotonic() - begun
    ok(again.stdout == all_of_it and again.stdout != plain, "with another threshold, it finds what the capture would give",
       differs(again.stdout, all_of_it))
    ok(b"the run that began at 20" in again.stderr and b"46,929 packets" in again.stderr,
       "the summary names the run and accounts for its packets", again.stderr)
    print("# figure: journal: 6 h of traffic judged in %.3f s: %d times real time" % (took, 6 * 3600 / took))
    # A second on a slow machine with other things to do; who waited for the packets' clock would need hours.
    ok(6 * 3600 / took > 1000, "it is judged a thousand times faster than it happened", took)
    ok(replay("-q", "--exit-on-findings", journal).returncode == 3, "findings can be an exit status")
    lists = fresh("lists")
    shutil.copytree("deploy/lists", lists)
    with open(lists + "/known-services.txt", "a", encoding="utf-8") as file:
        file.write("c2.example.net\n")
    kinds = [json.loads(line)["event_type"] for line in replay("-q", "--lists", lists, journal).stdout.splitlines()]
    ok("beacon" not in kinds and "scan" in kinds, "and by other lists", kinds)
    ok(replay("-q", *files_of(journal)).stdout == plain, "its files can be named instead of their directory")
    return journal, plain


def check_refusals(demo, journal):
    for word in (["--compat"], ["--totals"], ["--engine", "kernel"], ["--no-tunnels"], ["--told-totals"], ["--journal", WORK + "/x"]):
        done = replay(*word, journal)
        ok(done.returncode == 2 and word[0].encode() in done.stderr and not done.stdout,
           "%s is refused: a journal has no packets" % word[0], (done.returncode, done.stderr))
    done = replay(journal, "host 10.9.0.12")
    ok(done.returncode == 2 and b"a filter" in done.stderr, "so is a filter", done.stderr)
    done = replay(demo, files_of(journal)[0])
    ok(done.returncode == 2 and b"not both" in done.stderr, "captures and journals are not mixed", done.stderr)
    done = replay("--journal", "/dev/null", demo)
    ok(done.returncode == 1 and b"/dev/null" in done.stderr, "a journal cannot be written to what is no directory", done.stderr)
    done = replay("--journal-quota", "none", demo)
    ok(done.returncode == 2 and b"--journal-quota" in done.stderr, "a quota is a number", done.stderr)


def check_damage(journal, plain):
    cut = fresh("cut")
    os.mkdir(cut)
    with open(files_of(journal)[0], "rb") as file:
        whole = file.read()
    with open(cut + "/a.skj.zst", "wb") as file:
        file.write(whole[:len(whole) * 2 // 3])
    done = replay(cut)
    lines = done.stdout.splitlines()
    ok(done.returncode == 4 and b"cut short" in done.stderr and plain.startswith(b"\n".join(lines[:-1]) + b"\n") and
       len(lines) > 3 and b'"truncated":true' in lines[-1],
       "a cut journal gives what it holds up to the cut, and says so", (done.returncode, done.stderr))
    spoilt = bytearray(whole)
    spoilt[len(whole) // 2] ^= 0x10
    with open(cut + "/a.skj.zst", "wb") as file:
        file.write(spoilt)
    done = replay(cut)
    ok(done.returncode == 4 and b"damaged at byte" in done.stderr, "a flipped bit is noticed", (done.returncode, done.stderr))


def check_runs(demo, plain):
    journal = fresh("runs")
    for _ in range(2):
        replay("-q", "--journal", journal, demo)
    ok(len(files_of(journal)) == 2 and replay("-q", journal).stdout == plain + plain,
       "two runs in one directory are judged one after the other")
    shutil.copy(demo, journal + "/demo.pcap")
    done = replay("-q", journal)
    ok(done.returncode == 0 and done.stdout == plain + plain and b"1 file of other kinds" in done.stderr,
       "a capture beside them is skipped, and that is said", (done.returncode, done.stderr))


def check_quota():
    journal = fresh("quota")
    for name in ("demo", "benign", "beacons", "tunnels"):
        replay("-q", "--journal", journal, "--journal-quota", "1", "%s/%s.pcap" % (WORK, name))
    sizes = [os.path.getsize(path) for path in files_of(journal)]
    ok(sum(sizes) <= 1 << 20 and len(sizes) > 2, "the directory stays below its quota", sizes)
    done = replay(journal)
    ok(done.returncode == 0 and b"the beginning of the run" in done.stderr, "what was removed is said", (done.returncode, done.stderr))


def check_kill(demo):
    """A capture through a pipe that stops in the middle, then kill -9."""
    journal = fresh("kill")
    with open(demo, "rb") as file:
        half = file.read()[:12000000]
    kept = WORK + "/killed.jsonl"
    with open(kept, "wb") as output, subprocess.Popen(
            [SKUA, "replay", "-q", "--journal", journal, "-"], stdin=subprocess.PIPE, stdout=output) as agent:
        agent.stdin.write(half)
        agent.stdin.flush()
        end = time.monotonic() + 60
        done = replay(journal)
        while len(done.stdout.splitlines()) < 2 and time.monotonic() < end:  # a finding, and the accounting
            time.sleep(0.05)
            done = replay(journal)
        ok(done.returncode in (0, 4) and b"without an end" in done.stderr, "a journal that is still written can be read",
           (done.returncode, done.stderr))
        agent.send_signal(signal.SIGKILL)
        agent.wait()
    done = replay(journal)
    with open(kept, "rb") as file:
        said = file.read()
    found = b"".join(line + b"\n" for line in done.stdout.splitlines()[:-1])
    whole = replay("-q", demo).stdout
    ok(done.returncode == 0 and b"without an end" in done.stderr and found and whole.startswith(found),
       "after kill -9 it gives what had been found, and no more", (done.returncode, done.stderr, found))
    ok(found.startswith(said) or said.startswith(found), "as the run itself had printed", (found, said))


os.makedirs(WORK, exist_ok=True)
check_scenarios()
kept_journal, findings = check_judgement(WORK + "/demo.pcap")
check_refusals(WORK + "/demo.pcap", kept_journal)
check_damage(kept_journal, findings)
check_runs(WORK + "/demo.pcap", findings)
check_quota()
check_kill(WORK + "/demo.pcap")
check_corpus()
shutil.rmtree(WORK)
sys.exit(finish())
