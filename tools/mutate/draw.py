# SPDX-License-Identifier: BSD-2-Clause
"""Which mutations are tried: the same for the same seed and the same tree."""

import glob
import os
import random

import operators


def areas(path):
    """The table: {area: {"files": [...], "units": [...], "wider": [(targets, command), ...]}}; native as wider."""
    table = {}
    with open(path) as rows:
        for row in rows:
            if row.startswith("#") or not row.strip():
                continue
            area, what, rest = row.split(None, 2)
            entry = table.setdefault(area, {"files": [], "units": [], "wider": [], "native": []})
            if what in ("wider", "native"):
                targets, command = rest.split(" : ")
                entry[what].append((targets.split(), command.strip()))
            else:
                entry[what] += rest.split()
    return table


def area_files(root, patterns):
    found = [path for pattern in patterns for path in glob.glob(os.path.join(root, pattern))]
    return sorted({os.path.relpath(path, root) for path in found})


def order(root, area, patterns, seed):
    """Every mutation of an area: operators take turns, lines are shuffled."""
    chance = random.Random("%s/%s" % (seed, area))
    piles = {name: [] for name in operators.OPERATORS}
    for file in area_files(root, patterns):
        with open(os.path.join(root, file)) as source:
            for name, found in operators.mutations(file, source.read()).items():
                piles[name] += found
    for pile in piles.values():
        chance.shuffle(pile)
    turns = list(piles)
    chance.shuffle(turns)
    while any(piles.values()):
        for name in turns:
            if piles[name]:
                yield piles[name].pop()


def shares(names, count):
    """The areas of mutants 1..count: in turns, so that a run that is cut short is even, too."""
    return [names[number % len(names)] for number in range(count)]
