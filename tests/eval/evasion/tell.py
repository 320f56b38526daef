# SPDX-License-Identifier: BSD-2-Clause
"""The kept figures: read and written, compared with new ones, and told as a table."""
import json
import os

HERE = os.path.dirname(os.path.abspath(__file__))
KEPT = os.path.join(HERE, "..", "evasion.json")
README = os.path.join(HERE, "README.md")
BEGIN, END = "<!-- evasion: begin -->\n", "<!-- evasion: end -->\n"


def read():
    if not os.path.exists(KEPT):
        return {}
    with open(KEPT, encoding="utf-8") as file:
        return json.load(file)


def write(figures):
    with open(KEPT, "w", encoding="utf-8") as file:
        json.dump(figures, file, indent=1, sort_keys=True)
        file.write("\n")


def amount(value, unit):
    """12,300 callbacks; 1.2 MB."""
    if unit != "bytes":
        return "{:,}".format(value)
    for size, name in ((1000000, "MB"), (1000, "kB")):
        if value >= size:
            return "{:,.3g} {}".format(value / size, name) if value < 1000 * size \
                else "{:,} {}".format(value // size, name)
    return "%d B" % value


def bound_of(row):
    return amount(row["bound"], row["unit"]) + ("" if row["above"] else " or more")


def twin_of(row):
    if row["above"]:
        return "%s: %.2f" % (amount(row["above_worth"], row["unit"]), row["twin_score"])
    return "otherwise: %.2f" % row["twin_score"]


def table(figures):
    rows = ["| detector | what is tried | most below, a day | score | next above | what it costs |",
            "| --- | --- | --- | --- | --- | --- |"]
    for row in sorted(figures.values(), key=lambda row: row["place"]):
        unit = "" if row["unit"] == "bytes" else " " + row["unit"]
        variant = ", ".join("%s %s" % pair for pair in sorted(row["variant"].items()))
        rows.append("| %s | %s%s | %s%s | %.3f | %s | %s |" % (
            row["detector"], row["says"], " (%s)" % variant if variant else "", amount(
                row["bound"], row["unit"]), unit + ("" if row["above"] else " or more"),
            row["score"], twin_of(row), row["pays"]))
    return "\n".join(rows) + "\n"


def read_parts():
    with open(README, encoding="utf-8") as file:
        text = file.read()
    before, rest = text.split(BEGIN)
    kept, after = rest.split(END)
    return before, kept, after


def write_table(figures):
    before, _, after = read_parts()
    with open(README, "w", encoding="utf-8") as file:
        file.write(before + BEGIN + table(figures) + END + after)


def compare(old, new):
    """Sentences on what changed, and whether an attacker gained something."""
    said, rose = [], False
    for name in sorted(set(old) | set(new)):
        if name not in new or name not in old:
            said.append("%s: %s" % (name, "is no longer tried" if name in old else "is new: "
                                    + bound_of(new[name])))
            rose |= name in old
            continue
        before = (old[name]["bound"], not old[name]["above"])
        after = (new[name]["bound"], not new[name]["above"])
        if before != after:
            rose |= after > before
            said.append("%s: %s, from %s to %s a day" % (
                name, "ROSE" if after > before else "fell", bound_of(old[name]),
                bound_of(new[name])))
    return said, rose
