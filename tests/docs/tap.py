# SPDX-License-Identifier: BSD-2-Clause
"""Says what was checked, as TAP."""
_told = [0, 0]


def ok(good, sentence, lines=()):
    _told[0] += 1
    _told[1] += not good
    print("%s %d - %s" % ("ok" if good else "not ok", _told[0], sentence), flush=True)
    for line in [] if good else lines[:20]:
        print("# " + line[:200])


def skip(sentence, why):
    _told[0] += 1
    print("ok %d - %s # SKIP %s" % (_told[0], sentence, why))


def plan():
    """The exit status."""
    print("1..%d" % _told[0])
    return _told[1] != 0
