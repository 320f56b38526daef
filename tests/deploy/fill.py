#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Fills every table of an agent that watches a tap: fill.py DEVICE PACKETS-PER-SECOND [DIVISOR]

Sends frames of hosts that do not exist from DEVICE: conversations that carry data, calls of strangers,
attempts without an answer, scans, names, echo requests.  DIVISOR: so many times fewer of each.
"""
import socket
import struct
import sys
import time

HOSTS = 65536
MAC = bytes.fromhex("020000000001020000000002")
SYN, ACK, PSH, RST = 2, 16, 8, 4


def client(n):
    return struct.pack(">I", (10 << 24) + (1 << 16) + n % HOSTS)


def server(n):
    return struct.pack(">I", (198 << 24) + (18 << 16) + n % (2 * HOSTS))


def ip(src, dst, proto, payload):
    head = struct.pack(">BBHHHBBH", 69, 0, 20 + len(payload), 1, 0x4000, 60, proto, 0)
    total = sum(struct.unpack(">10H", head + src + dst))
    total = (total & 0xffff) + (total >> 16)
    total = 0xffff & ~((total & 0xffff) + (total >> 16))
    return MAC + b"\x08\0" + head[:10] + struct.pack(">H", total) + src + dst + payload


def tcp(src, sport, dst, dport, seq, ack, flags, data=b""):
    return ip(src, dst, 6, struct.pack(">HHIIBBHHH", sport, dport, seq, ack, 80, flags, 65535, 0, 0) + data)


def udp(src, sport, dst, dport, data):
    return ip(src, dst, 17, struct.pack(">HHHH", sport, dport, 8 + len(data), 0) + data)


def talks(count, port=80):
    """A client calls a server, asks 1.3 kB and is answered as much: pairs, samples, heads, uploads."""
    filler = b"x" * 1200
    for n in range(count):
        a, b, sport = client(n), server(n), 32768 + n % 28000
        ask = b"POST /%d HTTP/1.1\r\nHost: h%d.example%d.com\r\nX: " % (n, n, n) + filler
        yield tcp(a, sport, b, port, 1, 0, SYN)
        yield tcp(b, port, a, sport, 1, 2, SYN | ACK)
        yield tcp(a, sport, b, port, 2, 2, ACK)
        yield tcp(a, sport, b, port, 2, 2, ACK | PSH, ask)
        yield tcp(b, port, a, sport, 2, 2 + len(ask), ACK | PSH, b"HTTP/1.1 200 OK\r\nX: " + filler)
        yield tcp(a, sport, b, port, 2 + len(ask), 2 + 1219, ACK)


def strangers(count):
    for n in range(count):
        a, b, sport = server(n), client(n), 1024 + n % 30000
        yield tcp(a, sport, b, 443, 1, 0, SYN)
        yield tcp(b, 443, a, sport, 1, 2, SYN | ACK)
        yield tcp(a, sport, b, 443, 2, 2, ACK)
        yield tcp(a, sport, b, 443, 2, 2, ACK | PSH, b"\x16\x03\x01\0\x04\1\0\0\0")
        yield tcp(b, 443, a, sport, 2, 11, ACK | PSH, b"\x15\x03\x01\0\x02\x02\x28")


def attempts(count):
    # The first of each client lies in its own record, only further ones in the table.
    for n in range(count):
        yield tcp(client(n // 4), 2000 + n % 60000, server(n + 7), 81 + n % 7, 1, 0, SYN)


def scans(count, ports=60):
    for n in range(count):
        for port in range(1, ports):
            yield tcp(client(n), 40000, server(n), port, 1, 0, SYN)
            yield tcp(server(n), port, client(n), 40000, 0, 2, RST | ACK)


def names(count):
    resolver = bytes([9, 9, 9, 9])
    for n in range(count):
        labels = [b"www%d" % n, b"zone%d" % n, b"com"]
        question = b"".join(bytes([len(w)]) + w for w in labels) + b"\0\0\1\0\1"
        a = client(n)
        yield udp(a, 40000 + n % 20000, resolver, 53, struct.pack(">6H", n & 65535, 256, 1, 0, 0, 0) + question)
        answer = struct.pack(">6H", n & 65535, 0x8180, 1, 1, 0, 0) + question
        answer += b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\x04" + server(n)
        yield udp(resolver, 53, a, 40000 + n % 20000, answer)


def echoes(count):
    for n in range(count):
        body = b"\0\0" + struct.pack(">HH", n & 65535, 1) + bytes([n & 255]) * 56
        yield ip(client(n), server(n), 1, b"\x08\0" + body)
        yield ip(server(n), client(n), 1, b"\0\0" + body)


def main():
    device, rate = sys.argv[1], int(sys.argv[2])
    part = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    out.bind((device, 0))
    sent, begun = 0, time.monotonic()
    # Once more than the tables hold, so that they stay full while some entries time out.
    work = [scans(4200 // part), names(20000 // part), echoes(10000 // part), talks(72000 // part),
            strangers(72000 // part), attempts(72000 // part), talks(36000 // part, 8080)]
    for kind in work:
        for frame in kind:
            try:
                out.send(frame)
            except OSError:  # the queue is full
                time.sleep(0.001)
            sent += 1
            if sent % 200 == 0:
                ahead = sent / rate - (time.monotonic() - begun)
                if ahead > 0:
                    time.sleep(ahead)
    print("%d packets in %.0f s" % (sent, time.monotonic() - begun))


main()
