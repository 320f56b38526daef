# SPDX-License-Identifier: BSD-2-Clause
"""What became of the mutants: kept after each, so that some can be tried again; and told at the end."""

import json
import os

from operators import Mutation
from rows import key

GOAL = 0.9
CAUGHT, SURVIVED, EQUIVALENT = "killed", "survived", "equivalent"


class Results:
    """{number: {"area", "mutation", "state", "by", "said"}}, and how many were drawn for nothing."""

    def __init__(self, path, seed, count):
        self.path, self.plan = path, [str(seed), count]
        self.mutants, self.spent = {}, {}

    def load(self):
        """What an earlier run of the same plan found; nothing, if there was none."""
        if not os.path.exists(self.path):
            return
        with open(self.path) as kept:
            found = json.load(kept)
        if found["plan"] != self.plan:
            return
        self.spent = found["spent"]
        for number, mutant in found["mutants"].items():
            mutant["mutation"] = Mutation(*mutant["mutation"])
            self.mutants[int(number)] = mutant

    def save(self):
        with open(self.path + ".new", "w") as kept:
            json.dump({"plan": self.plan, "mutants": self.mutants, "spent": self.spent}, kept, indent=1)
        os.replace(self.path + ".new", self.path)

    def spend(self, why):
        self.spent[why] = self.spent.get(why, 0) + 1

    def settle(self, equivalent):
        """Survivors that are known to be no change are called so, with the reason."""
        for mutant in self.mutants.values():
            if mutant["state"] == CAUGHT:
                continue
            why = equivalent.get(key(mutant["mutation"]))
            mutant["state"] = EQUIVALENT if why else SURVIVED
            mutant["said"] = why or ""

    def rate(self):
        caught = sum(mutant["state"] == CAUGHT for mutant in self.mutants.values())
        changed = sum(mutant["state"] != EQUIVALENT for mutant in self.mutants.values())
        return caught, changed

    def text(self):
        lines = ["seed %s, %d mutants" % tuple(self.plan)]
        for number, mutant in sorted(self.mutants.items()):
            lines += _told(number, mutant)
        lines += self._areas()
        caught, changed = self.rate()
        spent = ", ".join("%d %s" % (n, why) for why, n in sorted(self.spent.items()))
        if spent:
            lines.append("drawn again: " + spent)
        same = len(self.mutants) - changed
        lines.append("%d of %d mutants behave as before, see tools/mutate/equivalent.txt"
                     % (same, len(self.mutants)))
        lines.append("caught: %d of %d that change behaviour, %.1f %% (goal: %.0f %%)"
                     % (caught, changed, 100 * caught / max(changed, 1), 100 * GOAL))
        return "\n".join(lines) + "\n"

    def _areas(self):
        table = {}
        for mutant in self.mutants.values():
            states = table.setdefault(mutant["area"], [])
            states.append(mutant["state"])
        return ["%-10s %d killed, %d survived, %d equivalent"
                % ((area,) + tuple(states.count(s) for s in (CAUGHT, SURVIVED, EQUIVALENT)))
                for area, states in table.items()]


def _told(number, mutant):
    mutation = mutant["mutation"]
    head = "%2d %-10s %s:%d %s: %s" % (
        number, mutant["area"], mutation.file, mutation.line, mutation.operator, mutant["state"])
    if mutant["by"]:
        head += " by " + mutant["by"]
    lines = [head, "     - " + mutation.before.strip(), "     + " + mutation.after.strip()]
    if mutant["said"]:
        lines.append("     " + mutant["said"])
    return lines
