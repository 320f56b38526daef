# SPDX-License-Identifier: BSD-2-Clause
"""The cells of what hides in names: tunnels by style x type x queries x rate."""
from itertools import product

from attack import Attack
from lists import mean_of

STYLES = ["iodine", "dnscat2", "dns2tcp", "dnsexfiltrator", "hexfile", "slow"]
TYPES = ["own", "A", "TXT", "NULL", "CNAME", "MX"]  # own: what the tool asks for by itself
QUERIES = [20, 60, 200]
RATES = {"5/s": 0.2, "1/s": 1.0, "1/10s": 10.0, "1/min": 60.0}
GOAL_QUERIES = 60
ZONES = ["{n}.example", "t.{n}net.net", "a.b.{n}org.org"]  # each with a registered domain of its own


def tunnel(style, kind, queries, rate, law, zone):
    gap_s = RATES[rate] * mean_of(law)
    of_type = "" if kind == "own" else " type " + kind
    return Attack(
        kind="dns", cell={"style": style, "queries": queries, "rate": rate}, drawn={"type": kind, "law": law, "zone": zone},
        span_s=1.3 * gap_s * queries, gap_s=gap_s, count=queries, goal=queries >= GOAL_QUERIES, domain=zone,
        actors=["dnstunnel from {src4} via {resolver} domain {domain} style %s queries %d every %dms %s%s start {start+0}" % (
            style, queries, round(RATES[rate] * 1000), law, of_type)])


def drawn(draws, laws, times):
    return [tunnel(style, draws.choice(TYPES), queries, rate, draws.choice(laws), draws.choice(ZONES))
            for style, queries, rate in product(STYLES, QUERIES, RATES) for _ in range(times)]


def every(draws, laws):
    return [tunnel(style, kind, queries, rate, draws.choice(laws), draws.choice(ZONES))
            for style, kind, queries, rate in product(STYLES, TYPES, QUERIES, RATES)]
