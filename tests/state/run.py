#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Four days with and without a state, a writer that is killed, files that are damaged, suppressions.

run.py OUT: makes tests/state/days.scn, splits it by days, and replays it at once and day by day.
"""
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import time

import live

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import finish, ok, skip  # noqa: E402

OUT = os.path.abspath(sys.argv[1])
SKUA, GEN, WRITER = OUT + "/skua", OUT + "/skua-gen", OUT + "/state/writer"
WORK = OUT + "/states"
KILLS = 50


def path(name):
    return WORK + "/" + name


def run(*arguments):
    return subprocess.run([SKUA, *arguments], capture_output=True, timeout=1200, check=False)


def replay(*arguments):
    return run("replay", "--format", "json", *arguments)


def records(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def keep(name, done):
    """For tests/schema/run.sh."""
    with open(path(name + ".jsonl"), "wb") as file:
        file.write(done.stdout)


def findings(done, kind=None):
    """The last line of each id."""
    last = {}
    for record in records(done):
        if "finding_id" in record and kind in (None, record["event_type"]):
            last[record["finding_id"]] = record
    return list(last.values())


def stats(done):
    return [record for record in records(done) if record["event_type"] == "stats"][-1]["stats"]


def split(capture):
    """day1.pcap to day4.pcap; microseconds, little-endian, as skua-gen writes."""
    with open(capture, "rb") as file:
        content = file.read()
    first, at, days = struct.unpack_from("<I", content, 24)[0] // 86400, 24, {}
    while at < len(content):
        seconds, _, length, _ = struct.unpack_from("<IIII", content, at)
        days.setdefault(seconds // 86400 - first + 1, []).append(content[at:at + 16 + length])
        at += 16 + length
    for day, packets in days.items():
        with open(path("day%d.pcap" % day), "wb") as file:
            file.write(content[:24] + b"".join(packets))
    return sorted(days)


def uploads(found, day=None):
    """What of uploads is found, where and by which rule."""
    return sorted((f["src_ip"], f["dest_ip"], f["exfil"]["channel"], round(f["score"], 2)) for f in found
                  if f["event_type"] == "exfil" and (not day or f["last_seen"][8:10] == day))


def check_days():
    done = subprocess.run([GEN, "tests/state/days.scn", "-o", path("days.pcap")], capture_output=True, check=False)
    ok(not done.returncode and split(path("days.pcap")) == [1, 2, 3, 4], "four days are made", done.stderr)
    cold = replay(path("day4.pcap"))
    ok(uploads(findings(cold)) == [("10.9.0.20", "198.51.100.9", "volume", 0.53), ("10.9.0.21", "198.51.100.10", "slow", 0.55)],
       "the fourth alone: the backup is found, what is new is not", uploads(findings(cold)))
    ok(not any("baseline" in f["exfil"] for f in findings(cold, "exfil")), "and no baseline is told", cold.stdout)
    days = [replay("--state", path("daily"), path("day%d.pcap" % day)) for day in range(1, 5)]
    ok(all(done.returncode == 0 for done in days), "day by day with a state", [done.stderr for done in days])
    ok(uploads(findings(days[0])) == [("10.9.0.20", "198.51.100.9", "volume", 0.53)], "a new state changes nothing",
       uploads(findings(days[0])))
    ok(uploads(findings(days[2])) == [], "from the third night on the backup is usual", uploads(findings(days[2])))
    last = uploads(findings(days[3]))
    ok([u[:3] for u in last] == [("10.9.0.21", "198.51.100.10", "unusual"), ("10.9.0.22", "198.51.100.12", "unusual")],
       "on the fourth what is unusual is found, and the backup is not", last)
    whole = replay("--state", path("whole"), path("days.pcap"))
    ok(uploads(findings(whole), "13") == last, "one run of four days finds the same", uploads(findings(whole)))
    keep("day4", days[3])
    check_numbers(findings(days[3], "exfil"))
    check_first_seen(findings(days[3]), findings(cold), findings(days[0]))


def check_numbers(found):
    of_source = [f["exfil"] for f in found if f["src_ip"] == "10.9.0.22"][0]
    base = of_source["baseline"]
    ok(base["of"] == "source" and base["hours"] > 70 and 17.5 < base["mean_log2"] < 19 and base["sd_log2"] == 1,
       "what the host usually sends is told", base)
    score = [f["score_raw"] for f in found if f["src_ip"] == "10.9.0.22"][0]
    ok(abs(score - min(1, 0.5 + 0.1 * (base["z"] - 3))) < 0.001, "and the score follows from it", (score, base))
    to = [f for f in found if f["src_ip"] == "10.9.0.21"][0]
    ok(to["exfil"]["baseline"]["of"] == "destination" and "above what usually goes there (" in to["reason"],
       "of a known destination, what usually goes there, in words too", to)


def raised(found, server):
    """The rules that raised the beacon to this server."""
    return [c["name"] for f in found if f["event_type"] == "beacon" and f.get("dest_ip") == server for c in f["context"]]


def check_first_seen(last, cold, first):
    ok("first-seen" in raised(last, "203.0.113.11"), "a server that was never met before raises", raised(last, "203.0.113.11"))
    ok("first-seen" not in raised(last, "203.0.113.10"), "one that was there on all days does not")
    ok("first-seen" not in raised(cold, "203.0.113.11") and "first-seen" not in raised(first, "203.0.113.10"),
       "without a state, or with a new one, nobody is new")


def check_journal():
    replay("--journal", path("journal"), path("day4.pcap"))
    shutil.copy(path("three"), path("by-packets"))
    shutil.copy(path("three"), path("by-journal"))
    packets, journal = replay("--state", path("by-packets"), path("day4.pcap")), replay("--state", path("by-journal"), path("journal"))
    ok(uploads(findings(packets)) == uploads(findings(journal)) != [], "a journal judged with a state gives the same",
       uploads(findings(journal)))
    with open(path("by-packets"), "rb") as one, open(path("by-journal"), "rb") as other:
        ok(one.read() == other.read(), "and leaves the same state, to the last byte")


def three_days():
    for day in (1, 2, 3):
        replay("--state", path("three"), path("day%d.pcap" % day))


def check_kills():
    file, states = path("killed"), set()
    for turn in range(KILLS):
        with subprocess.Popen([WRITER, "write", file], stdout=subprocess.PIPE) as writer:
            writer.stdout.readline()
            time.sleep(0.003 * (turn % 10) + 0.0007 * turn)
            writer.send_signal(signal.SIGKILL)
        done = subprocess.run([WRITER, "read", file], capture_output=True, check=False)
        states.add((done.returncode, done.stdout))
    ok(states and states <= {(0, b"100\n"), (0, b"20000\n")}, "killed %d times, the old or the new state is there" % KILLS, states)
    print("# figure: of %d writers killed, states found whole: %s" % (KILLS, sorted(s[1].decode().strip() for s in states)))


def spoil(name, change):
    with open(path("three"), "rb") as file:
        content = bytearray(file.read())
    content = change(content)
    with open(path(name), "wb") as file:
        file.write(content)
    return bytes(content)


def flip(content):
    content[len(content) // 2] ^= 4
    return content


def newer(content):
    content[8] += 1
    return content


def check_damage():
    for name, change, word in (("damaged", flip, b"damaged"), ("cut", lambda c: c[:len(c) // 2], b"cut short"),
                               ("newer", newer, b"another version"), ("alien", lambda _: b"hello, world\n" * 9, b"no state of skua")):
        before = spoil(name, change)
        done = replay("--state", path(name), path("day1.pcap"))
        ok(done.returncode == 0 and word in done.stderr and path(name).encode() in done.stderr and b"give it its name back" in done.stderr
           and findings(done), name + ": said with its reason, and the run goes on", done.stderr)
        with open(path(name) + ".aside-1", "rb") as file:
            ok(file.read() == before, name + ": the file is kept aside as it was")
        again = replay("--state", path(name), path("day1.pcap"))
        ok(b"--state" not in again.stderr, name + ": and a new one is written in its place", again.stderr)
    done = replay("--state", "/nonexistent/state", path("day1.pcap"))
    ok(done.returncode == 2 and b"/nonexistent/state" in done.stderr and b"name a file in a folder" in done.stderr and not done.stdout,
       "where nothing can be kept nothing begins", done.stderr)


def rules(*lines):
    with open(path("rules.txt"), "w", encoding="utf-8") as file:
        file.write("# rules\n" + "".join(line + "\n" for line in lines))
    return path("rules.txt")


def check_suppressions():
    day = path("day1.pcap")
    plain = findings(replay(day))
    backup = "kind=exfil src=10.9.0.20 dst=198.51.100.0/24 port=443 name=example until=%s reason=the nightly = backup"
    done = replay("--suppressions", rules(backup % "forever"), day)
    ok(len(findings(done)) == len(plain) - 1 and not findings(done, "exfil"), "what a rule matches is not said", done.stdout)
    said = stats(done)
    ok(said["suppressed"] == 1 and list(said["suppressed_by"].values()) == [1] and b"1 suppressed" in done.stderr
       and sum(said["findings"].values()) == len(plain) - 1, "but counted, by rule, and not among the findings", said)
    keep("kept-back", done)
    for option in (["--show-suppressed"], ["--min-score", "0"]):
        shown = findings(replay(*option, "--suppressions", path("rules.txt"), day), "exfil")
        keep("shown", replay(*option, "--suppressions", path("rules.txt"), day))
        ok(len(shown) == 1 and shown[0]["suppressed"]["reason"] == "the nightly = backup" and
           [shown[0]["suppressed"]["rule"]] == list(said["suppressed_by"]), "marked, with %s" % option[0], shown)
    table = run("replay", "-q", "--format", "table", "--show-suppressed", "--suppressions", path("rules.txt"), day).stdout
    csv = run("replay", "-q", "--format", "csv", "--show-suppressed", "--suppressions", path("rules.txt"), day).stdout
    ok(b"; suppressed by " in table and b'"suppressed by ' in csv, "in tables and CSV too", table + csv)
    run("replay", "-q", "--snapshots", path("vault"), "--show-suppressed", "--suppressions", path("rules.txt"), day)
    files = [name for _, _, names in os.walk(path("vault")) for name in names if name.endswith(".pcapng")]
    ok(len(files) == len(plain) - 1, "and no evidence is written of it", files)
    ok(len(findings(replay("--suppressions", rules(backup % "2026-01-11"), day), "exfil")) == 0,
       "a rule ends by the clock of the packets: that day it was in force")
    ok(len(findings(replay("--suppressions", rules(backup % "2026-01-10"), day), "exfil")) == 1, "and not after its end")
    done = replay("--suppressions", rules("port=443 until=forever reason=r", "port=444 until=never reason=\033[2J"), day)
    ok(done.returncode == 2 and b"rules.txt:3: until is a day" in done.stderr and b"\033" not in done.stderr,
       "a line that makes no sense is named, without its controls", done.stderr)


def check_command():
    file = path("command.txt")
    added = run("suppress", "add", "--file", file, "--kind", "exfil", "--src", "10.9.0.20", "--reason", "backup", "--for", "30d")
    ok(added.returncode == 0, "a rule is added", added.stderr)
    with open(file, "a", encoding="utf-8") as out:
        out.write("\n# by hand\nname=old.example until=2020-01-01 reason=gone by\n")
    listed = run("suppress", "list", "--file", file).stdout.decode().splitlines()
    ok(len(listed) == 2 and "reason=backup" in listed[0] and "(expired)" not in listed[0] and "(expired)" in listed[1],
       "rules are listed with reason and end, those that ended marked", listed)
    ok(run("suppress", "check", "--file", file).stdout.strip().endswith(b"2 rules, 1 expired"), "and checked")
    for arguments, word in ((["--src", "10.9.0.20", "--forever"], b"--reason"), (["--reason", "r", "--forever"], b"match everything"),
                            (["--src", "10.9.0.9", "--reason", "r"], b"--forever"), (["--src", "x", "--reason", "r", "--forever"], b"src is"),
                            (["--kind", "exfil", "--src", "10.9.0.20", "--reason", "r", "--forever"], b"already")):
        done = run("suppress", "add", "--file", file, *arguments)
        ok(done.returncode == 2 and word in done.stderr, "refused: " + " ".join(arguments), done.stderr)
    done = run("suppress", "remove", listed[0].split()[0], "--file", file)
    with open(file, encoding="utf-8") as kept:
        text = kept.read()
    ok(done.returncode == 0 and "backup" not in text and "# by hand\n" in text and "old.example" in text,
       "one is removed, the rest of the file stays", text)
    ok(run("suppress", "remove", "00000000", "--file", file).returncode == 2, "what is not there cannot be")


def check_prevalence():
    with open(path("fleet.txt"), "w", encoding="utf-8") as file:
        file.write("old.example 400 500\n203.0.113.11 1 500\n")
    found = findings(replay("--prevalence", path("fleet.txt"), "--min-score", "0", path("day4.pcap")), "beacon")
    by_server = {f["dest_ip"]: [c for c in f["context"] if c["name"] == "prevalence"] for f in found if "dest_ip" in f}
    ok([c["factor"] for c in by_server["203.0.113.10"]] == [0.5] and "400 of 500 clients of the fleet" in by_server["203.0.113.10"][0]["why"],
       "what a fleet uses is calmed", by_server)
    ok(not by_server["203.0.113.11"], "what one of it uses is not, though here it would be", by_server)


shutil.rmtree(WORK, ignore_errors=True)
os.makedirs(WORK)
check_days()
three_days()
check_journal()
check_kills()
check_damage()
check_suppressions()
check_command()
check_prevalence()
live.check(SKUA, ok, skip)
sys.exit(finish())
