# SPDX-License-Identifier: BSD-2-Clause
"""Compares skua-findings(5) with the schema: fields, which of them are optional, words; runs its examples."""
import json
import re
import subprocess

from tap import ok

PAGE = "deploy/man/skua-findings.5"
SECTION = re.compile(r"^\.Ss ([^\n]+)\n\.\\\" schema: ([^\n]+)\n(.*?)(?=^\.S[sh] )", re.M | re.S)
EXAMPLE = re.compile(r"^\$ (skua replay .*?)^\.Ed", re.M | re.S)


def properties_of(definition, prefix=""):
    """{path of a field: always there}, as deep as objects are written where they stand."""
    found = {}
    variants = [part for part in definition.get("oneOf", []) if part.get("type") == "object"]
    if variants:
        found = united([properties_of(part, prefix) for part in variants])
    for name, field in definition.get("properties", {}).items():
        found[prefix + name] = name in definition.get("required", [])
        found.update(properties_of(field.get("items", field), prefix + name + "."))
    return found


def united(several):
    """What is always there is so in each."""
    return {name: all(one.get(name, False) for one in several) for one in several for name in one}


def words_of(definition):
    """Texts that a field may only have."""
    words = set()
    for part in definition.get("oneOf", []):
        words |= words_of(part)
    for field in definition.get("properties", {}).values():
        given = field.get("enum", []) + [field.get("const")]
        words |= {word for word in given if isinstance(word, str)} | words_of(field.get("items", field))
    return words


def check_section(head, definitions, text):
    wanted = united([properties_of(definition) for definition in definitions])
    twins = {name for name in wanted if name.endswith("_hex")}
    ok(all(name[:-4] in wanted for name in twins), "each _hex is of a field beside it: " + head, sorted(twins))
    wanted = {name: always for name, always in wanted.items() if name not in twins}
    told = {name: not optional for optional, name in re.findall(r"^\.It (Op )?Cm (\S+)$", text, re.M)}
    ok(set(told) == set(wanted), "skua-findings(5) has the fields of the schema: " + head,
       ["only in one of them: " + " ".join(sorted(set(told) ^ set(wanted)))])
    wrong = sorted(name for name in set(told) & set(wanted) if told[name] != wanted[name])
    ok(not wrong, "in brackets are those that may be absent: " + head, wrong)
    said = set(re.findall(r"[^\s,;:().]+", text)) | set(re.findall(r"^\.Cm (.+?)(?: [,.;:]+)*$", text, re.M))
    words = set().union(*(words_of(definition) for definition in definitions)) - {"1.0"}
    ok(words <= said, "it says every word that they may have: " + head, sorted(words - said))


def check_examples(text, program, capture):
    for example in EXAMPLE.findall(text):
        command = example.replace("skua ", program + " ").replace("capture.pcap", capture)
        done = subprocess.run(command, shell=True, capture_output=True, timeout=300, check=False)
        ok(done.returncode == 0 and done.stdout, "an example of skua-findings(5) works: " + example.split("\n")[0],
           done.stderr.decode().splitlines())


def check_findings(program, capture):
    with open("include/skua/finding.schema.json", encoding="utf-8") as file:
        schema = json.load(file)
    with open(PAGE, encoding="utf-8") as file:
        text = file.read()
    named = set()
    for head, names, section in SECTION.findall(text):
        named |= set(names.split())
        check_section(head, [schema["$defs"][name] for name in names.split()], section)
    objects = {name for name, one in schema["$defs"].items() if properties_of(one)}
    ok(named == objects, "skua-findings(5) has a section for every object of the schema", sorted(named ^ objects))
    first = re.search(r"^\.Bl -column.*?^\.El", text, re.M | re.S)[0]
    types = {word for name, one in schema["$defs"].items() if name == "finding" or name.endswith("_record")
             for field in [one["properties"]["event_type"]] for word in field.get("enum", [field.get("const")])}
    said = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"^\.It Cm (.*?) Ta", first, re.M))))
    ok(said == types, "skua-findings(5) lists every event_type", sorted(said ^ types))
    check_examples(text, program, capture)
