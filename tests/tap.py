# SPDX-License-Identifier: BSD-2-Clause
"""The Test Anything Protocol for tests in Python: each test is a sentence that can fail."""

_tests = _failures = 0
_LINES, _COLUMNS = 20, 600  # of what is told of a failure


def ok(good, sentence, detail=""):
    """good: it holds.  detail: what there was instead, told when it does not."""
    global _tests, _failures
    _tests += 1
    _failures += not good
    print("%s %d - %s" % ("ok" if good else "not ok", _tests, sentence), flush=True)
    for line in [] if good else str(detail).splitlines()[:_LINES]:
        print("# " + line[:_COLUMNS], flush=True)


def skip(sentence, reason):
    """What could not be tried here, and why."""
    global _tests
    _tests += 1
    print("ok %d - %s # SKIP %s" % (_tests, sentence, reason), flush=True)


def finish():
    """Prints the plan; the exit status."""
    print("1..%d" % _tests, flush=True)
    return 1 if _failures else 0
