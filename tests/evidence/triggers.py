#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Looks out for what lists and expressions name, in generated captures and live.

triggers.py OUT: a list with what the demo's beacon and tunnel use fires, one beside it does not;
both engines and the journal say the same; bad lists are refused with file and line; live, a list
that changed is read again and a bad one changes nothing.
"""
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import finish, ok, skip  # noqa: E402

OUT = sys.argv[1]
SKUA, GEN, WORK = OUT + "/skua", OUT + "/skua-gen", OUT + "/triggers"
DEMO = WORK + "/demo.pcap"
SPACE = "skua-trigger-%d" % os.getpid()

# Sends one question for each name from 10.99.0.1 to 203.0.113.5.
ASK = """
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("10.99.0.1", 0))
s.sendto(bytes.fromhex(sys.argv[1]), ("203.0.113.5", 53))
"""


def listed(name, text, folder=WORK):
    """At once: who watches the file never sees half of it."""
    path = "%s/%s" % (folder, name)
    with open(path + "~", "w", encoding="utf-8") as file:
        file.write(text)
    os.rename(path + "~", path)
    return path


def replay(*arguments):
    return subprocess.run([SKUA, "replay", "--format", "json", *arguments], capture_output=True, check=False, timeout=600)


def triggers_of(done):
    """The last record of each trigger."""
    last = {}
    for line in done.stdout.decode().splitlines():
        record = json.loads(line)
        if record["event_type"] == "trigger":
            last[record["finding_id"]] = record
    return list(last.values())


def others_of(done):
    return [line for line in done.stdout.decode().splitlines() if '"event_type":"trigger"' not in line and '"stats"' not in line]


def one(found, matched, indicator):
    same = [f for f in found if f["trigger"]["matched"] == matched and f["trigger"]["indicator"] == indicator]
    return same[0] if len(same) == 1 else {}


def truth():
    with open(WORK + "/demo.tsv", encoding="utf-8") as file:
        head, *rows = [line.rstrip("\n").split("\t") for line in file]
    return {row["kind"]: row for row in (dict(zip(head, row)) for row in rows) if row["expected"] == "alert"}


def check_lists(wrong):
    beacon = int(wrong["beacon"]["count"])
    plain = replay("-q", DEMO)
    bad = listed("bad.txt", "# known\n203.0.113.5, a botnet's\nsni:c2.example.net the same\n.evil.example\n")
    done = replay("-q", "--indicators", bad, DEMO)
    found = triggers_of(done)
    address, sni, name = (one(found, *what) for what in
                          (("address", "203.0.113.5"), ("sni", "sni:c2.example.net"), ("name", ".evil.example")))
    ok(done.returncode == 0 and len(found) == 3 and address and sni and name,
       "what is on the list is found, each once, and nothing else is", [f["reason"] for f in found] or done.stderr)
    if not (address and sni and name):
        return
    ok(address["src_ip"] == sni["src_ip"] == "10.9.0.5" and address["dest_ip"] == sni["dest_ip"] == "203.0.113.5" and
       address["dest_port"] == 443, "as our side's, with whom it is about", address)
    ok(address["trigger"]["count"] == sni["trigger"]["count"] == beacon, "every callback is counted",
       [beacon, address["trigger"], sni["trigger"]])
    ok(name["src_ip"] == "10.9.0.8" and name["trigger"]["entity"] == ".evil.example" and
       name["trigger"]["seen"].endswith(".evil.example"), "a name with the one that was asked for", name)
    ok(all(f["score"] == 1 and f["severity"] == 1 and f["context"] == [] for f in found), "nothing calms them")
    ok(address["trigger"]["source"] == bad + ":2" and address["trigger"]["label"] == "a botnet's",
       "file, line and label are said", address["trigger"])
    ok(others_of(done) == others_of(plain), "and all else is found as without")
    first = [line for line in done.stdout.decode().splitlines() if '"event_type":"trigger"' in line][0]
    ok('"state":"new"' in first and json.loads(first)["trigger"]["count"] == 1, "at the first meeting", first)
    harmless = listed("harmless.txt", "203.0.113.6\n203.0.114.0/24\nexample.net\n*.c2.example.net\nvil.example\n"
                      "sni:evil.example\nt13d1516h2_8daaf6152771_e5627efa2ab1\n2001:db9::/32\n")
    done = replay("-q", "--indicators", harmless, DEMO)
    ok(done.returncode == 0 and done.stdout == plain.stdout, "a list of what does not occur changes nothing",
       [f["reason"] for f in triggers_of(done)])
    with open(WORK + "/demo.jsonl", "wb") as kept:  # for the schema's test
        kept.write(replay("--indicators", bad, "--trigger-filter", "udp port 123", DEMO).stdout)
    return bad


def check_sameness(bad):
    arguments = ["-q", "--indicators", bad, "--trigger-filter", "host 203.0.113.5 and tcp[tcpflags] & tcp-syn != 0",
                 "--trigger-filter", "udp port 53 and host 10.9.0.8"]
    native = replay(*arguments, DEMO)
    found = [f for f in triggers_of(native) if f["trigger"]["matched"] == "filter"]
    ok(sorted((f["src_ip"], f["dest_ip"], f["dest_port"]) for f in found) ==
       [("10.9.0.5", "203.0.113.5", 443), ("10.9.0.8", "10.9.0.1", 53)],
       "an expression gives one finding for each conversation that it matches", [f["reason"] for f in found])
    ok(replay(*arguments, DEMO).stdout == native.stdout, "the same capture gives the same bytes again")
    kernel = replay("--engine", "kernel", *arguments, DEMO)
    if kernel.returncode == 1 and b"permitted" in kernel.stderr or os.getuid():
        skip("the kernel programs give the same", "BPF is not permitted here")
    else:
        ok(kernel.stdout == native.stdout, "the kernel programs give the same", kernel.stderr)
    shutil.rmtree(WORK + "/journal", ignore_errors=True)
    before = replay("-q", "--indicators", bad, "--journal", WORK + "/journal", DEMO)
    ok(replay("-q", "--indicators", bad, WORK + "/journal").stdout == before.stdout, "so does a journal")
    later = triggers_of(replay("-q", "--indicators", listed("later.txt", "c2.example.net\n"), WORK + "/journal"))
    ok({f["trigger"]["matched"] for f in later} == {"name", "sni"},
       "which can be asked later for what nobody knew then", [f["reason"] for f in later])
    done = replay("--trigger-filter", "udp", WORK + "/journal")
    ok(done.returncode == 2 and b"--trigger-filter" in done.stderr, "but not for packets", done.stderr)


def check_refusals():
    folder = WORK + "/lists"
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for name, text in (("a.txt", "203.0.113.5\n"), ("b.txt", "evil.example\n\n10.0.0.256 typo\n")):
        listed("lists/" + name, text)
    done = replay("--indicators", folder, DEMO)
    ok(done.returncode == 2 and (folder + "/b.txt:3: ").encode() in done.stderr, "a bad line is named", done.stderr)
    listed("lists/b.txt", "*.evil.example\n")
    found = triggers_of(replay("-q", "--indicators", folder, DEMO))
    ok(len(found) == 2, "a folder of lists is read", [f["reason"] for f in found])
    for arguments, word in ((["--indicators", "/nonexistent"], b"/nonexistent"), (["--trigger-filter", "no such"], b"'no such'"),
                            (["--record", "10.0.0.0/8=some"], b"10.0.0.0/8=some")):
        done = replay(*arguments, DEMO)
        ok(done.returncode == 2 and word in done.stderr and not done.stdout, "refused: " + " ".join(arguments), done.stderr)
    with open(WORK + "/noise", "wb") as file:
        file.write(bytes((i * i * 7 + i // 3) & 0xff for i in range(100000)))
    done = replay("--indicators", WORK + "/noise", DEMO)
    ok(done.returncode == 2 and b"\x1b" not in done.stderr, "noise is refused, and shown without its controls", done.stderr)


def query(name):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return (struct.pack(">HHHHHH", 7, 0x0100, 1, 0, 0, 0) + labels + b"\0\0\1\0\1").hex()


class Live:
    """skua run on the loopback of a namespace."""

    def __init__(self, source, folder):
        self.folder = folder
        self.said, self.found = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", SPACE, SKUA, "run", "-i", "lo=tap", "--source", source, "--format", "json", "--socket",
             "none", "--indicators", folder + "/live.txt"], stdin=subprocess.DEVNULL, stdout=self.found, stderr=self.said)

    def wait(self, file, text, seconds=60):
        """Not for what has ended."""
        end = time.monotonic() + seconds
        while True:
            over = self.process.poll() is not None or time.monotonic() > end
            if text in os.pread(file.fileno(), 1 << 20, 0):
                return True
            if over:
                return False
            time.sleep(0.05)

    def watches(self):
        """None: it may not here.  The verifier may take its time."""
        seen = self.wait(self.said, b"watching", 150)
        return seen or (None if self.process.poll() is not None and b"ermi" in self.words() else False)

    def ask(self, name):
        subprocess.run(["ip", "netns", "exec", SPACE, sys.executable, "-c", ASK, query(name)], check=True)

    def reload(self, text, answer):
        listed("live.txt", text, self.folder)
        self.process.send_signal(signal.SIGHUP)
        return self.wait(self.said, answer)

    def words(self):
        return os.pread(self.said.fileno(), 1 << 20, 0) + os.pread(self.found.fileno(), 1 << 20, 0)


def check_live(source):
    folder = tempfile.mkdtemp()
    os.chmod(folder, 0o755)  # the worker is nobody
    listed("live.txt", "one.example\n", folder)
    live = Live(source, folder)
    try:
        watches = live.watches()
        if watches is None:
            skip("live, by " + source, "cannot watch here: %r" % live.words()[-120:])
            return
        ok(watches, source + ": live, it watches", live.words())
        live.ask("two.example")
        live.ask("one.example")
        ok(live.wait(live.found, b'"indicator":"one.example"'), source + ": live, a question for a listed name is found", live.words())
        ok(live.reload("two.example\nthree.example\n", b"in force now: 2"),
           source + ": told by SIGHUP, it reads the list again", live.words())
        live.ask("two.example")
        ok(live.wait(live.found, b'"indicator":"two.example"'), source + ": and looks out for what is new", live.words())
        ok(live.reload("four.example\nfive..example\n", b"live.txt:2: ") and live.process.poll() is None,
           source + ": a bad list is named, with its line", live.words())
        live.ask("four.example")
        live.ask("three.example")
        ok(live.wait(live.found, b'"indicator":"three.example"') and b'"indicator":"four.example"' not in live.words(),
           source + ": and the old one stays in force", live.words())
        live.process.terminate()
        ok(live.process.wait(timeout=60) == 0, source + ": it ends as ever", live.words())
    finally:
        if live.process.poll() is None:
            live.process.kill()
            live.process.wait()
        shutil.rmtree(folder)


def check_all_live():
    if os.getuid() or not shutil.which("ip") or subprocess.run(["ip", "netns", "add", SPACE], capture_output=True, check=False).returncode:
        skip("live, while lists change", "network namespaces need root and iproute2")
        return
    try:
        for command in (["addr", "add", "10.99.0.1/32", "dev", "lo"], ["addr", "add", "203.0.113.5/32", "dev", "lo"],
                        ["link", "set", "lo", "up"]):
            subprocess.run(["ip", "-n", SPACE, *command], check=True)
        for source in ("pcap", "kernel"):
            check_live(source)
    finally:
        subprocess.run(["ip", "netns", "del", SPACE], check=False)


os.makedirs(WORK, exist_ok=True)
made = subprocess.run([GEN, "tests/scenarios/demo.scn", "-o", DEMO, "--truth", WORK + "/demo.tsv"], capture_output=True, check=False)
ok(made.returncode == 0, "the capture is made", made.stderr)
check_sameness(check_lists(truth()))
check_refusals()
check_all_live()
sys.exit(finish())
