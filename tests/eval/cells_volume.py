# SPDX-License-Identifier: BSD-2-Clause
"""The cells of uploads and of tunnels in pings."""
from itertools import product

from attack import Attack
from lists import mean_of

# What is sent, in how many parts, one every so often, and what comes back for each part.
# goal: 50 MB a day at 5 times what returns, or 20 MB at 3 times in 12 different hours.
UPLOADS = {
    "at once, 55 MB": (55, 1, 0, "500", True),
    "at once, 120 MB": (120, 1, 0, "500", True),
    "8 parts in 4 h, 64 MB": (64, 8, 30 * 60, "500", True),
    "at once, 60 MB, 8 MB back": (60, 1, 0, "8M", True),
    "24 parts in 22 h, 26 MB": (26, 24, 55 * 60, "500", True),
    "14 parts in 20 h, 24 MB, 7 MB back": (24, 14, 90 * 60, "500k", True),
    "at once, 10 MB": (10, 1, 0, "500", False),
    "at once, 40 MB": (40, 1, 0, "500", False),
    "at once, 60 MB, 30 MB back": (60, 1, 0, "30M", False),
    "6 parts in 5 h, 24 MB": (24, 6, 60 * 60, "500", False),
}
RATES = ["1M/s", "10M/s"]
CARRIERS = ["tls", "http", "raw", "udp", "quic"]
PORTS = {"tls": 443, "http": 80, "raw": 22, "udp": 4433, "quic": 443}
WORDS = {"quic": "udp quic on"}
FAMILIES = ["v4", "v6"]

SHAPES = ["random", "ptunnel", "icmpsh", "oneway"]
ECHO_SIZES = {"64 B": "64+-40", "600 B": "600+-400", "1400 B": "1400+-60"}
ECHO_RATES = {"20/s": 0.05, "1/s": 1.0, "1/30s": 30.0}
ECHOES = [5, 10, 60, 300]
# Five odd replies make a finding: every reply is one, or a part of them; who only sends in pings that
# are answered honestly is found by volume, which these cells do not reach.
GOAL_ECHOES = {"random": 10, "ptunnel": 10, "icmpsh": 300}


def upload(name, carrier, rate, family, law):
    megabytes, count, every_s, back, goal = UPLOADS[name]
    if carrier in ("udp", "quic") and back != "500":
        carrier = "tls"  # the generator's datagrams are answered by datagrams, not by megabytes
    per_s = {"1M/s": 1e6, "10M/s": 1e7}[rate]
    to = "{out4}" if family == "v4" else "[{out6}]"
    parts = "count %d every %ds %s" % (count, every_s, law) if count > 1 else ""
    return Attack(
        kind="exfil", cell={"upload": name}, drawn={"carrier": carrier, "rate": rate, "family": family},
        span_s=every_s * count * 1.1 + megabytes * 1e6 / per_s * 1.2 + 60, gap_s=every_s, count=megabytes * 1000000,
        goal=goal, quiet=not goal,
        actors=["upload from {src%s} to %s:%d bytes %dM rate %s reply %s %s %s start {start+0}" % (
            family[1], to, PORTS[carrier], megabytes, rate, back, WORDS.get(carrier, carrier), parts)])


def tunnel(shape, size, rate, count, family, law):
    gap_s = ECHO_RATES[rate] * mean_of(law)
    to = "{out%s}" % family[1]
    return Attack(
        kind="icmp", cell={"echoes": count, "rate": rate}, drawn={"shape": shape, "size": size, "family": family, "law": law},
        span_s=gap_s * count * 1.5, gap_s=gap_s, count=count, goal=count >= GOAL_ECHOES.get(shape, count + 1),
        actors=["icmptunnel from {src%s} to %s shape %s size %s reply %s every %dms %s count %d start {start+0}" % (
            family[1], to, shape, ECHO_SIZES[size], ECHO_SIZES[size], round(ECHO_RATES[rate] * 1000), law, count)])


def drawn_uploads(draws, times):
    return [upload(name, draws.choice(CARRIERS), draws.choice(RATES), draws.choice(FAMILIES), "law fixed")
            for name in UPLOADS for _ in range(times)]


def every_upload():
    return [upload(name, carrier, rate, family, "law fixed")
            for name, carrier, rate, family in product(UPLOADS, CARRIERS, RATES, FAMILIES)]


def drawn_tunnels(draws, laws, times):
    return [tunnel(draws.choice(SHAPES), draws.choice(list(ECHO_SIZES)), rate, count, draws.choice(FAMILIES), draws.choice(laws))
            for rate, count in product(ECHO_RATES, ECHOES) for _ in range(times)]


def every_tunnel(draws, laws):
    return [tunnel(shape, size, rate, count, family, draws.choice(laws))
            for shape, size, rate, count, family in product(SHAPES, ECHO_SIZES, ECHO_RATES, ECHOES, FAMILIES)]
