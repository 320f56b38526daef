# SPDX-License-Identifier: BSD-2-Clause
"""Hosts that ask for computed names that nobody has registered; their packets are made here."""
import struct
from itertools import product

from attack import Attack
from draws import Draws
from scenario import RESOLVER, START_S

NAMES = [20, 40, 60, 200]
SPANS = {"at once": 60, "10 min": 600, "1 h": 3500}
SHAPES = {"letters": "abcdefghijklmnopqrstuvwxyz", "hex": "0123456789abcdef"}
SUFFIXES = ["com", "net", "org", "info", "biz", "ru"]
GOAL_NAMES = 40    # within an hour; the design asks for 30, and counts by estimate
QUIET_NAMES = 20   # so few a host's typing errors and search lists may make
ANSWER_NS = 20000000
ETHERNET = bytes.fromhex("020000000001020000000002")


def hosts(shape, count, span):
    return Attack(kind="dga", cell={"names": count, "within": span}, drawn={"shape": shape}, span_s=SPANS[span],
                  gap_s=SPANS[span] / count, count=count, goal=count >= GOAL_NAMES, quiet=count <= QUIET_NAMES,
                  actors=["{src4}"])


def drawn(draws, times):
    return [hosts(draws.choice(list(SHAPES)), count, span) for count, span in product(NAMES, SPANS) for _ in range(times)]


def checksum(header):
    total = sum(struct.unpack("!%dH" % (len(header) // 2), header))
    total = (total & 0xffff) + (total >> 16)
    return ~(total + (total >> 16)) & 0xffff


def datagram(source, target, ports, payload):
    """Ethernet, IPv4, UDP without a checksum, as RFC 768 permits."""
    addresses = b"".join(bytes(int(part) for part in address.split(".")) for address in (source, target))
    header = struct.pack("!BBHHHBBH", 0x45, 0, 28 + len(payload), 0, 0x4000, 64, 17, 0) + addresses
    header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
    return ETHERNET + b"\x08\0" + header + struct.pack("!HHHH", *ports, 8 + len(payload), 0) + payload


def packets(attack, seed):
    """[(time in ns, length, bytes)]: each name is asked once and said not to exist (RFC 1035, 4.1.1)."""
    draws, made = Draws("dga", seed, attack.source), []
    for number in range(attack.count):
        letters = SHAPES[attack.drawn["shape"]]
        label = "".join(draws.choice(letters) for _ in range(draws.between(10, 18)))
        suffix = draws.choice(SUFFIXES)
        question = b"".join(bytes([len(part)]) + part.encode() for part in (label, suffix)) + b"\0\0\1\0\1"
        identity, port = draws.below(65536), 32768 + draws.below(28000)
        at_ns = int((START_S + attack.start_s + number * attack.gap_s) * 1e9)
        for source, target, ports, flags, when in ((attack.source, RESOLVER, (port, 53), 0x0100, at_ns),
                                                   (RESOLVER, attack.source, (53, port), 0x8183, at_ns + ANSWER_NS)):
            data = datagram(source, target, ports, struct.pack("!HHHHHH", identity, flags, 1, 0, 0, 0) + question)
            made.append((when, len(data), data))
    return made
