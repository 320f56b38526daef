#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""offline.py OUT WORK ROUNDS: times replay and its peers; called by offline.sh."""
import os
import shutil
import statistics
import subprocess
import sys
import time

OUT, WORK, ROUNDS = sys.argv[1], sys.argv[2], int(sys.argv[3])


def once(command):
    """Wall seconds and peak resident megabytes of one command."""
    begun = time.monotonic()
    process = subprocess.Popen(command, shell=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit("bench: failed: " + command)
    return time.monotonic() - begun, usage.ru_maxrss / 1024


def compare(title, commands, rounds):
    print("\n%s (median of %d rounds, taking turns)" % (title, rounds))
    print("%-28s %9s %9s %9s" % ("", "seconds", "x libpcap", "peak MB"))
    times, peaks = {}, {}
    for name, command in commands:  # so that all read from the page cache
        once(command)
    for _ in range(rounds):
        for name, command in commands:
            seconds, peak = once(command)
            times.setdefault(name, []).append(seconds)
            peaks[name] = max(peaks.get(name, 0), peak)
    base = statistics.median(times["bare libpcap loop"])
    for name, _ in commands:
        median = statistics.median(times[name])
        print("%-28s %9.3f %9.2f %9.0f" % (name, median, median / base, peaks[name]))
    return {name: statistics.median(values) for name, values in times.items()}, peaks


def goal(sentence, value, limit):
    print("%-52s %8.2f  goal <= %.2f  %s" % (sentence, value, limit, "met" if value <= limit else "MISSED"))


def main():
    small, large = WORK + "/bulk1m.pcap", WORK + "/bulk10m.pcap"
    exec_ = "exec "
    quick = [("cat", exec_ + "cat %s" % small), ("bare libpcap loop", exec_ + "%s/bench/pcap_loop %s" % (OUT, small)),
             ("skua replay", exec_ + "%s/skua replay -q --format json %s" % (OUT, small)),
             ("tcpdump -w /dev/null", exec_ + "tcpdump -r %s -w /dev/null" % small)]
    if shutil.which("nfpcapd"):
        os.makedirs(WORK + "/flows", exist_ok=True)
        quick.append(("nfpcapd", exec_ + "nfpcapd -r %s -l %s/flows" % (small, WORK)))
    times, peaks = compare("1 M packets, %.0f MB" % (os.path.getsize(small) / 1e6), quick, ROUNDS)
    slow = once("exec tshark -q -z conv,tcp -r %s" % small)
    print("%-28s %9.3f %9.2f %9.0f  (once)" % ("tshark -z conv,tcp", slow[0], slow[0] / times["bare libpcap loop"], slow[1]))
    seconds, peak = once("exec %s/skua replay -q --format json %s" % (OUT, large))
    print("\n10 M packets, 1 M flows, %.0f MB: skua replay %.2f s, peak %.0f MB" % (
        os.path.getsize(large) / 1e6, seconds, peak))
    print()
    goal("skua / bare libpcap loop", times["skua replay"] / times["bare libpcap loop"], 2.5)
    if "nfpcapd" in times:
        goal("skua / nfpcapd", times["skua replay"] / times["nfpcapd"], 0.5)
    goal("skua / tshark", times["skua replay"] / slow[0], 0.05)
    goal("peak memory, 1 M packets, MB", peaks["skua replay"], 256)
    goal("peak memory, 10 M packets and 1 M flows, MB", peak, 256)


main()
