# SPDX-License-Identifier: BSD-2-Clause
"""Which messages of the program were seen, by their formats; what no test has said must be in unreached.txt."""
import glob
import os
import re

from tap import ok

HERE = os.path.dirname(os.path.abspath(__file__))
# What is said at once, and what is composed for somebody who says it.
CALL = re.compile(r"\b(log_error|snprintf)\(")
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
HOLE = re.compile(r"%(?:[-+ #0]*(?:\d+|\*)?(?:\.(?:\d+|\*))?(?:hh|ll|[hlzjt])?[a-zA-Z]|%)")
WORDS, LETTERS = 3, 15  # in a row, that are enough to know a message in a test by, if no other message has them
COMMENT = re.compile(r"^\s*(#|//|/?\*).*$", re.M)


def arguments_of(text, at):
    """The arguments of a call whose first one begins at `at`, without what their strings hold being looked at."""
    depth, begin, found = 0, at, []
    while depth >= 0:
        string = STRING.match(text, at) or re.compile(r"'(?:[^'\\]|\\.)+'").match(text, at)
        if string:
            at = string.end()
            continue
        depth += (text[at] in "([{") - (text[at] in ")]}")
        if depth < 0 or depth == 0 and text[at] == ",":
            found.append(text[begin:at].strip())
            begin = at + 1
        at += 1
    return found


def formats():
    """{format: (file, it is a whole line)}: of log_error(), of snprintf() into what is named error; of a choice, each."""
    found = {}
    for path in sorted(glob.glob("user/**/*.c", recursive=True)):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for call in CALL.finditer(text):
            arguments = arguments_of(text, call.end())
            if call[1] == "snprintf" and not re.search(r"\berror$", arguments[0]):
                continue
            first = re.sub(r'"\s+PRI[ux]64\s+"', "llu", arguments[0 if call[1] == "log_error" else 2])
            first = re.sub(r'"\s+[A-Z_]+\s+"', "%s", first)
            for joined in re.findall(r'(?:"(?:[^"\\]|\\.)*"\s*)+', first):
                said = "".join(STRING.findall(joined)).replace('\\"', '"')
                if re.search(r"[a-z]{3}", HOLE.sub("", said)):
                    found[said] = (path, call[1] == "log_error")
    return found


def pattern_of(text):
    return ".*".join(re.escape(part) for part in HOLE.split(text))


def is_seen(text, whole, lines):
    pattern = re.compile(pattern_of(text), re.S)
    return any(pattern.fullmatch(line) if whole else pattern.search(line) for line in lines)


def spoken_elsewhere():
    """The text of all other tests without comments, as one line; strings put together."""
    texts = []
    for path in glob.glob("tests/**/*.*", recursive=True):
        if path.endswith((".py", ".sh", ".c", "refused.txt")) and not path.startswith("tests/words/"):
            with open(path, encoding="utf-8") as file:
                texts.append(re.sub(r'"\s*\n?\s*"', "", COMMENT.sub("", file.read()).replace("\\", "")))
    return "\n".join(texts)


def windows(text):
    """Words in a row, between holes."""
    for piece in HOLE.split(text):
        words = piece.split(" ")
        for at in range(len(words) - WORDS + 1):
            window = " ".join(words[at:at + WORDS]).strip(":;,. '")
            if len(window) >= LETTERS:
                yield window


def is_spoken(text, all_texts, elsewhere):
    """A test looks for words that this message has, and no other."""
    return any(window in elsewhere and sum(window in other for other in all_texts) == 1 for window in windows(text))


def unreached():
    """{format: why nothing brings it about}; a line without "%" before it that begins with "= " is the reason."""
    found, why = {}, None
    with open(HERE + "/unreached.txt", encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if line.startswith("= "):
                why = line[2:]
            elif line and not line.startswith("#"):
                found[line] = why
    return found


def count_messages(said):
    lines = [re.sub(r"^skua: ", "", line) for line in said]
    elsewhere, known, own = spoken_elsewhere(), unreached(), formats()
    seen = {text for text, (_, whole) in own.items() if is_seen(text, whole, lines)}
    others = {text for text in own if text not in seen and is_spoken(text, own, elsewhere)}
    untried = [text for text in own if text not in seen and text not in others]
    print("# of %d messages %d (%d %%) were brought about here, %d more by other tests, %d by none, for reasons"
          % (len(own), len(seen), 100 * len(seen) // len(own), len(others), len(untried)))
    for text in untried:
        print("#   %s: %s: %s" % (own[text][0], text, known.get(text, "NO REASON")))
    ok(all(known.values()), "each message of unreached.txt stands below a reason")
    new = [text for text in untried if text not in known]
    ok(not new, "a message that no test brings about is in unreached.txt", new)
    gone = [text for text in known if text not in untried]
    ok(not gone, "what is in unreached.txt is a message that no test brings about", gone)
