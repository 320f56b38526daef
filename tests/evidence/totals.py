#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What do totals in comments prove?

totals.py OUT: uploads over UDP, at once, in parts and slowly, have the verdict "totals", those
over TCP and whole files "packets"; packets alone show none of the former, and neither do totals
that were halved or taken away: then a vault that is consistent in itself fails its proof.  What
rests on lists is shown with them, and by nobody without.
"""
import hashlib
import json
import os
import re
import shutil
import struct
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import finish, ok  # noqa: E402

OUT = sys.argv[1]
SKUA, GEN, WORK = OUT + "/skua", OUT + "/skua-gen", OUT + "/totals"
CAPTURE, TRUE, FALSE = WORK + "/datagrams.pcap", WORK + "/true", WORK + "/false"
UDP = {"10.9.0.40": "volume", "10.9.0.41": "volume", "10.9.0.42": "slow", "fd00:9::43": "volume"}


def run(*command, stdin=None):
    return subprocess.run(command, capture_output=True, check=False, timeout=1200, input=stdin)


def replay(*arguments, vault=None):
    """The last record of each finding, and all records."""
    if vault:
        shutil.rmtree(vault, ignore_errors=True)
        arguments = ("--snapshots", vault, "--proof", *arguments)
    done = run(SKUA, "replay", "--format", "json", *arguments)
    records = [record for record in map(json.loads, done.stdout.decode().splitlines()) if "finding_id" in record]
    return {record["finding_id"]: record for record in records}, records


def uploads(findings):
    return {f["src_ip"]: f for f in findings.values() if f["event_type"] == "exfil"}


def edit_comments(data, edit):
    """The file with other totals; edit: text -> text, or None for no such comment."""
    out, at = bytearray(), 0
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        block = data[at:at + length]
        at += length
        if kind == 6 and b"skua.totals=" in block:
            captured = struct.unpack_from("<I", block, 20)[0]
            place = 28 + (captured + 3 & ~3)
            body, options = block[8:place], b""
            while True:
                code, size = struct.unpack_from("<HH", block, place)
                value = block[place + 4:place + 4 + size]
                place += 4 + (size + 3 & ~3)
                if value.startswith(b"skua.totals="):
                    value = edit(value.decode())
                    value = value.encode() if value else None
                if value is not None:
                    options += struct.pack("<HH", code, len(value)) + value + b"\0" * (-len(value) % 4)
                if not code:
                    break
            length = 12 + len(body) + len(options)
            block = struct.pack("<II", 6, length) + body + options + struct.pack("<I", length)
        out += block
    struct.pack_into("<q", out, 16, len(out) - struct.unpack_from("<I", out, 4)[0])
    return bytes(out)


def halve(text):
    return re.sub(r'("payload_\w+":)(\d+)', lambda m: m[1] + str(int(m[2]) // 2), text)


def forge(edit):
    """A vault whose totals are others, and which is consistent in itself."""
    shutil.rmtree(FALSE, ignore_errors=True)
    shutil.copytree(TRUE, FALSE)
    previous, out, count = "0" * 64, "", 0
    with open(TRUE + "/MANIFEST.jsonl", encoding="utf-8") as manifest:
        lines = [json.loads(line) for line in manifest]
    for line in lines:
        path = os.path.join(FALSE, line["file"])
        about = path[:-len("pcapng")] + "json"
        with open(path, "rb") as file:
            data = edit_comments(file.read(), edit)
        with open(path, "wb") as file:
            file.write(data)
        digest = hashlib.sha256(data).hexdigest()
        with open(about, encoding="utf-8") as file:
            text = file.read().replace(line["sha256"], digest)
        text = text.replace('"bytes":%d,"pre' % line["bytes"], '"bytes":%d,"pre' % len(data))
        with open(about, "w", encoding="utf-8") as file:
            file.write(text)
        line.update(sha256=digest, bytes=len(data), json_sha256=hashlib.sha256(text.encode()).hexdigest(), prev=previous)
        if "json_bytes" in line:
            line["json_bytes"] = len(text)
        del line["hash"]
        start = json.dumps(line, separators=(",", ":"))[:-1] + ","
        previous = hashlib.sha256(start.encode()).hexdigest()
        out += start + '"hash":"' + previous + '"}\n'
        count += 1
    with open(FALSE + "/MANIFEST.jsonl", "w", encoding="utf-8") as manifest:
        manifest.write(out)
    with open(FALSE + "/HEAD", "w", encoding="utf-8") as head:
        head.write(json.dumps({"count": count, "hash": previous}, separators=(",", ":")) + "\n")


def verify(vault, *arguments):
    return json.loads(run(SKUA, "verify", vault, "--format", "json", *arguments).stdout)


def test_verdicts():
    findings, records = replay(CAPTURE, vault=TRUE)
    found = uploads(findings)
    for source, channel in UDP.items():
        ok(found.get(source, {}).get("proof") == "totals" and found[source]["exfil"]["channel"] == channel,
           "an upload over UDP (%s, %s) is proved by its totals" % (source, channel), found.get(source))
    ok(found["10.9.0.45"]["proof"] == "packets", "one over TCP is proved by its packets", found["10.9.0.45"])
    ok(found["10.9.0.47"]["proof"] == "totals", "one over both needs the totals of one and the packets of the other", found["10.9.0.47"])
    ok(found["10.9.0.44"]["proof"] == "packets", "large pings are proved by theirs", found["10.9.0.44"])
    whole, _ = replay("--complete", CAPTURE, vault=WORK + "/complete")
    ok(uploads(whole).keys() >= UDP.keys() and {f["proof"] for f in whole.values()} == {"packets"},
       "whole packets need no totals", [f.get("proof") for f in whole.values()])
    return ({source: published(records, found[source]["finding_id"]) for source in UDP},
            published(records, found["10.9.0.47"]["finding_id"]))


def published(records, name):
    """The record that came with the file: what the file shows."""
    return next(r for r in records if r["finding_id"] == name and "snapshot" in r)


def test_replay(snapshots):
    for source, record in snapshots.items():
        path = os.path.join(TRUE, record["snapshot"]["file"])
        alone = uploads(replay("--min-score", "0", path)[0])
        ok(source not in alone, "packets alone show no upload of " + source, alone)
        told = uploads(replay("--min-score", "0", "--told-totals", path)[0])
        ok(told.get(source, {}).get("finding_id") == record["finding_id"] and
           abs(told[source]["score_raw"] - record["score_raw"]) <= 0.05 and
           abs(told[source]["exfil"]["bytes_out"] / record["exfil"]["bytes_out"] - 1) < 0.01,
           "with what its comments tell, a replay finds that of %s again" % source, told)
    with open(CAPTURE, "rb") as file:
        refused = run(SKUA, "replay", "--told-totals", "-", stdin=file.read(4096))
    ok(refused.returncode == 2 and b"pipe" in refused.stderr, "a pipe cannot be asked for its totals first", refused.stderr)


def test_forgery(snapshots, mixed):
    true = verify(TRUE, "--proof")
    ok(true["good"] and true["proved"] == true["files"], "the vault verifies, each file with its proof", true)
    names = sorted(record["snapshot"]["file"] for record in snapshots.values())
    for edit, what in ((lambda text: text, "unaltered"), (halve, "halved"), (lambda text: None, "taken away")):
        forge(edit)
        ok(verify(FALSE)["good"], "a vault with totals %s is consistent in itself" % what, verify(FALSE))
        proved = verify(FALSE, "--proof")
        wrong = sorted(problem["where"] for problem in proved["problems"])
        # Half of a half is within what a score may differ.
        wanted = {"unaltered": [], "halved": names, "taken away": sorted(names + [mixed["snapshot"]["file"]])}[what]
        ok(wrong == wanted,
           "with totals %s the uploads over UDP, and they alone, %s proved" % (what, "are" if what == "unaltered" else "are not"),
           proved["problems"])


def test_odd_totals(snapshots):
    """Comments are anybody's: nothing worse than a verdict may come of them."""
    path = os.path.join(TRUE, snapshots["10.9.0.40"]["snapshot"]["file"])
    with open(path, "rb") as file:
        data = file.read()
    odd = WORK + "/odd.pcapng"
    huge = lambda text: re.sub(r'("payload_\w+":)\d+', r"\g<1>18446744073709551615", text)
    later = lambda text: re.sub(r'("until":")....', r"\g<1>2200", text)
    for edit, what in ((huge, "more than there can be"), (later, "of a time to come"),
                       (lambda text: text[:-1], "torn"), (lambda text: text.replace('"UDP"', '"' + "9" * 90 + '"'), "of no protocol")):
        with open(odd, "wb") as file:
            file.write(edit_comments(data, edit))
        done = run(SKUA, "replay", "--format", "json", "--told-totals", odd)
        ok(done.returncode == 0 and not done.stderr.count(b"add up"), "totals that are %s do no harm" % what, done.stderr)


def test_triggers():
    lists, filters = WORK + "/list.txt", ("--trigger-filter", "udp port 4500")
    with open(lists, "w", encoding="utf-8") as file:
        file.write("198.51.100.45\n")
    vault = WORK + "/triggers"
    findings, _ = replay("--indicators", lists, *filters, CAPTURE, vault=vault)
    met = [f for f in findings.values() if f["event_type"] == "trigger"]
    ok({f["trigger"]["matched"] for f in met} == {"address", "filter"} and {f["proof"] for f in met} == {"packets"},
       "what lists and expressions name is proved with them", met)
    known, unknown = verify(vault, "--proof", "--indicators", lists, *filters), verify(vault, "--proof")
    ok(known["good"] and known["proved"] == known["files"], "and again by who knows them", known)
    ok(unknown["good"] and unknown["proved"] == unknown["files"] - len(met), "who does not proves nothing of it", unknown)
    with open(lists, "w", encoding="utf-8") as file:
        file.write("203.0.113.77\n")
    other = verify(vault, "--proof", "--indicators", lists, *filters)
    ok(not other["good"], "other lists show other things", other)


def main():
    os.makedirs(WORK, exist_ok=True)
    made = run(GEN, "tests/scenarios/datagrams.scn", "-o", CAPTURE)
    ok(made.returncode == 0, "the capture is made", made.stderr)
    snapshots, mixed = test_verdicts()
    test_replay(snapshots)
    test_forgery(snapshots, mixed)
    test_odd_totals(snapshots)
    test_triggers()
    return finish()


sys.exit(main())
