#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What gaps look like on a logarithmic scale: of beacons that miss callbacks, and of chance.

    gap_shapes.py            writes user/detect/gap_shapes.c to standard output
    gap_shapes.py --check    says whether that file holds these shapes, within 1/1024
"""
import functools
import math
import re
import sys

PER_OCTAVE = 8
FLOOR = 0.02 / 144      # any gap may be odd: 2 % of them, evenly over all bins
GRID = 400              # cells per interval of a beacon
SPAN = 24               # intervals: longer gaps are odd
PLACES = 8              # of the interval inside its bin, averaged over
BEACON_FROM, BEACON_BINS = -24, 64  # bins around that of the interval
CHANCE_FROM, CHANCE_BINS = -64, 128

# Jitter as a share of the interval either way, share of missed callbacks, handicap in nats and
# how many bins off the middle may be: lobes fit by chance more often, wide shapes have more places.
BEACONS = [(j, q, (0, 1, 2)[i] + (1.5 if j == 0.9 else 0), (3, 4, 6)[i])
           for j in (0.1, 0.2, 0.33, 0.5, 0.9)
           for i, q in enumerate((0, 0.2, 0.5)) if not (j == 0.9 and q == 0.5)]
# Exponential, lognormal by the deviation of the logarithm, Pareto by its exponent.  The last has
# an edge as sharp as that of a beacon: what is most like one is believed only with much evidence.
CHANCES = [("exponential", 0, 0), ("lognormal", 1.0, 0), ("lognormal", 1.5, 0),
           ("lognormal", 2.2, 0), ("pareto", 1.0, 12), ("pareto", 1.5, 12), ("pareto", 2.0, 12)]


def box_sum(cdf, low, high):
    """The distribution of a gap and one more draw, even over low..high cells."""
    area, total = [0.0], 0.0
    for a, b in zip(cdf, cdf[1:]):
        total += (a + b) / 2
        area.append(total)
    at = lambda i: area[i] if i > 0 else 0.0
    return [(at(i - low) - at(i - high)) / (high - low) for i in range(len(cdf))]


def beacon_cdf(jitter, missed):
    """By cells: even draws over s(1 - jitter)..s(1 + jitter), summed until one is not missed."""
    low, high = round((1 - jitter) * GRID), round((1 + jitter) * GRID)
    one = [min(1.0, max(0.0, (i - low) / (high - low))) for i in range(SPAN * GRID + 1)]
    total, share = [0.0] * len(one), 1 - missed
    while share > 1e-4:
        total = [t + share * x for t, x in zip(total, one)]
        one, share = box_sum(one, low, high), share * missed
    return total


def at_cell(cdf, x):
    x *= GRID
    i = int(x)
    return cdf[-1] if i >= len(cdf) - 1 else cdf[i] + (x - i) * (cdf[i + 1] - cdf[i])


def beacon_masses(jitter, missed):
    cdf = beacon_cdf(jitter, missed)
    masses = []
    for o in range(BEACON_FROM, BEACON_FROM + BEACON_BINS):
        edges = [(2 ** ((o - (k + 0.5) / PLACES) / PER_OCTAVE),
                  2 ** ((o + 1 - (k + 0.5) / PLACES) / PER_OCTAVE)) for k in range(PLACES)]
        masses.append(sum(at_cell(cdf, b) - at_cell(cdf, a) for a, b in edges) / PLACES)
    return masses


def chance_masses(law, width):
    def above(x):
        if law == "exponential":
            return math.exp(-x)
        if law == "pareto":
            return min(1.0, x ** -width)
        return math.erfc(math.log(x) / width / math.sqrt(2)) / 2

    edges = [2 ** (o / PER_OCTAVE) for o in range(CHANCE_FROM, CHANCE_FROM + CHANCE_BINS + 1)]
    return [above(a) - above(b) for a, b in zip(edges, edges[1:])]


def mixed(masses):
    """Logarithms with the odd gaps added, and the bin in which half of the mass is reached."""
    total, reached, middle = sum(masses), 0.0, None
    for i, mass in enumerate(masses):
        reached += mass / total
        if middle is None and reached >= 0.5:
            middle = i
    return [math.log(0.98 * m / total + FLOOR) for m in masses], middle


def from_here(logs):
    """The logarithm of what lies in each bin and beyond."""
    total, out = 0.0, []
    for x in reversed(logs):
        total += math.exp(x)
        out.append(math.log(min(1.0, total)))
    return out[::-1]


@functools.lru_cache(maxsize=None)
def shapes():
    """[(handicap, logs, middle, reach)], [(handicap, logs, middle, logs from there on)]."""
    beacons = [(h, *mixed(beacon_masses(j, q)), reach) for j, q, h, reach in BEACONS]
    chances = [(h, *mixed(chance_masses(law, width))) for law, width, h in CHANCES]
    return beacons, [(h, logs, middle, from_here(logs)) for h, logs, middle in chances]


def whole(x):
    return round(1024 * x)


def rows(values):
    values = [str(whole(x)) + "," for x in values]
    return "".join("\t\t\t" + " ".join(values[i:i + 14]) + "\n" for i in range(0, len(values), 14))


def head(name, handicap, middle):
    return (f"\t{{ /* {name} */\n\t\t.handicap = {whole(handicap)},\n"
            f"\t\t.middle = {middle},\n")


def table():
    beacons, chances = shapes()
    out = ["// SPDX-License-Identifier: BSD-2-Clause\n"
           "/* Shapes of gaps as logarithms: written by tests/reference/gap_shapes.py. */\n"
           '#include "detect/gap_shapes.h"\n\n'
           "const struct gap_beacon gap_beacons[GAP_BEACONS] = {\n"]
    for law, (handicap, logs, middle, reach) in zip(BEACONS, beacons):
        out.append(head(f"jitter {law[0]:.2f} either way, {law[1]:.0%} missed", handicap, middle))
        out.append(f"\t\t.jitter = {round(100 * law[0])}, .missed = {round(100 * law[1])},\n")
        out.append(f"\t\t.reach = {reach},\n\t\t.logs = {{\n{rows(x - math.log(FLOOR) for x in logs)}\t\t}},\n\t}},\n")
    out.append("};\n\nconst struct gap_chance gap_chances[GAP_CHANCES] = {\n")
    for law, (handicap, logs, middle, beyond) in zip(CHANCES, chances):
        out.append(head(law[0] + (f" {law[1]}" if law[1] else ""), handicap, middle))
        out.append(f"\t\t.logs = {{\n{rows(x - math.log(FLOOR) for x in logs)}\t\t}},\n"
                   f"\t\t.beyond = {{\n{rows(beyond)}\t\t}},\n\t}},\n")
    return "".join(out) + "};\n"


def numbers(text):
    return [int(x) for x in re.findall(r"-?\b\d+(?=[,} ])", re.sub(r"/\*.*?\*/", "", text))]


def main():
    if sys.argv[1:] != ["--check"]:
        sys.stdout.write(table())
        return 0
    with open("user/detect/gap_shapes.c", encoding="ascii") as file:
        held, wanted = numbers(file.read()), numbers(table())
    return not (len(held) == len(wanted) and all(abs(a - b) <= 1 for a, b in zip(held, wanted)))


if __name__ == "__main__":
    sys.exit(main())
