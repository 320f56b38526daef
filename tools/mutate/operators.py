# SPDX-License-Identifier: BSD-2-Clause
"""What a mutation may do to one line: five operators, each a list of lines that differ in one place."""

import re
from collections import namedtuple

import source

# line: from 1.  before, after: the whole line.
Mutation = namedtuple("Mutation", "file line operator before after")

_COMPARE = re.compile(r"(?<![-<>=!])(<=|>=|==|!=|<|>)(?![<>=])|(&&)|(\|\|)")
_OTHER = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "&&": "||", "||": "&&"}
_NUMBER = re.compile(r"(?<![\w.])(?:0x([0-9a-fA-F]+)|(\d+\.\d+(?:e-?\d+)?)|(\d+))(?=[uUlL]*\b)(?![.\w]*\.)")
_TRUTH = re.compile(r"\b(true|false)\b")
_OFFSET = re.compile(r"(?<=[\w)\]]) ([+-]) (?=[\w(])")
_COUNTER = re.compile(
    r"^\t+(?:(?:\+\+|--)[^;=]+|[\w.\->\[\]()*&]+(?:\+\+|--)|[\w.\->\[\]()*&]+ [+-]= [^;]+"
    r"|\w*(?:count|tally|lost|refuse|drop)\w*\([^;]*\));$"
)
_STATEMENT = re.compile(
    r"^\t+(?:\w+\([^;]*\)|\*?[\w.\->\[\]()*&]+ (?:[|&^]|<<|>>)?= [^;]+|break|continue);$"
)
# What is given back: leaks are for the sanitizers (tests/sanitize.sh), not for assertions.
_RELEASE = re.compile(r"^\t+(?:\w*(?:free|close|fini|munmap|unlock)\w*\(|.* = NULL;)")


def _put(line, start, end, text):
    return line[:start] + text + line[end:]


def compare(line, code):
    """A comparison that includes the limit, or its opposite; and, or."""
    if code.startswith("#"):
        return
    for found in _COMPARE.finditer(code):
        yield _put(line, found.start(), found.end(), _OTHER[found.group()])


def constant(line, code):
    """One more; a quarter more of a fraction; true for false."""
    array = source.is_declaration(code) and "=" not in code
    for found in _NUMBER.finditer(code):
        hexadecimal, fraction, number = found.groups()
        if array or (code.startswith("#") and found.start() < len(code.split()[0]) + 1):
            continue
        if hexadecimal:
            text = "0x%0*x" % (len(hexadecimal), int(hexadecimal, 16) + 1)
        elif fraction:
            text = repr(float(fraction) * 1.25 or 0.25)
        else:
            text = str(int(number) + 1)
        yield _put(line, found.start(), found.end(), text)
    for found in _TRUTH.finditer(code):
        yield _put(line, found.start(), found.end(), "false" if found.group() == "true" else "true")


def offset(line, code):
    """Off by one: `+ 1` left out; plus for minus elsewhere."""
    if code.startswith("#"):
        return
    for found in _OFFSET.finditer(code):
        one = re.match(r"1\b", code[found.end() :])
        if one:
            yield _put(line, found.start(), found.end() + 1, "")
        else:
            yield _put(line, found.start(1), found.end(1), "-" if found.group(1) == "+" else "+")


def counter(line, code):
    """A counter that nobody counts."""
    if _COUNTER.match(code.rstrip()):
        yield re.match(r"\t*", line).group() + "{}"


def drop(line, code):
    """A statement that is not there."""
    code = code.rstrip()
    if _STATEMENT.match(code) and not (_COUNTER.match(code) or _RELEASE.match(code)):
        yield re.match(r"\t*", line).group() + "{}"


OPERATORS = {"compare": compare, "constant": constant, "offset": offset, "drop": drop, "counter": counter}


def _begins(codes, number):
    """A statement begins at this line: the one before ended something."""
    for code in reversed(codes[:number]):
        code = code.strip()
        if code:
            return code[-1] in ";{}:)" or code.split()[-1] in ("else", "do")
    return False


def mutations(file, text):
    """Every mutation of a file, by operator."""
    lines, codes = text.split("\n"), source.blanked(text).split("\n")
    found = {name: [] for name in OPERATORS}
    for number in source.inside_functions(codes) + source.defines(codes):
        line, code = lines[number], codes[number]
        if source.is_said(code) or not code.strip():
            continue
        for name, mutate in OPERATORS.items():
            if name in ("drop", "counter") and (
                source.is_declaration(code) or not _begins(codes, number)
            ):
                continue
            for after in mutate(line, code):
                found[name].append(Mutation(file, number + 1, name, line, after))
    return found
