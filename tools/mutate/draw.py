# SPDX-License-Identifier: BSD-2-Clause
"""Which mutations are tried: the same for the same seed and the same tree."""

import glob
import hashlib
import os

import operators
import rows


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
    """Every mutation of an area: operators take turns.  A line's turn depends on itself and the seed
    alone, so that an edit elsewhere does not draw others."""
    piles = {name: [] for name in operators.OPERATORS}
    for file in area_files(root, patterns):
        with open(os.path.join(root, file)) as source:
            for name, found in operators.mutations(file, source.read()).items():
                piles[name] += found
    for pile in piles.values():
        pile.sort(key=lambda mutation: (_turn(seed, rows.key(mutation)), mutation.line))
    turns = sorted(piles, key=lambda name: _turn(seed, (area, name)))
    while any(piles.values()):
        for name in turns:
            if piles[name]:
                yield piles[name].pop()


def _turn(seed, words):
    return hashlib.sha256("\0".join((str(seed),) + tuple(words)).encode()).digest()


def kept(root, path, seed):
    """{number: Mutation} of the list that was kept for this seed, at the lines where they are now."""
    found = {}
    for words, parts in rows.read(path):
        if words[0] == str(seed):
            wanted = operators.Mutation(words[2], int(words[3]), words[4], *parts)
            mutation = located(root, wanted)
            if mutation:
                found[int(words[1])] = mutation
    return found


def located(root, mutation):
    """The nearest of the file's mutations that reads like it; None when its line is no more."""
    if not os.path.exists(os.path.join(root, mutation.file)):
        return None
    with open(os.path.join(root, mutation.file)) as text:
        there = operators.mutations(mutation.file, text.read())[mutation.operator]
    same = [other for other in there if rows.key(other) == rows.key(mutation)]
    return min(same, key=lambda other: abs(other.line - mutation.line), default=None)


def shares(names, count):
    """The areas of mutants 1..count: in turns, so that a run that is cut short is even, too."""
    return [names[number % len(names)] for number in range(count)]
