# SPDX-License-Identifier: BSD-2-Clause
"""Tests of tools/mutate: what is drawn, and how a mutant comes and goes."""

import fnmatch
import itertools
import os
import sys
import tempfile
import time

sys.path[:0] = ["tests", "tools/mutate"]

import draw
import operators
import results
import rows
import source
import tree
from tap import finish, ok

SAMPLE = """/* a < 1 */
#define MANY 8 /* 9 */
#define TOO_LONG(x) \\
	(x + 1)
struct kept {
	char text[64];
};

static int judge(struct kept *kept, int n)
{
	char near[32];
	int at = 0;

	assert(n < 5);
	log_warn(0, "cannot %d", n + 1);
	for (at = 0; at < n - 1; at++)
		kept->seen++;
	kept->text[0] = '<';
	say(kept,
	    n + 7);
	free(kept);
	return 0x0f; /* n + 1 */
}
"""


def afters(operator):
    return sorted(m.after.strip() for m in operators.mutations("a.c", SAMPLE)[operator])


def check_operators():
    ok(afters("compare") == ["for (at = 0; at <= n - 1; at++)"],
       "comparisons: not in comments, strings, asserts and messages", afters("compare"))
    ok(afters("counter") == ["{}"], "a counter on a line of its own is left out", afters("counter"))
    dropped = [m.line for m in operators.mutations("a.c", SAMPLE)["drop"]]
    ok(dropped == [18], "a statement is dropped, no release, none that began a line before", dropped)
    constants = afters("constant")
    ok("#define MANY 9 /* 9 */" in constants and "return 0x10; /* n + 1 */" in constants,
       "constants grow by one, in the kind they had", constants)
    ok(not any("near" in after or "[65]" in after for after in constants),
       "sizes of arrays stay as they are declared", constants)
    offsets = afters("offset")
    ok("for (at = 0; at < n; at++)" in offsets and "n - 7);" in offsets,
       "one less is left out, plus is minus", offsets)


def check_lines(every):
    wrong = []
    for area, mutation in every:
        with open(mutation.file) as text:
            lines = text.read().split("\n")
        if lines[mutation.line - 1] != mutation.before or "\n" in mutation.after:
            wrong.append(mutation)
        elif mutation.before == mutation.after or mutation.before.strip().startswith(("/*", "* ")):
            wrong.append(mutation)
    ok(not wrong, "each differs from its file in one line, which is no comment", wrong[:3])


def drawn(table, seed, count):
    return [
        (area, mutation)
        for area, entry in table.items()
        for mutation in itertools.islice(draw.order(".", area, entry["files"], seed), count)
    ]


def check_draws(table):
    first = drawn(table, 1, 50)
    ok(first == drawn(table, 1, 50), "the same seed draws the same")
    ok(first != drawn(table, 2, 50), "another seed draws something else")
    counts = {area: set() for area in table}
    for area, mutation in first:
        counts[area].add(mutation.operator)
    ok(all(len(found) == 5 for found in counts.values()), "each area has every operator", counts)
    shares = draw.shares(list(table), 60)
    ok(max(map(shares.count, table)) - min(map(shares.count, table)) <= 1 and len(table) == 8,
       "60 are shared among eight areas evenly", shares)
    check_lines(first)


def check_moves():
    with tempfile.TemporaryDirectory() as root:
        with open(root + "/a.c", "w") as file:
            file.write("/* a line more */\n" + SAMPLE)
        one = operators.mutations("a.c", SAMPLE)["compare"][0]
        rows.write(root + "/drawn.txt", "# these\n", 1, {7: {"mutation": one}})
        found = draw.kept(root, root + "/drawn.txt", 1)
        ok(found == {7: one._replace(line=one.line + 1)}, "one that was kept moves with its line", found)
        ok(not draw.kept(root, root + "/drawn.txt", 2), "another seed has none of them")
        whole = list(draw.order(root, "x", ["a.c"], 1))
        with open(root + "/b.c", "w") as file:
            file.write(SAMPLE.replace("kept", "lost"))
        both = [m for m in draw.order(root, "x", ["?.c"], 1) if m.file == "a.c"]
        first = {name: [m for m in whole if m.operator == name] for name in operators.OPERATORS}
        same = {name: [m for m in both if m.operator == name] for name in operators.OPERATORS}
        ok(first == same, "other lines do not change an operator's order")


def check_table(table):
    units = [name[:-2] for name in os.listdir("tests/unit")]
    missing = [
        pattern
        for entry in table.values()
        for pattern in entry["files"] + entry["units"]
        if not (draw.area_files(".", [pattern]) or fnmatch.filter(units, pattern.lstrip("-")))
    ]
    missing += [
        command
        for entry in table.values()
        for _, command in entry["wider"] + entry["native"]
        if not command.startswith("build/") and not os.path.exists(command.split()[0])
    ]
    ok(not missing, "the table names files and tests that there are", missing)


def check_reach():
    text = "#define A 1\nstatic int b(int x)\n{\n\treturn A + x;\n}\n\nint c(void)\n{\n\treturn b(2);\n}\n"
    reach = source.reached(source.piece_of(text, 0), [text])
    ok(reach == {"A", "b", "c"}, "what a macro reaches is found through those who use it", reach)
    ok(source.piece_of(text, 8) == {"c"}, "the last function reaches itself", source.piece_of(text, 8))


def check_coming_and_going():
    with tempfile.TemporaryDirectory() as root:
        copy = object.__new__(tree.Tree)
        copy.root, copy.build, copy.stash, copy.begun = root, root + "/build", root + ".stash", 0
        copy.fresh = set()
        os.makedirs(root + "/build/user/detect")
        for name in ("a.c", "build/user/detect/a.o", "build/detect.a", "build/skua"):
            with open(os.path.join(root, name), "w") as file:
                file.write(SAMPLE)
            os.utime(os.path.join(root, name), (1000, 1000))
        mutation = operators.mutations("a.c", SAMPLE)["compare"][0]
        copy.apply(mutation, ["build/user/detect/a.o"])
        old, new = SAMPLE.split("\n"), copy.text("a.c").split("\n")
        differ = [n for n, pair in enumerate(zip(old, new)) if pair[0] != pair[1]]
        ok(differ == [mutation.line - 1] and len(old) == len(new), "the mutant has one other line", differ)
        left = os.listdir(root + "/build/user/detect") + os.listdir(root + "/build")
        ok(left == ["user"], "its object, archive and program have to be built again", left)
        time.sleep(0.01)
        with open(root + "/build/made", "w") as made:
            made.write("with the mutant")
        copy.restore()
        found = sorted(os.listdir(root + "/build")), os.stat(root + "/a.c").st_mtime
        ok(copy.text("a.c") == SAMPLE and found == (["detect.a", "skua", "user"], 1000),
           "afterwards all is as before, what was made of it is gone", found)


def check_results():
    with tempfile.TemporaryDirectory() as folder:
        plan = results.Results(folder + "/results.json", "1", 4)
        one = operators.Mutation("a.c", 1, "drop", "\tx();", "\t{}")
        for number, state in enumerate([results.CAUGHT, results.CAUGHT, results.SURVIVED], 1):
            plan.mutants[number] = {"area": "flow", "mutation": one, "state": state, "by": "", "said": ""}
        ok(plan.rate() == (2, 3), "the rate is of what changes behaviour", plan.rate())
        with open(folder + "/equivalent.txt", "w") as file:
            file.write("# why\na.c drop\nx();\n{}\nnobody looks\nat it\n\nb.c drop\ny();\n{}\nno\n")
        known = rows.reasons(folder + "/equivalent.txt")
        plan.settle(known)
        ok(plan.rate() == (2, 2) and plan.mutants[3]["said"] == "nobody looks at it" and len(known) == 2,
           "a survivor with a reason counts no more, one that was killed does", plan.mutants)
        plan.save()
        again, other = (results.Results(folder + "/results.json", "1", count) for count in (4, 5))
        again.load()
        other.load()
        ok(again.mutants == plan.mutants and not other.mutants, "results are those of the same plan only")


def main():
    table = draw.areas("tools/mutate/areas.txt")
    check_operators()
    check_draws(table)
    check_moves()
    check_table(table)
    check_reach()
    check_coming_and_going()
    check_results()
    return finish()


sys.exit(main())
