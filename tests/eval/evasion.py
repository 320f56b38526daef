#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The evasion frontier: the most that stays below each detector, and whether a change raised it.

Usage: tests/eval/evasion.py [--write] [--only DETECTOR]   search, confirm, compare (minutes)
       tests/eval/evasion.py --quick                       as TAP: some kept witnesses hold
Exit status: 0, or 1 when a bound rose, or was not confirmed.
"""
import argparse
import os
import sys
import time

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "evasion")
sys.path.insert(0, HERE)

import hunt  # noqa: E402
import laws  # noqa: E402
import tell  # noqa: E402
import witness  # noqa: E402

QUICK = ["beacon/fixed", "scan/slow", "dns/bare", "icmp/replies", "upload/trickle"]


def figures_of(best, place, found):
    variant = {key: value for key, value in best.variant.items()
               if not callable(value) and key != "stretch"}
    law, above = best.law, best.above()
    return {"place": place, "detector": law.detector, "law": law.name, "says": law.says,
            "pays": law.pays, "unit": law.unit, "variant": variant, "alone": law.alone,
            "rate": best.bound(), "bound": best.worth(), "seeds": law.seeds,
            "below": round(best.below[best.bound()], 2), "above": above,
            "above_worth": int(law.worth(above, best.variant)) if above else None,
            "above_below": round(best.below[above], 2) if above else None,
            "score": found["score"], "twin_score": found["twin_score"],
            "twin_kind": found["twin_kind"]}


def search(wanted):
    """Figures and scenarios by name, and the names of laws for which there is no witness."""
    figures, texts, failed, place = {}, {}, [], 0
    for detector, (_, group, _, _) in laws.DETECTORS.items():
        if wanted and detector != wanted:
            place += len(group)
            continue
        began = time.monotonic()
        for best in hunt.hunt(group):
            name = "%s/%s" % (detector, best.law.name)
            found = witness.find(best, place, name)
            if found:
                figures[name] = figures_of(best, place, found)
                texts[name] = found["text"]
            else:
                failed.append("%s: no witness at %d with a twin at %s" % (
                    name, best.bound(), best.above()))
            place += 1
        print("# %s: %.0f s" % (detector, time.monotonic() - began), flush=True)
    return figures, texts, failed


def confirm(figures, folder):
    """Sentences on what does not hold, by both engines."""
    made = witness.captures(figures, folder)
    native, scores = witness.confirm(figures, made, "native")
    said = ["%s: not so beside the others" % name for name, holds in native.items() if not holds]
    reason = witness.kernel_says_no()
    if reason:
        print("# not confirmed by the kernel engine: " + reason)
        return said
    kernel, kernel_scores = witness.confirm(figures, made, "kernel")
    said += ["%s: the kernel engine disagrees" % name for name in figures
             if native[name] != kernel[name]]
    if scores != kernel_scores:
        said.append("scores of the two engines differ")
    return said


def keep(texts, folder):
    os.makedirs(folder, exist_ok=True)
    for name, text in texts.items():
        with open(os.path.join(folder, witness.file_of(name) + ".scn"), "w",
                  encoding="utf-8") as file:
            file.write(text)


def run(arguments):
    for _ in laws.all_laws():
        pass
    figures, texts, bad = search(arguments.only)
    folder = HERE if arguments.write else os.path.join(witness.play.WORK, "kept")
    keep(texts, folder)
    bad += confirm(figures, folder)
    old = tell.read()
    if arguments.only:
        old = {name: row for name, row in old.items() if row["detector"] == arguments.only}
    print(tell.table(figures), end="")
    said, rose = tell.compare(old, figures)
    for sentence in said + bad:
        print("# " + sentence)
    if not said:
        print("# no bound has changed")
    if arguments.write:
        kept = dict(tell.read(), **figures) if arguments.only else figures
        tell.write(kept)
        tell.write_table(kept)
        return bool(bad)
    return bool(bad) or rose


def quick():
    """Some kept witnesses are still below, their twins found, by both engines."""
    rows = tell.read()
    checks = [(tell.table(rows) == tell.read_parts()[1], "the table is what the kept figures say")]
    names = [name for name in QUICK if name in rows]
    checks.append((names == QUICK, "each detector has a witness"))
    made = witness.captures(names, HERE)
    native, scores = witness.confirm(rows, made, "native")
    for name in names:
        checks.append((native[name], "%s: %s stay below, %s" % (
            name, tell.bound_of(rows[name]), "a little more is found")))
    reason = witness.kernel_says_no()
    checks.append((True if reason else witness.confirm(rows, made, "kernel")[1] == scores,
                   "the kernel engine says the same" + (" # SKIP " + reason if reason else "")))
    for number, (good, sentence) in enumerate(checks, 1):
        print("%s %d - %s" % ("ok" if good else "not ok", number, sentence))
    if not all(good for good, _ in checks):
        print("# a detector or rule has changed its bounds: see make evasion, then WRITE=1")
    print("1..%d" % len(checks))
    return not all(good for good, _ in checks)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--write", action="store_true", help="keep the new figures and scenarios")
    parser.add_argument("--only", choices=laws.DETECTORS, help="search this detector alone")
    parser.add_argument("--quick", action="store_true", help="check kept witnesses, as TAP")
    arguments = parser.parse_args()
    return int(quick() if arguments.quick else run(arguments))


if __name__ == "__main__":
    sys.exit(main())
