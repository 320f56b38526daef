#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Gives every command what it cannot work with, by the tables rows*.txt.

run.py OUT: a row is HOW | WORDS | ARGUMENTS.  HOW has the exit status; "nobody": without rights; "full":
standard output is a full disk; a name of PLACES: in such a place; "more": lines of others follow; "last":
they come before; "among": both; "until": it is told to end when it has said so; "*SET": once for each command of SETS, with {cmd} in its place; NAME=VALUE:
in the environment.  WORDS are the whole line behind "skua: ", in which * is anything.  ARGUMENTS name
what make_scratch() makes, and LONG has.
"""
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, HERE + "/../docs"]
from messages import count_messages
from scratch import end_scratch, make_scratch
from tap import ok, plan, skip

OUT = os.path.abspath(sys.argv[1])
PATIENCE_S = 120
# Said at the end of a run where the kernel takes seconds to detach, as on a very busy machine: of that
# machine, not of the row.
OF_THE_MACHINE = re.compile(r"skua: the attacher \(pid \d+\) does not answer: it detaches when it is back")


def shell(*steps, within=""):
    """A command that takes these steps, in namespaces of its own, and becomes the one behind it."""
    made = ["unshare", *within.split()] if within else []
    return [*made, "sh", "-c", "; ".join(("set -e", *steps, 'exec "$@"')), "sh"]


VETH = "ip link add lan0 type veth peer name lan1; ip link set lan0 up; ip link set lan1 up"
BPFFS = "mount -t bpf bpf /sys/fs/bpf"
# The shell's number is then that of what it becomes.
WHEN_X_IS_WRITTEN = "{ until [ -e x.pcap ]; do kill -0 $$ || exit; sleep 0.1; done; "
# Machines that lack something: rights, memory, an interface that is up and stays, a /tmp, ...
PLACES = {
    "nobody": ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"],
    "userns": ["unshare", "--user", "--map-root-user"],
    "poor": shell("ulimit -v 60000"),
    "modest": shell("ulimit -v 300000"),
    "alone": shell(within="--net"),
    "notmp": shell("mount -t tmpfs -o ro none /tmp", within="--mount"),
    "pinned": shell(BPFFS, "./skua run -q -i lo --pin --socket none --profile small --duration 1", within="--net --mount"),
    "passing": shell(VETH, "rm -f x.pcap", WHEN_X_IS_WRITTEN + "ip link del lan0; } & :", within="--net"),
    "taken": shell(BPFFS, VETH, "ip link set lan0 xdpdrv obj other.o sec xdp", within="--net --mount"),
}
SETS = {
    "*ROWS": "replay report dns http tls credentials smb conversations talkers packets hierarchy analyze suspicious",
    "*FILTERED": "replay report dns http tls credentials smb conversations talkers packets hierarchy suspicious",
    "*PRINTING": "dns http tls conversations talkers packets hierarchy analyze suspicious",
    "*ASKING": "dns http tls credentials smb conversations talkers packets hierarchy analyze suspicious",
}
LONG = {
    "{long}": 4096 * "a",
    "{records}": 65 * "--record 10.0.0.1=off ",
    "{filters}": 17 * "--trigger-filter tcp ",
    "{path}": 900 * "long/",
    "{deep}": 24 * "long/",
}


def rows():
    for table in sorted(os.listdir(HERE)):
        if not re.fullmatch(r"rows.*\.txt", table):
            continue
        with open(HERE + "/" + table, encoding="utf-8") as file:
            lines = [line.strip() for line in file if line.strip() and not line.startswith("#")]
        for line in lines:
            how, words, arguments = line.split(" | ")
            for name, commands in SETS.items():
                if name in how:
                    yield from ((how.replace(name, ""), words.replace("{cmd}", one), arguments.replace("{cmd}", one))
                                for one in commands.split())
                    break
            else:
                yield how, words, arguments


def wanted_of(words):
    return re.escape("skua: " + words).replace(r"\*", ".*")


def run_until(wanted, command, **where):
    """Ends what would go on when it has said what is wanted."""
    with tempfile.TemporaryFile() as stderr:
        process, end = subprocess.Popen(command, stderr=stderr, **where), time.monotonic() + PATIENCE_S
        said = b""
        while process.poll() is None and time.monotonic() < end:
            said = os.pread(stderr.fileno(), 1 << 20, 0)
            if re.search("^%s$" % wanted, said.decode(errors="replace"), re.M):
                break
            time.sleep(0.05)
        process.terminate()
        status = process.wait(PATIENCE_S)
        return subprocess.CompletedProcess(command, status, None, os.pread(stderr.fileno(), 1 << 20, 0))


def run_row(folder, how, words, arguments):
    for name, text in LONG.items():
        arguments, how = arguments.replace(name, text), how.replace(name, text)
    command = ["./skua", *shlex.split(arguments)]
    for place in PLACES.keys() & how.split():
        command = PLACES[place] + command
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SKUA_")
                   and not name.lower().endswith("_proxy")}
    environment.update(re.findall(r"([A-Z_]+)=(\S+)", how))
    with open("/dev/full" if "full" in how else os.devnull, "wb") as out:
        where = {"cwd": folder, "env": environment, "stdin": subprocess.DEVNULL, "stdout": out}
        if "until" in how.split():
            return run_until(wanted_of(words), command, **where)
        return subprocess.run(command, stderr=subprocess.PIPE, timeout=PATIENCE_S, check=False, **where)


def check_row(folder, how, words, arguments):
    """The line that was said."""
    done = run_row(folder, how, words, arguments)
    status = int(re.search(r"\b\d\b", re.sub(r"[A-Z_]+=\S+", "", how))[0])
    said = [line for line in done.stderr.decode(errors="replace").splitlines() if not OF_THE_MACHINE.fullmatch(line)] or [""]
    wanted = wanted_of(words)
    line = said[-1] if "last" in how else said[0]
    if "among" in how:
        line = next((one for one in said if re.fullmatch(wanted, one)), line)
    alone = len(said) == 1 or {"more", "last", "among"} & set(how.split())
    shown = [words, "status %d, wanted %d" % (done.returncode, status)] + said
    ok(done.returncode == status and alone and re.fullmatch(wanted, line) is not None,
       "skua %s: %s" % (arguments[:60], words[:120]), shown)
    path = [word for word in shlex.split(arguments) if "/" in word and not word.startswith("-")]
    if any(line.count(word) > 1 for word in path):
        ok(False, "it names the object once: " + line)
    return said


def why_not(folder, how, arguments):
    """What this machine does not let us make; None: nothing."""
    if ("root" in how or PLACES.keys() & how.split()) and os.geteuid():
        return "it needs root"
    if re.search("small/|none_left/", arguments) and not os.path.ismount(folder + "/small"):
        return "a disk that is full needs root, and a namespace of mounts"
    if {"poor", "modest"} & set(how.split()) and os.environ.get("SAN"):
        return "a build with sanitizers needs all the addresses there are"
    if "taken" in how and not os.path.exists(folder + "/other.o"):
        return "somebody else's program is not built: make check-build"
    return None


def main():
    said = []
    with tempfile.TemporaryDirectory(prefix="skua-words.") as folder:
        make_scratch(folder, OUT)
        for how, words, arguments in rows():
            lacking = why_not(folder, how, arguments)
            if lacking:
                skip("skua %s" % arguments, lacking)
                continue
            said += check_row(folder, how, words, arguments)
        end_scratch(folder)
    count_messages(said)
    return plan()


sys.exit(main())
