#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Clients that misbehave at a control socket, while a good one asks for the status.

hostile.py SOCKET KIND SECONDS: prints the slowest of the good client's answers in milliseconds, how
many there were, and how many of the bad clients there were.
"""
import os
import socket
import struct
import sys
import threading
import time

PATH, KIND, SECONDS = sys.argv[1], sys.argv[2], float(sys.argv[3])
VERSION, STATUS, SNAPSHOT, FINDINGS = 1, 1, 2, 4
OK, BUSY = 0, 4
STATUS_REQUEST = struct.pack("<IHH", 8, VERSION, STATUS)
SNAPSHOT_REQUEST = struct.pack("<IHH", 64, VERSION, SNAPSHOT) + bytes(56)
FINDINGS_REQUEST = struct.pack("<IHHQ", 16, VERSION, FINDINGS, 0)
end = time.monotonic() + SECONDS
attacks = 0


def connect():
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(2)
    client.connect(PATH)
    return client


def never_read(number):
    """Asks for the largest thing there is, and does not read it."""
    client = connect()
    client.send(SNAPSHOT_REQUEST if number % 2 else FINDINGS_REQUEST)
    time.sleep(min(5, max(0, end - time.monotonic())))
    client.close()


def byte_a_second(number):
    client = connect()
    request = STATUS_REQUEST if number % 2 else SNAPSHOT_REQUEST
    for byte in request:
        client.send(bytes([byte]))
        time.sleep(1)
        if time.monotonic() > end:
            break
    client.close()


def garbage(_):
    client = connect()
    client.send(os.urandom(100))
    client.recv(100)
    client.close()


def half_open(_):
    client = connect()
    client.shutdown(socket.SHUT_WR)
    time.sleep(0.05)
    client.close()


def silent(_):
    client = connect()
    time.sleep(1)
    client.close()


def findings(_):
    """No sin, but without a pause."""
    client = connect()
    client.send(FINDINGS_REQUEST)
    while client.recv(65536):
        pass
    client.close()


BEHAVIOURS = {"never-read": never_read, "byte-a-second": byte_a_second, "garbage": garbage,
              "half-open": half_open, "silent": silent, "findings": findings}


def misbehave(behave, number):
    global attacks
    while time.monotonic() < end:
        try:
            behave(number)
        except OSError:
            pass
        attacks += 1


def ask_status():
    """As skua does: who is told that the agent is busy asks again."""
    while True:
        with connect() as client:
            reply = b""
            try:
                client.send(STATUS_REQUEST)
            except BrokenPipeError:
                pass  # told to ask again before we asked
            while len(reply) < 8 or len(reply) < struct.unpack("<I", reply[:4])[0]:
                more = client.recv(65536)
                if not more:
                    raise SystemExit("a good client was hung up on")
                reply += more
        verdict = struct.unpack("<IHH", reply[:8])[2]
        if verdict == OK:
            return
        if verdict != BUSY:
            raise SystemExit("a good client was told %d" % verdict)
        time.sleep(0.02)


def attack(report):
    """In a process of its own, so that what it does with its threads is not measured."""
    threads = []
    for number in range(64):
        behave = BEHAVIOURS.get(KIND) or list(BEHAVIOURS.values())[number % len(BEHAVIOURS)]
        threads.append(threading.Thread(target=misbehave, args=(behave, number), daemon=True))
        threads[-1].start()
    time.sleep(max(0, end - time.monotonic()))
    os.write(report, b"%d" % attacks)
    os._exit(0)


def main():
    told, report = os.pipe()
    if not os.fork():
        attack(report)
    os.close(report)
    slowest, answers = 0.0, 0
    time.sleep(0.2)
    while time.monotonic() < end:
        begun = time.monotonic()
        ask_status()
        slowest = max(slowest, time.monotonic() - begun)
        answers += 1
        time.sleep(0.02)
    print("%d %d %s" % (slowest * 1000, answers, os.read(told, 20).decode()))
    os.wait()


main()
