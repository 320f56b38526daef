# SPDX-License-Identifier: BSD-2-Clause
"""A law's witness below the threshold and its twin above, as a scenario that both engines judge."""
import os
import subprocess

import play

SEEDS = 30  # tried until the witness is below and the twin is found


def file_of(name):
    return name.replace("/", "-")


def hosts(place):
    return play.host(0, place), play.host(1, place)


def lines_of(best, place):
    """The witness is the first host, the twin the second."""
    law, (witness, twin) = best.law, hosts(place)
    above = best.above()
    lines = ["# Below: %s." % law.says] + law.text(witness, best.bound(), best.variant)
    for number in range(2, law.callers + 1):
        lines += law.text(play.host(number, place), best.bound(), best.variant)
    lines.append("# Above." if above else "# As much, otherwise.")
    return lines + law.text(twin, above or best.bound(), best.variant, contrast=not above)


def holds(scores, place):
    witness, twin = (scores.get(at["src"], {"found": False}) for at in hosts(place))
    return not witness["found"] and twin["found"]


def find(best, place, name):
    """The scenario's text and the scores of both; None: no seed shows the bound.

    A bound that no seed shows was a false alarm of some, so there is none.
    """
    found = best.bound() and best.above() and seek(best, place, name)
    if found or not best.bound() or not best.law.contrast:
        return found
    best.unbounded = True
    return seek(best, place, name)


def seek(best, place, name):
    for seed in range(1, SEEDS + 1):
        text = play.scenario(lines_of(best, place), seed,
                             "%s, as tests/eval/evasion.py found it." % name)
        capture = play.generate(text, file_of(name))
        scores = play.judge([capture])
        if holds(scores, place):
            near = play.score([capture]).get(hosts(place)[0]["src"], {"score": 0.0})
            return {"text": text, "score": near["score"],
                    "twin_score": scores[hosts(place)[1]["src"]]["score"],
                    "twin_kind": scores[hosts(place)[1]["src"]]["kind"]}
    return None


def captures(names, folder):
    """By name, those of kept scenarios."""
    made = {}
    for name in names:
        with open(os.path.join(folder, file_of(name) + ".scn"), encoding="utf-8") as file:
            made[name] = play.generate(file.read(), file_of(name))
    return made


def confirm(rows, made, engine):
    """What an engine says of them: by name, whether the bound holds, and all scores.

    One replay for each detector, and one for each that needs a capture of its own.
    """
    groups = {}
    for name in made:
        row = rows[name]
        groups.setdefault(name if row["alone"] else row["detector"], []).append(name)
    result, all_scores = {}, []
    for group in groups.values():
        scores = play.judge([made[name] for name in group], engine)
        all_scores.append(scores)
        for name in group:
            result[name] = holds(scores, rows[name]["place"])
    return result, all_scores


def kernel_says_no():
    """Why the kernel engine cannot be asked here, or nothing."""
    if os.geteuid():
        return "needs root"
    answer = subprocess.run([play.OUT + "/skua", "replay", "-q", "--engine", "kernel", "/dev/null"],
                            capture_output=True, text=True, check=False)
    return "no programs can be loaded here" if "load" in answer.stderr else ""
