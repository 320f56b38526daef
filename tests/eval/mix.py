# SPDX-License-Identifier: BSD-2-Clause
"""Harmless days as seen from a host, a node and a tap: false alarms; with attackers among them: precision."""
import os
import re
from collections import Counter

import cells_dns
import cells_scan
import cells_volume
import figures
import judge
import runs
import scenario
from attack import Attack
from draws import Draws

HERE = os.path.dirname(os.path.abspath(__file__))
VIEWS = {"host": 1, "node": 31, "tap": 51}  # hosts of ours in each
SHOWN, HIGH = 0.5, 0.75
GOAL_RATE, STRETCH_RATE = 0.05, 0.01  # false alarms per host-day
GOAL_PRECISION = 0.9                  # of the ten highest scores
ALARMS_SHOWN = 15  # of each kind; eval.json has all
SEEDS = {"tune": 1, "report": 2}      # of each view, unless all
# What the attackers of a day do.
BEACONS = [("60s", "fixed"), ("5m", "uniform jitter 20%"), ("15m", "sub jitter 37%"), ("10m", "add jitter 30%")]


def views():
    """[(name, path)]"""
    return [(view, os.path.relpath("%s/mix/%s.scn" % (HERE, view))) for view in VIEWS]


def length_of(path):
    """Seconds of the scenario's duration, which may be a variable's."""
    with open(path, encoding="utf-8") as file:
        number, unit = re.search(r"^(?:set )?duration\s+(\d+)([smhd])", file.read(), re.M).groups()
    return int(number) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[unit]


def text_of(path, seed, attacks=()):
    with open(path, encoding="utf-8") as file:
        text = re.sub(r"(?m)^(seed|start)\s.*$", "", file.read())
    lines = [scenario.fill(line, attack, number) for number, attack in enumerate(attacks) for line in attack.actors]
    return "\n".join(["seed %d" % seed, "start " + scenario.START, text] + lines) + "\n"


def beacon(every, law):
    return Attack(kind="beacon", cell={"every": every}, drawn={"law": law}, span_s=0, gap_s=0, count=0, goal=True,
                  actors=["beacon from {src4} to {out4}:443 every %s law %s sni c2-{n}.example start {start+0}" % (every, law)])


def attackers(draws, laws, length_s):
    """About what an intruder's day holds, each of them above the design's thresholds."""
    scans = [("syn", "100/s", 1000), ("connect", "T2 0.4s", 100), ("udp", "10/s", 100), ("syn", "T1 15s", 100)]
    attacks = [cells_scan.scan(technique, speed, contacts, "vertical", "random", draws.choice(["refused", "mixed"]), "v4",
                               draws.choice(cells_scan.SIDES), draws.choice(laws)) for technique, speed, contacts in scans]
    attacks += [cells_dns.tunnel(style, "own", 200, "1/s", draws.choice(laws), cells_dns.ZONES[0])
                for style in ("iodine", "dnscat2", "dns2tcp")]
    attacks += [cells_volume.upload("at once, 120 MB", "tls", "10M/s", "v4", ""),
                cells_volume.tunnel("random", "600 B", "1/s", 300, "v4", draws.choice(laws))]
    attacks += [beacon(every, law) for every, law in BEACONS]
    for attack in attacks:
        attack.start_s = 60 + draws.below(max(1, round(length_s - 600 - attack.span_s) // (4 if attack.kind == "beacon" else 1)))
    return attacks


def kind_of(record):
    """Strangers who scan us are the Internet's noise: told apart from scans of ours."""
    inbound = record["event_type"] == "scan" and record["scan"]["direction"] == "inbound"
    return record["event_type"] + (" inbound" if inbound else "")


def who(record):
    numbers = record.get(record["event_type"], {})
    far = numbers.get("domain") or numbers.get("name") or record.get("dest_ip", "")
    return "%s -> %s%s" % (record.get("src_ip"), far, ":%d" % record["dest_port"] if record.get("dest_port") else "")


def quiet_day(view, path, seed, options):
    shown, calm, _ = runs.judge(text_of(path, seed), options)
    alarms = [(kind_of(record), most, who(record), record["reason"], [c["name"] for c in record["context"]])
              for record, most, _ in shown.all() if most >= SHOWN]
    return {"view": view, "seed": seed, "host_days": VIEWS[view] * length_of(path) / 86400,
            "alarms": alarms, "scores": [(record["event_type"], most) for record, most, _ in calm.all()],
            "simple": Counter(one["finding"] for one in shown.compat), "packets": shown.stats["packets"]}


def bad_day(view, path, seed, laws):
    """What is shown of a day with attackers: [(score, whether an attacker did it, why)]."""
    attacks = attackers(Draws("mix", view, seed), laws, length_of(path))
    shown, calm, _ = runs.judge(text_of(path, seed, attacks))
    sources = {attack.source for attack in attacks}
    for attack in attacks:
        judge.weigh(attack, shown, calm)
    missed = [attack.kind + " " + attack.label() for attack in attacks if not attack.found["found"]]
    ranked = [(most, record.get("src_ip") in sources, record["reason"])
              for record, most, _ in shown.all() if most >= SHOWN]
    return {"view": view, "seed": seed, "missed": missed, "attacks": len(attacks), "ranked": ranked}


def run(name, lists, everything, jobs, options=()):
    seeds = lists["seed"] if everything else lists["seed"][:SEEDS[name]]
    days = [(view, path, seed) for view, path in views() for seed in seeds]
    quiet = runs.side_by_side([lambda d=day: quiet_day(*d, options) for day in days], jobs)
    bad = runs.side_by_side([lambda d=day: bad_day(*d, lists["law"]) for day in days], jobs)
    return {"quiet": quiet, "bad": bad}


def tell(result, goals, loud):
    """The table of false alarms and of precision, for people and machines."""
    told = {"views": {}, "alarms": []}
    for view in dict.fromkeys(day["view"] for day in result["quiet"]):
        mine = [day for day in result["quiet"] if day["view"] == view]
        bad = [day for day in result["bad"] if day["view"] == view]
        host_days = sum(day["host_days"] for day in mine)
        kinds = Counter(alarm[0] for day in mine for alarm in day["alarms"])
        tops = [figures.precision_at([one[:2] for one in day["ranked"]], 10) for day in bad]
        told["views"][view] = {
            "host_days": round(host_days, 2), "kinds": dict(kinds), "false": figures.poisson(sum(kinds.values()), host_days),
            "beside_beacons": figures.poisson(sum(n for kind, n in kinds.items() if kind != "beacon"), host_days),
            "high": sum(1 for day in mine for alarm in day["alarms"] if alarm[1] >= HIGH),
            "simple": dict(sum((day["simple"] for day in mine), Counter())),
            "at10": figures.share(sum(top["hits"] for top in tops), sum(top["total"] for top in tops)),
            "at50": figures.precision_at([one[:2] for day in bad for one in day["ranked"]], 50),
            "missed": [missed for day in bad for missed in day["missed"]], "attacks": sum(day["attacks"] for day in bad)}
    told["alarms"] = sorted(({"view": day["view"], "seed": day["seed"], "kind": alarm[0], "score": alarm[1], "who": alarm[2],
                              "reason": alarm[3], "context": alarm[4]} for day in result["quiet"] for alarm in day["alarms"]),
                            key=lambda alarm: -alarm["score"])
    told["scores"] = {kind: sorted(most for day in result["quiet"] for which, most in day["scores"] if which == kind)
                      for kind in sorted({which for day in result["quiet"] for which, _ in day["scores"]})}
    if loud:
        show(told, goals)
    return told


def alarm_lines(alarms):
    """The same from day to day in one line, highest first."""
    by_who = {}
    for alarm in alarms:
        by_who.setdefault((alarm["view"], alarm["kind"], alarm["who"]), []).append(alarm)
    return ["%.2f %s %s (%s, %d times): %s%s" % (same[0]["score"], kind, whom, view, len(same), same[0]["reason"],
                                                "; " + " ".join(same[0]["context"]) if same[0]["context"] else "")
            for (view, kind, whom), same in by_who.items()]


def total(told):
    return figures.poisson(sum(row["false"]["count"] for row in told["views"].values()),
                           sum(row["host_days"] for row in told["views"].values()))


def top(told):
    return figures.share(*(sum(row["at10"][what] for row in told["views"].values()) for what in ("hits", "total")))


def listed(counts):
    return ", ".join("%s %d" % one for one in counts.items()) or "none"


def show(told, goals):
    print("\nharmless days: false alarms (score >= %.1f) per host-day; with attackers: precision of the highest scores" % SHOWN)
    print("  %-8s %9s %6s %6s %22s %8s %8s  %s" % ("view", "host-days", "false", ">=%.2f" % HIGH, "a host-day (95 %)",
                                                   "at 10", "at 50", "by kind; simple rule"))
    for view, row in told["views"].items():
        false = row["false"]
        print("  %-8s %9.1f %6d %6d %8.3f (%.3f-%.3f) %8s %8s  %s; %s" % (
            view, row["host_days"], false["count"], row["high"], false["rate"], false["low"], false["high"],
            "%.3f" % row["at10"]["share"], "%.3f" % row["at50"]["share"], listed(row["kinds"]), listed(row["simple"])))
        for missed in row["missed"]:
            print("  missed in %s: %s" % (view, missed))
    for kind in sorted({alarm["kind"] for alarm in told["alarms"]}):
        lines = alarm_lines([alarm for alarm in told["alarms"] if alarm["kind"] == kind])
        for line in lines[:ALARMS_SHOWN]:
            print("  false alarm: " + line)
        if len(lines) > ALARMS_SHOWN:
            print("  and %d others of this kind" % (len(lines) - ALARMS_SHOWN))
    rate = total(told)
    shown = "%d in %.1f host-days, %.3f (95 %% interval %.3f to %.3f)" % (
        rate["count"], rate["exposure"], rate["rate"], rate["low"], rate["high"])
    goals.check("harmless days", "<= %.2f findings per host-day" % GOAL_RATE, shown, rate["rate"] <= GOAL_RATE)
    goals.check("harmless days", "<= %.2f per host-day, stretch" % STRETCH_RATE, shown, rate["rate"] <= STRETCH_RATE)
    high = sum(row["high"] for row in told["views"].values())
    goals.check("harmless days", "none of a score >= %.2f" % HIGH, "%d" % high, not high)
    ten = top(told)
    goals.share("days with attackers", ">= %.1f of the ten highest scores are attacks" % GOAL_PRECISION,
                ten["hits"], ten["total"], GOAL_PRECISION)
