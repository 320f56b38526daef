# SPDX-License-Identifier: BSD-2-Clause
"""Scans by many hosts, and names that nobody should print, as frames of one veth pair."""
import socket
import struct
import threading

OURS, THEIRS = bytes.fromhex("020000000001"), bytes.fromhex("020000000002")
TARGET = socket.inet_aton("198.51.100.9")


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def frame(to, sender, src, dst, proto, body):
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(body), 1, 0, 64, proto, 0, src, dst)
    head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
    return to + sender + b"\x08\0" + head + body


def tcp(src, dst, sport, dport, flags, seq, ack):
    body = struct.pack("!HHIIBBHHH", sport, dport, seq, ack, 5 << 4, flags, 1024, 0, 0)
    pseudo = src + dst + struct.pack("!BBH", 0, 6, len(body))
    return body[:16] + struct.pack("!H", checksum(pseudo + body)) + body[18:]


def question(number, name):
    labels = b"".join(bytes([len(label)]) + label for label in name) + b"\0"
    query = struct.pack("!HHHHHH", number, 0x0100, 1, 0, 0, 0) + labels + struct.pack("!HH", 16, 1)
    return struct.pack("!HHHH", 30000 + number, 53, 8 + len(query), 0) + query


class Wire:
    """far: where hosts of ours send; near: where what they hear comes from."""

    def __init__(self, near, far):
        self.near, self.far = [socket.socket(socket.AF_PACKET, socket.SOCK_RAW) for _ in range(2)]
        self.near.bind((near, 0))
        self.far.bind((far, 0))

    def scan(self, number, ports=60):
        src = socket.inet_aton(f"10.20.{number >> 8}.{number & 255}")
        for port in range(1, ports + 1):
            self.far.send(frame(THEIRS, OURS, src, TARGET, 6, tcp(src, TARGET, 40000 + port, port, 2, 7, 0)))
            self.near.send(frame(OURS, THEIRS, TARGET, src, 6, tcp(TARGET, src, port, 40000 + port, 0x14, 0, 8)))

    def scans(self, first, count, pause=0.05):
        """In a thread: so many hosts, one after the other."""
        def play():
            for number in range(first, first + count):
                self.scan(number)
                stopped.wait(pause)
        stopped = threading.Event()
        thread = threading.Thread(target=play)
        thread.start()
        return thread

    def hostile_names(self):
        """Much hidden below a domain whose name has controls, quotes and brackets."""
        src, resolver = socket.inet_aton("10.20.9.9"), socket.inet_aton("198.51.100.53")
        for number in range(120):
            hidden = bytes((number * 7 + i * 13) % 26 + 97 for i in range(50)) + b"%04d" % number
            name = [hidden, b'x\n<13>1 - - "]\\\x1b[31m', b"example"]
            self.far.send(frame(THEIRS, OURS, src, resolver, 17, question(number, name)))
