# SPDX-License-Identifier: BSD-2-Clause
"""One table, many faces: parser, --help, sample, manual, schema and completion say the same."""
import json
import os
import re
import shutil
import subprocess

import bash

# JSON is YAML: the parser and the schema must think the same of each.
GOOD = ({}, {"interface": ["lo"]}, {"interface": "lo"}, {"interface": []}, {"flows": 1}, {"flows": 16777216}, {"ring": 1024},
        {"min-score": 0}, {"min-score": 0.125}, {"min-score": 1}, {"pin": False}, {"hook": "tc"}, {"host": "7"},
        {"host": "x" * 1023}, {"interface": ["lo"] * 64}, {"local": ["10.0.0.0/8"] * 32})
BAD = ([], "x", {"flow": 1}, {"flows": 0}, {"flows": -1}, {"flows": 16777217}, {"flows": "7"}, {"flows": 1.5}, {"flows": [7]},
       {"flows": None}, {"flows": True}, {"ring": 3}, {"ring": 2048}, {"min-score": 1.5}, {"min-score": -0.1},
       {"min-score": "0.5"}, {"pin": "true"}, {"pin": 1}, {"hook": "bpf"}, {"hook": 1}, {"host": 7}, {"host": ["x"]},
       {"host": {"name": "x"}}, {"host": "x" * 1024}, {"interface": ["lo"] * 65}, {"interface": [7]},
       {"interface": [["lo"]]}, {"interface": {"lo": "tap"}}, {"local": ["10.0.0.0/8"] * 33}, {"config": "x"}, {"numeric": True})


def options_of(text):
    return set(re.findall(r"^ +(?:-., )?--([a-z0-9-]+)", text, re.M))


def check_keys(skua, ok):
    keys = set(json.loads(skua("config", "schema").stdout)["properties"])
    options = options_of(skua("run", "--help").stdout)
    apart = {"help", "config", "test-config", "set", "numeric"}
    ok(options - apart == keys and apart <= options, "the schema has the options of run --help, but for %s" % ", ".join(sorted(apart)),
       sorted(options - apart ^ keys))
    with open("deploy/skua.yaml", encoding="utf-8") as file:
        sample = file.read()
    ok(sample == skua("config", "dump", "--commented").stdout, "deploy/skua.yaml is what the table says: make config-files")
    ok(set(re.findall(r"^#([a-z-]+): ", sample, re.M)) == keys, "and has every key")
    ok(skua("config", "check", "deploy/skua.yaml").returncode == 0, "and is good")
    with open("deploy/man/skua.yaml.5", encoding="utf-8") as file:
        page = file.read()
    listed = page.split('.\\" begin: skua config dump --mdoc\n')[1].split('.\\" end\n')[0]
    ok(listed == skua("config", "dump", "--mdoc").stdout, "skua.yaml(5) lists what the table says: make config-files")
    ok(set(re.findall(r"^\.It Cm ([a-z-]+)$", listed, re.M)) == keys, "and every key")
    dumped = skua("config", "dump", "-c", "/dev/null").stdout
    ok(set(re.findall(r"^#?([a-z-]+): ", dumped, re.M)) == keys, "config dump shows every key")
    return keys


def check_defaults(skua, folder, ok):
    dumped = skua("config", "dump", "-c", "/dev/null").stdout
    with open(folder + "/dumped.yaml", "w", encoding="utf-8") as file:
        file.write(dumped)
    again = skua("config", "dump", "-c", folder + "/dumped.yaml").stdout
    ok(re.sub("  # .*", "", again) == re.sub("  # .*", "", dumped), "what dump prints is a configuration that says the same")
    values = dict(re.findall(r"^([a-z-]+): (\S+)  # default$", dumped, re.M))
    schema = json.loads(skua("config", "schema").stdout)["properties"]
    wrong = [key for key, value in values.items() if str(schema[key].get("default")).lower() != value and
             float(schema[key].get("default", "nan")) != float(value)]
    ok(not wrong, "the schema's defaults are those that hold", wrong)
    helped = dict(re.findall(r"^ +(?:-., )?--([a-z-]+)\S* .* \(([0-9.]+)\)$", skua("run", "--help").stdout, re.M))
    ok(helped and all(values.get(key) == value for key, value in helped.items()), "and so are those in --help",
       sorted(set(helped.items()) - set(values.items())))


def check_schema(skua, ok, skip):
    try:
        import jsonschema
    except ImportError:
        skip("parser and schema think the same", "python3-jsonschema is not installed")
        return
    schema = json.loads(skua("config", "schema").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for cases, good in ((GOOD, True), (BAD, False)):
        taken = [case for case in cases if
                 (skua("config", "check", "/dev/stdin", text=json.dumps(case)).returncode == 0) != good]
        valid = [case for case in cases if validator.is_valid(case) != good]
        ok(not taken and not valid, "parser and schema %s %d configurations" % ("take" if good else "refuse", len(cases)),
           "parser %s\nschema %s" % (taken, valid))


def words_of(shell, command, text):
    """The long options that a completion knows of a command."""
    if shell == "bash":
        found = re.search(r"^\t%s\) options='(.*)' ;;$" % command, text, re.M)
        return {word.strip("=")[2:] for word in found[1].split() if word.startswith("--")} if found else set()
    if shell == "zsh":
        block = re.search(r"^\t%s\)\n(.*?)^\t\t;;$" % command, text, re.M | re.S)
        return set(re.findall(r"^\t\t'[^[]*?--([a-z0-9-]+)(?=[=\[}])", block[1], re.M)) | {"help"} if block else set()
    return set(re.findall(r"seen_subcommand_from %s' -l ([a-z0-9-]+)" % command, text)) | {"help"}


def check_completion(skua, ok, skip):
    commands = re.findall(r"^  ([a-z]+) ", skua("--help").stdout, re.M)
    texts = {shell: skua("completion", shell).stdout for shell in ("bash", "zsh", "fish")}
    wrong = []
    for command in commands:
        options = options_of(skua(command, "--help").stdout) | {"help"}
        if command in ("agent", "completion", "version"):
            options = {"help"}
        wrong += ["%s %s: %s" % (shell, command, sorted(options ^ words_of(shell, command, text)))
                  for shell, text in texts.items() if options != words_of(shell, command, text)]
    ok(commands and not wrong, "completion knows the options of all %d commands, for three shells" % len(commands), "\n".join(wrong))
    script = texts["bash"] + ("COMP_WORDS=(skua run --hook = x); COMP_CWORD=4; _skua; echo ${COMPREPLY[@]}\n"
                              "COMP_WORDS=(skua run --snapshots-q); COMP_CWORD=2; _skua; echo ${COMPREPLY[@]}\n"
                              "COMP_WORDS=(skua tal); COMP_CWORD=1; _skua; echo ${COMPREPLY[@]}\n")
    said = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    ok(said.stdout == "xdp xdp-generic\n--snapshots-quota=\ntalkers\n" and not said.stderr, "bash completes by it", said)
    for shell in ("zsh", "fish"):
        if not shutil.which(shell):
            skip("%s takes it" % shell, "%s is not installed: tools/setup.sh check" % shell)
            continue
        said = subprocess.run([shell, "-n"], input=texts[shell], capture_output=True, text=True, check=False)
        ok(said.returncode == 0 and not said.stderr, "%s finds no fault in it" % shell, said.stderr)
    if shutil.which("fish"):
        script = texts["fish"] + "complete -C 'skua run --snapshots-q'; complete -C 'skua run --hook x'; complete -C 'skua tal'"
        said = subprocess.run(["fish", "--no-config", "-c", script], capture_output=True, text=True, check=False)
        ok([line.split("\t")[0] for line in said.stdout.splitlines()] == ["--snapshots-quota", "xdp", "xdp-generic", "talkers"],
           "fish completes by it", said)


# A terminal of its own, in which tab is pressed; each read waits for its words.
ZSH = """zmodload zsh/zpty
zpty -b z 'zsh -f -i'
zpty -w z 'PS1=; fpath=(%s $fpath); autoload -Uz compinit; compinit -u -D; echo READY$((1+1))'
zpty -r z out '*READY2*'
zpty -w -n z $'skua run --snapshots-q\\t'
zpty -r z out '*--snapshots-quota*' && print completed
zpty -d z
"""


def check_zsh(skua, folder, ok, skip):
    if not shutil.which("zsh"):
        skip("zsh completes by it", "zsh is not installed: tools/setup.sh check")
        return
    os.mkdir(folder + "/zsh")
    with open(folder + "/zsh/_skua", "w", encoding="utf-8") as file:
        file.write(skua("completion", "zsh").stdout)
    said = subprocess.run(["timeout", "180", "zsh", "-f", "-c", ZSH % (folder + "/zsh")], capture_output=True, text=True, check=False)
    ok(said.stdout == "completed\n", "zsh completes by it", said)


def check(skua, folder, ok, skip):
    check_keys(skua, ok)
    check_defaults(skua, folder, ok)
    check_schema(skua, ok, skip)
    check_completion(skua, ok, skip)
    bash.check(skua, folder, ok)
    check_zsh(skua, folder, ok, skip)
