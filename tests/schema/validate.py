#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Hold every line of JSON output to include/skua/finding.schema.json.

validate.py FILE...          TAP: one test per file; the first bad line is named
validate.py --mutants FILE   TAP: every field in turn is left out, made a stranger's and given
                             another type; the schema must refuse each of them
"""
import copy
import collections
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import finish, ok  # noqa: E402

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not installed")
    sys.exit(77)

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
with open(os.path.join(ROOT, "include/skua/finding.schema.json"), encoding="utf-8") as file:
    SCHEMA = json.load(file)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

# What a record may lack.
OPTIONAL = {
    "host", "host_hex", "sensor_id", "mode", "in_iface", "src_port", "dest_ip", "dest_port",
    "proto", "community_id", "entity", "entity_hex", "domain", "domain_hex", "name", "name_hex",
    "ja4", "sample", "sample_hex", "why_hex", "reason_hex", "text_hex", "raise", "snapshot", "proof", "suppressed",
    "version_hex", "source_hex", "role_hex", "hook_hex", "state_hex",
    "indicator_hex", "label_hex", "seen_hex", "derivation", "conditions", "usual", "origin",
    "src_pod", "dest_pod", "owner", "node", "age_s",
}
OPTIONAL_IN_STATS = {"first_seen", "last_seen", "totals", "vault", "suppressed", "suppressed_by"}
OPTIONAL_IN_TRIGGER = {"source", "label", "seen"}
OPTIONAL_IN_RITA = {"cut", "skua_score"}
NEEDED_IN_ORIGIN = {"uid", "cgroup_id"}


def no_duplicates(pairs):
    """Two fields of one name are valid to most readers, and different things to each."""
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError("a field appears twice")
    return dict(pairs)


def lines_of(path):
    with open(path, "rb") as records:
        for number, line in enumerate(records, 1):
            yield number, line


def parse(line):
    if not line.endswith(b"\n"):
        raise ValueError("the line is not ended")
    return json.loads(line.decode("utf-8"), object_pairs_hook=no_duplicates)


EACH = 20


def shape_of(value):
    """Which fields there are, and of what type; not what they say."""
    if isinstance(value, dict):
        return tuple((name, shape_of(value[name])) for name in sorted(value))
    if isinstance(value, list):
        return tuple(sorted({shape_of(item) for item in value}, key=repr))
    return type(value).__name__


def validate(path):
    """Every line is read; of records that look alike, the first EACH and every EACH-th after them are
    held against the schema, which takes milliseconds for each."""
    number = 0
    met = collections.Counter()
    for number, line in lines_of(path):
        try:
            record = parse(line)
            shape = record.get("event_type"), shape_of(record)
            met[shape] += 1
            if met[shape] <= EACH or not met[shape] % EACH:
                VALIDATOR.validate(record)
        except (ValueError, jsonschema.ValidationError) as error:
            best = error
            if isinstance(error, jsonschema.ValidationError):
                best = jsonschema.exceptions.best_match([error])
                best = f"{list(best.absolute_path)}: {best.message[:200]}"
            ok(False, f"{path}: line {number} is a record of the schema")
            print(f"# {best}")
            return
    ok(number > 0, f"{path}: {number} records, all of the schema")


def objects(value, path=()):
    """Every object in a record, with the way to it."""
    if isinstance(value, dict):
        yield path, value
        for name, child in value.items():
            yield from objects(child, path + (name,))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from objects(child, path + (index,))


def at(record, path):
    for step in path:
        record = record[step]
    return record


def refused(record, path, change):
    mutant = copy.deepcopy(record)
    change(at(mutant, path))
    return not VALIDATOR.is_valid(mutant)


def another_type(value):
    return 7 if isinstance(value, (str, list, dict)) else "seven"


def may_lack(path, name):
    if path == ("origin",):
        return name not in NEEDED_IN_ORIGIN
    if path == ("rita",) and name in OPTIONAL_IN_RITA:
        return True
    if path == ("trigger",) and name in OPTIONAL_IN_TRIGGER:
        return True
    return name in OPTIONAL or (path == ("stats",) and name in OPTIONAL_IN_STATS)


def mutate_object(record, path, fields):
    """The mutants of one object that the schema lets pass."""
    passed = []
    free = path and path[-1] in ("ignored", "lost", "tables", "given_up", "suppressed_by", "config")  # by cause
    if not free and not refused(record, path, lambda o: o.update(stranger=1)):
        passed.append("a stranger")
    for name in fields:
        needed = not free and not may_lack(path, name)
        if needed and not refused(record, path, lambda o, n=name: o.pop(n)):
            passed.append(f"{name} left out")
        if not refused(record, path, lambda o, n=name: o.update({n: another_type(o[n])})):
            passed.append(f"{name} of another type")
        if not refused(record, path, lambda o, n=name: o.update({n: None})):
            passed.append(f"{name} null")
    return passed


def mutants(file):
    for number, line in lines_of(file):
        record = parse(line)
        for path, fields in objects(record):
            where = "/".join(str(step) for step in path) or "the record"
            passed = mutate_object(record, path, fields)
            ok(not passed, f"line {number}, {record['event_type']}: mutants of {where} are refused")
            for mutant in passed:
                print(f"# passed: {mutant}")


def foreign(file):
    """A record must have the numbers of its own kind, and may have a snapshot and an interface."""
    records = [parse(line) for _, line in lines_of(file)]
    findings = [record for record in records if "finding_id" in record]
    good = True
    for record in findings:
        for other in findings:
            if other["event_type"] != record["event_type"]:
                kind = other["event_type"]
                mutant = dict(record)
                mutant[kind] = other[kind]
                good &= not VALIDATOR.is_valid(mutant)
                mutant = dict(record, event_type=kind)
                good &= not VALIDATOR.is_valid(mutant)
    ok(good, "the numbers of another kind are refused")
    snapshot = {
        "file": "2026/11/21/7f3a.pcapng", "sha256": "0" * 64, "packets": 576, "bytes": 81234,
        "pre_trigger_s": 21604, "truncated": False, "ring_dropped": 0,
    }
    record = dict(findings[0], in_iface="eth0", snapshot=snapshot)
    ok(VALIDATOR.is_valid(record), "a finding may have an interface and a snapshot")
    snapshot.pop("sha256")
    ok(not VALIDATOR.is_valid(record), "a snapshot without its hash is refused")


def main(arguments):
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    if arguments[0] == "--mutants":
        for path in arguments[1:]:
            mutants(path)
            foreign(path)
    else:
        for path in arguments:
            validate(path)
    return finish()


sys.exit(main(sys.argv[1:]))
