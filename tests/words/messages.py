# SPDX-License-Identifier: BSD-2-Clause
"""Which messages of the program were seen: those of log_error(), by their formats."""
import glob
import re

from tap import ok

CALL = re.compile(r"log_error\((.*?)\);\n", re.S)
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
HOLE = re.compile(r"%(?:[-+ #0]*(?:\d+|\*)?(?:\.(?:\d+|\*))?(?:hh|ll|[hlzjt])?[a-zA-Z]|%)")
# What no command line brings about on a healthy machine.
RARE = re.compile(r"memory|cannot start|thread|does not answer|accounting|cannot give up|cannot limit|refused a test run"
                  r"|capture any longer|attacher is gone|could not be read to their end|failed to")


def formats():
    """[(file, format)] of each call; a format that is all hole passes on what somebody else composed."""
    for path in sorted(glob.glob("user/**/*.c", recursive=True)):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for call in CALL.findall(text):
            call = re.sub(r'"\s*(?:[A-Z_]+\s*)?"', "", call)
            for literal in LITERAL.findall(call)[:1]:
                yield path, literal.replace("\\\"", "\"")


def pattern_of(text):
    parts = HOLE.split(text)
    return re.compile(".*".join(re.escape(part) for part in parts), re.S)


def count_messages(said):
    lines = [re.sub(r"^skua: ", "", line) for line in said]
    own = [(path, text) for path, text in formats() if HOLE.sub("", text).strip(" :'-")]
    unseen = [(path, text) for path, text in own if not any(pattern_of(text).fullmatch(line) for line in lines)]
    rare = [(path, text) for path, text in unseen if RARE.search(text)]
    print("# of %d messages %d were seen, %d need a fault of the machine, %d are unseen"
          % (len(own), len(own) - len(unseen), len(rare), len(unseen) - len(rare)))
    for path, text in unseen:
        if not RARE.search(text):
            print("#   unseen: %s: %s" % (path, text))
    ok(len(unseen) - len(rare) <= len(own) // 3, "at least two in three of the messages that a command line can bring "
       "about were seen")
