# SPDX-License-Identifier: BSD-2-Clause
"""One attack of a cell: what a scenario must say of it, and what is expected of the detector."""
from dataclasses import dataclass, field


@dataclass
class Attack:
    kind: str            # scan, dns, exfil, icmp, dga: the table it belongs to
    cell: dict           # axis -> value: the cell it was drawn for
    drawn: dict          # the other axes
    span_s: float        # from its first packet to its last
    gap_s: float         # mean, between what is counted
    count: int           # contacts, queries, bytes, echoes, names
    goal: bool           # must be found
    quiet: bool = False  # must not be found: just below what is worth a finding
    failed: int = 0      # scans: contacts that fail
    booked_s: float = -1 # scans of one answer: from a contact to its outcome; -1: they differ
    actors: list = field(default_factory=list)  # lines; {src} {dst} {net} {n} are filled in
    source: str = ""
    target: str = ""     # "": any
    domain: str = ""
    start_s: float = 0
    found: dict = field(default_factory=dict)   # by judge.py

    def label(self):
        return " ".join("%s" % value for value in {**self.cell, **self.drawn}.values())
