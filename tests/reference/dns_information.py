#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The distinct information of DNS names, slowly and with exact sets: the oracle of
user/track/domains.c (detection.md, section 4).

    dns_information.py [--fold] [BASE_LABELS] < NAMES

reads one name a line in presentation form ("a.b.example.com"), BASE_LABELS (default 2) being the
labels of the registered domain, and prints the count of distinct names and their information in
bits and bytes.  --fold: the resolver mixes case (0x20).  The agent estimates both numbers with
fixed sketches; tests/unit/track_domains.c holds it to what this prints for the names of --golden.
"""
import sys


def alphabet_bits(label):
    """Bits a character can carry, by the smallest alphabet that holds them all."""
    lower = any("a" <= c <= "z" for c in label)
    upper = any("A" <= c <= "Z" for c in label)
    if any(not (c.isascii() and c.isalnum()) and c not in "-_+/=" for c in label):
        return 8
    if (lower and upper) or any(c in "+/=" for c in label):
        return 6
    if all(c in "0123456789abcdefABCDEF" for c in label):
        return 4
    return 5


class Information:
    def __init__(self, fold=False):
        self.fold, self.names, self.labels, self.bits = fold, set(), set(), 0

    def add(self, labels):
        """labels: of one name, those of the registered domain left out."""
        if self.fold:
            labels = [label.lower() for label in labels]
        if not labels or tuple(labels) in self.names:
            return
        self.names.add(tuple(labels))
        for label in labels:
            if label in self.labels:
                # ceil(log2(1 + n)) is the number of binary digits of n
                self.bits += len(self.labels).bit_length()
            else:
                self.bits += 8 + len(label) * alphabet_bits(label)
                self.labels.add(label)

    def __str__(self):
        return f"{len(self.names)} names, {self.bits} bits, {(self.bits + 7) // 8} bytes"


class Random:
    """The generator of the unit test: Knuth's MMIX constants."""

    def __init__(self):
        self.state = 1

    def below(self, n):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % n

    def text(self, alphabet, length):
        return "".join(alphabet[self.below(len(alphabet))] for _ in range(length))


HEX = "0123456789abcdef"
BASE32 = "abcdefghijklmnopqrstuvwxyz012345"
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def golden():
    """The shapes of the unit test: name, count, a name from the generator."""
    return [
        ("hex24", 300, lambda r, i: [r.text(HEX, 24)]),
        ("base32", 100, lambda r, i: [r.text(BASE32, 60), r.text(BASE32, 60)]),
        ("base64", 60, lambda r, i: [r.text(BASE64, 50)]),
        ("md5", 60, lambda r, i: [r.text(HEX, 32), "hash"]),
        ("reversed", 300, lambda r, i: [str(r.below(256)) for _ in range(4)] + ["zen"]),
        ("shards", 200, lambda r, i: ["r%d---sn-%s" % (r.below(8), r.text(BASE32, 4)), "cdn"]),
        ("hosts", 40, lambda r, i: ["www%d" % i]),
    ]


def main(arguments):
    fold = "--fold" in arguments
    numbers = [int(a) for a in arguments if a.isdigit()]
    if "--golden" in arguments:
        for name, count, make in golden():
            information, random = Information(), Random()
            for i in range(count):
                information.add(make(random, i))
            print(f"{name}: {information}")
        return
    information = Information(fold)
    for line in sys.stdin:
        labels = line.rstrip("\n").split(".")
        information.add(labels[: -(numbers[0] if numbers else 2)])
    print(information)


if __name__ == "__main__":
    main(sys.argv[1:])
