# SPDX-License-Identifier: BSD-2-Clause
"""Reads Ethernet frames from pcap and pcapng files, and what of TCP over IPv4 is in them."""
import collections
import os
import socket
import struct

Frame = collections.namedtuple("Frame", "time_ns length data")
Segment = collections.namedtuple("Segment", "src sport dst dport flags payload")
SYN, ACK = 0x02, 0x10
ENHANCED_PACKET = 6


def of_pcap(path):
    """As skua-gen and tcpdump write it: little-endian, microseconds."""
    with open(path, "rb") as file:
        magic = struct.unpack("<I", file.read(24)[:4])[0]
        unit = {0xa1b2c3d4: 1000, 0xa1b23c4d: 1}[magic]
        while head := file.read(16):
            seconds, part, captured, length = struct.unpack("<IIII", head)
            yield Frame(seconds * 10**9 + part * unit, length, file.read(captured))


def of_pcapng(path):
    """As skua writes it: one section, little-endian, nanoseconds."""
    with open(path, "rb") as file:
        while head := file.read(8):
            kind, size = struct.unpack("<II", head)
            body = file.read(size - 8)
            if kind == ENHANCED_PACKET:
                high, low, captured, length = struct.unpack("<IIII", body[4:20])
                yield Frame(high << 32 | low, length, body[20:20 + captured])


def segment_of(frame):
    """None: no TCP over IPv4; its payload is as long as it was on the wire."""
    data = frame.data
    if data[12:14] != b"\x08\0" or data[23] != socket.IPPROTO_TCP:
        return None
    at = 14 + (data[14] & 15) * 4
    sport, dport = struct.unpack(">HH", data[at:at + 4])
    total = struct.unpack(">H", data[16:18])[0]
    return Segment(socket.inet_ntoa(data[26:30]), sport, socket.inet_ntoa(data[30:34]), dport, data[at + 13],
                   14 + total - at - (data[at + 12] >> 4) * 4)


def snapshots(directory):
    """The pcapng files below a directory by their finding's id."""
    return {name[:-len(".pcapng")]: os.path.join(at, name)
            for at, _, names in os.walk(directory) for name in names if name.endswith(".pcapng")}
