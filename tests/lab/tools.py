#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Says of each tool whether it was found live and in the capture of it, and how long that took.

tools.py judge LIVE REPLAY CALMED CAPTURE < EXPECTED: JSON lines of a live run with the time before each, of
a replay of the capture taken beside it, and of one that shows every score; EXPECTED has lines "address kind
technique name words", technique as "syn", "syn+block" (with the shape) or "-" for any, kind "-" for who must
not be found.  Writes lines
"status|sentence|detail" and "#|note".
tools.py stretch FACTOR < CAPTURE > SLOWER: the gaps between the packets are that much longer.
"""
import ipaddress
import json
import struct
import sys

SCORE = 0.05       # the most that a score may differ between live and replay
SILENCE = 5        # seconds until a SYN without an answer has failed
FAILURES, PROBES, TARGETS = 10, 5, 20  # what suffices for a scan, for odd flags, for a sweep
ENTITIES = ["event_type", "src_ip", "dest_ip", "dest_port", "proto"]
ICMP_UNREACHABLE, ICMPV6_UNREACHABLE, ECHO, ECHO6, SOLICITATION = 3, 1, 8, 128, 135


def packets(file):
    """Times in seconds and frames of a capture as tcpdump writes it here."""
    order = {b"\xd4\xc3\xb2\xa1": "<", b"\xa1\xb2\xc3\xd4": ">"}[file.read(24)[:4]]
    while len(head := file.read(16)) == 16:
        seconds, micro, size, _ = struct.unpack(order + "4I", head)
        yield seconds + micro / 1e6, file.read(size)


def parse(frame):
    """(source, destination, protocol, transport); of ARP, who asks for whom."""
    kind, data = frame[12:14], frame[14:]
    if kind == b"\x08\x06" and data[7] == 1:
        return ipaddress.ip_address(data[14:18]), ipaddress.ip_address(data[24:28]), "arp", b""
    if kind == b"\x08\x00":
        transport = data[(data[0] & 15) * 4:]
        return ipaddress.ip_address(data[12:16]), ipaddress.ip_address(data[16:20]), data[9], transport
    if kind == b"\x86\xdd":
        return ipaddress.ip_address(data[8:24]), ipaddress.ip_address(data[24:40]), data[6], data[40:]
    return None


class Host:
    """What the capture has of one address: the first packet, distinct probes, and refusals."""
    def __init__(self):
        self.first, self.probes, self.swept, self.refused = None, {}, {}, []

    def sent(self, when, to, protocol, data):
        self.first = self.first or when
        if protocol in (6, 17):
            self.probes.setdefault((to, data[2:4]), when)
        elif protocol == "arp" or data[:1] in (bytes([ECHO]), bytes([ECHO6])):
            self.swept.setdefault(to, when)
        elif protocol == 58 and data[:1] == bytes([SOLICITATION]) and len(data) >= 24:
            self.swept.setdefault(data[8:24], when)

    def got(self, when, protocol, data):
        unreachable = (protocol, data[0]) in ((1, ICMP_UNREACHABLE), (58, ICMPV6_UNREACHABLE))
        if unreachable or protocol == 6 and len(data) >= 14 and data[13] & 4:
            self.refused.append(when)

    def decided(self, kind, technique):
        """When what suffices had happened, and what that was; None if it cannot be told by packets alone."""
        if kind != "scan":
            return None, ""
        if technique in ("arp", "ns"):
            return nth(list(self.swept.values()), TARGETS), "20th target"
        if technique == "icmp":
            return silent(self.swept, TARGETS), "20th silence"
        if technique in ("null", "xmas", "odd"):
            return nth(list(self.probes.values()), PROBES), "5th probe"
        if technique in ("fin", "ack", "maimon"):
            return nth(self.refused, PROBES), "5th refusal"
        if len(self.refused) >= FAILURES:
            return nth(self.refused, FAILURES), "10th refusal"
        return silent(self.probes, FAILURES), "10th silence"


def nth(times, number):
    return sorted(times)[number - 1] if len(times) >= number else None


def silent(asked, number):
    """When that many had not been answered in time, if nobody answered."""
    last = nth(list(asked.values()), number)
    return last and last + SILENCE


def read_capture(path, addresses):
    hosts = {address: Host() for address in addresses}
    with open(path, "rb") as file:
        for when, frame in packets(file):
            parsed = parse(frame)
            if not parsed:
                continue
            source, to, protocol, data = parsed
            if str(source) in hosts:
                hosts[str(source)].sent(when, to, protocol, data)
            if str(to) in hosts and protocol != "arp" and data:
                hosts[str(to)].got(when, protocol, data)
    return hosts


def seconds(timestamp):
    """Of "2026-01-05T10:00:01.000000000Z", within its hour; differences are shorter than that."""
    hour, minute, second = timestamp[11:-1].split(":")
    return int(hour) * 3600 + int(minute) * 60 + float(second)


def findings(path, stamped):
    """id -> (arrival, first record, last record)"""
    found = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            came, line = line.split(" ", 1) if stamped else (0, line)
            record = json.loads(line)
            if "finding_id" in record:
                key = record["finding_id"]
                came, first = found[key][:2] if key in found else (float(came), record)
                found[key] = came, first, record
    return found


def matching(found, source, kind, technique):
    """The highest of that source and kind: (arrival, first, last), or nothing."""
    technique, _, shape = technique.partition("+")
    mine = []
    for entry in found.values():
        last = entry[2]
        scan = last.get("scan", {})
        if (last["src_ip"], last["event_type"]) == (source, kind):
            if technique in ("-", scan.get("technique")) and shape in ("", scan.get("shape")):
                mine.append(entry)
    return max(mine, key=lambda entry: entry[2]["score"], default=None)


def words(record):
    return "%.2f %s %s: %s" % (record["score"], record["event_type"], record["src_ip"], record["reason"])


def of_source(found, source):
    return "; ".join(words(last) for _, _, last in found.values() if last["src_ip"] == source) or "nothing"


def delays(host, live, replay, kind, technique):
    """Seconds from the first packet, from what suffices, and from where replay decides, to the line."""
    came, day = live[0], live[0] - live[0] % 86400
    decided, what = host.decided(kind, technique)
    judged = day + seconds(replay[1]["timestamp"]) if replay else None
    return [None if since is None else came - since for since in (host.first, decided, judged)], what


def judge_tool(expected, live, replay, host):
    """Sentences about one tool, its row of the table, and the ids that belong to it."""
    source, kind, technique, _, name = expected
    what = kind if technique == "-" else "%s/%s" % (kind, technique)
    one, two = (matching(found, source, kind, technique) for found in (live, replay))
    yield not one or one[1]["at_end"], "%s: found live, while it plays, as %s" % (name, what), (
        "live: " + of_source(live, source))
    if not one:
        yield not two, "%s: found in the capture of it" % name, "replay: " + of_source(replay, source)
        return
    why = ["%s is %s live, %s in replay" % (key, one[2].get(key), two[2].get(key))
           for key in ENTITIES if two and one[2].get(key) != two[2].get(key)]
    if not two:
        why.append("replay: " + of_source(replay, source))
    elif abs(one[2]["score"] - two[2]["score"]) > SCORE:
        why.append("live %s; replay %s" % (words(one[2]), words(two[2])))
    sentence = "%s: the capture of it gives the same, the score within %s" % (name, SCORE)
    yield bool(why), sentence, "; ".join(why)


def row(expected, live, replay, host, waits):
    """Of the table; how long the line took after what suffices goes to waits."""
    source, kind, technique, _, name = expected
    one, two = (matching(found, source, kind, technique) for found in (live, replay))
    if not one:
        return "%-30s not found live; in replay %s" % (name, words(two[2]) if two else "neither")
    times, what = delays(host, one, two, kind, one[2].get("scan", {}).get("technique"))
    waits.setdefault(kind == "scan", []).append((times[1] or 0) if kind == "scan" else times[2] or 0)
    shown = ["     -" if time is None else "%6.2f" % time for time in times]
    return "%-30s %-15s %.2f %.2f %s %s %s  %s%s" % (
        name, kind if kind != "scan" else kind + "/" + one[2]["scan"]["technique"], one[2]["score"],
        two[2]["score"] if two else 0, *shown, what + ": " if what else "", one[2]["reason"])


def judge(live_path, replay_path, calmed_path, capture):
    expected = [line.rstrip("\n").split(" ", 4) for line in sys.stdin]
    live, replay = findings(live_path, True), findings(replay_path, False)
    calmed = findings(calmed_path, False)
    hosts = read_capture(capture, [line[0] for line in expected])
    wanted = {(line[0], line[1]) for line in expected if line[1] != "-"}
    for line in expected:
        if line[1] != "-":
            for status, sentence, detail in judge_tool(line, live, replay, hosts[line[0]]):
                print("%d|%s|%s" % (status, sentence, detail.replace("|", "/")))
            continue
        loud = [of_source(found, line[0]) for found in (live, replay)]
        print("%d|%s: silent, live and in the capture|live: %s; replay: %s" % (
            loud != ["nothing"] * 2, line[4], *loud))
    for which, found in (("live", live), ("in the capture", replay)):
        others = [words(last) for _, _, last in found.values()
                  if (last["src_ip"], last["event_type"]) not in wanted]
        print("%d|nothing else is found %s|%s" % (bool(others), which, "; ".join(others).replace("|", "/")))
    print("#|%-30s %-15s live capt  first enough replay, seconds to the line" % ("tool", "kind"))
    waits = {}
    for line in expected:
        if line[1] != "-":
            print("#|" + row(line, live, replay, hosts[line[0]], waits))
        else:
            print("#|%-30s below the score shown: %s" % (line[4], of_source(calmed, line[0])))
    for scans, taken in waits.items():
        print("#|%s: %d of %d told within 2 s of %s, the slowest after %.2f s" % (
            "scans" if scans else "others", sum(time <= 2 for time in taken), len(taken),
            "the failure that suffices" if scans else "the packet at which replay tells it", max(taken)))


def stretch(factor):
    file, out, begun = sys.stdin.buffer, sys.stdout.buffer, None
    out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
    for when, frame in packets(file):
        begun = begun or when
        at = begun + (when - begun) * factor
        out.write(struct.pack("<4I", int(at), int(at % 1 * 1e6), len(frame), len(frame)) + frame)


if __name__ == "__main__":
    if sys.argv[1] == "stretch":
        stretch(float(sys.argv[2]))
    else:
        judge(*sys.argv[2:])
