#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Makes a capture whose names want to be more than text.

hostile.py OUT.pcap: a tunnel under a domain with markup in it, and beacons whose Host and SNI hold
end tags, event handlers, quotes, bidirectional overrides and separators of lines.
"""
import random
import struct
import sys

RUN = "window.pwned=1"
LABELS = [b"</script><img src=x onerror=" + RUN.encode() + b">", b"\"'`&amp;<b onclick=1>", "\u202egnp.exe".encode(),
          "a\u2028b\u2029c".encode(), b"\xff\xfe\x80{{7*7}}", b"]]><!--", b"<svg/onload=alert(1)>", b"\\u003cimg\\x3e"]
DOMAIN = [b"\"><svg onload=" + RUN.encode() + b">", b"example"]
HOST = b"\"><script>" + RUN.encode() + b"</script>'&lt;.example"
SNI = "</title><img src=x onerror=%s>\u202e\u2028.example" % RUN
START = 1768200000
random.seed(5)


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def address(text):
    return bytes(int(part) for part in text.split("."))


class Capture:
    def __init__(self):
        self.frames = []

    def packet(self, time, src, dst, proto, payload):
        head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 0, 0, 64, proto, 0, address(src), address(dst))
        head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
        self.frames.append((time, b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + head + payload))

    def write(self, path):
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
            for time, frame in sorted(self.frames, key=lambda entry: entry[0]):
                file.write(struct.pack("<IIII", int(time), int(time % 1 * 1e6), len(frame), len(frame)) + frame)


def ask(capture, time, number):
    labels = [LABELS[number % len(LABELS)], b"".join(random.choice(b"abcdefghijklmnop234567").to_bytes(1, "big")
                                                      for _ in range(50))] + DOMAIN
    name = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    message = struct.pack("!HHHHHH", number, 0x100, 1, 0, 0, 0) + name + struct.pack("!HH", 10, 1)
    answer = struct.pack("!HHHHHH", number, 0x8180, 1, 0, 0, 0) + name + struct.pack("!HH", 10, 1)
    for back, body in ((False, message), (True, answer)):
        ports = (53, 40000 + number) if back else (40000 + number, 53)
        ends = ("10.9.0.1", "10.9.0.8") if back else ("10.9.0.8", "10.9.0.1")
        capture.packet(time + 0.01 * back, *ends, 17, struct.pack("!HHHH", *ports, 8 + len(body), 0) + body)


def hello():
    name = SNI.encode()
    entry = struct.pack("!HBH", len(name) + 3, 0, len(name)) + name
    extensions = struct.pack("!HH", 0, len(entry)) + entry
    body = b"\3\3" + bytes(32) + b"\0" + struct.pack("!HHH", 4, 0x1301, 0x1302) + b"\1\0"
    body += struct.pack("!H", len(extensions)) + extensions
    shake = b"\1" + struct.pack("!I", len(body))[1:] + body
    return b"\x16\3\1" + struct.pack("!H", len(shake)) + shake


def call(capture, time, client, server, port, sport, request):
    """One connection: handshake, request, response, end."""
    ours, theirs = 1000, 9000

    def tcp(back, flags, body=b""):
        nonlocal ours, theirs, time
        ports = (port, sport) if back else (sport, port)
        numbers = (theirs, ours) if back else (ours, theirs)
        ends = (server, client) if back else (client, server)
        capture.packet(time, *ends, 6, struct.pack("!HHIIBBHHH", *ports, *numbers, 0x50, flags, 60000, 0, 0) + body)
        step = len(body) + (1 if flags & 3 else 0)
        ours, theirs = (ours, theirs + step) if back else (ours + step, theirs)
        time += 0.004

    for back, flags, body in ((False, 2, b""), (True, 0x12, b""), (False, 0x10, b""), (False, 0x18, request),
                              (True, 0x18, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), (False, 0x11, b""),
                              (True, 0x11, b""), (False, 0x10, b"")):
        tcp(back, flags, body)


def main():
    capture = Capture()
    for number in range(320):
        ask(capture, START + 60 + number * 0.4, number)
    get = b"GET /t HTTP/1.1\r\nHost: " + HOST + b"\r\n\r\n"
    for number in range(60):
        server = "203.0.113.%d" % (10 + number % 5)
        call(capture, START + number * 60 + random.uniform(-2, 2) + 3, "10.9.0.5", server, 80, 41000 + number, get)
        call(capture, START + number * 60 + random.uniform(-2, 2) + 9, "10.9.0.6", "203.0.113.77", 443, 42000 + number,
             hello())
    capture.write(sys.argv[1])


main()
