#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Seeds for fuzz harnesses, from generated captures: seed.py NAME CAPTURE DIRECTORY

NAME file: the capture's beginning, plain and compressed.  NAME frame: its packets in the form that
tests/fuzz/frame.c reads.  Other harnesses need none.
"""
import gzip
import os
import shutil
import struct
import subprocess
import sys

name, capture, directory = sys.argv[1:4]
with open(capture, "rb") as file:
    content = file.read()


def write(label, seed):
    with open(os.path.join(directory, "seed-" + label), "wb") as out:
        out.write(seed)


def packets():
    at = 24
    while at + 16 <= len(content):
        length = struct.unpack_from("<I", content, at + 8)[0]
        yield content[at + 16:at + 16 + length]
        at += 16 + length


if name == "file":
    head = content[:6000]
    write("pcap", head)
    write("gz", gzip.compress(head))
    for tool in ("zstd", "lz4"):
        if shutil.which(tool):
            write(tool, subprocess.run([tool, "-c", "-q"], input=head, capture_output=True, check=True).stdout)
elif name == "frame":
    frames = [struct.pack(">BH", 0, len(p)) + p for p in packets()]
    for start in range(0, min(len(frames), 3000), 150):
        write(str(start), b"".join(frames[start:start + 150]))
