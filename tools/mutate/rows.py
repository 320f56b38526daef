# SPDX-License-Identifier: BSD-2-Clause
"""Tables of mutants: a line of words, then lines of their own for code and reasons, then an empty one."""


def key(mutation):
    """What tells a mutant from others, wherever in its file the line has moved."""
    return mutation.file, mutation.operator, mutation.before.strip(), mutation.after.strip()


def read(path):
    """[(words of the first line, the lines below)]."""
    found, block = [], []
    with open(path) as lines:
        for line in [*lines, ""]:
            if line.startswith("# "):
                continue
            if line.strip():
                block.append(line.strip())
            elif block:
                found.append((block[0].split(), block[1:]))
                block = []
    return found


def reasons(path):
    """{key: why nobody can tell}, of equivalent.txt."""
    return {(*words, *parts[:2]): " ".join(parts[2:]) for words, parts in read(path)}


def write(path, head, seed, mutants):
    """The mutants of a seed, as kept() of draw.py reads them."""
    with open(path, "w") as table:
        table.write(head)
        for number, mutant in sorted(mutants.items()):
            mutation = mutant["mutation"]
            table.write("\n%s %d %s %d %s\n%s\n%s\n" % (
                seed, number, mutation.file, mutation.line, mutation.operator,
                mutation.before.strip(), mutation.after.strip()))
