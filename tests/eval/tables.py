# SPDX-License-Identifier: BSD-2-Clause
"""Tables of shares and times on standard output."""
import cells_dga
import cells_dns
import cells_scan
import cells_volume
import figures


def grid(title, rows, columns, cell, width=11):
    """rows x columns of what cell(row, column) says."""
    print("\n" + title)
    first = max([len(str(row)) for row in rows] + [8])
    print("  %-*s" % (first, "") + "".join(" %*s" % (width, column) for column in columns))
    for row in rows:
        print("  %-*s" % (first, row) + "".join(" %*s" % (width, cell(row, column)) for column in columns))


# Words in an order that says something; others stand by the alphabet, numbers by size.
ORDERS = [cells_scan.TECHNIQUES, list(cells_scan.SPEEDS), cells_scan.SHAPES, cells_scan.ANSWERS, cells_dns.STYLES,
          list(cells_dns.RATES), cells_dns.TYPES, list(cells_volume.UPLOADS), list(cells_volume.ECHO_RATES),
          cells_volume.SHAPES, list(cells_dga.SPANS)]


def value_of(attack, axis):
    return attack.cell[axis] if axis in attack.cell else attack.drawn[axis]


def values_of(attacks, axis):
    values = {value_of(attack, axis) for attack in attacks}
    order = next((words for words in ORDERS if values <= set(words)), [])
    return [word for word in order if word in values] or sorted(values)


def hits_of(attacks):
    return sum(1 for attack in attacks if attack.found["found"])


def ratio(attacks):
    return "%d/%d" % (hits_of(attacks), len(attacks)) if attacks else "-"


def pivot(title, attacks, row_axis, column_axis, width=11):
    """Found of how many, by two axes of their cells."""
    def cell(row, column):
        return ratio([a for a in attacks if value_of(a, row_axis) == row and value_of(a, column_axis) == column])
    grid(title, values_of(attacks, row_axis), values_of(attacks, column_axis), cell, width)


def times(title, attacks, axis):
    """Time to detection by the values of an axis."""
    columns = ["found", "median s", "95 % s", "median n", "95 % n", "tenth +s"]

    def cell(row, column):
        mine = [a.found for a in attacks if value_of(a, axis) == row and a.found["found"]]
        what, part = {"found": (None, 0), "median s": ("after_s", 0.5), "95 % s": ("after_s", 0.95), "median n": ("after", 0.5),
                      "95 % n": ("after", 0.95), "tenth +s": ("after_tenth_s", 1.0)}[column]
        if not what:
            return len(mine)
        value = figures.quantile([one[what] for one in mine if one.get(what) is not None], part)
        return "-" if value is None else "%.4g" % value
    grid(title, values_of(attacks, axis), columns, cell, 9)


class Goals:
    """What must be shown, beside what was."""

    def __init__(self):
        self.rows = []

    def keep(self, part, goal, shown, met):
        """Without saying it: whoever measured has."""
        self.rows.append({"part": part, "goal": goal, "shown": shown, "met": met})

    def check(self, part, goal, shown, met):
        """met: True, False, or None where nothing was measured."""
        word = "not measured" if met is None else "met" if met else "MISSED"
        self.keep(part, goal, shown, met)
        print("goal %s: %s; shown %s: %s" % (part, goal, shown, word))

    def share(self, part, goal, hits, total, wanted):
        low, high = figures.wilson(hits, total)
        shown = "%d of %d (%.1f %%, 95 %% interval %.1f to %.1f)" % (
            hits, total, 100 * hits / total if total else 0, 100 * low, 100 * high)
        self.check(part, goal, shown, hits >= wanted * total if total else None)
