# SPDX-License-Identifier: BSD-2-Clause
"""One mutant against the tests that fit it; a test that fails without the mutant, too, is none."""

import fnmatch
import glob
import os
import resource
import shutil
import signal
import subprocess

_SECONDS = {"unit": 60, "wider": 300}
_TOGETHER = 5
_MEMORY = 6 << 30
_FILE = 1 << 30  # a mutant that writes without end fills the disk of all


class Trial:
    def __init__(self, tree, seen, scratch, corpus):
        self.tree, self.seen, self.scratch = tree, seen, scratch
        self.environment = dict(
            os.environ, OUT="build", TMPDIR=scratch, SKUA_CORPUS=corpus, LC_ALL="C.UTF-8",
            PYTHONDONTWRITEBYTECODE="1",
        )
        for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "SEED", "COUNT", "ONLY"):
            self.environment.pop(name, None)
        self.sound = {}  # test -> whether it passes without a mutant

    def tests(self, file, entry):
        """(kind, targets, command), those that are nearest to the file first."""
        floor = file.split("/")[1] if file.startswith("user/") and file.count("/") == 2 else None
        taken = [p for p in entry["units"] if p[0] != "-"]
        left = [p[1:] for p in entry["units"] if p[0] == "-"]
        units = []
        for path in sorted(glob.glob(self.tree.root + "/tests/unit/*_*.c")):
            unit = os.path.basename(path)[:-2]
            rank = next((n for n, p in enumerate(taken) if fnmatch.fnmatch(unit, p)), None)
            if rank is None or any(fnmatch.fnmatch(unit, p) for p in left):
                continue
            linked = self.seen.get(unit.split("_")[0], set())
            fits = floor in linked if floor else file.startswith("include/")
            if fits:
                units.append((-_likeness(unit, file), rank, unit))
        found = [("unit", ["build/unit/" + u], "build/unit/" + u) for _, _, u in sorted(units)]
        wider = entry["wider"] + ([] if file.startswith("include/") else entry["native"])
        return found + [("wider", targets, command) for targets, command in wider]

    def build_some(self, tests):
        """The next unit tests in one go, since make thinks longer than the linker works."""
        units = [targets[0] for kind, targets, _ in tests if kind == "unit"][:_TOGETHER]
        if units and units[0] not in self.tree.fresh:
            self.tree.make(*units)

    def fails(self, test):
        """None when it passes or cannot be built, else (its name, the first sentence that failed)."""
        kind, targets, command = test
        if self.tree.make(*targets) is not None:
            print("   %s does not build with this mutant: not asked" % command, flush=True)
            return None
        shutil.rmtree(self.scratch, ignore_errors=True)
        os.makedirs(self.scratch)
        child = subprocess.Popen(
            command.split(), cwd=self.tree.root, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=_confine,
            restore_signals=False,
        )
        try:
            output = child.communicate(timeout=_SECONDS[kind])[0].decode(errors="replace")
        except subprocess.TimeoutExpired:
            return command, "hangs: %d s" % _SECONDS[kind]
        finally:
            _end(child)
        broken = [line for line in output.split("\n") if line.startswith("not ok")]
        if broken:
            return command, broken[0].split(" - ", 1)[-1]
        if child.returncode not in (0, 77):
            return command, "exit status %d" % child.returncode
        return None

    def is_sound(self, test):
        """Passes in the tree as it is (call it without a mutant); asked once for each test."""
        command = test[2]
        if command not in self.sound:
            self.tree.unlink_programs()
            self.sound[command] = self.fails(test) is None
        return self.sound[command]


def _likeness(unit, file):
    """How many words of the file's name the unit's has, those that it begins with."""
    stem = os.path.basename(file).rsplit(".", 1)[0].split("_")
    words = unit.split("_")[1:]
    alike = 0
    while alike < min(len(stem), len(words)) and stem[alike] == words[alike]:
        alike += 1
    return alike * 2 + (words == stem)


def _confine():
    """A session of its own, so that all of it can be ended; no mutant eats the machine."""
    os.setsid()
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_FILE, _FILE))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # it is told by errno, as a full disk is
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)


def _end(child):
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    child.wait()
    if child.stdout:
        child.stdout.close()
