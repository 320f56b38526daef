#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The beacon score, slow and plain: the oracle that the C code is held to.

    beacon_score.py            prints the golden vectors
    beacon_score.py --batch    reads one pair per line from standard input, as
                               "gap_ns,size_bytes ..." (the first gap is 0), and
                               prints score rc rt r2 rm size coverage nats for each
"""
import math
import sys

import gap_shapes

BINS_PER_OCTAVE = 8
GAP_MIN_S = 0.25
BINS = 18 * BINS_PER_OCTAVE  # 0.25 s to 18 h
WINDOW = 9                   # bins: a ratio of 2^1.125 between the ends
NARROW = 3
NULL_COUNT = 0.28            # densest window's share when gaps are exponential, by count
NULL_TIME = 0.40             # the same, weighted by time
MIN_GAPS = 6
MERGED = 8                   # bins below 0.5 s: such gaps were merged away
SIZE_BINS = 20 + 16 * 12     # to 1.3 MB
CENTRE = [GAP_MIN_S * 2 ** ((i + 0.5) / BINS_PER_OCTAVE) for i in range(BINS)]


def gap_bin(gap_s):
    return max(0, min(BINS - 1, math.floor(BINS_PER_OCTAVE * math.log2(gap_s / GAP_MIN_S))))


def size_bin(size):
    """16-byte bins to 320 B, then 16 per octave."""
    if size < 320:
        return size // 16
    return min(SIZE_BINS - 1, 20 + math.floor(16 * math.log2(size / 320)))


def wilson_low(k, n, z=1.645):
    """Lower end of the 90 % Wilson interval of k/n."""
    if n == 0:
        return 0.0
    p = k / n
    spread = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, (p + z * z / (2 * n) - spread) / (1 + z * z / n))


def beyond(share, null):
    return max(0.0, (share - null) / (1 - null))


def densest(h, width):
    """Mass and place of the densest window; the first of equals."""
    masses = [sum(h[i:i + width]) for i in range(len(h) - width + 1)]
    best = max(masses)
    return best, masses.index(best)


def quantile_bin(h, n, p):
    reached = 0
    for i, x in enumerate(h):
        reached += x
        if reached >= p * n:
            return i, reached
    return 0, 0


def by_count(h, n):
    k, _ = densest(h, WINDOW)
    k3, at = densest(h, NARROW)
    if k3 >= 0.4 * n:  # a missed callback makes a gap of 2..6 intervals: count it as regular
        c = sum(h[i] * CENTRE[i] for i in range(at, at + NARROW)) / k3
        extra = 0
        for i in range(at + NARROW, BINS):
            q = CENTRE[i] / c
            m = round(q)
            if 2 <= m <= 6 and abs(q - m) <= 0.12 * math.sqrt(m):
                extra += h[i]
        k = max(k, min(n, k3 + extra))
    return beyond(wilson_low(k, n), NULL_COUNT)


def by_time(h):
    """Weighted by time over all gaps: an operator's busy hour must not bury a quiet day."""
    _, at = densest([x * c for x, c in zip(h, CENTRE)], WINDOW)
    if sum(h[at:at + WINDOW]) < MIN_GAPS:
        return 0.0
    cap = 4 * CENTRE[at + WINDOW // 2]
    w = [(x, min(c, cap)) for x, c in zip(h, CENTRE)]
    total, squares = sum(x * v for x, v in w), sum(x * v * v for x, v in w)
    n_eff = total * total / squares
    share = sum(x * v for x, v in w[at:at + WINDOW]) / total
    return beyond(wilson_low(share * n_eff, n_eff), NULL_TIME)


def by_tail(h, n):
    """A bounded tail: jitter of 60-100 % is still bounded, human gaps are not."""
    def q(p):
        i, reached = quantile_bin(h, n, p)
        return GAP_MIN_S * 2 ** ((i + (1 - (reached - p * n) / h[i])) / BINS_PER_OCTAVE)

    if n < 20:
        return 0.0
    bounded = max(0.0, min(1.0, (3.2 - q(0.95) / q(0.5)) / (3.2 - 1.95)))
    return 0.62 * bounded * wilson_low(n, n)


def evidence(h, start):
    """Nats by which the best beacon explains the gaps from a bin on better than chance does."""
    start = max(start, MERGED)
    counts = [(i, x) for i, x in enumerate(h) if x and i >= start]
    n, middle, reached = sum(x for _, x in counts), 0, 0
    if n < MIN_GAPS:
        return 0.0
    for middle, x in counts:
        reached += x
        if 2 * reached >= n:
            break
    odd = math.log(gap_shapes.FLOOR)

    def fit(logs, at):
        return sum(x * (logs[i - at] if 0 <= i - at < len(logs) else odd) for i, x in counts)

    beacons, chances = gap_shapes.shapes()
    chance = -math.inf
    for handicap, logs, half, beyond in chances:
        for at in range(middle - half - 16, middle - half + 17):
            cut = beyond[min(start - at, len(beyond) - 1)] if start > at else 0
            chance = max(chance, fit(logs, at) - n * cut - handicap)
    beacon = max(fit(logs, at) - handicap for handicap, logs, half, reach in beacons
                 for at in range(middle - half - reach, middle - half + reach + 1))
    return max(0.0, beacon - chance - 0.5 * max(0, 11 - n))


def allowed(nats):
    """The most regularity that this evidence allows."""
    return max(0.0, min(1.0, 0.52 + (nats - 8) / 30)) if nats > 0 else 0.0


def by_mixture(nats, n):
    """A beacon that jitters and misses callbacks: its shape, not a narrow window, tells it."""
    return 0.70 * max(0.0, min(1.0, (nats / n - 0.04) / 0.06)) if n >= 11 else 0.0


def coverage(times, median):
    span = times[-1] - times[0]
    slot = max(4 * median, span / 24)
    slots = max(1, math.ceil(span / slot))
    return len({min(slots - 1, int((t - times[0]) / slot)) for t in times}) / slots


def score(gaps_ns, sizes):
    """Gaps and sizes of one pair's exchanges (the first gap is 0) -> (score, parts)."""
    times, now = [], 0
    h_all = [0] * BINS
    for gap in gaps_ns:
        now += gap
        times.append(now / 1e9)
    for gap in gaps_ns[1:]:
        h_all[gap_bin(gap / 1e9)] += 1
    n = sum(h_all)
    if n < MIN_GAPS:
        return 0.0, {}
    drop = max(0, quantile_bin(h_all, n, 0.75)[0] - 4 * BINS_PER_OCTAVE)  # gaps inside a burst
    h = [0] * drop + h_all[drop:]
    n = sum(h)
    if n < MIN_GAPS:
        return 0.0, {}
    size_h = [0] * SIZE_BINS
    for size in sizes:
        size_h[size_bin(size)] += 1
    nats = evidence(h, drop)
    parts = {
        "rc": min(by_count(h, n), allowed(nats)),
        "rt": by_time(h_all),
        "r2": min(by_tail(h, n), allowed(nats)),
        "rm": min(by_mixture(nats, n), allowed(nats)),
        "siz": wilson_low(densest(size_h, 3)[0], len(sizes)),
        "cov": coverage(times, CENTRE[quantile_bin(h, n, 0.5)[0]]),
        "nats": nats,
    }
    others = max(parts["rc"], parts["r2"], parts["rm"])
    if parts["rt"] > others:  # of the gaps it speaks of: a busy hour's are no reason against it
        _, at = densest([x * c for x, c in zip(h_all, CENTRE)], WINDOW)
        if parts["rt"] > allowed(nats):
            nats = max(nats, evidence(h_all, max(0, at - 2 * BINS_PER_OCTAVE)))
        parts["rt"] = min(parts["rt"], allowed(nats))
    regularity = max(others, parts["rt"])
    return regularity * (0.5 + 0.2 * parts["siz"] + 0.3 * parts["cov"]), parts


GOLDEN = [
    ("60 x 20", [60] * 20),
    ("60 x 6", [60] * 6),
    ("60 x 5 (too few)", [60] * 5),
    ("30..60 in 20 even steps", [30 + 30 * i / 19 for i in range(20)]),
    ("60,60,120 x 7", [60, 60, 120] * 7),
    ("98,300 x 10", [98, 300] * 10),
    ("1,2,4..2^14", [2 ** i for i in range(15)]),
    ("5 x 100", [5] * 100),
    ("3600 x 12", [3600] * 12),
    ("54..60 x 40", [54 + 6 * (i * 7 % 40) / 39 for i in range(40)]),
]


def main():
    if sys.argv[1:] == ["--batch"]:
        for line in sys.stdin:
            rows = [tuple(map(int, word.split(","))) for word in line.split()]
            total, parts = score([gap for gap, _ in rows], [size for _, size in rows])
            print(total, *parts.values())
        return
    for name, gaps in GOLDEN:
        gaps_ns = [0] + [round(gap * 1e9) for gap in gaps]
        total, parts = score(gaps_ns, [500] * len(gaps_ns))
        print(f"{name:28s} {total:.4f}  " + " ".join(f"{k} {v:.4f}" for k, v in parts.items()))


if __name__ == "__main__":
    main()
