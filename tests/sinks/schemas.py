# SPDX-License-Identifier: BSD-2-Clause
"""Findings of every kind, hostile ones too, in ECS and in OCSF, against what these ask for."""
import json
import os
import subprocess
import sys

import jsonschema

OUT = sys.argv[1] if len(sys.argv) > 1 else "build"
tests = failed = 0


def ok(good, sentence, why=""):
    global tests, failed
    tests += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {tests} - {sentence}")
    if not good and why:
        print("# " + str(why)[:300])


def unique(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError(f"a name stands twice in {names}")
    return dict(pairs)


def records(schema):
    lines = subprocess.run([OUT + "/schema/records", *schema], capture_output=True, check=True).stdout.decode()
    found = [json.loads(line, object_pairs_hook=unique) for line in lines.splitlines()]
    return found if schema else [r for r in found if "finding_id" in r]


def mutants(record, rules, root):
    """The record without one thing that is asked for, or with another type of it."""
    rules = root["$defs"][rules["$ref"].rsplit("/", 1)[1]] if "$ref" in rules else rules
    if isinstance(record, dict):
        for name in rules.get("required", []):
            yield {k: v for k, v in record.items() if k != name}
        for name, value in record.items():
            for mutant in mutants(value, rules["properties"][name], root):
                yield {**record, name: mutant}
        yield {**record, "of_no_schema": 1}
    elif isinstance(record, list):
        yield []
        for mutant in mutants(record[0], rules["items"], root):
            yield [mutant, *record[1:]]
    else:
        yield [record]
        yield 7 if isinstance(record, str) else "7"


def check(name, find_id):
    with open(f"{os.path.dirname(__file__)}/{name}.schema.json") as file:
        schema = json.load(file)
    validator = jsonschema.Draft202012Validator(schema)
    found, ours = records([name]), records([])
    errors = [error.message + " at " + error.json_path for record in found for error in validator.iter_errors(record)]
    ok(len(found) > 25 and not errors, f"{name}: {len(found)} findings of all kinds are what it asks for", errors)
    ids = {record["finding_id"] for record in ours}
    ok({find_id(record) for record in found} <= ids and len({find_id(record) for record in found}) > 15,
       f"{name}: they carry the ids that they have in our own schema")
    broken = [mutant for record in found[:9] for mutant in mutants(record, schema, schema)]
    passed = [mutant for mutant in broken if validator.is_valid(mutant)]
    ok(len(broken) > 500 and not passed, f"{name}: each of {len(broken)} records with something missing, added or of "
       "another type is refused", passed[:1])
    return found


def main():
    ecs = check("ecs", lambda record: record["event"]["id"])
    ocsf = check("ocsf", lambda record: record["finding_info"]["uid"])
    ours = {record["finding_id"]: record for record in records([]) if record["finding_id"]}
    steps = {73: 4, 47: 3, 21: 2, 1: 1}
    ok(all(steps[a["event"]["severity"]] == b["severity_id"] == 5 - ours[a["event"]["id"]]["severity"] or
           a["event"]["id"] not in ours for a, b in zip(ecs, ocsf)), "severities are the same steps in all three")
    ok(all(a["source"]["ip"] == b["evidences"][0]["src_endpoint"]["ip"] == ours[a["event"]["id"]]["src_ip"]
           for a, b in zip(ecs, ocsf)), "and so are the addresses")
    ok(all(b["type_uid"] == b["class_uid"] * 100 + b["activity_id"] for b in ocsf), "type_uid is what OCSF derives")
    ok(all(b["time"] > 10**12 or not b["time"] for b in ocsf), "its times are milliseconds")
    print(f"1..{tests}")
    return failed != 0


sys.exit(main())
