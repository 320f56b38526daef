# SPDX-License-Identifier: BSD-2-Clause
"""What each rule of context is good for: harmless days, days with attackers and real captures without it."""
import os
import re
import shutil
import subprocess
import tempfile

import corpus
import figures
import judge
import lists
import mix
import runs
from attack import Attack
from draws import Draws

RULES = ("user/detect/context_factors.c", "user/detect/context_raises.c")
SHOWN = 0.5
# Beacons of few calls, whose scores lie about the threshold: what a raise or a factor does to them shows.
FEATURES = ["port 443 sni none", "port 9443 sni weak-{n}.example", "port 443 raw lookup off", "port 4444 raw",
            "port 443 answers silent=1 sni none", "port 443 sni weak-{n}.example", "port 80 http name weak-{n}.example"]
CALLS = [8, 10, 12, 16]


def names():
    """Of the rules, in the order in which they are applied; one name may stand for two kinds of finding."""
    found = []
    for path in reversed(RULES):
        with open(path, encoding="utf-8") as file:
            found += re.findall(r'^\t\{ "([a-z0-9-]+)", ', file.read(), re.M)
    return list(dict.fromkeys(found))


def keep_journal(text, folder):
    os.mkdir(folder)
    with open(folder + "/s.scn", "w", encoding="utf-8") as file:
        file.write(text)
    with subprocess.Popen([runs.GEN, folder + "/s.scn", "-o", "-"], stdout=subprocess.PIPE) as made:
        runs.replay("-", "--journal", folder + "/journal", stdin=made.stdout)
    return folder + "/journal"


def weak(draws, length_s):
    attacks = []
    for feature in FEATURES:
        for count in CALLS:
            _, port, words = feature.split(" ", 2)
            line = "beacon from {src4} to {out4}:%s every 5m law uniform jitter 45%% count %d %s start {start+0}" % (
                port, count, words)
            attacks.append(Attack(kind="beacon", cell={"calls": count}, drawn={"feature": feature}, span_s=300 * count, gap_s=300,
                                  count=count, goal=False, actors=[line]))
            attacks[-1].start_s = 60 + draws.below(max(1, round(length_s - 900 - 450 * count)))
    return attacks


class Days:
    """Journals of a harmless day of each view, and of one with attackers."""

    def __init__(self, jobs):
        self.folder, self.jobs = tempfile.mkdtemp(prefix="ablate-", dir=runs.OUT), jobs
        report = lists.read("report")
        seed, self.days = report["seed"][0], []
        for view, path in mix.views():
            draws, length_s = Draws("mix", view, seed), mix.length_of(path)
            attacks = mix.attackers(draws, report["law"], length_s) + weak(draws, length_s)
            # Written first: writing gives the attacks their addresses.
            texts = mix.text_of(path, seed), mix.text_of(path, seed, attacks)
            self.days.append((view, attacks, texts, mix.VIEWS[view] * length_s / 86400))
        self.journals = runs.side_by_side(
            [lambda t=text, n=view + str(which): keep_journal(t, self.folder + "/" + n)
             for view, _, texts, _ in self.days for which, text in enumerate(texts)], jobs)

    def judge(self, without=()):
        """{"alarms": by view, "found": attacks found, "attacks": N}"""
        options = [word for rule in without for word in ("--without-rule", rule)]
        results = runs.side_by_side([lambda j=journal: runs.replay(j, *options) for journal in self.journals], self.jobs)
        alarms, found = {}, 0
        for number, (view, attacks, _, _) in enumerate(self.days):
            quiet, bad = results[2 * number:2 * number + 2]
            alarms[view] = sum(1 for _, most, _ in quiet.all() if most >= SHOWN)
            for attack in attacks:
                found += any(most >= SHOWN and judge.belongs(attack, record) for record, most, _ in bad.all())
        return {"alarms": alarms, "found": found, "attacks": sum(len(attacks) for _, attacks, _, _ in self.days)}

    def host_days(self):
        return sum(host_days for _, _, _, host_days in self.days)

    def close(self):
        shutil.rmtree(self.folder)


def wrong(what, score):
    """Is this score one that the row must not have?"""
    if what == "alert":
        return score < SHOWN
    if what == "no-alert-desired":
        return score > SHOWN
    return what == "nothing" and score >= SHOWN


def real_change(base, without):
    """Rows that are right only because of the rule, and rows that are wrong only because of it."""
    right = [row for row, (what, score) in base.items() if row in without and not wrong(what, score) and wrong(*without[row])]
    spoilt = [row for row, (what, score) in base.items() if row in without and wrong(what, score) and not wrong(*without[row])]
    return right, spoilt


def verdict(more, fewer_found, right, spoilt):
    """What the rule is worth, in words; of one that a single file was made for, that file."""
    files = sorted({row.split(": ")[0] for row in right})
    parts = ["%d false alarms fewer" % more] if more > 0 else []
    parts += ["%d attacks more" % fewer_found] if fewer_found > 0 else []
    if len(files) == 1:
        parts.append("1 file" if parts else "only one file: " + files[0])
    elif files:
        parts.append("%d files" % len(files))
    parts = parts or ["nothing here"]
    costs = ["%d false alarms" % -more] if more < 0 else []
    costs += ["%d attacks" % -fewer_found] if fewer_found < 0 else []
    costs += ["%d real rows" % len(spoilt)] if spoilt else []
    return "helps: " + ", ".join(parts) + ("; costs: " + ", ".join(costs) if costs else "")


def run(which, jobs):
    rules = names() if which == "all" else which.split(",")
    unknown = set(rules) - set(names())
    if unknown:
        raise SystemExit("no rule of context is named %s; there are: %s" % (" ".join(unknown), " ".join(names())))
    days = Days(jobs)
    try:
        base, real = days.judge(), corpus.scores() if corpus.there() else {}
        host_days, rows = days.host_days(), []
        print("\nrules of context left out one by one: false alarms in %.0f harmless host-days, "
              "attacks found of %d, real rows" % (host_days, base["attacks"]))
        if not real:
            print("  " + corpus.absent())
        print("  %-18s %8s %22s %6s %6s %6s  %s" % ("without", "false", "a host-day (95 %)", "more", "found", "real", ""))
        for rule in [None] + rules:
            result = days.judge([rule]) if rule else base
            count = sum(result["alarms"].values())
            rate = figures.poisson(count, host_days)
            more, fewer = count - sum(base["alarms"].values()), base["found"] - result["found"]
            right, spoilt = real_change(real, corpus.scores([rule])) if rule and real else ([], [])
            what = verdict(more, fewer, right, spoilt) if rule else ""
            print("  %-18s %8d %8.3f (%.3f-%.3f) %+6d %6d %6s  %s" % (
                rule or "(none)", count, rate["rate"], rate["low"], rate["high"], more, result["found"],
                "%d-%d" % (len(right), len(spoilt)) if rule else "", what))
            rows.append({"rule": rule, "false": rate, "by_view": result["alarms"],
                         "found": figures.share(result["found"], result["attacks"]),
                         "real_right": right, "real_spoilt": spoilt, "verdict": what})
        print("real: rows that are right only with the rule, and that are wrong only with it")
        return rows
    finally:
        days.close()
