#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Gives every command what it cannot work with, by the tables rows*.txt.

run.py OUT: a row is HOW | WORDS | ARGUMENTS.  HOW has the exit status; "nobody": without rights; "full":
standard output is a full disk; "more": lines of others follow; "last": they come before; "*SET": once
for each command of SETS, with {cmd} in its place; SKUA_X=Y: in the environment.  WORDS are the whole
line behind "skua: ", in which * is anything.  ARGUMENTS name what make_scratch() makes, and LONG has.
"""
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, HERE + "/../docs"]
from messages import count_messages
from tap import ok, plan, skip

OUT = os.path.abspath(sys.argv[1])
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
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
}


def make_scratch(folder):
    """What the tables name: captures, lists and keys that are wrong in one way each."""
    os.chmod(folder, 0o755)
    shutil.copy(OUT + "/skua", folder + "/skua")
    subprocess.run([OUT + "/skua-gen", "tests/scenarios/demo.scn", "-o", folder + "/good.pcap"],
                   check=True, stderr=subprocess.DEVNULL)
    with open(folder + "/good.pcap", "rb") as file:
        good = file.read()
    texts = {"cut.pcap": good[:len(good) // 2], "secret.pcap": good, "empty": b"", "text": b"x y z\n",
             "big.yaml": 70000 * b"#",
             "bad.yaml": b"interfaec: eth0\n", "short.key": b"x", "folder/capture": good,
             "lists/known-services.txt": b"x y z\n", "rules.txt": b"kind=beacon until=forever reason=test\n"}
    for made in ("folder", "lists", "bare", "closed"):
        os.mkdir("%s/%s" % (folder, made))
    os.chmod(folder + "/closed", 0o700)
    for name, text in texts.items():
        with open("%s/%s" % (folder, name), "wb") as file:
            file.write(text)
    os.chmod(folder + "/secret.pcap", 0o600)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(folder + "/dead.sock")
    listener.close()
    subprocess.run(["./skua", "export", "--keygen", "pair"], cwd=folder, check=True, stderr=subprocess.DEVNULL)
    subprocess.run(["./skua", "export", "--seal", "pair.pub", "-w", "damaged.seal", "good.pcap"], cwd=folder, check=True,
                   stderr=subprocess.DEVNULL)
    os.truncate(folder + "/damaged.seal", 5000)
    subprocess.run(["./skua", "replay", "-q", "--journal", "journal", "good.pcap"], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL)


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


def run_row(folder, how, arguments):
    for name, text in LONG.items():
        arguments = arguments.replace(name, text)
    command = ["./skua", *shlex.split(arguments)]
    if "nobody" in how:
        command = NOBODY + command
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SKUA_")}
    environment.update(re.findall(r"(SKUA_\w+)=(\S+)", how))
    with open("/dev/full" if "full" in how else os.devnull, "wb") as out:
        return subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=out,
                              stderr=subprocess.PIPE, timeout=30, check=False)


def check_row(folder, how, words, arguments):
    """The line that was said."""
    done = run_row(folder, how, arguments)
    status = int(re.search(r"\b\d\b", re.sub(r"SKUA_\S+", "", how))[0])
    said = done.stderr.decode(errors="replace").splitlines() or [""]
    wanted = re.escape("skua: " + words).replace(r"\*", ".*")
    line = said[-1] if "last" in how else said[0]
    alone = len(said) == 1 or "more" in how or "last" in how
    shown = [words, "status %d, wanted %d" % (done.returncode, status)] + said
    ok(done.returncode == status and alone and re.fullmatch(wanted, line) is not None,
       "skua %s: %s" % (arguments[:60], words[:120]), shown)
    path = [word for word in shlex.split(arguments) if "/" in word and not word.startswith("-")]
    if any(line.count(word) > 1 for word in path):
        ok(False, "it names the object once: " + line)
    return said


def main():
    said = []
    with tempfile.TemporaryDirectory(prefix="skua-words.") as folder:
        make_scratch(folder)
        for how, words, arguments in rows():
            if "nobody" in how and (os.geteuid() or not shutil.which("setpriv")):
                skip("skua %s" % arguments, "dropping rights needs root and setpriv")
                continue
            if "root" in how and os.geteuid():
                skip("skua %s" % arguments, "it needs root")
                continue
            said += check_row(folder, how, words, arguments)
    count_messages(said)
    return plan()


sys.exit(main())
