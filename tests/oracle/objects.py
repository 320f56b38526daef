#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Holds the objects of `skua objects` to those of tshark and to the corpus's list of them.

objects.py SKUA CORPUS quick|all|NAME...: objects are compared by SHA-256 and name, beside tshark those of
captures that are on the list, of all captures up to 2 MB, or of captures so named.  Some are live
malware: they are written to a scratch directory below the build's, hashed, never run, and removed
at the end.  Each object that only one of the two has is given a reason; one without a reason is shown.
"""
import collections
import glob
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

GOAL = 0.95
KINDS = {"http": "http", "smb": "smb", "ftp": "ftp-data"}


def plain(name):
    """The last part of a name, without tshark's escapes and its numbers where names come again."""
    name = urllib.parse.unquote(re.split(r"[/\\]", name)[-1], errors="replace").strip("/\\")
    return re.sub(r"\(\d+\)(?=\.[^.]*$|$)", "", name).lower()[:40]


def hash_of(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def rows_of(skua, path, *options):
    done = subprocess.run([skua, "objects", "--format", "json", *options, path], capture_output=True, timeout=300)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def is_followed(skua, path):
    done = subprocess.run([skua, "objects", path], capture_output=True, timeout=300)
    return b"link type that is not followed" not in done.stderr


def exported(path, scratch):
    """(protocol, name, sha256, bytes) as tshark exports them."""
    directory, command = tempfile.mkdtemp(dir=scratch), []
    for ours, theirs in KINDS.items():
        os.mkdir(os.path.join(directory, ours))
        command += ["--export-objects", "%s,%s" % (theirs, os.path.join(directory, ours))]
    subprocess.run(["tshark", "-n", "-q", "-r", path, *command], capture_output=True, timeout=300)
    found = []
    for ours in KINDS:
        for name in sorted(os.listdir(os.path.join(directory, ours))):
            whole = os.path.join(directory, ours, name)
            found.append((ours, name, hash_of(whole), os.path.getsize(whole)))
    shutil.rmtree(directory)
    return found


def expected(corpus):
    with open(os.path.join(corpus, "OBJECTS-EXPECTED.tsv"), encoding="utf-8") as file:
        for line in file.read().splitlines()[1:]:
            path, protocol, name, size, sha256 = line.split("\t")
            yield path, protocol.replace("-data", ""), name, int(size), sha256


class Side:
    """skua's objects of a capture."""

    def __init__(self, rows):
        self.rows = rows
        self.left = collections.defaultdict(list)
        for row in rows:
            self.left[row["protocol"], row.get("sha256", "")].append(row)

    def take(self, protocol, sha256, name=None):
        """One with this content, and of this name if there is one."""
        same = self.left[protocol, sha256]
        row = next((r for r in same if name is None or is_named(r, name)), None)
        if row:
            same.remove(row)
        return row

    def match(self, theirs):
        """Pairs (protocol, name, sha256, bytes) with rows: first those that have their name too."""
        rows = [self.take(protocol, sha256, name) for protocol, name, sha256, _ in theirs]
        return [row or self.take(their[0], their[2]) for row, their in zip(rows, theirs)]


def is_named(row, name):
    """Without a request tshark calls an object by its frame."""
    if "path" not in row:
        return re.match(r"object\d+", name) is not None
    # tshark knows no query: a slash in it begins a name.
    return plain(name) in (plain(row["name"]), plain(row["path"]))


def reason_theirs(name, protocol, size, rows):
    """Why an object is tshark's alone."""
    if protocol == "smb" and not size:
        return "a file that was opened, and nothing of it carried"
    if protocol == "smb" and any(p in name for p in PIPES):
        return "a pipe, which is no file"
    if re.fullmatch(r"object\d+", name) and size <= 1460:
        return SEGMENT
    for row in rows:
        if is_named(row, name) and row["state"] != "whole" and row["bytes"] < size:
            return "skua calls it " + row["state"]
        if is_named(row, name) and row["state"] == "whole" and row["bytes"] > size:
            return "skua has more of it, as long as its head says"
    return None


def reason_ours(row):
    """Why an object is skua's alone."""
    return None if row["state"] == "whole" else row["state"]


PIPES = ("svcctl", "srvsvc", "wkssvc", "samr", "lsarpc", "winreg", "PSEXESVC-", "%5cPSEXESVC", "spoolss")
SEGMENT = "a segment of something whose beginning is not in the capture"


def report(reasons, shown):
    for why, count in reasons.most_common():
        if count:
            print("# %6d %s" % (count, why))
    for line in shown[:40]:
        print("#        " + line)


def check_list(skua, corpus):
    total = equal = named = segments = 0
    reasons, shown, theirs = collections.Counter(), [], collections.defaultdict(list)
    for path, protocol, name, size, sha256 in expected(corpus):
        theirs[path].append((protocol, name, sha256, size))
    for path, listed in theirs.items():
        side = Side(rows_of(skua, os.path.join(corpus, path)))
        for (protocol, name, _, size), row in zip(listed, side.match(listed)):
            total += 1
            equal += row is not None
            named += row is not None and is_named(row, name)
            why = None if row else reason_theirs(name, protocol, size, side.rows) or "no reason"
            segments += why == SEGMENT
            reasons[why] += why is not None
            if why == "no reason" or (row and not is_named(row, name)):
                shown.append("%s %s %s, %d bytes: %s" % (path, protocol, name, size, row["path"] if row else why))
    rest = total - segments
    good = equal >= GOAL * rest and named >= GOAL * rest and not reasons["no reason"]
    print("%s 1 - of %d objects in the corpus's list %d have their SHA-256 here, %d of them their name too; "
          "%d are no objects" % ("ok" if good else "not ok", total, equal, named, segments))
    report(reasons, shown)
    return good


def compare(skua, corpus, paths, scratch):
    total = equal = captures = segments = 0
    reasons, shown = collections.Counter(), []
    for path in paths:
        theirs, side = exported(path, scratch), Side(rows_of(skua, path))
        captures += bool(theirs or side.rows)
        total += len(theirs)
        for (protocol, name, _, size), row in zip(theirs, side.match(theirs)):
            if row:
                equal += 1
                continue
            why = reason_theirs(name, protocol, size, side.rows)
            if not why and not is_followed(skua, path):
                why = "its link type is not followed"
            segments += why == SEGMENT
            reasons["only tshark: " + (why or "no reason")] += 1
            if not why:
                shown.append("%s: only tshark: %s %s, %d bytes" % (os.path.relpath(path, corpus), protocol, name, size))
        for row in (r for rows in side.left.values() for r in rows):
            why = reason_ours(row)
            reasons["only skua: " + (why or "whole by its length, and tshark exports none")] += 1
            if not why:
                shown.append("%s frame %d: only skua: %s, %d bytes" % (
                    os.path.relpath(path, corpus), row["frame"], row["name"], row["bytes"]))
    good = equal >= GOAL * (total - segments) and not reasons["only tshark: no reason"]
    print("%s 2 - of %d objects that tshark exports from %d captures %d are skua's; %d are no objects" % (
        "ok" if good else "not ok", total, captures, equal, segments))
    report(reasons, shown)
    return good


def check_files(skua, corpus, scratch):
    """What is written is what was hashed, and lies in the directory."""
    wrong = files = 0
    for path in sorted({e[0] for e in expected(corpus)}):
        directory = tempfile.mkdtemp(dir=scratch)
        rows = rows_of(skua, os.path.join(corpus, path), "-o", directory)
        names = set(os.listdir(directory))
        wrong += names != {r["file"] for r in rows if "file" in r}
        for row in rows:
            files += "file" in row
            wrong += "file" in row and hash_of(os.path.join(directory, row["file"])) != row["sha256"]
        shutil.rmtree(directory)
    print("%s 3 - %d files are written, each with the SHA-256 of its row" % ("ok" if files and not wrong else "not ok", files))
    return files and not wrong


def main():
    skua, corpus, names = sys.argv[1], sys.argv[2], sys.argv[3:]
    paths = sorted(p for p in glob.glob(corpus + "/**", recursive=True) if p.endswith((".pcap", ".pcapng", ".cap")))
    listed = {os.path.join(corpus, e[0]) for e in expected(corpus)}
    if names == ["quick"]:
        paths = [p for p in paths if p in listed]
    elif names == ["all"]:
        paths = [p for p in paths if os.path.getsize(p) < 2_000_000]
    else:
        paths = [p for p in paths if any(n in p for n in names)]
    scratch = tempfile.mkdtemp(prefix="objects-", dir=os.path.dirname(skua) or ".")
    os.environ["WIRESHARK_CONFIG_DIR"] = scratch  # nobody's preferences
    try:
        good = [check_list(skua, corpus), compare(skua, corpus, paths, scratch), check_files(skua, corpus, scratch)]
    finally:
        shutil.rmtree(scratch)
    print("1..3")
    return not all(good)


sys.exit(main())
