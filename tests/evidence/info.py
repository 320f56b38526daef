#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Compares `skua info` with capinfos and tshark: info.py OUT CAPTURE..., "-": the corpus is not there.

Files made here first: everything that skua writes, in every form that other tools give it.
"""
import json
import os
import re
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import finish, ok  # noqa: E402

OUT, CAPTURES = sys.argv[1], sys.argv[2:]
SKUA = OUT + "/skua"
# What capinfos is known to see otherwise, and why.
EXEMPT = {
    "not-a-pcap.pcap": "all",       # capinfos reads other formats too
    "bad-caplen.pcap": "bytes",     # more captured than was on the wire
    "fuzz-empty-ns.pcap": "times",  # a fraction of 1.9 s
}


def run(*command):
    return subprocess.run(command, capture_output=True, check=False, env=dict(os.environ, TZ="UTC"))


def info(path):
    done = run(SKUA, "info", "--format=json", path)
    return (json.loads(done.stdout) if done.stdout else None), done.returncode, done.stderr.decode()


def capinfos(path):
    """{heading: value} of the first columns, and the long report."""
    done = run("capinfos", "-T", "-M", path)
    lines = done.stdout.decode(errors="replace").splitlines()
    if len(lines) < 2:
        return None, ""
    return dict(zip(lines[0].split("\t"), lines[1].split("\t"))), run("capinfos", "-M", path).stdout.decode(errors="replace")


def time_of(text):
    return text.replace("T", " ").rstrip("Z")


def differences(path, ours, theirs, report):
    exempt = EXEMPT.get(os.path.basename(path), "")
    pairs = [("packets", ours["packets"], int(theirs["Number of packets"])),
             ("size", ours["size"], int(theirs["File size (bytes)"])),
             ("sha256", ours["sha256"], theirs["SHA256"])]
    if exempt != "bytes":
        pairs.append(("bytes", ours["bytes"], int(theirs["Data size (bytes)"])))
    if theirs["Start time"] != "n/a" and exempt != "times" and "first_packet" in ours:
        pairs.append(("first", time_of(ours["first_packet"])[:len(theirs["Start time"])], theirs["Start time"]))
        pairs.append(("last", time_of(ours["last_packet"])[:len(theirs["End time"])], theirs["End time"]))
        pairs.append(("order", str(ours["strict_time_order"]), theirs["Strict time order"]))
    said = re.search(r"Number of interfaces in file: (\d+)", report)
    if said and ours["format"] == "pcapng" and ours["counts"]["sections"] == 1:
        pairs.append(("interfaces", len(ours["interfaces"]), int(said.group(1))))
        counted = [int(n) for n in re.findall(r"^ +Number of packets = (\d+)", report, re.M)]
        pairs.append(("packets of each", [i["packets"] for i in ours["interfaces"]], counted))
        names = re.findall(r"^ +Name = (.*)$", report, re.M)
        pairs.append(("names of interfaces", [i["name"] for i in ours["interfaces"] if i.get("name")], names))
        lengths = [int(n) for n in re.findall(r"^ +Capture length = (\d+)", report, re.M)]
        pairs.append(("snapshot lengths", [i["snaplen"] or 262144 for i in ours["interfaces"]],
                      [n or 262144 for n in lengths]))
        comments = re.findall(r"^Capture comment: +(.*)$", report, re.M)
        pairs.append(("comments of the section",
                      [n["comment"] for n in ours["notes"] if n["about"] == "section" and n["comment"]],
                      comments))
    # The report has one line for each: what has several cannot be compared there.
    return ["%s: ours %s, theirs %s" % each for each in pairs if each[1] != each[2] and "\\n" not in str(each[1])]


def check_file(path, label):
    ours, status, said = info(path)
    theirs, report = capinfos(path)
    if EXEMPT.get(os.path.basename(path)) == "all":
        ok(status == 2, "%s: is refused" % label, said)
    elif not theirs:
        ok(status in (0, 2, 4), "%s: capinfos cannot read it either, or only skua can" % label, said)
    elif not ours:
        ok(False, "%s: capinfos reads it, so does skua" % label, said)
    else:
        found = differences(path, ours, theirs, report)
        ok(not found, "%s: %d packets, as capinfos says" % (label, ours["packets"]), found)
    return ours


def check_comments(path, label):
    done = run("tshark", "-r", path, "-T", "fields", "-e", "frame.number", "-e", "frame.comment",
               "-E", "aggregator=\x01", "-Y", "frame.comment")
    theirs = []
    for line in done.stdout.decode().splitlines():
        number, comments = line.split("\t")
        theirs += [(int(number), comment) for comment in comments.split("\x01")]
    ours = [(each["frame"], each["comment"]) for each in info(path)[0]["comments"]]
    ok(ours == theirs and ours, "%s: %d comments of packets, as tshark shows" % (label, len(ours)), (ours, theirs))


def block(kind, body):
    body += b"\0" * (-len(body) % 4)
    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)


def option(code, value):
    return struct.pack("<HH", code, len(value)) + value + b"\0" * (-len(value) % 4)


SECTION = struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)


def check_hostile(work):
    """Texts that a terminal would obey, more of everything than is kept, blocks of no known kind."""
    path = work + "/hostile.pcapng"
    nasty = b"\x1b[2Jred\x1b]0;title\x07\xe2\x80\xae\xff"
    packet = struct.pack("<IIIII", 0, 0, 1, 4, 4) + b"abcd"
    with open(path, "wb") as file:
        file.write(block(0x0a0d0d0a, SECTION + option(1, nasty) + option(2, nasty)))
        file.write(block(1, struct.pack("<HHI", 1, 0, 0) + option(2, nasty) + option(3, nasty)))
        file.write(block(4, struct.pack("<HH", 1, 4 + len(nasty) + 1) + b"\x0a\0\0\1" + nasty + b"\0"))
        for _ in range(5000):
            file.write(block(6, packet + option(1, nasty)))
        for kind in (0xbad, 0x40000bad, 10, 0x777):
            file.write(block(kind, b"\0" * 8))
        file.write(block(0x777, b"\0" * (2 << 20)))
    ours, status, said = info(path)
    ok(status == 0 and ours["packets"] == 5000, "a hostile file is read", said)
    ok(len(ours["comments"]) == 4096 and ours["counts"]["comments"] == 5000,
       "beyond 4,096 comments are counted, not kept", (len(ours["comments"]), ours["counts"]))
    ok([ours["counts"][name] for name in ("custom", "secrets", "other", "oversized")] == [2, 1, 1, 1],
       "blocks of no interest are counted by kind", ours["counts"])
    shown = run(SKUA, "info", "--format=table", path).stdout
    ok(not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]|\xe2\x80\xae|\xff", shown),
       "no byte of a text reaches the terminal as a control", shown[:300])
    raw = run(SKUA, "info", "--format=json", path).stdout
    ok(not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]|\xe2\x80\xae|\xff", raw), "nor in JSON", raw[:300])
    big = work + "/texts.pcapng"
    with open(big, "wb") as file:
        file.write(block(0x0a0d0d0a, SECTION) + block(1, struct.pack("<HHI", 1, 0, 0)))
        for _ in range(200):
            file.write(block(6, packet + option(1, b"x" * 65535)))
    ours = info(big)[0]
    kept = sum(len(each.get("comment", "")) for each in ours["comments"])
    ok(kept <= 4 << 20 and ours["counts"]["texts_left_out"] == 200 - kept // 65535,
       "texts are kept up to 4 MiB, those beyond are counted", (kept, ours["counts"]))


def check_forms(work):
    full = work + "/full.pcapng"
    subprocess.run([OUT + "/evidence/sample", full], check=True)
    ours = check_file(full, "what skua writes")
    ok(json.loads(ours["finding"])["event_type"] == "beacon" and json.loads(ours["context"])["prevalence"] == 1,
       "the finding and its context are found", ours)
    ok(ours["names"] == [{"address": "10.9.0.5", "name": "web.shop"}, {"address": "2001:db8::7", "name": "db.shop"}],
       "names of both families are listed", ours["names"])
    first = ours["interfaces"][0]
    ok((first["description"], first["filter"], first["os"]) == ("pod web in shop", "icmp", "Linux 6.1"),
       "an interface has description, filter and system", first)
    ok((first["received"], first["dropped"], first["delivered"], first["statistics"]) == (5000000000, 7, 100, 1),
       "its statistics are told", first)
    check_comments(full, "what skua writes")
    make = [("edited", ["editcap"]), ("short", ["editcap", "-s", "60"]), ("late", ["editcap", "-t", "3600"])]
    for name, command in make:
        run(*command, full, "%s/%s.pcapng" % (work, name))
        check_file("%s/%s.pcapng" % (work, name), name)
    for form in ("pcap", "nsecpcap", "modpcap"):
        run("editcap", "-F", form, full, work + "/form.pcap")
        check_file(work + "/form.pcap", form)
    run("mergecap", "-a", "-w", work + "/joined.pcapng", full, work + "/late.pcapng", full)
    joined = check_file(work + "/joined.pcapng", "joined, not in order")
    ok(joined["strict_time_order"] is False, "disorder is seen", joined)
    check_comments(work + "/edited.pcapng", "rewritten by editcap")
    check_ends(work, full)


def check_ends(work, full):
    subprocess.run(["gzip", "-k", full], check=True)
    plain, packed = info(full)[0], info(full + ".gz")[0]
    ok(packed["compressed"] and packed["packets"] == 100 and packed["comments"] == plain["comments"],
       "a compressed file tells the same", packed)
    theirs = capinfos(full + ".gz")[0]
    ok(packed["sha256"] == theirs["SHA256"], "its hash is that of the file as it lies there", packed["sha256"])
    with open(full, "rb") as file:
        content = file.read()
    done = subprocess.run([SKUA, "info", "-"], input=content, capture_output=True, check=False)
    piped = json.loads(done.stdout)
    ok(piped["packets"] == 100 and "sha256" not in piped, "a pipe is read as well", piped)
    # Two sections behind each other are one file.
    with open(work + "/two.pcapng", "wb") as file:
        file.write(content + content)
    two = info(work + "/two.pcapng")[0]
    ok(len(two["sections"]) == 2 and two["packets"] == 200 and [i["section"] for i in two["interfaces"]] == [0, 0, 1, 1],
       "two sections are told apart", two["interfaces"])
    with open(work + "/cut.pcapng", "wb") as file:
        file.write(content[:-70])
    cut, status, _ = info(work + "/cut.pcapng")
    ok(status == 4 and cut["packets"] == 100 and cut["damaged"]["reason"] == "the last block is cut short",
       "a cut file is read up to the cut, and that is said", (status, cut.get("damaged")))
    _, status, said = info("/nowhere.pcap")
    ok(status == 2 and "/nowhere.pcap" in said, "a file that is not there is named", said)


def main():
    with tempfile.TemporaryDirectory() as work:
        check_forms(work)
        check_hostile(work)
    if CAPTURES == ["-"]:
        ok(True, "captures of the corpus as capinfos sees them # SKIP no corpus (set SKUA_CORPUS)")
    else:
        for path in CAPTURES:
            check_file(path, "/".join(path.split("/")[-2:]))
    return finish()


sys.exit(main())
