#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Copies lines and puts before each the time at which it came: stamp.py < LINES > STAMPED"""
import os
import signal
import sys
import time

signal.signal(signal.SIGINT, signal.SIG_IGN)  # ends when its input does
rest = b""
while True:
    got = os.read(0, 65536)
    now = b"%.6f " % time.time()
    if not got:
        break
    *lines, rest = (rest + got).split(b"\n")
    sys.stdout.buffer.write(b"".join(now + line + b"\n" for line in lines))
    sys.stdout.buffer.flush()
if rest:
    sys.stdout.buffer.write(now + rest + b"\n")
