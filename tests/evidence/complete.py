#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""replay --complete writes every packet of a finding's hosts, whole: tshark counts them as well.

complete.py OUT
"""
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import finish, ok  # noqa: E402

OUT = sys.argv[1]
SKUA, GEN, WORK = OUT + "/skua", OUT + "/skua-gen", OUT + "/evidence"


def frames(path, wanted=""):
    """Time, length and captured length of each frame that the display filter shows."""
    command = ["tshark", "-r", path, "-T", "fields", "-e", "frame.time_epoch", "-e", "frame.len", "-e", "frame.cap_len"]
    done = subprocess.run(command + (["-Y", wanted] if wanted else []), capture_output=True, check=False)
    return done.stdout.decode().splitlines()


def wanted(finding):
    """The finding's packets in the words of Wireshark."""
    src, dst = finding["src_ip"], finding.get("dest_ip")
    ip = "ipv6.addr" if ":" in src else "ip.addr"
    if finding["event_type"] == "scan":
        return "%s == %s || arp.src.proto_ipv4 == %s || arp.dst.proto_ipv4 == %s" % (ip, src, src, src) \
            if ":" not in src else "%s == %s" % (ip, src)
    if finding["event_type"] == "dns_exfil" or not dst:
        about = finding[finding["event_type"]]
        domain = about.get("domain") or about["entity"]
        return '%s == %s && dns.qry.name matches "(^|[.])%s$"' % (ip, src, domain.replace(".", "[.]"))
    if finding["event_type"] == "beacon" and dst:
        return "%s == %s && %s == %s && %s.port == %d" % (
            ip, src, ip, dst, finding["proto"].lower(), finding["dest_port"])
    return "%s == %s && %s == %s" % (ip, src, ip, dst)


def main():
    os.makedirs(WORK, exist_ok=True)
    for scenario in ("demo", "tunnels"):
        capture, vault = "%s/%s.pcap" % (WORK, scenario), WORK + "/complete"
        shutil.rmtree(vault, ignore_errors=True)
        subprocess.run([GEN, "tests/scenarios/%s.scn" % scenario, "-o", capture], check=True, capture_output=True)
        done = subprocess.run([SKUA, "replay", "--format", "json", "--snapshots", vault, "--complete", "--proof", capture],
                              capture_output=True, check=False)
        findings = {}
        for line in done.stdout.decode().splitlines():
            record = json.loads(line)
            if "finding_id" in record:
                findings[record["finding_id"]] = record
        ok(len(findings) >= 3, "%s: there is something to write" % scenario, done.stderr.decode())
        for finding in findings.values():
            snapshot = finding.get("snapshot", {})
            there = frames(os.path.join(vault, snapshot.get("file", "none")))
            expected = frames(capture, wanted(finding))
            ok(there and there == expected and len(there) == snapshot["packets"],
               "%s: the %s of %s has all its %d packets, whole, and no other" % (
                   scenario, finding["event_type"], finding["src_ip"], len(expected)),
               "%d, and not %d" % (len(there), len(expected)))
            ok(finding.get("proof") == "packets", "%s: which prove it" % finding["src_ip"], finding.get("proof"))
    pipe = subprocess.run([SKUA, "replay", "--snapshots", WORK + "/none", "--complete", "-"], capture_output=True, check=False)
    ok(pipe.returncode == 2 and b"twice" in pipe.stderr, "a pipe cannot be read twice, which is said", pipe.stderr)
    return finish()


sys.exit(main())
