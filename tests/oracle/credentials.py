#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Holds `skua credentials` to the table that tshark -z credentials prints: packet, protocol, name.

credentials.py SKUA CORPUS [--all] [NAME...]: over captures of the corpus up to 2 MB (or those named) and
one of logins that is made here.  Without --all those where skua finds none are passed over: rows.py asks
tshark of them.  Each row that only one of the two has is given a reason; one without fails.
"""
import base64
import binascii
import collections
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

import login_captures

PROTOCOLS = {"FTP", "HTTP", "IMAP", "POP3", "SMTP"}


def theirs(path):
    done = subprocess.run(["tshark", "-n", "-q", "-o", "tcp.reassemble_out_of_order:TRUE", "-r", path, "-z", "credentials"],
                          capture_output=True, timeout=300)
    rows = []
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        found = re.match(r"(\d+)\s+(FTP|HTTP [a-z ]+?|IMAP|POP3|SMTP)\s{2,}(.*?)(\s+Username in packet:? \d+)?\s*$", line)
        if found:
            protocol, name = found[2].split(" ")[0], found[3].rstrip()
            rows.append((int(found[1]), protocol, plain(protocol, name)))
    return rows


def plain(protocol, name):
    """AUTH LOGIN's name is shown in Base64, IMAP's with its quotes."""
    if protocol == "SMTP":
        try:
            return base64.b64decode(name, validate=True).decode("utf-8", "replace")
        except binascii.Error:
            return name
    return name.strip('"') if protocol == "IMAP" else name


def ours(skua, path):
    done = subprocess.run([skua, "credentials", "--all", "--format", "json", path], capture_output=True, timeout=300)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def row_of(answer):
    return answer["frame"], answer["protocol"], answer.get("user", "")


def commands_of(path, frame):
    """POP3's commands that tshark reads in a frame."""
    done = subprocess.run(["tshark", "-n", "-r", path, "-Y", "frame.number==%d" % frame, "-T", "fields", "-e",
                           "pop.request.command"], capture_output=True, timeout=300)
    return done.stdout.decode().strip().split(",")


def reason_ours(path, answer, only_theirs):
    """Why a row is skua's alone."""
    same = [r for r in only_theirs if r[0] == answer["frame"] and r[1] == answer["protocol"]]
    if answer["method"] == "AUTH PLAIN":
        return "AUTH PLAIN, which tshark does not list"
    if answer["method"] == "APOP":
        return "APOP, which tshark does not list"
    if answer["method"] == "USER":
        return "a name for which no secret came, which tshark does not list"
    if answer["method"] == "form":
        return "a form, whose fields tshark does not list"
    if answer["method"] == "Digest":
        return "HTTP Digest, which tshark does not list"
    if answer["method"] == "AUTH LOGIN" and same and same[0][2] == "(null)":
        return "a name in the line of AUTH LOGIN, which tshark does not keep"
    if answer["method"] == "LOGIN" and not same:
        return "an IMAP literal, which tshark takes for a command"
    if answer["protocol"] == "POP3" and "PASS" not in commands_of(path, answer["frame"]):
        return "a second command of its segment, which tshark does not read"
    if answer["method"] == "PASS" and "user" not in answer:
        return "a secret whose name came before the capture, which tshark does not list"
    return None


def reason_theirs(row, answers):
    """Why a row is tshark's alone."""
    here = [a for a in answers if a["frame"] == row[0] and a["protocol"] == row[1]]
    if row[2] == "(null)" and here:
        return "a name in the line of AUTH LOGIN, which tshark does not keep"
    return None


def main():
    arguments = [a for a in sys.argv[1:] if a != "--all"]
    skua, corpus, names = arguments[0], arguments[1], arguments[2:]
    paths = sorted(p for p in glob.glob(corpus + "/**", recursive=True) if p.endswith((".pcap", ".pcapng", ".cap")))
    paths = [p for p in paths if (any(n in p for n in names) if names else os.path.getsize(p) < 2_000_000)]
    reasons, shown, equal, total, captures = collections.Counter(), [], 0, 0, 0
    with tempfile.TemporaryDirectory() as scratch:
        made = os.path.join(scratch, "logins.pcap")
        login_captures.write(made, login_captures.LOGINS + login_captures.UNREAD)
        for path in paths + [made]:
            answers = [a for a in ours(skua, path) if a["protocol"] in PROTOCOLS]
            their_rows = theirs(path) if answers or "--all" in sys.argv else []
            left = collections.Counter(their_rows)
            captures += bool(their_rows or answers)
            total += len(their_rows)
            alone = []
            for answer in answers:
                if left[row_of(answer)]:
                    left[row_of(answer)] -= 1
                    equal += 1
                else:
                    alone.append(answer)
            only = list(left.elements())
            found = [("only skua: ", row_of(a), reason_ours(path, a, only)) for a in alone]
            found += [("only tshark: ", r, reason_theirs(r, answers)) for r in only]
            for side, row, why in found:
                reasons[side + (why or "no reason")] += 1
                if not why:
                    shown.append("%s %s%s" % (os.path.basename(path), side, row))
    wrong = sum(count for why, count in reasons.items() if why.endswith("no reason"))
    good = total and not wrong
    print("%s 1 - of %d credentials that tshark lists from %d captures %d are skua's, others have their reason" % (
        "ok" if good else "not ok", total, captures, equal))
    for why, count in reasons.most_common():
        print("# %6d %s" % (count, why))
    for line in shown[:40]:
        print("#        " + line)
    print("1..1")
    return not good


sys.exit(main())
