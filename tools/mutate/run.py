# SPDX-License-Identifier: BSD-2-Clause
"""Changes one line of the product at a time, and says whether a test notices: make mutate."""

import argparse
import itertools
import os
import sys
import time

import draw
import results
import rows
import tree
import trial

HERE = os.path.dirname(os.path.abspath(__file__))
HOME = os.path.dirname(os.path.dirname(HERE))
KEPT = """# SPDX-License-Identifier: BSD-2-Clause
# The mutants of a seed as they were drawn and judged: seed, number, file, line and operator, then the
# line and the mutated line.  They follow their lines; where one is no more, another is drawn.
"""
_DRAWS = 40  # at most, until one compiles to something else


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--only", default="", help="numbers of an earlier run of the same seed: 3,17")
    parser.add_argument("--resume", action="store_true", help="go on where the last run was ended")
    parser.add_argument("--keep", action="store_true", help="write the list to tools/mutate/drawn.txt")
    parser.add_argument("--out", default=os.path.join(HOME, "build"))
    given = parser.parse_args()
    given.only = [int(number) for number in given.only.split(",") if number]
    return given


class Run:
    def __init__(self, given):
        self.table = draw.areas(os.path.join(HERE, "areas.txt"))
        place = os.path.join(os.path.abspath(given.out), "mutate")
        os.makedirs(place, exist_ok=True)
        self.tree = tree.Tree(HOME, os.path.join(place, "tree"))
        corpus = os.environ.get("SKUA_CORPUS", os.path.join(HOME, "../shared/corpus"))
        self.trial = trial.Trial(
            self.tree, tree.floors_seen(os.path.join(HOME, "Makefile")),
            os.path.join(place, "scratch"), os.path.abspath(corpus),
        )
        self.results = results.Results(os.path.join(place, "results.json"), given.seed, given.count)
        names = list(self.table)
        self.areas = draw.shares(names, given.count)
        self.orders = {
            name: draw.order(HOME, name, self.table[name]["files"], given.seed) for name in names
        }
        self.kept = draw.kept(HOME, os.path.join(HERE, "drawn.txt"), given.seed)

    def prepare(self):
        """Everything that a mutant changes in part, built as it is."""
        wider = [row for entry in self.table.values() for row in entry["wider"] + entry["native"]]
        wanted = {target for targets, _ in wider for target in targets}
        said = self.tree.make("build/skua", "build/skua-gen", *sorted(wanted))
        if said:
            sys.exit("the tree itself does not build:\n" + said)

    def changes_code(self, mutation):
        """Applies it.  None when it does something, else why it is drawn again."""
        product, tests = self.tree.objects(mutation)
        self.tree.apply(mutation, product + tests)
        for name in product:
            if self.tree.make(name) is not None:
                return "did not compile"
            if not self.tree.is_same_code(name):
                return None
        return "compiled to the same code"

    def candidates(self, number):
        """What was kept for this number, if its line is still there; then what is drawn."""
        if number in self.kept:
            yield self.kept[number]
        yield from itertools.islice(self.orders[self.areas[number - 1]], _DRAWS)

    def next_mutation(self, number):
        for mutation in self.candidates(number):
            why = self.changes_code(mutation)
            if why is None:
                return mutation
            self.results.spend(why)
            self.tree.restore()
        sys.exit("%d: nothing that compiles to something else in %d draws" % (number, _DRAWS))

    def again(self, number):
        """A mutant of an earlier run, where its line is now."""
        mutation = draw.located(HOME, self.results.mutants[number]["mutation"])
        if not mutation:
            sys.exit("%d: its line is no more, run all again" % number)
        why = self.changes_code(mutation)
        if why:
            sys.exit("%d %s: run all again" % (number, why))
        return mutation

    def skip(self, number):
        """One that an earlier run has judged: go on drawing behind it."""
        judged = self.results.mutants[number]["mutation"]
        for mutation in self.candidates(number):
            if mutation == judged:
                return
        sys.exit("%d is not drawn any more: run all again" % number)

    def try_all(self, mutation, entry):
        """(test, what it said) of the first that fails with the mutant and passes without; or None."""
        tests = self.trial.tests(mutation.file, entry)
        while tests:
            self.trial.build_some(tests)
            test = tests.pop(0)
            failed = self.trial.sound.get(test[2], True) and self.trial.fails(test)
            if not failed:
                continue
            self.tree.restore()
            if self.trial.is_sound(test):
                return failed
            print("   %s fails without the mutant, too: left out" % test[2], flush=True)
            product, others = self.tree.objects(mutation)
            self.tree.apply(mutation, product + others)
        self.tree.restore()
        return None

    def one(self, number, again):
        begun = time.time()
        area = self.areas[number - 1]
        mutation = self.again(number) if again else self.next_mutation(number)
        failed = self.try_all(mutation, self.table[area])
        state = results.CAUGHT if failed else results.SURVIVED
        by, said = failed or ("", "")
        self.results.mutants[number] = {
            "area": area, "mutation": mutation, "state": state, "by": by, "said": said}
        self.results.save()
        print("%2d %-8s %4.0f s  %s:%d %s  %s" % (
            number, state, time.time() - begun, mutation.file, mutation.line, mutation.operator, by),
            flush=True)


def main():
    given = arguments()
    run = Run(given)
    if given.only or given.resume:
        run.results.load()
        missing = [number for number in given.only if number not in run.results.mutants]
        if missing:
            sys.exit("no earlier run of this seed and count has %s" % missing)
    run.prepare()
    for number in given.only or range(1, given.count + 1):
        if given.resume and number in run.results.mutants:
            run.skip(number)
        else:
            run.one(number, bool(given.only))
    run.results.settle(rows.reasons(os.path.join(HERE, "equivalent.txt")))
    run.results.save()
    if given.keep:
        rows.write(os.path.join(HERE, "drawn.txt"), KEPT, given.seed, run.results.mutants)
    told = run.results.text()
    with open(os.path.join(os.path.abspath(given.out), "mutate.txt"), "w") as list_of_mutants:
        list_of_mutants.write(told)
    print(told, end="")
    caught, changed = run.results.rate()
    return 0 if caught >= results.GOAL * changed else 1


if __name__ == "__main__":
    sys.exit(main())
