# SPDX-License-Identifier: BSD-2-Clause
"""Seeds and laws of the packet-level cells: those to tune with, and those to report, disjoint."""
import os

HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = ("tune", "report")


def mean_of(law):
    """What a law makes of the mean gap."""
    words = law.split()
    half = float(words[3].rstrip("%")) / 200 if len(words) > 3 else 0
    return 1 + {"add": half, "sub": -half}.get(words[1], 0)


def read(name):
    """{"seed": [number], "law": [the generator's words]} of tests/eval/packets_NAME.txt."""
    found = {"seed": [], "law": []}
    with open("%s/packets_%s.txt" % (HERE, name), encoding="utf-8") as file:
        for line in file:
            words = line.split()
            if not words or words[0].startswith("#"):
                continue
            if words[0] == "seed":
                found["seed"].append(int(words[1]))
            elif words[0] == "law":
                found["law"].append(" ".join(words))
            else:
                raise ValueError("packets_%s.txt: %s: a line begins with seed or law" % (name, words[0]))
    return found


def read_both():
    lists = {name: read(name) for name in NAMES}
    for what in ("seed", "law"):
        both = set(lists["tune"][what]) & set(lists["report"][what])
        if both:
            raise ValueError("%s in both lists: %s" % (what, sorted(both)))
    return lists
