# SPDX-License-Identifier: BSD-2-Clause
"""C source as text: comments and strings blanked, what lies inside functions, top-level pieces."""

import re

_HIDDEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL
)
_DECLARED = re.compile(
    r"^\t+(?:(?:const|static|volatile|unsigned|signed|struct \w+|enum \w+|union \w+|char|int|long|short"
    r"|bool|double|float|void|size_t|ssize_t|u?int\d+_t|__u\d+|__be\d+|off_t|time_t|FILE|DIR)\b[\s*]*)+\w"
)
_SAID = re.compile(r"\b(?:assert|_Static_assert|static_assert|log_\w+|perror|puts|fputs)\s*\(|\bstderr\b")
_NAMES = re.compile(r"[A-Za-z_]\w*")


def blanked(text):
    """The same length and lines, with spaces for what is no code."""
    return _HIDDEN.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)


def is_declaration(line):
    return bool(_DECLARED.match(line))


def is_said(line):
    """Asserts and messages: nothing that a test should hold to its letters."""
    return bool(_SAID.search(line))


def inside_functions(lines):
    """Numbers (from 0) of blanked lines between a { and a } that stand alone at the left."""
    found, inside = [], False
    for number, line in enumerate(lines):
        if line.rstrip() in ("{", "}"):
            inside = line[0] == "{"
        elif inside:
            found.append(number)
    return found


def defines(lines):
    """Numbers of blanked lines that give a name a value of one line."""
    return [
        number
        for number, line in enumerate(lines)
        if re.match(r"#define \w+ .*\d", line) and not line.rstrip().endswith("\\")
    ]


def pieces(text):
    """(names, words) of each top-level piece: a macro, a function, a struct with its name."""
    found, current = [], []
    for line in blanked(text).split("\n"):
        if line.startswith("#"):
            found.append([line])
            current = []
        elif line and line[0] not in "\t {}" and not line.startswith("extern"):
            if not current or any(l.rstrip().endswith((";", "}", "};")) for l in current):
                current = []
                found.append(current)
            current.append(line)
        else:
            current.append(line)
    return [_named(piece) for piece in found if piece]


def _named(piece):
    head = "\n".join(piece).split("{")[0]
    body = "\n".join(piece)
    if head.startswith("#"):
        names = set(_NAMES.findall(head)[1:2])
    elif head.startswith("enum"):
        names = set(_NAMES.findall(body))
    else:
        names = set(re.findall(r"([A-Za-z_]\w*)\s*(?=[(\[=;])", head))
        names |= set(re.findall(r"^(?:struct|union)\s+(\w+)\s*$", head.strip()))
    return names, set(_NAMES.findall(body))


def piece_of(text, number):
    """Names of the piece in which line `number` (from 0) lies."""
    before = "\n".join(text.split("\n")[: number + 1])
    found = pieces(before)
    return found[-1][0] if found else set()


def reached(names, texts):
    """names, and those of every piece in `texts` that uses one of them, directly or not."""
    reach, every = set(names), [piece for text in texts for piece in pieces(text)]
    grew = True
    while grew:
        grew = False
        for defined, words in every:
            if words & reach and not defined <= reach:
                reach |= defined
                grew = True
    return reach


def uses(text, names):
    return bool(set(_NAMES.findall(blanked(text))) & names)
