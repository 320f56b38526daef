#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""analyze_memory.py OUT WORK SIZES CAPTURE: called by analyze_memory.sh."""
import os
import shutil
import subprocess
import sys
import time

OUT, WORK, SIZES, CAPTURE = sys.argv[1], sys.argv[2], sys.argv[3].split(), sys.argv[4]
ANSWERS = WORK + "/memory-answers"
COMMANDS = [("analyze --all", ["analyze", "--all", "-o", ANSWERS]), ("analyze", ["analyze", "-o", ANSWERS]),
            ("conversations", ["conversations", "--top", "1000"]), ("dns", ["dns"]), ("http", ["http"])]
GOAL_MB = 512


def measure(command, capture, gigabytes):
    """Wall seconds, peak resident megabytes, what was said of losses."""
    shutil.rmtree(ANSWERS, ignore_errors=True)
    begun = time.monotonic()
    source = subprocess.Popen([OUT + "/bench/pcap_repeat", capture, str(float(gigabytes) * 1000)], stdout=subprocess.PIPE)
    with open(WORK + "/memory.log", "w+", encoding="utf-8") as log:
        process = subprocess.Popen([OUT + "/skua"] + command + ["-r", "-"], stdin=source.stdout,
                                   stdout=subprocess.DEVNULL, stderr=log)
        source.stdout.close()
        _, status, usage = os.wait4(process.pid, 0)
        log.seek(0)
        said = [line.strip() for line in log if "gave way" in line]
    if source.wait() or status:
        sys.exit("bench: failed: %s" % command)
    shutil.rmtree(ANSWERS, ignore_errors=True)
    return time.monotonic() - begun, usage.ru_maxrss / 1024, said


def main():
    for size in SIZES:
        print("\n%s GB of %s, through a pipe" % (size, os.path.basename(CAPTURE)))
        for title, words in COMMANDS:
            seconds, peak, losses = measure(words, CAPTURE, size)
            print("%-28s %8.1f s %6.0f MB  goal <= %d MB  %s" % (
                title, seconds, peak, GOAL_MB, "met" if peak <= GOAL_MB else "MISSED"), flush=True)
            for line in losses:
                print("  said: " + line[:150])


main()
