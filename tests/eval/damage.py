# SPDX-License-Identifier: BSD-2-Clause
"""Captures as packets in memory: read, spoilt in the ways that captures are, written."""
import os
import struct
import subprocess
import tempfile

from draws import Draws

MAGIC_US, MAGIC_NS = 0xa1b2c3d4, 0xa1b23c4d
LOSS_PERCENT = 10
SNAPLEN = 96
COPY_NS = 20000   # a mirror of both ports shows a packet twice, so far apart
NOISE_NS = 1000000


class Capture:
    """linktype; packets: [(time in ns, length on the wire, bytes)]"""

    def __init__(self, linktype, packets):
        self.linktype, self.packets = linktype, packets


def parse(raw):
    magic = struct.unpack_from("<I", raw)[0]
    order = "<" if magic in (MAGIC_US, MAGIC_NS) else ">"
    magic, _, _, _, _, _, linktype = struct.unpack_from(order + "IHHiIII", raw)
    if magic not in (MAGIC_US, MAGIC_NS):
        raise ValueError("no pcap")
    unit = 1 if magic == MAGIC_NS else 1000
    packets, at, header = [], 24, struct.Struct(order + "IIII")
    while at + 16 <= len(raw):
        second, part, kept, length = header.unpack_from(raw, at)
        packets.append((second * 1000000000 + part * unit, length, raw[at + 16:at + 16 + kept]))
        at += 16 + kept
    return Capture(linktype & 0xffff, packets)


def read(path):
    """Of pcap; whatever else editcap makes pcap of."""
    with open(path, "rb") as file:
        raw = file.read()
    try:
        return parse(raw)
    except ValueError:
        pass
    with tempfile.TemporaryDirectory() as folder:
        plain = os.path.join(folder, "plain.pcap")
        done = subprocess.run(["editcap", "-F", "nsecpcap", path, plain], capture_output=True, check=False)
        if done.returncode:
            raise ValueError(done.stderr.decode().strip()[:200])
        with open(plain, "rb") as file:
            return parse(file.read())


def write(capture, packets, path):
    parts = [struct.pack("<IHHiIII", MAGIC_NS, 2, 4, 0, 0, 262144, capture.linktype)]
    for time_ns, length, data in packets:
        parts.append(struct.pack("<IIII", time_ns // 1000000000, time_ns % 1000000000, len(data), length))
        parts.append(data)
    with open(path, "wb") as file:
        file.write(b"".join(parts))


def lose(packets, label):
    draws = Draws("loss", label)
    return [packet for packet in packets if draws.below(100) >= LOSS_PERCENT]


def cut(packets, _):
    return [(time_ns, length, data[:SNAPLEN]) for time_ns, length, data in packets]


def double(packets, _):
    both = [(packet[0] + later, number, packet) for number, packet in enumerate(packets) for later in (0, COPY_NS)]
    return [(time_ns, packet[1], packet[2]) for time_ns, _, packet in sorted(both, key=lambda one: one[:2])]


def blur(packets, label):
    """The order of the file stays, so that time runs backwards here and there, as it does in such captures."""
    draws = Draws("noise", label)
    return [(max(0, time_ns + draws.between(-NOISE_NS, NOISE_NS)), length, data) for time_ns, length, data in packets]


DAMAGES = {"10 % lost": lose, "snaplen 96": cut, "all twice": double, "1 ms noise": blur}

# Where the network header begins and what says its type, by link type.
ETHERNET, RAW, LINUX_SLL, NULL, IPV4 = 1, 101, 113, 0, 228


def network(linktype, data):
    """(offset of the network header, its EtherType); MPLS, tunnels and the like are not looked into."""
    if linktype == ETHERNET:
        at, kind = 14, int.from_bytes(data[12:14], "big")
        while kind in (0x8100, 0x88a8) and len(data) >= at + 4:
            at, kind = at + 4, int.from_bytes(data[at + 2:at + 4], "big")
        return at, kind
    if linktype == LINUX_SLL:
        return 16, int.from_bytes(data[14:16], "big")
    at = 4 if linktype == NULL else 0
    return at, 0x86dd if len(data) > at and data[at] >> 4 == 6 else 0x0800


def ends(linktype, data):
    """(source, destination) as bytes, None of what is not IP or ARP."""
    at, kind = network(linktype, data)
    where = {0x0800: (12, 16, 4), 0x86dd: (8, 24, 16), 0x0806: (14, 24, 4)}.get(kind)
    if not where or len(data) < at + where[1] + where[2]:
        return None
    source, target, size = where
    return data[at + source:at + source + size], data[at + target:at + target + size]
