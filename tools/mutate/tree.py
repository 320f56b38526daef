# SPDX-License-Identifier: BSD-2-Clause
"""A copy of the tree in which mutants are built; the product's own files are never touched."""

import glob
import os
import re
import shutil
import subprocess
import time

import source

_KEPT = ["/user/", "/bpf/", "/tools/", "/tests/", "*.a", "*_builtin.*", "agent.*"]
_BUILD_SECONDS = 900
_TICK = 0.05  # of the clock that stamps files


class Tree:
    def __init__(self, home, root):
        """home: the product.  root: the copy, made or brought up to date."""
        self.root, self.build = root, os.path.join(root, "build")
        self.stash, self.begun = root + ".stash", 0
        self.fresh = set()  # targets that are what the files as they are make
        os.makedirs(self.build, exist_ok=True)
        if os.path.isdir(self.stash):  # somebody ended the run before this one
            self.begun = os.stat(self.stash).st_mtime
            self.restore()
        for name in ("Makefile", "README.md", "bpf", "deploy", "include", "tests", "tools", "user"):
            _sync(["--delete"], os.path.join(home, name), root)
        filters = [part for kept in _KEPT for part in ("--include", kept)]
        if not os.path.exists(os.path.join(self.build, "user")) and os.path.isdir(home + "/build"):
            deep = ["--include", "/*/**", "--exclude", "*"]
            _sync(filters + deep, home + "/build/", self.build)

    def make(self, *targets):
        """None, or what make said against it.  Kernel programs are as they were."""
        if self.fresh.issuperset(targets):
            return None
        command = ["make", "-j1", "OUT=build", *targets]
        if self.begun:
            command += ["-o", "build/agent.skel.h"]
        try:
            done = subprocess.run(
                command, cwd=self.root, timeout=_BUILD_SECONDS, text=True, errors="replace",
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )
        except subprocess.TimeoutExpired:
            return "make took too long"
        if done.returncode:
            return done.stdout
        self.fresh.update(targets)
        return None

    def path(self, file):
        return os.path.join(self.root, file)

    def text(self, file):
        with open(self.path(file)) as found:
            return found.read()

    def objects(self, mutation):
        """Objects that the mutation may change: (of the product, of tests), relative to the tree."""
        product, tests = [], []
        reach = self._reach(mutation)
        for listed in glob.glob(self.build + "/**/*.d", recursive=True):
            built = os.path.relpath(listed, self.root)[:-2] + ".o"
            with open(listed) as rules:
                if mutation.file not in rules.read().split():
                    continue
            written = self.path(built[len("build/") : -2] + ".c")
            if not (os.path.exists(self.path(built)) and os.path.exists(written)):
                continue
            if not built.startswith("build/user/"):
                tests.append(built)
            elif reach is None or source.uses(self.text(written), reach):
                product.append(built)
        return sorted(product, key=lambda name: "engine" not in name), tests

    def _reach(self, mutation):
        """Names that lead to the mutated piece of a header; None: a file of its own."""
        if mutation.file.endswith(".c"):
            return None
        names = source.piece_of(self.text(mutation.file), mutation.line - 1)
        headers = glob.glob(self.root + "/include/skua/*.h") + glob.glob(self.root + "/user/*/*.h")
        return source.reached(names, [self.text(os.path.relpath(h, self.root)) for h in headers])

    def apply(self, mutation, objects):
        """Puts the line in place; objects and archives that it changes wait in the stash, and all
        that is linked: make would not miss an object whose program is newer than the sources.  The
        file keeps its time: what does not use the line is not built again."""
        with open(self.path(mutation.file)) as before:
            lines = before.read().split("\n")
        assert lines[mutation.line - 1] == mutation.before
        lines[mutation.line - 1] = mutation.after
        self.fresh.clear()
        floors = {name.split("/")[2] for name in objects if name.startswith("build/user/")}
        archives = ["build/%s.a" % floor for floor in floors]
        for name in objects + [mutation.file] + archives + self._linked():
            if os.path.exists(self.path(name)):
                os.makedirs(os.path.dirname(os.path.join(self.stash, name)), exist_ok=True)
                os.rename(self.path(name), os.path.join(self.stash, name))
        time.sleep(_TICK)
        self.begun = time.time() - _TICK / 2
        with open(self.path(mutation.file), "w") as after:
            after.write("\n".join(lines))
        shutil.copystat(os.path.join(self.stash, mutation.file), self.path(mutation.file))

    def _linked(self):
        """Programs, which have no ending to their names."""
        found = glob.glob(self.build + "/*") + glob.glob(self.build + "/*/*")
        return [
            os.path.relpath(path, self.root)
            for path in found
            if os.path.isfile(path) and "." not in os.path.basename(path)
        ]

    def unlink_programs(self):
        """So that a test has what it says that it uses, and nothing else."""
        self.fresh.clear()
        for name in self._linked():
            os.unlink(self.path(name))

    def is_same_code(self, name):
        """The object of the mutant and the one in the stash, without what is for debuggers."""
        return _code(self.path(name)) == _code(os.path.join(self.stash, name))

    def restore(self):
        """As before; whatever was made with the mutant goes."""
        for folder, _, files in os.walk(self.build):
            for name in files:
                made = os.path.join(folder, name)
                if os.lstat(made).st_mtime >= self.begun and not made.endswith(".d"):
                    os.unlink(made)
        self._give_back_all()

    def _give_back_all(self):
        self.begun = 0
        self.fresh.clear()
        for folder, _, files in os.walk(self.stash):
            for name in files:
                kept = os.path.join(folder, name)
                os.replace(kept, self.path(os.path.relpath(kept, self.stash)))
        shutil.rmtree(self.stash, ignore_errors=True)


def _sync(options, origin, target):
    subprocess.run(["rsync", "-a", *options, origin, target], check=True)


def _code(path):
    bare = path + ".bare"
    subprocess.run(["objcopy", "--strip-debug", path, bare], check=True)
    with open(bare, "rb") as code:
        found = code.read()
    os.unlink(bare)
    return found


def floors_seen(makefile):
    """{floor of a unit: floors that it links}, as the Makefile has it."""
    with open(makefile) as lines:
        rows = re.findall(r"^SEEN_(\w+)\s*:= (.*)$", lines.read(), re.MULTILINE)
    return {floor: set(seen.split()) for floor, seen in rows}
