# SPDX-License-Identifier: BSD-2-Clause
"""A capture whose every flow is known: how connections begin and end, and hostile names."""
import struct

CLIENT, SERVER = b"\x0a\x09\x02\x01", b"\x0a\x09\x02\x02"
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
REUSED, HOSTILE = 40000, 40001
HOSTILE_URL = b"/\xff\x1b]0;x"
# By the client's port: conn_state, history, bytes of payload each way.
EXPECTED = {
    41001: ("SF", "ShADadFf", 5, 7),
    41002: ("S0", "S", 0, 0),
    41003: ("REJ", "Sr", 0, 0),
    41004: ("RSTO", "ShADR", 3, 0),
    41005: ("RSTR", "ShADr", 3, 0),
    41006: ("S1", "ShAD", 3, 0),
    41007: ("S2", "ShADF", 3, 0),
    41008: ("S3", "ShADf", 3, 0),
    41009: ("RSTOS0", "SR", 0, 0),
    41010: ("SH", "SF", 0, 0),
    41011: ("OTH", "DA", 3, 0),
    41012: ("S1", "ShADT", 4, 0),
    41013: ("SF", "Dd", 30, 30),
    41014: ("S0", "D", 2, 0),
}
DNS = [(1, True, 0.25), (2, False, None), (3, True, None)]


def checksum(data):
    total = sum(struct.unpack(">%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


class Writer:
    def __init__(self, file):
        self.file, self.now = file, 1_700_000_000.0
        file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))

    def frame(self, src, dst, proto, body, wait=0.001):
        head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(body), 1, 0, 64, proto, 0, src, dst)
        head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
        frame = b"\2" + 5 * b"\0" + b"\2" + 5 * b"\0" + b"\x08\0" + head + body
        frame += b"\0" * (60 - len(frame))
        self.now += wait
        self.file.write(struct.pack("<IIII", int(self.now), round(self.now % 1 * 1e6) % 1000000, len(frame), len(frame)) + frame)

    def udp(self, port, payload, server=False, at=9999, wait=0.001):
        src, dst, sport, dport = (SERVER, CLIENT, at, port) if server else (CLIENT, SERVER, port, at)
        self.frame(src, dst, 17, struct.pack(">HHHH", sport, dport, 8 + len(payload), 0) + payload, wait)


class Connection:
    """Letters as in a history: the client's are large."""
    def __init__(self, writer, port, start=1000):
        self.writer, self.port, self.seq = writer, port, {True: start, False: 5000}

    def send(self, client, flags, payload=b"", again=0):
        at = self.seq[client] - again
        sport, dport = (self.port, 80) if client else (80, self.port)
        src, dst = (CLIENT, SERVER) if client else (SERVER, CLIENT)
        ack = self.seq[not client] if flags & ACK else 0
        body = struct.pack(">HHIIBBHHH", sport, dport, at, ack, 0x50, flags, 1000, 0, 0) + payload
        self.writer.frame(src, dst, 6, body)
        self.seq[client] = at + len(payload) + bool(flags & (SYN | FIN))

    def open(self):
        self.send(True, SYN)
        self.send(False, SYN | ACK)
        self.send(True, ACK)

    def close(self):
        self.send(True, FIN | ACK)
        self.send(False, FIN | ACK)
        self.send(True, ACK)

    def ask(self, url, host):
        self.send(True, ACK | PSH, b"GET " + url + b" HTTP/1.1\r\nHost: " + host + b"\r\n\r\n")


def odd_ends(writer):
    full = Connection(writer, 41001)
    full.open()
    full.send(True, ACK | PSH, b"12345")
    full.send(False, ACK)
    full.seq[False] += 0
    full = finish_full(full)
    Connection(writer, 41002).send(True, SYN)
    refused = Connection(writer, 41003)
    refused.send(True, SYN)
    refused.send(False, RST | ACK)
    for port, client, flags in ((41004, True, RST), (41005, False, RST), (41006, None, 0), (41007, True, FIN | ACK),
                                (41008, False, FIN | ACK)):
        half = Connection(writer, port)
        half.open()
        half.send(True, ACK | PSH, b"abc")
        if flags:
            half.send(client, flags)
    gone = Connection(writer, 41009)
    gone.send(True, SYN)
    gone.send(True, RST)
    shy = Connection(writer, 41010)
    shy.send(True, SYN)
    shy.send(True, FIN)
    middle = Connection(writer, 41011)
    middle.send(True, ACK | PSH, b"abc")
    middle.send(True, ACK)
    twice = Connection(writer, 41012)
    twice.open()
    twice.send(True, ACK | PSH, b"abcd")
    twice.send(True, ACK | PSH, b"abcd", again=4)


def finish_full(connection):
    connection.send(False, ACK | PSH, b"1234567")
    connection.close()
    return connection


def names(writer):
    for start, host in ((1000, b"first.example"), (900000, b"second.example")):
        again = Connection(writer, REUSED, start)
        again.open()
        again.ask(b"/", host)
        writer.now += 2
    hostile = Connection(writer, HOSTILE)
    hostile.open()
    hostile.ask(HOSTILE_URL, b"x.example")
    hostile.close()


def dns(number, flags):
    question = b"\x03\xff\x1bx\x07example\0" + struct.pack(">HH", 1, 1)
    return struct.pack(">HHHHHH", number, flags, 1, 0, 0, 0) + question


def write(path):
    with open(path, "wb") as file:
        writer = Writer(file)
        writer.udp(42001, dns(1, 0x0100), at=53)
        writer.udp(42001, dns(1, 0x8180), server=True, at=53, wait=0.25)
        writer.udp(42002, dns(2, 0x0100), at=53)
        writer.udp(42003, dns(3, 0x8180), server=True, at=53)
        odd_ends(writer)
        writer.udp(41013, b"u" * 30)
        writer.udp(41013, b"u" * 30, server=True)
        writer.udp(41014, b"hi")
        names(writer)
