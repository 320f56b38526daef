#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Sends a thousand datagrams a second until it is ended, then says how many: steady.py ADDRESS"""
import signal
import socket
import sys
import time

RATE = 1000
running = True


def stop(_signal, _frame):
    global running
    running = False


def main():
    signal.signal(signal.SIGTERM, stop)
    # The receiver has nobody there: what it refuses is told at the next send, and does not matter.
    connection = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    begun, sent = time.monotonic(), 0
    print("sending", flush=True)
    while running:
        connection.sendto(b"steady", (sys.argv[1], 9))
        sent += 1
        left = begun + sent / RATE - time.monotonic()
        if left > 0:
            time.sleep(left)
    print("sent %d in %.3f s" % (sent, time.monotonic() - begun), flush=True)


main()
