#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Clients that misbehave at a control socket, while a good one asks for the status.

hostile.py SOCKET KIND SECONDS: prints the slowest of the good client's answers in milliseconds, how
many there were, and how many of the bad clients there were.  It asks for so many seconds from when all
bad ones have come, and on a slow machine until it has LEAST answers.
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
CROWD, LEAST, PATIENCE_S = 64, 10, 60
over = threading.Event()
come, attacks = set(), 0


def connect():
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(PATIENCE_S)
    client.connect(PATH)
    return client


def never_read(number):
    """Asks for the largest thing there is, and does not read it."""
    client = connect()
    client.send(SNAPSHOT_REQUEST if number % 2 else FINDINGS_REQUEST)
    come.add(number)
    over.wait(5)
    client.close()


def byte_a_second(number):
    client = connect()
    request = STATUS_REQUEST if number % 2 else SNAPSHOT_REQUEST
    for byte in request:
        client.send(bytes([byte]))
        come.add(number)
        if over.wait(1):
            break
    client.close()


def garbage(number):
    client = connect()
    client.send(os.urandom(100))
    come.add(number)
    client.recv(100)
    client.close()


def half_open(number):
    client = connect()
    client.shutdown(socket.SHUT_WR)
    come.add(number)
    over.wait(0.05)
    client.close()


def silent(number):
    client = connect()
    come.add(number)
    over.wait(1)
    client.close()


def findings(number):
    """No sin, but without a pause."""
    client = connect()
    client.send(FINDINGS_REQUEST)
    come.add(number)
    while client.recv(65536):
        pass
    client.close()


BEHAVIOURS = {"never-read": never_read, "byte-a-second": byte_a_second, "garbage": garbage,
              "half-open": half_open, "silent": silent, "findings": findings}


def misbehave(behave, number):
    global attacks
    while not over.is_set():
        attacks += 1
        try:
            behave(number)
        except OSError:
            pass


def ask_status():
    """As skua does: who finds no place, or is told that the agent is busy, asks again."""
    while True:
        try:
            client = connect()
        except BlockingIOError:  # too many wait already
            time.sleep(0.02)
            continue
        with client:
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


def attack(report, until):
    """In a process of its own, so that what it does with its threads is not measured."""
    threads = []
    for number in range(CROWD):
        behave = BEHAVIOURS.get(KIND) or list(BEHAVIOURS.values())[number % len(BEHAVIOURS)]
        threads.append(threading.Thread(target=misbehave, args=(behave, number), daemon=True))
        threads[-1].start()
    end = time.monotonic() + PATIENCE_S / 2
    while len(come) < CROWD and time.monotonic() < end:
        time.sleep(0.02)
    os.write(report, b"%d" % len(come))
    os.read(until, 1)
    over.set()
    os.write(report, b"%d" % attacks)
    os._exit(0)


def main():
    told, report = os.pipe()
    until, enough = os.pipe()
    if not os.fork():
        os.close(enough)
        attack(report, until)
    os.close(report)
    there = int(os.read(told, 20) or 0)
    if there < CROWD:
        raise SystemExit("of the bad clients only %d came" % there)
    slowest, answers, begun = 0.0, 0, time.monotonic()
    while time.monotonic() < begun + (SECONDS if answers >= LEAST else PATIENCE_S):
        asked = time.monotonic()
        ask_status()
        slowest = max(slowest, time.monotonic() - asked)
        answers += 1
        time.sleep(0.02)
    os.close(enough)
    print("%d %d %s" % (slowest * 1000, answers, os.read(told, 20).decode()))
    os.wait()


main()
