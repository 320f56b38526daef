#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""analyze.py OUT WORK ROUNDS CAPTURE...: times analyze and its peers; called by analyze.sh.

All of them use one processor at a time: goals are ratios of processor time, which neighbours
disturb least; ratios of wall time stand beside them.
"""
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

OUT, WORK, ROUNDS, CAPTURES = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
# A command for each question of analyze --all, as the recipe and the table in the README have them;
# what one of tshark's runs can answer together is one.
TSHARK = [
    ("conversations", "-q -z conv,tcp -z conv,udp -z conv,ip"),
    ("credentials", "-q -z credentials"),
    ("dns", "-Y dns -T fields -e frame.time_epoch -e ip.src -e ip.dst -e dns.id -e dns.flags.response "
            "-e dns.qry.name -e dns.qry.type -e dns.flags.rcode -e dns.a -e dns.aaaa"),
    ("hierarchy", "-q -z io,phs"),
    ("http", "-Y http.request -T fields -e ip.src -e ip.dst -e http.request.method -e http.host "
             "-e http.request.uri -e http.user_agent"),
    ("objects", "-q --export-objects http,{d} --export-objects smb,{d} --export-objects ftp-data,{d}"),
    ("packets --syn", "-Y tcp.flags.syn==1&&tcp.flags.ack==0 -T fields -e frame.number -e ip.src -e ip.dst"),
    ("smb", "-Y smb2 -T fields -e ip.src -e ip.dst -e smb2.cmd -e smb2.filename -e smb2.nt_status"),
    ("talkers", "-q -z endpoints,ip"),
    ("tls", "-Y tls.handshake.type==1 -T fields -e ip.src -e ip.dst -e tls.handshake.extensions_server_name"),
]


def once(command):
    """Processor seconds, wall seconds and peak resident megabytes of one command."""
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit("bench: failed: " + " ".join(command))
    return usage.ru_utime + usage.ru_stime, time.monotonic() - begun, usage.ru_maxrss / 1024


def median(command):
    once(command)  # so that all read from the page cache
    runs = [once(command) for _ in range(ROUNDS)]
    return [statistics.median(column) for column in zip(*runs)]


def show(name, figures, note=""):
    print("%-36s %9.3f s %9.3f s wall %6.0f MB  %s" % (name, *figures, note), flush=True)
    return figures[:2]


def run_tshark(capture):
    total = [0.0, 0.0]
    folder = WORK + "/tshark-objects"
    for name, options in TSHARK:
        shutil.rmtree(folder, ignore_errors=True)
        command = ["tshark", "-n", "-r", capture] + [word.format(d=folder) for word in options.split()]
        total = [a + b for a, b in zip(total, show("  tshark: " + name, once(command)))]
    shutil.rmtree(folder, ignore_errors=True)
    return total


def scapy_python():
    """Debian's package belongs to Debian's interpreter, which need not be the first."""
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", "import scapy"], stderr=subprocess.DEVNULL, check=False).returncode == 0:
            return python
    return None


def same_report(one, other):
    def read(folder):
        with open(folder + "/pcap_forensic_report.json", encoding="utf-8") as file:
            return json.load(file)

    ours, theirs = read(one), read(other)
    return [name for name in ("total_packets", "conversations", "dns_queries", "potential_beacons",
                              "protocol_distribution") if ours[name] == theirs[name]]


def goal(sentence, theirs, ours, least):
    ratio = theirs[0] / ours[0]
    print("%-40s %7.1f (%.1f of wall time)  goal >= %.0f  %s" % (
        sentence, ratio, theirs[1] / ours[1], least, "met" if ratio >= least else "MISSED"))


def compare(capture):
    answers, report, scapy_report = WORK + "/answers", WORK + "/report", WORK + "/scapy-report"
    print("\n100,000 packets, %s, %.0f MB" % (os.path.basename(capture), os.path.getsize(capture) / 1e6))
    skua = show("skua analyze --all", median([OUT + "/skua", "analyze", "--all", "-o", answers, capture]),
                "median of %d rounds" % ROUNDS)
    alone = show("skua analyze", median([OUT + "/skua", "analyze", "-o", report, capture]), "the report alone")
    tshark = run_tshark(capture)
    print("%-36s %9.3f s %9.3f s wall            once each" % ("tshark, sum of %d commands" % len(TSHARK), *tshark))
    python, scapy = scapy_python(), None
    if python:
        scapy = show("scapy, the report alone", once([python, "tests/reference/forensic_scapy.py", capture, scapy_report]), "once")
        print("  fields of the report that scapy's equals: " + (", ".join(same_report(report, scapy_report)) or "none"))
    else:
        print("scapy is not installed: tools/setup.sh bench")
    goal("tshark's sum / analyze --all", tshark, skua, 30)
    if scapy:
        goal("scapy / analyze --all", scapy, skua, 300)
        goal("scapy / analyze, the same report", scapy, alone, 300)


for each in CAPTURES:
    compare(each)
