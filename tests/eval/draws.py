# SPDX-License-Identifier: BSD-2-Clause
"""Random numbers that are the same on every machine: a stream of SHA-256 blocks for each label."""
import hashlib


class Draws:
    def __init__(self, *labels):
        self.label = "/".join(str(label) for label in labels).encode()
        self.block = 0

    def below(self, limit):
        """0 <= n < limit; the bias of 64 bits modulo limit is far below what is counted here."""
        word = hashlib.sha256(self.label + b"#%d" % self.block).digest()
        self.block += 1
        return int.from_bytes(word[:8], "big") % limit

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def choice(self, items):
        return items[self.below(len(items))]

    def shuffled(self, items):
        left, out = list(items), []
        while left:
            out.append(left.pop(self.below(len(left))))
        return out
