#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Computes scores again from what `skua explain` prints, and asks it for what is not there.

run.py OUT: a capture with one finding of each kind is made, explained as a capture, a journal,
JSON lines and as snapshots of a vault; every printed formula must give what is printed behind it.
"""
import json
import math
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import finish, ok  # noqa: E402

OUT = sys.argv[1]
SKUA, GEN, WORK = OUT + "/skua", OUT + "/skua-gen", OUT + "/explain"
NUMBER = r"([0-9][0-9,]*(?:\.[0-9]+)?)"


def run(*arguments):
    return subprocess.run([SKUA, *arguments], capture_output=True, text=True, check=False)


def explain(*arguments):
    return run("explain", *arguments)


def real(text):
    return float(text.replace(",", ""))


def near(computed, printed, decimals):
    """To the last printed digit, and what rounding of four digits before it can do."""
    return abs(computed - printed) <= 0.51 * 10 ** -decimals + 0.0003


def wilson(k, n):
    z, p = 1.645, k / n
    low = (p + z * z / (2 * n) - z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))) / (1 + z * z / n)
    return max(0.0, low)


def allowed(text):
    """[(printed, computed)] of what evidence allows: of all gaps, and of those that by_time asked for."""
    rows = []
    for line in re.findall(r"^.* nats allow .*$", text, re.M):
        if line.endswith("0 nats allow nothing"):
            rows.append((0, 0))
            continue
        found = re.search(NUMBER + " nats allow " + NUMBER + r" \+ \(" + NUMBER + " - " + NUMBER + r"\) / " + NUMBER +
                          ", 0 to 1 = " + NUMBER, line)
        nats, base, again, start, per, printed = [real(x) for x in found.groups()]
        rows.append((printed, min(1, max(0, base + (again - start) / per)) if nats == again else -1))
    return rows


def window(line):
    """(value before evidence has its say, printed bound, computed bound) of a densest window."""
    k, n = [real(x) for x in re.search(NUMBER + " of " + NUMBER, line).groups()]
    null = real((re.search("by chance " + NUMBER, line) or [0, "0"])[1])
    return (wilson(k, n) - null) / (1 - null), real(re.search("surely " + NUMBER, line)[1]), wilson(k, n)


def mixture(line):
    """The same of evidence: how far it is from none to full."""
    nats, gaps, each, none, full = [real(x) for x in re.search(
        NUMBER + " nats / " + NUMBER + " gaps = " + NUMBER + ", none " + NUMBER + ", full " + NUMBER, line).groups()]
    factor = real(re.search("x " + NUMBER + " x " + NUMBER, line)[2])
    computed = min(1, max(0, (nats / gaps - none) / (full - none)))
    return 1, factor + abs(nats / gaps - each), computed


def rhythm(text):
    """[(value printed, value computed, bound printed, bound computed)] of the regularities."""
    rows, most = [], max(computed for _, computed in allowed(text))
    for line in re.findall(r"^.*by_\w+ .*->.*$", text, re.M):
        beyond, surely, bound = mixture(line) if "by_mixture" in line else window(line)
        by = re.search("x " + NUMBER + " x " + NUMBER, line)
        weight = real(by[1]) * real(by[2]) if by else 1
        limit = most if "by_time" in line else allowed(text)[0][1]
        computed = min(limit, weight * max(0, beyond))
        capped = re.search("at most " + NUMBER, line)
        if capped and not near(real(capped[1]), limit, 4):
            computed = -1
        rows.append((real(re.search("-> " + NUMBER, line)[1]), computed, surely, bound))
    return rows


def score_of_beacon(text):
    rows = rhythm(text)
    good = bool(rows) and all(near(c, v, 4) and near(w, s, 4) for v, c, s, w in rows)
    good &= all(near(c, v, 4) for v, c in allowed(text)) and len(re.findall("by_mixture", text)) == 1
    size = re.search(NUMBER + " of " + NUMBER + " requests .*surely " + NUMBER, text)
    good &= near(wilson(real(size[1]), real(size[2])), real(size[3]), 4)
    slots = re.search(NUMBER + " of " + NUMBER + r" slots .*: " + NUMBER, text)
    good &= near(real(slots[1]) / real(slots[2]), real(slots[3]), 4)
    found = re.search("regularity " + NUMBER + r" x \(" + NUMBER + r" \+ " + NUMBER + " x sizes " + NUMBER + r" \+ " +
                      NUMBER + " x coverage " + NUMBER + r"\) = " + NUMBER, text)
    r, base, a, size, b, coverage, printed = [real(x) for x in found.groups()]
    good &= near(r, max(row[0] for row in rows), 4)
    return r * (base + a * size + b * coverage), printed, good


def score_of_dns(text):
    base = re.search(r"log2\(" + NUMBER + " / " + NUMBER + r"\) = " + NUMBER + ", / " + NUMBER + " = " + NUMBER, text)
    size, floor, octaves, full, value = [real(x) for x in base.groups()]
    computed = min(1, max(0, math.log2(size / floor) / full))
    # Logarithms are in steps of 1/256.
    good = abs(math.log2(size / floor) - octaves) < 0.005 and abs(computed - value) < 0.002
    signs = 0
    for have, sign, limit, bonus in re.findall(NUMBER + " (>=|<) " + NUMBER + r": \+" + NUMBER, text):
        good &= (real(have) >= real(limit)) == (sign == ">=") and (real(bonus) > 0) == (sign == ">=")
        signs += real(bonus)
    score = re.search(NUMBER + r" \+ " + NUMBER + ", at most 1 = " + NUMBER, text)
    good &= near(value, real(score[1]), 4) and near(signs, real(score[2]), 1)
    return min(1, real(score[1]) + real(score[2])), real(score[3]), good


def score_of_rules(text):
    scores = []
    for line in re.findall(r"^ +[0-9.]+ \+ .*at most 1.*$", text, re.M):
        found = re.search(NUMBER + r" \+ " + NUMBER + r" x \(" + NUMBER + " - " + NUMBER +
                          r"\), at most 1(?:, x " + NUMBER + ")? = " + NUMBER, line)
        floor, step, measure, start = [real(x) for x in found.groups()[:4]]
        scores.append((min(1, floor + step * (measure - start)) * real(found[5] or "1"), real(found[6])))
    scores += [(real(x), real(x)) for x in re.findall("^ +" + NUMBER + r" from [0-9.e+]+ on$", text, re.M)]
    printed = real(re.search("rules that hold = " + NUMBER, text)[1])
    good = bool(scores) and all(near(computed, said, 3) for computed, said in scores)
    return max(said for _, said in scores), printed, good


KINDS = {"beacon": score_of_beacon, "dns_exfil": score_of_dns, "scan": score_of_rules, "exfil": score_of_rules}


def check_context(text, raw, name):
    """Each step leads from what was before to what is said next, and the last to the head's score."""
    score = raw
    for sign, by, before, after in re.findall(r"([x+])" + NUMBER + "  " + NUMBER + " -> " + NUMBER, text):
        computed = min(1, real(before) * real(by) if sign == "x" else real(before) + real(by))
        ok(near(real(before), score, 3) and near(computed, real(after), 4),
           "%s: context %s%s leads from %s to %s" % (name, sign, by, before, after), text)
        score = real(after)
    ok(near(score, real(re.search("  score " + NUMBER, text)[1]), 2), "%s: the head has the score after context" % name, text)


def check_text(text, name):
    kind = text.split()[0]
    if kind == "suspicious_port":
        ok("of such findings it is fixed" in text, "%s: its score is said to be fixed" % name, text)
        return
    computed, printed, good = KINDS[kind](text)
    ok(good and near(computed, printed, 3), "%s: the printed numbers give the printed score before context" % name,
       "%s computed, %s printed\n%s" % (computed, printed, text))
    check_context(text, printed, name)


def check_capture(capture):
    done = explain("--min-score", "0", capture)
    ok(done.returncode == 0, "a capture is explained", done.stderr)
    texts = [t for t in done.stdout.split("\n\n") if t]
    kinds = {text.split()[0] for text in texts}
    ok(kinds >= set(KINDS), "with a beacon, a scan, a tunnel and an upload", kinds)
    ok(any("/ICMP" in t.splitlines()[0] for t in texts), "and an ICMP tunnel")
    ok(any(re.search(r"^  context   \+", t, re.M) for t in texts) and any(re.search(r"^  context   x", t, re.M) for t in texts),
       "some are raised and some are calmed by context")
    for number, text in enumerate(texts, 1):
        check_text(text, "%s %d" % (text.split()[0], number))
    return texts


def check_silence(capture):
    """As many exchanges as are said to be the fewest are about as many as it was first found with."""
    lines = [json.loads(line) for line in run("replay", "-q", "--format", "json", "--debug-scores", capture).stdout.splitlines()]
    new = {r["finding_id"]: r for r in lines if r.get("state") == "new" and "derivation" in r}
    ok(len(new) >= 5, "new findings of a replay tell how their scores came about", len(new))
    for record in new.values():
        smallest = record["derivation"]["smallest"]
        ok(0 < smallest["number"] <= record[record["event_type"]]["count"],
           "%s of %s: with fewer than %s %s it would be silent, and it has more" %
           (record["event_type"], record["src_ip"], smallest["number"], smallest["of"]), smallest)


def check_unusual():
    """An upload above what is usual there, and one above what its source usually sends: with a state."""
    capture, lines, vault = WORK + "/unusual.pcap", WORK + "/unusual.jsonl", WORK + "/unusual"
    subprocess.run([GEN, "tests/explain/unusual.scn", "-o", capture], check=False)
    done = run("replay", "-q", "--format", "json", "--debug-scores", "--every-update", "--state", WORK + "/state",
               "--snapshots", vault, capture)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    with open(lines, "w", encoding="utf-8") as kept:  # the schema's test reads it, too
        kept.writelines(line + "\n" for line in done.stdout.splitlines() if '"exfil"' in line)
    texts = [t for t in explain(lines).stdout.split("\n\n") if t.startswith("exfil")]
    ok(len(texts) == 2 and all("  score 1.00 (high)" in t for t in texts), "two uploads are unusual", done.stderr)
    for text, of in zip(sorted(texts), ("this destination", "this source")):
        name = "upload above what is usual of " + of
        ok(re.search("usual +(to|of) %s: 2[4-9] hours learnt" % of, text), name + ": says so", text)
        check_text(text, name)
        mean, deviation = re.search(r"log2\(1 \+ bytes\) " + NUMBER + ", deviation " + NUMBER, text).groups()
        size, octaves, above, less, by, z = [real(x) for x in re.search(
            "this hour: " + NUMBER + " B, log2 " + NUMBER + r": \(" + NUMBER + " - " + NUMBER + r"\) / " + NUMBER + " = " + NUMBER,
            text).groups()]
        ok(abs(math.log2(1 + size) - octaves) < 0.005 and above == octaves and less == real(mean) and by == real(deviation) and
           near((above - less) / by, z, 4) and "unusual     %.4f deviations above the usual within 60 min" % z in text,
           name + ": mean, deviation and the hour's bytes give the deviations that its rule counts", text)
    ok(all("would be silent with fewer than 5,000,000 bytes within the hour" in t for t in texts),
       "the fewest bytes of an hour are those that the rule asks for", texts)
    snapshot = [r["snapshot"]["file"] for r in records if r["event_type"] == "exfil" and "snapshot" in r][0]
    told = explain(vault + "/" + snapshot).stdout
    ok("does not show this finding: what is usual stands in the agent's state" in told,
       "that packets alone do not show it is said", told)


def check_json(capture, texts):
    done = explain("--min-score", "0", "--format", "json", capture)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    with open(WORK + "/explain.jsonl", "w", encoding="utf-8") as kept:  # for the schema's test
        kept.write(done.stdout)
    ok(len(records) == len(texts), "as JSON there are as many", "%d and %d" % (len(records), len(texts)))
    same = all(record["finding_id"].startswith(text.split()[1]) and
               "%.3f" % record.get("derivation", record)["score_raw"] in text for record, text in zip(records, texts))
    ok(same, "in the same order and with the same scores")
    schema = subprocess.run(["/usr/bin/python3", "tests/schema/validate.py", WORK + "/explain.jsonl", WORK + "/unusual.jsonl"],
                            capture_output=True, text=True, check=False)
    if schema.returncode == 77:
        print("# the schema was not looked at: " + schema.stdout)
    else:
        ok(schema.returncode == 0, "and the schema accepts them", schema.stdout)
    return records


def check_sources(capture, records):
    whole = explain(capture).stdout
    run("replay", "-q", "--format", "json", "--journal", WORK + "/journal", capture)
    ok(explain(WORK + "/journal").stdout == whole, "a journal is explained like its capture")
    with open(WORK + "/lines.jsonl", "w", encoding="utf-8") as lines:
        lines.write(run("replay", "-q", "--format", "json", "--debug-scores", "--every-update", capture).stdout)
    ok(explain(WORK + "/lines.jsonl").stdout == whole, "JSON lines are explained like the capture they are of")
    one = records[0]["finding_id"]
    ok(explain("--id", one[:8], capture).stdout == explain("--id", one, WORK + "/lines.jsonl").stdout != "",
       "--id chooses one of a file")


def check_vault(capture):
    vault = WORK + "/vault"
    run("replay", "-q", "--format", "json", "--snapshots", vault, capture)
    pairs = sorted(os.path.join(folder, name) for folder, _, names in os.walk(vault) for name in names
                   if name.endswith(".pcapng"))
    ok(len(pairs) >= 5, "there are snapshots", pairs)
    for path in pairs:
        with open(path[:-len("pcapng")] + "json", encoding="utf-8") as file:
            recorded = json.loads(file.readline())
        done = explain(path)
        name = "snapshot of %s from %s" % (recorded["event_type"], recorded["src_ip"])
        ok(done.returncode == 0 and done.stdout.split()[1] == recorded["finding_id"][:8], name + " explains its finding",
           done.stderr)
        ok("a replay of it gives" in done.stdout and recorded["snapshot"]["sha256"] in done.stdout,
           name + " says what its replay gives, and its hash", done.stdout)
        if recorded["event_type"] in KINDS and "derivation" not in recorded:
            computed, printed, good = KINDS[recorded["event_type"]](done.stdout)
            ok(good and near(computed, printed, 3), name + ": the printed numbers give the replay's score", done.stdout)
        ok(explain("--vault", vault, recorded["finding_id"][:6]).stdout == done.stdout, name + " is found by its id")
    # Two findings whose ids begin alike.
    for path in pairs[:2]:
        with open(path[:-len("pcapng")] + "json", encoding="utf-8") as file:
            text = file.read()
        alike = "abcd" + os.path.basename(path)[4:32]
        with open(os.path.join(os.path.dirname(path), alike + ".json"), "w", encoding="utf-8") as file:
            file.write(re.sub('"finding_id":"....', '"finding_id":"abcd', text))
    done = explain("--vault", vault, "abcd")
    ok(done.returncode == 2 and "several ids" in done.stderr and len(re.findall("^abcd[0-9a-f]{28} ", done.stderr, re.M)) == 2,
       "an ambiguous beginning lists the candidates", done.stderr)
    done = explain("--vault", vault, "0123456789")
    ok(done.returncode == 1 and "no finding whose id begins with '0123456789'" in done.stderr, "an unknown id is said to be none",
       done.stderr)


def check_errors():
    for word, sentence in (("abc", "three digits are too few"), ("ABCD", "upper case is no id"), ("zzzz", "letters are no id"),
                           ("f" * 33, "33 digits are no id")):
        done = explain(word)
        ok(done.returncode == 2 and not done.stdout and "is no file, and no id" in done.stderr, sentence, done.stderr)
    done = explain("--socket", WORK + "/nobody.sock", "abcd1234")
    ok(done.returncode == 1 and "no agent answers" in done.stderr, "an agent that is not there is said to be missing", done.stderr)
    ok(explain().returncode == 2 and explain("a", "b").returncode == 2, "it takes one word")


def check_hostile(records):
    """Lines that somebody wrote to confuse a terminal, or with fields of other types."""
    evil = dict(records[0], finding_id="e" * 32, reason="\x1b]0;pwned\x07\u202e\r\n", event_type="beacon",
                context=[{"name": "\x1b[2J", "factor": "x", "why": "\u200bwhy\x00"}],
                beacon={"name": "\x1b[31mred", "ja4": 7}, snapshot={"file": "\x1b[0m", "sha256": [], "packets": -1})
    odd = {"finding_id": "f" * 32, "derivation": {"regularities": "no", "gaps": {"a": 1}, "smallest": []}, "score": "high"}
    with open(WORK + "/hostile.jsonl", "w", encoding="utf-8") as lines:
        for record in (evil, odd, {"finding_id": 5}, ["no", "finding"], "text"):
            lines.write(json.dumps(record) + "\n")
        lines.write("{ damaged\n")
    for form in ("text", "json"):
        done = subprocess.run([SKUA, "explain", "--format", form, WORK + "/hostile.jsonl"], capture_output=True, check=False)
        shown = done.stdout.replace(b"\n", b"").decode("utf-8")
        ok(done.returncode == 0 and len(shown) > 100, "hostile lines are explained as " + form, done.stderr)
        ok(not re.search("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]", shown), "without a hidden character, as " + form, shown)


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    os.makedirs(WORK)
    capture = WORK + "/kinds.pcap"
    made = subprocess.run([GEN, "tests/explain/kinds.scn", "-o", capture], capture_output=True, text=True, check=False)
    ok(made.returncode == 0, "the capture is made", made.stderr)
    texts = check_capture(capture)
    check_silence(capture)
    check_unusual()
    records = check_json(capture, texts)
    check_sources(capture, records)
    check_vault(capture)
    check_errors()
    check_hostile(records)
    return finish()


sys.exit(main())
