# SPDX-License-Identifier: BSD-2-Clause
"""Which findings belong to which attack, and when each was found."""
from ipaddress import ip_address

from scenario import START_S

SHOWN = 0.5
EVENTS = {"scan": "scan", "dns": "dns_exfil", "dga": "dns_dga", "exfil": "exfil", "icmp": "exfil", "beacon": "beacon"}
CLASSES = ("udp", "icmp", "arp", "ns")


def protocol_fits(attack, record):
    wanted = attack.cell["technique"] if attack.cell["technique"] in CLASSES else "tcp"
    told = record["scan"]["technique"]
    return wanted == (told if told in CLASSES else "tcp")


def belongs(attack, record):
    if record["event_type"] != EVENTS[attack.kind] or record.get("src_ip") != attack.source:
        return False
    if attack.kind == "scan":
        return protocol_fits(attack, record)
    if attack.kind == "dns":
        return ("." + attack.domain).endswith("." + record["dns_exfil"]["domain"])
    if attack.kind in ("exfil", "icmp"):
        return record.get("dest_ip") == attack.target and (record["exfil"]["channel"] == "icmp") == (attack.kind == "icmp")
    return True


def simple_rule(attack, compat):
    """Would the simple rules have said something of it?"""
    if attack.kind == "dns":
        return any(one["finding"] == "DNS_EXFILTRATION" and one["source"] == attack.source for one in compat)
    if attack.kind == "scan":
        low = int(ip_address(attack.target))
        return any(one["finding"] == "PORT_SCAN" and 0 <= int(ip_address(one["target"])) - low < 1024 for one in compat)
    return False


def sent_until(attack, when_s):
    """How many contacts, queries or echoes had been sent then, by the mean gap."""
    if attack.gap_s <= 0 or attack.kind == "exfil":
        return None
    return max(1, min(attack.count, int((when_s - START_S - attack.start_s) / attack.gap_s + 1e-6) + 1))


def weigh(attack, shown, calm):
    mine = [(when, record) for record, most, when in shown.all() if most >= SHOWN and belongs(attack, record)]
    others = sorted({record["event_type"] for record, most, _ in shown.all() if most >= SHOWN and
                     record.get("src_ip") == attack.source and not belongs(attack, record)})
    scores = [most for record, most, _ in calm.all() if belongs(attack, record)]
    attack.found = {"found": bool(mine), "score": max(scores, default=0.0), "otherwise": others,
                    "simple": simple_rule(attack, shown.compat)}
    if not mine:
        return
    when_s = min(when for when, _ in mine)
    attack.found["after_s"] = round(when_s - START_S - attack.start_s, 3)
    attack.found["after"] = sent_until(attack, when_s)
    if attack.booked_s >= 0 and attack.failed >= 10:
        decided_s = START_S + attack.start_s + 9 * attack.gap_s + attack.booked_s
        attack.found["after_tenth_s"] = round(when_s - decided_s, 3)


def strangers(attacks, findings):
    """[(record, highest score)] of what nobody did: neither an attack, nor whom it met."""
    sources = {attack.source for attack in attacks}
    targets = {attack.target for attack in attacks}
    return [(record, most) for record, most, _ in findings.all()
            if record.get("src_ip") not in sources and record.get("src_ip") not in targets]
