#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""An implant and its server, over HTTP or TLS: implant.py serve KEY_AND_CERTIFICATE | call URL | clock ADDRESS

The server also takes uploads (PUT), gives pages of any size (/bytes/N) and tells the time by NTP, so
that harmless clients go where implants go.  Delays are drawn from a seed by the laws of known tools:
"below" is U[s(1-j), s], "around" s(1 +- j).  Every client fails loudly.
"""
import argparse
import http.client
import http.server
import random
import socket
import ssl
import struct
import sys
import threading
import time
import urllib.parse

HTTP, HTTPS, NTP = 8080, 443, 123
PATIENCE = 60  # seconds: for a machine that is busy
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:109.0) Gecko/20100101 Firefox/115.0"


class Server(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6
    request_queue_size = 64


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    draw = random.Random(7)

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path.startswith("/bytes/"):
            self.answer(bytes(int(self.path[7:])))
        elif self.draw.random() < 0.1:  # something to do
            self.answer(self.draw.randbytes(self.draw.randrange(800, 4000)))
        else:
            self.answer(self.draw.randbytes(48))

    def do_PUT(self):
        left = size = int(self.headers["Content-Length"])
        while left:
            got = self.rfile.read(min(left, 1 << 18))
            if not got:
                return
            left -= len(got)
        self.answer(b"%d\n" % size)

    def log_message(self, *_):
        pass


def tell_time():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("198.18.54.1", NTP))
    while True:
        asked, client = sock.recvfrom(512)
        now = int((time.time() + 2208988800) * 2**32)
        sock.sendto(struct.pack(">4B3I5Q", 0x24, 2, asked[2], 0xe9, 0, 0, 0x7f000001,
                                now, int.from_bytes(asked[40:48], "big"), now, now, 0)[:48], client)


def serve(args):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(args.what)
    for port in (HTTP, HTTPS):
        server = Server(("::", port), Handler)
        if port == HTTPS:
            # The handshake belongs to the thread of the connection, not to who accepts.
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=server.serve_forever, daemon=True).start()
    threading.Thread(target=tell_time, daemon=True).start()
    print("serving", flush=True)
    threading.Event().wait()


def delay(args, draw):
    if args.law == "below":
        return args.every * (1 - args.jitter * draw.random())
    return args.every * (1 + args.jitter * draw.uniform(-1, 1))


def connect(args):
    url = urllib.parse.urlsplit(args.what)
    if url.scheme == "http":
        return http.client.HTTPConnection(url.hostname, HTTP, timeout=PATIENCE)
    trust = ssl.create_default_context(cafile=args.trust)
    trust.check_hostname = False  # it trusts one certificate, whoever shows it
    conn = http.client.HTTPSConnection(url.hostname, HTTPS, timeout=PATIENCE, context=trust)
    raw = socket.create_connection((url.hostname, HTTPS), PATIENCE)
    conn.sock = trust.wrap_socket(raw, server_hostname=args.name)
    return conn


def ask(args, conn, draw):
    cookie = "%0256x" % draw.getrandbits(1024)
    headers = {"Host": args.name, "User-Agent": AGENT, "Cookie": cookie}
    conn.request("GET", "/updates/check?v=3", headers=headers)
    response = conn.getresponse()
    response.read()
    if response.status != 200:
        sys.exit("status %d" % response.status)


def call(args):
    draw, conn, made = random.Random(args.seed), None, 0
    while made < args.count:
        if not made or draw.random() >= args.missed:
            conn = conn or connect(args)
            ask(args, conn, draw)
            made += 1
            if not args.keep:
                conn.close()
                conn = None
        time.sleep(delay(args, draw))


def clock(args):
    """A client of NTP that has just started: every two seconds."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(PATIENCE)
        sock.connect((args.what, NTP))
        for _ in range(args.count):
            sent = int((time.time() + 2208988800) * 2**32)
            sock.send(b"\x23\0\1\xe9" + bytes(36) + struct.pack(">Q", sent))
            if len(sock.recv(512)) != 48:
                sys.exit("not the time")
            time.sleep(2)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=["serve", "call", "clock"])
    parser.add_argument("what")
    parser.add_argument("--trust", help="the certificate of the server")
    parser.add_argument("--name", default="updates.example.net")
    parser.add_argument("--keep", action="store_true", help="one connection for all calls")
    parser.add_argument("--law", choices=["below", "around"], default="below")
    parser.add_argument("--every", type=float, default=1.6)
    parser.add_argument("--jitter", type=float, default=0.2)
    parser.add_argument("--missed", type=float, default=0.1)
    parser.add_argument("--count", type=int, default=22)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    chosen = arguments()
    globals()[chosen.part](chosen)
