# SPDX-License-Identifier: BSD-2-Clause
# Sends so many UDP frames of seeded sizes, paced evenly: send.py INTERFACE COUNT SECONDS
import random
import socket
import sys
import time

PORTS = (53, 53, 123, 443, 4444, 8080, 33434)


def frame(number, rng):
    payload = number.to_bytes(4, "big") + rng.randbytes(rng.randrange(14, 1450))
    udp = (20000 + number % 9).to_bytes(2, "big") + rng.choice(PORTS).to_bytes(2, "big")
    udp += (8 + len(payload)).to_bytes(2, "big") + b"\0\0" + payload
    ip = b"\x45\0" + (20 + len(udp)).to_bytes(2, "big") + b"\0\0\0\0\x40\x11\0\0"
    ip += socket.inet_aton("10.77.0.1") + socket.inet_aton("10.77.0.2")
    return b"\2\0\0\0\0\2\2\0\0\0\0\1\x08\0" + ip + udp


def main():
    interface, count, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    rng = random.Random(7)
    out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    out.bind((interface, 0))
    begun = time.monotonic()
    for number in range(count):
        out.send(frame(number, rng))
        early = begun + seconds * (number + 1) / count - time.monotonic()
        if early > 0:
            time.sleep(early)


main()
