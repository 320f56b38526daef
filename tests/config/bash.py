# SPDX-License-Identifier: BSD-2-Clause
"""Tab in a bash at a terminal: names of files become one word each, whatever they hold."""
import os
import pty
import select
import time

PATIENCE_S = 120
# What is typed before tab, and the word it has to become.
TYPED = [
    ("skua info one", "one file.pcap"),
    ("skua info one\\ f", "one file.pcap"),
    ("skua info 'one f", "one file.pcap"),
    ("skua info \"one f", "one file.pcap"),
    ("skua info pla", "plain.pcap"),
    ("skua info st\\*", "st*r.pcap"),
    ("skua replay --html one", "one file.pcap"),
    ("skua replay --html=one", "--html=one file.pcap"),
    ("skua info fold", "folder of mine/"),
    ("skua info folder\\ of\\ mine/ins", "folder of mine/inside it.pcap"),
]


def make_names(folder):
    os.makedirs(folder + "/folder of mine")
    for name in ("one file.pcap", "plain.pcap", "st*r.pcap", "stir.pcap", "folder of mine/inside it.pcap"):
        with open(folder + "/" + name, "w", encoding="utf-8"):
            pass


class Terminal:
    """A bash that runs completions and, for skua, a function that shows its words."""

    def __init__(self, folder, script):
        self.said = ""
        with open(folder + "/rc", "w", encoding="utf-8") as file:
            file.write(script + "skua() { printf '<%s>' \"$@\"; echo; }\nPS1=\nPS2=\n"
                       "bind 'set bell-style none'\nbind 'set enable-bracketed-paste off'\necho READY$((1 + 1))\n")
        pid, self.fd = pty.fork()
        if not pid:
            os.chdir(folder)
            # Neither reads what the user set, nor writes down what is typed.
            os.execvpe("bash", ["bash", "--noprofile", "--rcfile", "rc", "-i"],
                       {**os.environ, "INPUTRC": "/dev/null", "HISTFILE": "", "TERM": "dumb"})
        self.pid = pid

    def type(self, text):
        os.write(self.fd, text.encode())

    def wait_for(self, text):
        """What was said up to there; else all there was, until patience ends."""
        end = time.monotonic() + PATIENCE_S
        while text not in self.said and time.monotonic() < end:
            if not select.select([self.fd], [], [], 1)[0]:
                continue
            try:
                self.said += os.read(self.fd, 4096).decode(errors="replace")
            except OSError:
                break
        before, _, self.said = self.said.partition(text)
        return before

    def close(self):
        os.close(self.fd)
        os.waitpid(self.pid, 0)


def words_after_tab(terminal, typed):
    """Typed, tab, the quote closed if there is one, and enter: the words that the command got."""
    terminal.type(typed + "\t")
    terminal.type("\necho END$((1 + 1))\n")
    said = terminal.wait_for("END2")
    return [line for line in said.replace("\r", "").split("\n") if line.startswith("<")]


def check(skua, folder, ok):
    place = folder + "/names"
    make_names(place)
    terminal = Terminal(place, skua("completion", "bash").stdout)
    terminal.wait_for("READY2")
    wrong = []
    for typed, word in TYPED:
        got = words_after_tab(terminal, typed)
        if not got or not got[-1].endswith("<%s>" % word):
            wrong.append((typed, got))
        if not got:
            break  # it still waits for the end of a quote
    terminal.close()
    ok(not wrong, "bash completes each of %d names to one word, with blanks and stars" % len(TYPED), wrong)
