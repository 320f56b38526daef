# SPDX-License-Identifier: BSD-2-Clause
"""Whoever uses skua for the first time: a user's PATH is enough, and what is missing or refused is said."""
import os
import re
import shutil
import subprocess

from tap import ok

# Of a user of Debian: without sbin.
USERS_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"
# Somebody who is not root, for whom nothing is installed, and whom sudo refuses.
STRANGER = {"id": "echo 1000", "sudo": "exit 1", "apt-get": "exit 1", "dpkg-query": "exit 1"}


def said_by(command, path, cwd="."):
    environment = {name: value for name, value in os.environ.items() if name not in ("OUT", "MAKEFLAGS", "MAKELEVEL")}
    environment["PATH"] = path
    done = subprocess.run(command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=600, check=False)
    return done.returncode, done.stdout.decode(errors="replace")


def check_tools(scratch):
    out = scratch + "/first"
    target = out + "/tools-are-here"
    status, said = said_by(["make", "OUT=" + out, target], USERS_PATH)
    ok(status == 0, "the PATH of a user is enough to build", said.splitlines())
    shutil.rmtree(out, ignore_errors=True)
    status, said = said_by(["make", "OUT=" + out, "CLANG=no-clang", target], USERS_PATH)
    ok(status != 0 and "not here: no-clang" in said and "tools/setup.sh build" in said,
       "make names a tool that is missing, and what installs it", said.splitlines())
    status, said = said_by(["make", "OUT=" + out, "REQUIRED=zlib no-library", target], USERS_PATH)
    ok(status != 0 and "not here: no-library;" in said and not os.path.exists(target),
       "make names a library that is missing", said.splitlines())


def make_stranger(scratch):
    """A PATH."""
    folder = scratch + "/stranger"
    os.makedirs(folder)
    for name, does in STRANGER.items():
        with open(folder + "/" + name, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n%s\n" % does)
        os.chmod(folder + "/" + name, 0o755)
    return folder + ":" + os.environ["PATH"]


def check_refused(scratch):
    path = make_stranger(scratch)
    status, said = said_by(["tools/setup.sh", "deb"], path)
    ok(status == 1 and "sudo does not make you root" in said and "apt-get install" in said,
       "who gets no root from sudo is told what root must install", said.splitlines())
    with open("deploy/debian/control", encoding="utf-8") as file:
        needed = re.search(r"^Build-Depends:(.*?)^\S", file.read(), re.M | re.S).group(1)
    needed = [name.strip().split()[0] for name in needed.split(",") if name.strip()]
    needed = [name for name in needed if not name.startswith("debhelper-compat")] + ["build-essential", "debhelper"]
    lacking = sorted(set(needed) - set(said.split()))
    ok(len(needed) > 10 and not lacking, "setup.sh deb installs what the package is built with", lacking)
    status, said = said_by(["tools/demo.sh"], path, scratch)
    ok(status == 0 and "which sudo did not grant" in said and "build/demo/demo.pcap" in said,
       "and plays the demo from a capture", said.splitlines()[:5])


def check_version(program):
    with open("Makefile", encoding="utf-8") as file:
        optional = re.search(r"^OPTIONAL := (.*)$", file.read(), re.M).group(1).split()
    told = subprocess.run([program, "version"], capture_output=True, check=False).stdout.decode()
    untold = [name for name in optional if not re.search(r"^(lib)?%s: " % re.sub("^lib", "", name), told, re.M)]
    ok(optional and not untold, "skua version says which optional libraries are there", untold)


def check_first(out, scratch):
    check_tools(scratch)
    check_refused(scratch)
    check_version(out + "/skua")
