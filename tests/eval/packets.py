# SPDX-License-Identifier: BSD-2-Clause
"""Draws the packet-level attacks of a list of seeds, has them judged, and keeps what was seen beside them."""
import time

import cells_dga
import cells_dns
import cells_scan
import cells_volume
import damage
import judge
import runs
import scenario
from draws import Draws

BACKGROUND = "tests/scenarios/benign.scn"
BACKGROUND_HOSTS = 18  # that act in it
UPLOADS_ROOM = 24      # in one scenario: each has some 60,000 packets
SNAPLEN = 96           # uploads are told by lengths
SEEDS_OF_ALL = 2       # every cell of scans so often: there are 17,000
TIMES = {"tune": 1, "report": 2}  # draws of a cell group for each seed


def attacks_of(name, laws, seeds, everything):
    """{kind: [(seed, [attack])]}"""
    drawn = {"scan": [], "dns": [], "exfil": [], "icmp": [], "dga": []}
    for at, seed in enumerate(seeds):
        draws = Draws("packets", name, seed)
        times = TIMES[name]
        if everything:
            made = {"scan": cells_scan.every(draws, laws) if at < SEEDS_OF_ALL else [], "dns": cells_dns.every(draws, laws),
                    "exfil": cells_volume.every_upload() if at == 0 else [],
                    "icmp": cells_volume.every_tunnel(draws, laws), "dga": cells_dga.drawn(draws, 8)}
        else:
            made = {"scan": cells_scan.drawn(draws, laws, times), "dns": cells_dns.drawn(draws, laws, 2 * times),
                    "exfil": cells_volume.drawn_uploads(draws, 1), "icmp": cells_volume.drawn_tunnels(draws, laws, 2 * times),
                    "dga": cells_dga.drawn(draws, 2 * times)}
        for kind, attacks in made.items():
            drawn[kind].append((seed, attacks))
    return drawn


def made_here(attacks, seed):
    """What the generator has no actor for, in the order of time."""
    return sorted(packet for attack in attacks for packet in cells_dga.packets(attack, seed))


def check_truth(attack, rows):
    """An actor that stops early, or does otherwise than the cell says, is an error of the scenario."""
    sent, failed = (sum(int(row[what]) for row in rows) for what in ("count", "failed"))
    told = attack.kind == "scan" and attack.cell["technique"] in cells_scan.TOLD
    sound = attack.kind == "dga" or 0.98 * attack.count <= sent <= 1.02 * attack.count
    if not sound or told and failed != attack.failed:
        raise RuntimeError("%s: %d of %d were sent, %d of %d failed" % (
            attack.label(), sent, attack.count, failed, attack.failed))


def judge_one(attacks, seed, lines, uploads):
    dga = attacks[0].kind == "dga"
    text = scenario.write(attacks, seed, lines, snaplen=SNAPLEN if uploads else None)
    beside = damage.Capture(damage.ETHERNET, made_here(attacks, seed)) if dga else None
    shown, calm, truth = runs.judge(text, beside=beside)
    for attack in attacks:
        check_truth(attack, [row for row in truth if row["src"] == attack.source])
        judge.weigh(attack, shown, calm)
    return {"packets": shown.stats["packets"], "lost": sum(shown.stats["lost"].values()),
            "strangers": [(record["event_type"], most, record["reason"]) for record, most in judge.strangers(attacks, shown)]}


def run(name, lists, everything, jobs, kinds=None):
    """{"attacks": [...], "packets": N, "seconds": S, "strangers": [...], "host_days": D}"""
    begun = time.monotonic()
    lines = scenario.background(BACKGROUND)
    work, attacks = [], []
    for kind, seeds in attacks_of(name, lists["law"], lists["seed"], everything).items():
        if kinds and kind not in kinds:
            continue
        uploads = kind == "exfil"
        for seed, drawn in seeds:
            draws = Draws("pack", name, kind, seed)
            for number, together in enumerate(scenario.pack(drawn, draws, UPLOADS_ROOM if uploads else scenario.ROOM)):
                work.append(lambda t=together, s=1000 * seed + number, u=uploads: judge_one(t, s, lines, u))
                attacks += together
    results = runs.side_by_side(work, jobs)
    return {"attacks": attacks, "scenarios": len(work), "packets": sum(one["packets"] for one in results),
            "lost": sum(one["lost"] for one in results), "seconds": round(time.monotonic() - begun, 1),
            "strangers": [stranger for one in results for stranger in one["strangers"]],
            "host_days": BACKGROUND_HOSTS * len(work) * scenario.DAY_S / 86400}
