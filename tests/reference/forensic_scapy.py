#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The report of skua analyze as analysts make it with scapy: forensic_scapy.py CAPTURE FOLDER

Written from the same definitions, in the way that such scripts are written: the capture is read
into a list, and counted in one walk over it.  For tests/bench/analyze.sh, which compares the result
with skua's as well as the time.
"""
import collections
import datetime
import json
import os
import sys

from scapy.all import DNS, IP, TCP, UDP, IPv6, rdpcap


def dns_query(packet):
    message = packet[DNS]
    if message.qr or not message.qd:
        return None
    name = message.qd.qname.decode(errors="replace").rstrip(".")
    return {"query": name, "type": message.qd.qtype, "src": packet[IP].src if IP in packet else packet[IPv6].src}


def beacons(times):
    found = []
    for (src, dst, port), at in times.items():
        if len(at) < 5:
            continue
        gaps = [later - earlier for earlier, later in zip(at, at[1:])]
        mean = sum(gaps) / len(gaps)
        variance = sum((gap - mean) ** 2 for gap in gaps) / len(gaps)
        if variance < 5.0 and mean > 1:
            found.append({"src": src, "dst": dst, "port": port, "avg_interval": round(mean, 2),
                          "variance": round(variance, 4), "connection_count": len(at)})
    return sorted(found, key=lambda row: row["variance"])


def report(path):
    packets = rdpcap(path)
    pairs, ports, times, queries = {}, collections.Counter(), {}, []
    for packet in packets:
        network = packet[IP] if IP in packet else packet[IPv6] if IPv6 in packet else None
        if IP in packet:
            pair = pairs.setdefault(tuple(sorted((network.src, network.dst))), [0, 0])
            pair[0] += 1
            pair[1] += packet.wirelen  # len(packet) builds it anew, and may come out shorter
        if network is not None and TCP in packet:
            ports["TCP/%d" % packet[TCP].dport] += 1
            times.setdefault((network.src, network.dst, packet[TCP].dport), []).append(float(packet.time))
        elif UDP in packet:
            ports["UDP/%d" % packet[UDP].dport] += 1
        if DNS in packet:
            query = dns_query(packet)
            if query:
                queries.append(query)
    talks = sorted(pairs.items(), key=lambda row: -row[1][1])[:50]
    return {
        "analysis_timestamp": datetime.datetime.now().isoformat(),
        "pcap_file": path,
        "total_packets": len(packets),
        "conversations": [{"src": a, "dst": b, "packets": n, "bytes": size} for (a, b), (n, size) in talks],
        "dns_queries": queries[:200],
        "potential_beacons": beacons(times),
        "protocol_distribution": dict(ports.most_common(50)),
    }


def main():
    path, folder = sys.argv[1:3]
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "pcap_forensic_report.json"), "w", encoding="utf-8") as file:
        json.dump(report(path), file, indent=2)


main()
