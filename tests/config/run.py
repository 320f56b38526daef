#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Configuration: layers, refusals, agreement of all that one table feeds, and a live reload."""
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile

import agree
import live

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import finish, ok, skip  # noqa: E402

SKUA = os.path.abspath(sys.argv[1]) + "/skua"


def skua(*arguments, text=None, **variables):
    return subprocess.run([SKUA, *arguments], input=text, capture_output=True, text=True, check=False,
                          env={**{n: v for n, v in os.environ.items() if not n.startswith("SKUA_")}, **variables})


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def held(*arguments, **variables):
    """{key: (value, origin)} of what would hold."""
    done = skua("config", "dump", *arguments, **variables)
    lines = [re.fullmatch(r"([a-z-]+): (.*?)  # (.*)", line) for line in done.stdout.splitlines()]
    return {m[1]: (json.loads(m[2]) if m[2][0] in '"[0123456789tf' and m[2] != "tc" else m[2], m[3]) for m in lines if m}


# One value of each layer for a key: what holds by itself, file, environment, --set.
MATRIX = {
    "snapshots-quota": (4096, "32", "16", "8"), "min-score": (0.5, "0.25", "0.75", "1"),
    "pin": (False, "true", "false", "true"), "color": ("auto", "always", "never", "auto"),
    "host": (None, "one", "two", "three"), "interface": (None, "[a0, b0]", "c0,d0", "e0"),
    "local": (None, "[10.0.0.0/8]", "fd00::/8", "192.0.2.1"),
}
READ = {"[a0, b0]": ["a0", "b0"], "c0,d0": ["c0", "d0"], "e0": ["e0"], "[10.0.0.0/8]": ["10.0.0.0/8"],
        "fd00::/8": ["fd00::/8"], "192.0.2.1": ["192.0.2.1/32"], "true": True, "false": False}


def wanted(text):
    if text in READ:
        return READ[text]
    return float(text) if isinstance(text, str) and re.fullmatch(r"[0-9.]+", text) else text


def check_layers(folder):
    for key, values in MATRIX.items():
        wrong = []
        for layers in itertools.product((False, True), repeat=3):
            path = write(folder + "/layers.yaml", "%s: %s\n" % (key, values[1]) if layers[0] else "")
            variables = {"SKUA_" + key.upper().replace("-", "_"): values[2]} if layers[1] else {}
            highest = max([0] + [i + 1 for i in range(3) if layers[i]])
            origin = ("default", path + ":1", "".join(variables), "command line")[highest]
            got = held("-c", path, *(["--set", key + "=" + values[3]] if layers[2] else []), **variables).get(key)
            should = None if highest == 0 and values[0] is None else (wanted(values[highest]), origin)
            if got != should:
                wrong.append((layers, got, should))
        ok(not wrong, "%s: by itself < file < environment < command line, in all eight cases" % key, wrong)
    path = write(folder + "/layers.yaml", "interface: [a0]\nring: 4\n")
    got = held("-c", path, "-i", "b0", "--interface", "c0", SKUA_INTERFACE="d0")
    ok(got["interface"] == (["b0", "c0"], "command line") and got["ring"] == (4, path + ":2"),
       "options of the command line take a list's place as a whole, and leave the others", got)
    said = skua("config", "dump", SKUA_RECODER="1", SKUA_SERVICE_HOST="10.0.0.1").stderr
    ok(said == "skua: SKUA_RECODER in the environment is not used: did you mean SKUA_RECORDER?\n",
       "a variable that nearly is one of ours is told, others' are not", said)


REFUSED = (
    ("ring: 3\n", "%s:1:7: ring: '3' is not a power of two from 1 to 1024"),
    ("pin: true\nintreface: lo\n", "%s:2:1: unknown key 'intreface': did you mean 'interface'?"),
    ("pin: true\npin: true\n", "%s:2:1: pin: is set in line 1 already"),
    ("host: &a x\n", "%s:1:7: anchors are not allowed"),
    ("#" * 65537, "%s: longer than 65536 bytes, which no configuration needs"),
    ("[" * 5000, "%s:1:1: a list, where lines of KEY: VALUE belong"),
)


def check_refusals(folder):
    path = folder + "/bad.yaml"
    for text, words in REFUSED:
        write(path, text)
        for command in (("config", "check", path), ("run", "-T", "-i", "lo", "-c", path), ("run", "-i", "lo", "-c", path)):
            done = skua(*command)
            ok(done.returncode == 2 and done.stderr == "skua: " + words % path + "\n",
               "%s: %s" % (" ".join(command[:2]), words % "FILE"), (done.returncode, done.stderr))
    for words, arguments, variables in (
            ("--set recoder=1: unknown key 'recoder': did you mean 'recorder'?", ("--set", "recoder=1"), {}),
            ("--set recorder: KEY=VALUE belongs here", ("--set", "recorder"), {}),
            ("--set config=/dev/null: 'config' is for the command line only", ("--set", "config=/dev/null"), {}),
            ("SKUA_FLOWS in the environment: 'x' is not a whole number from 1 to 16777216", (), {"SKUA_FLOWS": "x"}),
            ("cannot read the configuration /nonexistent: No such file or directory; name one that is there", ("-c", "/nonexistent"), {}),
            ("cannot read the configuration /: Is a directory; name a file", ("-c", "/"), {}),
            ("/dev/zero: longer than 65536 bytes, which no configuration needs", ("-c", "/dev/zero"), {}),
            ("no interface: name one, as in -i eth0, or -i any", ("-c", "/dev/null"), {}),
            ("--record: 'x=y' is no rule such as 10.0.0.0/8=headers or ns:shop=off; the words are full, headers and off",
             ("-i", "lo", "--record", "x=y"), {}),
            ("cannot read /nonexistent: No such file or directory; 'skua suppress' makes such a file",
             ("-i", "lo", "--suppressions", "/nonexistent"), {}),
            ("--trigger-filter 'porf 5': can't parse filter expression: syntax error; see pcap-filter(7)", ("-i", "lo", "--trigger-filter", "porf 5"), {})):
        done = skua("run", "-T", *arguments, **variables)
        ok(done.returncode == 2 and done.stderr == "skua: %s\n" % words, "run -T: " + words, (done.returncode, done.stderr))
    path = write(folder + "/good.yaml", "interface: lo\n")
    done = skua("run", "-T", "-c", path)
    ok((done.returncode, done.stderr, done.stdout) == (0, "skua: the configuration is good: %s\n" % path, ""),
       "run -T says what is good, and exits with 0", done)
    done = skua("config", "check", path, "/nonexistent", path)
    ok(done.returncode == 2 and done.stdout == "%s: good\n" % path * 2, "config check takes several, the worst counts", done)


def main():
    with tempfile.TemporaryDirectory() as folder:
        check_layers(folder)
        check_refusals(folder)
        agree.check(skua, folder, ok, skip)
        live.check(SKUA, folder, ok, skip)
    return finish()


sys.exit(main())
