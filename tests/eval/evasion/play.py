# SPDX-License-Identifier: BSD-2-Clause
"""Makes a capture of many hosts, has it judged, and says the highest score of each."""
import json
import os
import subprocess

OUT = os.environ.get("OUT", "build")
WORK = os.path.join(OUT, "evasion")
THRESHOLDS = {"dns_exfil": 0.7}  # of the others: 0.5
HEAD = ["duration 24h", "hosts 10.0.0.0/8", "snaplen 300"]
HOSTS_AT_ONCE = 1500  # so that no table of the agent is full


def host(number, law=0):
    """Addresses of a law's host: nobody shares a server's /24 but its own client."""
    return {"src": "10.%d.%d.%d" % (16 + law, number // 250, number % 250 + 1),
            "dst": "%d.%d.%d.10" % (20 + law, number >> 8, number & 255),
            "n": "%d-%d" % (law, number)}


def scenario(lines, seed, comment="Made by tests/eval/evasion.py."):
    return "\n".join(["# SPDX-License-Identifier: BSD-2-Clause", "# " + comment]
                     + HEAD + ["seed %d" % seed] + lines) + "\n"


def generate(text, name):
    """The capture of a scenario, as a path."""
    os.makedirs(WORK, exist_ok=True)
    path = os.path.join(WORK, name)
    with open(path + ".scn", "w", encoding="utf-8") as file:
        file.write(text)
    subprocess.run([OUT + "/skua-gen", path + ".scn", "-o", path + ".pcap"], check=True)
    return path + ".pcap"


def read_scores(text):
    """By source: the highest score of a finding that is above its threshold, else below it."""
    scores = {}
    for line in text.splitlines():
        record = json.loads(line)
        if "score" not in record or "src_ip" not in record:
            continue
        kind, score = record["event_type"], record["score"]
        found = score >= THRESHOLDS.get(kind, 0.5)
        entry = scores.setdefault(record["src_ip"], {"found": False, "score": 0.0, "kind": ""})
        if (found, score) > (entry["found"], entry["score"]):
            entry.update(found=found, score=score, kind=kind)
    return scores


def judge(captures, engine="native"):
    """What the product says of captures; all that context calmed included."""
    command = [OUT + "/skua", "replay", "-q", "--format", "json", "--min-score", "0",
               "--engine", engine] + captures
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return read_scores(text)


def score(captures):
    """The same with the thresholds of beacons and tunnels at 0, to see how near the rest is."""
    command = [OUT + "/evasion_scores"] + captures
    return read_scores(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def judge_lines(blocks, seed, name):
    """blocks: lines of one source each, which is found or not: a list of booleans by source."""
    scores = {}
    for at in range(0, len(blocks), HOSTS_AT_ONCE):
        lines = [line for block in blocks[at:at + HOSTS_AT_ONCE] for line in block]
        capture = generate(scenario(lines, seed), name)
        scores.update(judge([capture]))
        os.remove(capture)
    return {source for source, entry in scores.items() if entry["found"]}
