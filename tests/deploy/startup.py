#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Times an agent from its start until it watches: startup.py TIMES COMMAND..."""
import signal
import statistics
import subprocess
import sys
import time

took, failed = [], 0
for _ in range(int(sys.argv[1])):
    begun = time.monotonic()
    # setpriv gives up rights and becomes the agent: one or two of these milliseconds are its own.
    agent = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    line = agent.stderr.readline()
    # What is said before that is worth knowing, and no failure.
    while line and not line.startswith("skua: watching "):
        line = agent.stderr.readline()
    took.append((time.monotonic() - begun) * 1000)
    agent.send_signal(signal.SIGTERM)
    rest = agent.communicate(timeout=60)[1]
    if not line.startswith("skua: watching ") or agent.returncode:
        failed += 1
        print("status %d: %s%s" % (agent.returncode, line, rest))
print("# figure: from exec to attached: median %.0f ms, %.0f to %.0f ms of %d (goal < 300 ms)"
      % (statistics.median(took), min(took), max(took), len(took)))
sys.exit(failed > 0)
