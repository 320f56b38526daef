# SPDX-License-Identifier: BSD-2-Clause
"""The cells of scans: technique x speed x contacts, and what is drawn or run through within each."""
from itertools import product

from attack import Attack
from lists import mean_of

TCP = ["syn", "connect", "fin", "null", "xmas", "maimon", "ack"]
SWEEPS = ["icmp", "arp", "ns"]
TOLD = ["connect", "udp", *SWEEPS]  # the generator's truth counts their failures as we do
TECHNIQUES = TCP + ["udp"] + SWEEPS
# nmap's timing: T4 and T5 as fast as answers come, T3 about 100/s, T2 one in 0.4 s, T1 in 15 s, T0 in 5 min.
SPEEDS = {"1000/s": 0.001, "100/s": 0.01, "10/s": 0.1, "T2 0.4s": 0.4, "T1 15s": 15.0, "1/min": 60.0,
          "T0 5min": 300.0}
CONTACTS = [10, 15, 30, 100, 1000]
SHAPES = ["vertical", "horizontal", "block"]
ORDERS = ["sequential", "random", "interleaved", "block", "masscan"]
ANSWERS = ["refused", "silent", "tenth open", "mixed"]
FAMILIES = ["v4", "v6"]
SIDES = ["inside", "outside"]
BLOCKS = {10: (5, 2), 15: (5, 3), 30: (6, 5), 100: (10, 10), 1000: (40, 25)}  # targets, ports
LEAST_SILENT = 20
STRAYS = ["fin", "maimon", "ack"]
GOAL_FAILED = 15   # contacts that fail, from which every scan is to be found
LONGEST_S = 17 * 3600  # of what fits a day, whatever the law makes of it
SILENCE_S = 5      # until silence is an outcome (the design's)
SHARES = {"refused": "refused=1", "tenth open": "refused=1", "silent": "silent=1",
          "mixed": "refused=0.3,unreachable=0.4,silent=0.3"}


def feasible(technique, speed, contacts, shape, answers):
    if technique in SWEEPS and (shape != "horizontal" or answers == "refused"):
        return False  # who asks for a host has no ports, and nobody refuses
    return SPEEDS[speed] * contacts <= LONGEST_S


def groups():
    return [cell for cell in product(TECHNIQUES, SPEEDS, CONTACTS) if SPEEDS[cell[1]] * cell[2] <= LONGEST_S]


def answered_of(contacts):
    return max(1, contacts // 10)


def failed_of(technique, contacts, answered):
    """A half-open scan gives up what answers; odd flags ask for nothing that could succeed."""
    return contacts - (answered if technique in ("connect", "udp", *SWEEPS) else 0)


def counted(technique, contacts, answers):
    """Are these failures by the design's own rules?  Silence of UDP, FIN, FIN+ACK and ACK, and of hosts asked
    for, is none below LEAST_SILENT contacts; a router's word on FIN, FIN+ACK and ACK is as good as silence."""
    unsure = technique in SWEEPS or technique in ("udp", *STRAYS) and answers == "silent" or (
        technique in STRAYS and answers == "mixed")
    return not unsure or contacts >= LEAST_SILENT


def rectangle(shape, contacts):
    if shape == "block":
        return BLOCKS[contacts]
    return (1, contacts) if shape == "vertical" else (contacts, 1)


def parts(technique, shape, contacts, answers):
    """[(first target, targets, first port, ports, shares)] whose contacts add up to all."""
    targets, ports = rectangle(shape, contacts)
    failing, cut = SHARES[answers], 0
    if technique in SWEEPS:  # there are no ports, and who is there answers
        failing, cut = "silent=1", {"silent": 0, "tenth open": answered_of(contacts), "mixed": 2 * contacts // 5}[answers]
    elif technique == "udp" and answers == "mixed":
        failing = "refused=0.5,unreachable=0.5"  # silence over UDP proves nothing
    elif answers == "tenth open":
        cut = max(1, (targets if shape == "horizontal" else ports) // 10)
    if not cut:
        return [(0, targets, 0, ports, failing)]
    if shape == "horizontal":
        return [(0, targets - cut, 0, ports, failing), (targets - cut, cut, 0, ports, "open=1")]
    return [(0, targets, 0, ports - cut, failing), (0, targets, ports - cut, cut, "open=1")]


def actor_lines(technique, gap_s, order, law, contacts, pieces, family, side):
    lines = []
    for at, (first, targets, port, ports, answers) in enumerate(pieces):
        count = targets * ports
        every_us = round(gap_s * 1e6 * contacts / count)
        to = "{%s%s+%d:%d}" % (side, family[1], first, targets)
        if technique in SWEEPS:
            what = "sweep from {src%s} to %s alive 100%%" % (family[1], to)
        else:
            base = 445 if ports == 1 else 1
            what = "scan from {src%s} to %s ports %d-%d" % (family[1], to, base + port, base + port + ports - 1)
        lines.append("%s technique %s every %dus %s order %s answers %s start {start+%d}" % (
            what, technique, every_us, law, order, answers, at * round(gap_s * 5e5)))
    return lines


def scan(technique, speed, contacts, shape, order, answers, family, side, law):
    gap_s = SPEEDS[speed] * mean_of(law)
    family = {"arp": "v4", "ns": "v6"}.get(technique, family)
    side = {"arp": "inside", "ns": "inside"}.get(technique, side)
    pieces = parts(technique, shape, contacts, answers)
    answered = sum(targets * ports for _, targets, _, ports, how in pieces if how == "open=1")
    failed = failed_of(technique, contacts, answered)
    booked_s = -1
    if law == "law fixed" and technique in ("syn", "connect"):
        booked_s = {"refused": 0, "silent": SILENCE_S}.get(answers, -1)
    return Attack(
        kind="scan", cell={"technique": technique, "speed": speed, "contacts": contacts},
        drawn={"shape": shape, "order": order, "answers": answers, "family": family, "side": side, "law": law},
        span_s=1.2 * gap_s * contacts, gap_s=gap_s, count=contacts, failed=failed,
        goal=failed >= GOAL_FAILED and counted(technique, contacts, answers),
        booked_s=booked_s, actors=actor_lines(technique, SPEEDS[speed], order, law, contacts, pieces, family, side))


def drawn(draws, laws, times):
    """So many scans of each group, the other axes drawn."""
    attacks = []
    for technique, speed, contacts in groups():
        for _ in range(times):
            while True:
                shape, answers = draws.choice(SHAPES), draws.choice(ANSWERS)
                if technique in SWEEPS:
                    shape = "horizontal"
                if feasible(technique, speed, contacts, shape, answers):
                    break
            attacks.append(scan(technique, speed, contacts, shape, draws.choice(ORDERS), answers,
                                draws.choice(FAMILIES), draws.choice(SIDES), draws.choice(laws)))
    return attacks


def every(draws, laws):
    """Every cell once; address family and law are drawn."""
    return [scan(technique, speed, contacts, shape, order, answers, draws.choice(FAMILIES), draws.choice(SIDES),
                 draws.choice(laws))
            for technique, speed, contacts, shape, order, answers in
            product(TECHNIQUES, SPEEDS, CONTACTS, SHAPES, ORDERS, ANSWERS)
            if feasible(technique, speed, contacts, shape, answers)]
