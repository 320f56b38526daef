#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Plays the parts of the lab's network: actors.py serve | beacon | hello | keepalive | upload | browse | questions | churn

Times are drawn from a seed, so that a run is as long as the last one.  Every client fails loudly:
what did not reach its server cannot be compared with anything.
"""
import argparse
import os
import random
import socket
import socketserver
import ssl
import struct
import sys
import threading
import time

HTTP, RECORDS, SINK, DNS = 80, 4443, 9000, 53
PATIENCE = 60  # seconds: for a machine that is busy


def receive(conn, size):
    data = b""
    while len(data) < size:
        got = conn.recv(size - len(data))
        if not got:
            raise ConnectionError("closed after %d of %d bytes" % (len(data), size))
        data += got
    return data


class Http(socketserver.StreamRequestHandler):
    def handle(self):
        while self.rfile.readline().strip():
            pass
        body = b"x" * 700
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)


class Records(socketserver.BaseRequestHandler):
    """Answers each record, two bytes of length before it, with one of another size."""
    def handle(self):
        try:
            while True:
                size = struct.unpack(">H", receive(self.request, 2))[0]
                record = receive(self.request, size)
                answer = record[: 100 + size % 97]
                self.request.sendall(struct.pack(">H", len(answer)) + answer)
        except ConnectionError:
            pass


class Sink(socketserver.BaseRequestHandler):
    """Takes what comes until the end, then says how much it was."""
    def handle(self):
        total = 0
        while True:
            got = self.request.recv(1 << 18)
            if not got:
                break
            total += len(got)
        self.request.sendall(b"%d\n" % total)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    address_family = socket.AF_INET6
    request_queue_size = 64


def answer_names(sock):
    """Every name has the same address."""
    while True:
        query, client = sock.recvfrom(2048)
        end = query.index(b"\0", 12) + 5
        kind = struct.unpack(">H", query[end - 4:end - 2])[0]
        data = {1: socket.inet_aton("198.18.7.1"), 28: socket.inet_pton(socket.AF_INET6, "2001:db8:7::1")}.get(kind, b"")
        answer = b"\xc0\x0c" + query[end - 4:end] + struct.pack(">IH", 300, len(data)) + data if data else b""
        sock.sendto(query[:2] + b"\x81\x80\0\1" + struct.pack(">H", bool(data)) + b"\0\0\0\0" + query[12:end] + answer, client)


def serve(args):
    for port, handler in ((HTTP, Http), (RECORDS, Records), (SINK, Sink)):
        threading.Thread(target=Server(("::", port), handler).serve_forever, daemon=True).start()
    for address in args.dns:
        sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind((address, DNS))
        threading.Thread(target=answer_names, args=(sock,), daemon=True).start()
    print("serving", flush=True)
    threading.Event().wait()


def rhythm(args):
    """Sleeps until each next turn: the interval, jittered both ways; some turns are missed, never the first."""
    draw, at = random.Random(args.seed), time.monotonic()
    for turn in range(args.count):
        time.sleep(max(0, at - time.monotonic()))
        if not turn or not args.loss or draw.random() >= args.loss:
            yield draw
        at += args.every * (1 + args.jitter * draw.uniform(-1, 1))


def request(to, port, name):
    with socket.create_connection((to, port), PATIENCE) as conn:
        conn.sendall(b"GET /%s HTTP/1.1\r\nHost: %s\r\nAccept: */*\r\nCookie: %s\r\n\r\n" % (
            b"t" * 24, name.encode(), b"c" * 256))
        while conn.recv(65536):
            pass


def beacon(args):
    for _ in rhythm(args):
        request(args.to, HTTP, args.name)


def hello(args):
    """The beginning of TLS, to a server that takes it and says no more."""
    for _ in rhythm(args):
        out = ssl.MemoryBIO()
        try:
            ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), out, server_hostname=args.name).do_handshake()
        except ssl.SSLWantReadError:
            pass
        with socket.create_connection((args.to, SINK), PATIENCE) as conn:
            conn.sendall(out.read())
            conn.shutdown(socket.SHUT_WR)
            conn.recv(64)


def keepalive(args):
    with socket.create_connection((args.to, RECORDS), PATIENCE) as conn:
        for draw in rhythm(args):
            size = draw.randrange(300, 500)
            conn.sendall(struct.pack(">H", size) + draw.randbytes(size))
            receive(conn, struct.unpack(">H", receive(conn, 2))[0])


def wait_for(path):
    end = time.monotonic() + PATIENCE
    while not os.path.exists(path):
        if time.monotonic() > end:
            sys.exit("nobody makes %s" % path)
        time.sleep(0.02)


def upload(args):
    """At a bounded speed, so that a capture beside it loses nothing; with pauses until somebody makes a file."""
    block, total, begun = random.Random(args.seed).randbytes(1 << 16), args.megabytes * 1000000, time.monotonic()
    pauses = [(int(at) * 1000000, path) for at, path in (pause.split(":", 1) for pause in args.pause)]
    with socket.create_connection((args.to, SINK), PATIENCE) as conn:
        sent = 0
        while sent < total:
            while pauses and sent >= pauses[0][0]:
                wait_for(pauses.pop(0)[1])
                begun = time.monotonic() - sent / (args.speed * 1e6)
            part = block[: total - sent]
            conn.sendall(part)
            sent += len(part)
            time.sleep(max(0, begun + sent / (args.speed * 1e6) - time.monotonic()))
        conn.shutdown(socket.SHUT_WR)
        said = int(conn.recv(64))
    if said != total:
        sys.exit("%d bytes were sent, %d arrived" % (total, said))


def churn(args):
    """New connections, one after the other, each with as much as is sampled of it whole."""
    end, opened, block = time.monotonic() + args.seconds, 0, random.Random(args.seed).randbytes(1400)
    begun = time.monotonic()
    while time.monotonic() < end:
        with socket.create_connection((args.to, SINK), PATIENCE, (args.source, 0) if args.source else None) as conn:
            conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for _ in range(20):
                conn.sendall(block)
            conn.shutdown(socket.SHUT_WR)
            conn.recv(64)
        opened += 1
        time.sleep(max(0, begun + opened * 20 * len(block) / (args.speed * 1e6) - time.monotonic()))
    print(opened)


def ask(to, name, kind):
    with socket.socket(socket.AF_INET6 if ":" in to else socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(PATIENCE)
        sock.connect((to, DNS))
        question = b"".join(struct.pack("B", len(label)) + label.encode() for label in name.split(".")) + b"\0"
        sock.send(struct.pack(">HHHHHH", random.randrange(65536), 0x0100, 1, 0, 0, 0) + question + struct.pack(">HH", kind, 1))
        sock.recv(2048)


def questions(args):
    """As many names as fast as it goes, of many domains; nobody answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for number in range(args.count):
            name = b"\x08n%07d\x08d%07d\x04test\0" % (number, number % 997)
            sock.sendto(struct.pack(">HHHHHH", number & 0xffff, 0x0100, 1, 0, 0, 0) + name + b"\0\1\0\1", (args.to, DNS))


def browse(args):
    """A person at a desk: names, and pages of those names, at no rhythm at all."""
    draw, names = random.Random(args.seed), ["www.example.org", "news.example.com", "static.example.com", "mail.example.net"]
    end = time.monotonic() + args.seconds
    while time.monotonic() < end:
        name = draw.choice(names)
        ask(args.dns[0], name, 28 if ":" in args.to else 1)
        for _ in range(draw.randrange(1, 5)):
            request(args.to, HTTP, name)
            time.sleep(draw.uniform(0, 0.4))
        time.sleep(min(8, draw.paretovariate(0.9) * 0.4))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=["serve", "beacon", "hello", "keepalive", "upload", "browse", "questions", "churn"])
    parser.add_argument("--to")
    parser.add_argument("--source")
    parser.add_argument("--name", default="c2.example.net")
    parser.add_argument("--dns", action="append", default=[])
    parser.add_argument("--every", type=float, default=1.6)
    parser.add_argument("--jitter", type=float, default=0.2)
    parser.add_argument("--loss", type=float, default=0)
    parser.add_argument("--count", type=int, default=18)
    parser.add_argument("--seconds", type=float, default=25)
    parser.add_argument("--megabytes", type=int, default=60)
    parser.add_argument("--speed", type=float, default=8, help="megabytes a second")
    parser.add_argument("--pause", action="append", default=[], help="MEGABYTES:FILE: after so many until it is there")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    chosen = arguments()
    globals()[chosen.part](chosen)
