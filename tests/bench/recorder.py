#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""recorder.py OUT WORK ROUNDS: what the flight recorder costs in replay; called by offline.sh."""
import os
import shutil
import statistics
import subprocess
import sys

OUT, WORK, ROUNDS = sys.argv[1], sys.argv[2], int(sys.argv[3])
CAPTURE, DIRECTORY = WORK + "/bulk1m.pcap", WORK + "/snapshots"
WAYS = [("without recorder", []), ("with it, and no keep area", ["--snapshots", DIRECTORY, "--no-keep"]),
        ("with it", ["--snapshots", DIRECTORY])]


def once(more):
    """CPU seconds of user and system, and peak resident megabytes."""
    shutil.rmtree(DIRECTORY, ignore_errors=True)
    process = subprocess.Popen([OUT + "/skua", "replay", "-q", "--format", "json", *more, CAPTURE],
                               stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    if status:
        sys.exit("bench: replay failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    seconds, peaks = {}, {}
    for turn in range(ROUNDS + 1):
        for name, more in WAYS:
            spent, peak = once(more)
            if turn:  # the first fills the page cache
                seconds.setdefault(name, []).append(spent)
                peaks[name] = peak
    base = statistics.median(seconds[WAYS[0][0]])
    print("\nFlight recorder in replay, 1 M packets (median of %d rounds, taking turns)" % ROUNDS)
    print("%-28s %9s %9s %9s" % ("", "CPU s", "x", "peak MB"))
    for name, _ in WAYS:
        median = statistics.median(seconds[name])
        print("%-28s %9.3f %9.2f %9.0f" % (name, median, median / base, peaks[name]))


main()
