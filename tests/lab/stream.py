#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Streams whose bytes and order both ends add up: stream.py take | tcp ADDRESS BYTES | udp ADDRESS COUNT

The taker tells the sender the SHA-256 of what arrived, in the order in which it arrived; the sender
prints it and fails unless it is that of what it sent.  Datagrams come in windows small enough for the
receiver's buffer, so that one that is missing was lost on the way.
"""
import hashlib
import random
import socket
import struct
import sys
import threading

PORT, WINDOW = 9100, 32
PATIENCE = 60  # seconds: for a machine that is busy


def take_tcp(server):
    while True:
        conn, _ = server.accept()
        with conn:
            digest = hashlib.sha256()
            while True:
                got = conn.recv(1 << 18)
                if not got:
                    break
                digest.update(got)
            conn.sendall(digest.digest())


def take_udp(sock):
    """Number 0 begins anew; every last one of a window is answered."""
    digest = hashlib.sha256()
    while True:
        got, sender = sock.recvfrom(65536)
        number, last = struct.unpack(">I?", got[:5])
        if number == 0:
            digest = hashlib.sha256()
        digest.update(got)
        if last:
            sock.sendto(digest.digest(), sender)


def take():
    server = socket.create_server(("::", PORT), family=socket.AF_INET6, dualstack_ipv6=True)
    sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    sock.bind(("::", PORT))
    threading.Thread(target=take_tcp, args=(server,), daemon=True).start()
    print("taking", flush=True)
    take_udp(sock)


def send_tcp(address, size):
    draw, digest = random.Random(size), hashlib.sha256()
    with socket.create_connection((address, PORT), PATIENCE) as conn:
        while size:
            part = draw.randbytes(min(size, 1 << draw.randrange(1, 19)))
            digest.update(part)
            conn.sendall(part)
            size -= len(part)
        conn.shutdown(socket.SHUT_WR)
        return digest.digest(), conn.recv(64)


def send_udp(address, count):
    draw, digest, said = random.Random(count), hashlib.sha256(), b""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(PATIENCE)
        sock.connect((address, PORT))
        for number in range(count):
            last = number % WINDOW == WINDOW - 1 or number == count - 1
            datagram = struct.pack(">I?", number, last) + draw.randbytes(draw.randrange(1400))
            digest.update(datagram)
            sock.send(datagram)
            if last:
                said = sock.recv(64)
                if said != digest.digest():
                    break
    return digest.digest(), said


if __name__ == "__main__":
    if sys.argv[1:] == ["take"]:
        take()
    sent, arrived = {"tcp": send_tcp, "udp": send_udp}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
    print(arrived.hex())
    sys.exit(sent != arrived)
