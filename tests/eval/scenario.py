# SPDX-License-Identifier: BSD-2-Clause
"""Scenarios for the generator: attacks, each with addresses and a time of its own, before a background."""
import re
from ipaddress import ip_address

START = "2026-02-02T00:00:00Z"
START_S = 1769990400
DAY_S = 86400
ROOM = 96  # attacks in one scenario: below every table's size, so that none pushes another out
RESOLVER = "10.9.0.1"
HEADERS = ("start", "duration", "seed", "snaplen", "linktype")
# By attack: where it comes from, and whom it reaches on either side.
SOURCES = {"4": ("10.90.0.10", 1 << 8), "6": ("fd00:90::10", 1 << 80)}
TARGETS = {"inside4": ("10.128.0.1", 1 << 16), "outside4": ("198.18.0.1", 1 << 10),
           "inside6": ("fd00:80::1", 1 << 80), "outside6": ("2001:db8:1000::1", 1 << 80),
           "out4": ("198.19.200.7", 1 << 8), "out6": ("2001:db8:2000::7", 1 << 80)}


def place(base, number, offset=0):
    """The address of the number-th attack."""
    first, stride = base
    return str(ip_address(first) + number * stride + offset)


def fill(line, attack, number):
    """An actor's line with the attack's own addresses and time."""
    def word(found):
        name, first, count = found.group(1), found.group(2), found.group(3)
        if name == "start":
            return "+%dus" % round(attack.start_s * 1e6 + int(first))
        if name in TARGETS:
            low = place(TARGETS[name], number, int(first or 0))
            return low if count in (None, "1") else low + "-" + place(TARGETS[name], number, int(first) + int(count) - 1)
        return {"src4": attack.source, "src6": attack.source, "resolver": RESOLVER, "domain": attack.domain,
                "n": str(number)}[name]

    attack.domain = re.sub(r"\{n\}", "z%d" % number, attack.domain)
    family = "6" if "{src6}" in line else "4"
    attack.source = place(SOURCES[family], number)
    found = re.search(r"\{(\w+side[46]|out[46])[+}]", line)
    attack.target = place(TARGETS[found.group(1)], number) if found else ""
    return re.sub(r"\{(\w+)(?:\+(\d+)(?::(\d+))?)?\}", word, line)


def background(path):
    """The lines of a scenario that say who does what."""
    with open(path, encoding="utf-8") as file:
        lines = [line.strip() for line in file]
    return [line for line in lines if line and not line.startswith("#") and line.split()[0] not in HEADERS]


def pack(attacks, draws, room=ROOM, length_s=DAY_S):
    """Lists of attacks that share a scenario, each at a time of the day at which it can end."""
    scenarios = []
    mixed = draws.shuffled(attacks)
    for at in range(0, len(mixed), room):
        together = mixed[at:at + room]
        for attack in together:
            attack.start_s = 60 + draws.below(max(1, round(length_s - 600 - attack.span_s)))
        scenarios.append(together)
    return scenarios


def write(attacks, seed, lines, length_s=DAY_S, snaplen=None):
    text = ["start " + START, "duration %ds" % length_s, "seed %d" % seed]
    text += ["snaplen %d" % snaplen] if snaplen else []
    text += lines
    for number, attack in enumerate(attacks):
        text += [line for line in (fill(line, attack, number) for line in attack.actors) if " " in line]
    return "\n".join(text) + "\n"
