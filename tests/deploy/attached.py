#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Says how many programs the kernel runs for packets of an interface, whoever holds them: attached.py DEVICE"""
import ctypes
import json
import platform
import socket
import struct
import subprocess
import sys

DEVICE = sys.argv[1]
BPF = {"x86_64": 321, "aarch64": 280}[platform.machine()]
PROG_QUERY, TCX = 16, (46, 47)


def of_tcx(attach_type):
    """0 as well where the kernel knows no tcx."""
    libc = ctypes.CDLL(None, use_errno=True)
    query = ctypes.create_string_buffer(struct.pack("=IIIIQI", socket.if_nametoindex(DEVICE), attach_type, 0, 0, 0, 0), 144)
    return struct.unpack_from("=I", query, 24)[0] if libc.syscall(BPF, PROG_QUERY, query, 144) == 0 else 0


def of_filters(way):
    said = subprocess.run(["tc", "filter", "show", "dev", DEVICE, way], capture_output=True, text=True, check=False).stdout
    return said.count("skua_")


def of_xdp():
    link = json.loads(subprocess.run(["ip", "-j", "-d", "link", "show", DEVICE], capture_output=True, check=True).stdout)[0]
    return 1 if "xdp" in link else 0


print(sum(map(of_tcx, TCX)) + sum(map(of_filters, ("ingress", "egress"))) + of_xdp())
