# SPDX-License-Identifier: BSD-2-Clause
"""The folder of real captures: what tests/corpus/score.py says of it, in figures."""
import json
import os
import subprocess
import sys
import tempfile

import runs

CORPUS = os.environ.get("SKUA_CORPUS", "../shared/corpus")
SHOWN, LOUD = 0.5, 0.7
GOAL_ALERTS, GOAL_CALM = 0.95, 0.8


def there():
    return os.path.exists(CORPUS + "/MANIFEST.tsv")


def absent():
    return "no %s/MANIFEST.tsv: without real captures; set SKUA_CORPUS" % CORPUS


def scores(without=()):
    """{row: (what is expected, score)}"""
    with tempfile.TemporaryDirectory(dir=runs.OUT) as folder:
        rules = [word for rule in without for word in ("--without-rule", rule)]
        subprocess.run([sys.executable, "tests/corpus/score.py", runs.SKUA, CORPUS, "--json", folder + "/rows.json", *rules],
                       stdout=subprocess.DEVNULL, check=False)
        with open(folder + "/rows.json", encoding="utf-8") as file:
            return {row["row"]: (row["expected"], row["score"]) for row in json.load(file)}


def select(rows, expected):
    return {row: score for row, (what, score) in rows.items() if what == expected}


def tell(goals):
    rows = scores()
    alerts, desired, nothing = (select(rows, what) for what in ("alert", "no-alert-desired", "nothing"))
    print("\nreal captures")
    for row in [row for row, score in alerts.items() if score < SHOWN]:
        print("  missed: " + row)
    for row in [row for row, score in desired.items() if score > SHOWN]:
        print("  not calmed: %.2f %s" % (desired[row], row))
    for row in [row for row, score in nothing.items() if score >= SHOWN]:
        print("  false alarm: %.2f %s" % (nothing[row], row))
    goals.share("real captures", ">= 95 % of alert rows found", sum(score >= SHOWN for score in alerts.values()),
                len(alerts), GOAL_ALERTS)
    loud = sum(score >= LOUD for score in nothing.values())
    goals.check("real captures", "nothing of a score >= %.1f where nothing is" % LOUD,
                "%d in %d files" % (loud, len(nothing)), not loud)
    goals.share("real captures", ">= 80 % of no-alert-desired rows at most at 0.5",
                sum(score <= SHOWN for score in desired.values()), len(desired), GOAL_CALM)
    return {"rows": {row: {"expected": what, "score": score} for row, (what, score) in rows.items()}}
