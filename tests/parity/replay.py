#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Replays captures through both engines: every line of output must be the same, byte for byte.

replay.py OUT CAPTURE...: the kernel programs once with XDP and tc, once with tc alone.  A capture on
which a table of either engine was full may differ (the kernel's LRU is approximate): none of ours is.
"-" instead of a capture: the corpus of real ones is not there.
"""
import subprocess
import sys

SKUA, CAPTURES = sys.argv[1] + "/skua", sys.argv[2:]
tests = failures = 0


def replay(engine, capture):
    done = subprocess.run([SKUA, "replay", "-q", "--format", "json", "--min-score", "0", "--engine", engine, capture],
                          capture_output=True, check=False)
    return done.returncode, done.stdout, done.stderr.decode()


for capture in CAPTURES:
    if capture == "-":
        tests += 1
        print("ok %d - the corpus of real captures # SKIP set SKUA_CORPUS" % tests)
        continue
    native = replay("native", capture)
    for engine in ("kernel", "kernel-tc"):
        kernel = replay(engine, capture)
        same = native[:2] == kernel[:2]
        tests += 1
        failures += not same
        print("%s %d - %s: native and %s say the same%s" % (
            "ok" if same else "not ok", tests, "/".join(capture.split("/")[-2:]), engine,
            "" if same else ": exit %d and %d, %d and %d lines %s" % (
                native[0], kernel[0], native[1].count(b"\n"), kernel[1].count(b"\n"), kernel[2])))
print("1..%d" % tests)
sys.exit(failures != 0)
