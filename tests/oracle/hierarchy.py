#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Holds skua hierarchy to tshark's: hierarchy.py SKUA CORPUS [NAME...]

tshark's frame.protocols of every frame, summed up by path as -z io,phs does, for the protocols
that skua knows: a path ends before the first other one, and at ICMP, for what an error quotes is
not followed.  Each frame of which the two say different things is given its reason.
"""
import collections
import glob
import json
import os
import subprocess
import sys

GOAL = 0.97
KNOWN = """eth sll null raw vlan ieee8021ad mpls pppoes ppp llc arp lldp eapol pppoed ip ipv6 icmp igmp tcp udp
gre esp icmpv6 eigrp ospf pim vrrp sctp vxlan geneve gtp dns mdns llmnr http ssdp tls quic""".split()
# Nothing that skua knows comes behind these.
LAST = "icmp icmpv6 igmp dns mdns llmnr http ssdp tls quic llc".split()
FIELDS = ["frame.number", "frame.len", "frame.protocols", "frame.cap_len", "frame.encap_type", "ip.flags.mf",
          "ip.frag_offset", "ipv6.fraghdr.offset", "_ws.malformed", "tcp.analysis.retransmission",
          "tcp.analysis.spurious_retransmission", "tcp.analysis.out_of_order", "tcp.analysis.lost_segment",
          "tcp.analysis.ack_lost_segment", "tcp.stream", "tcp.srcport", "tcp.dstport", "udp.srcport", "udp.dstport",
          "tls.record.version", "dns.flags.response", "tcp.len", "tcp.reassembled_in",
          "eth.dst"]
AJP = {"8009"}
FOLLOWED = {"1", "7", "25", "210", "15", "31", "129", "130"}


def tshark(path):
    command = ["tshark", "-n", "-r", path, "-T", "fields", "-E", "separator=\x1f", "-E", "aggregator=,"]
    for field in FIELDS:
        command += ["-e", field]
    done = subprocess.run(command, capture_output=True, timeout=300)
    for line in done.stdout.decode().splitlines():
        values = line.split("\x1f")
        if len(values) == len(FIELDS):
            yield dict(zip(FIELDS, values))


def known(protocols):
    path = []
    for name in protocols.split(":"):
        if name == "ethertype" or name.startswith("ipv6."):
            continue
        if name not in KNOWN:
            break
        path.append(name)
        if name in LAST:
            break
    return ":".join(path)


def first_address(path):
    """The receiver of the first frame of a little-endian pcap with headers of 16 bytes, as its magic says."""
    with open(path, "rb") as file:
        head = file.read(46)
    return head[40:46].hex(":") if head[:4] == b"\xd4\xc3\xb2\xa1" else ""


class Troubles:
    """Of TCP streams: what happened in them up to now that two readers may take in two ways."""

    def __init__(self):
        self.lost, self.again = set(), set()
        self.fragments = False
        self.other_headers = False

    def note(self, frame):
        stream = frame["tcp.stream"]
        if ":ip:data" in frame["frame.protocols"]:
            self.fragments = True
        if frame["tcp.analysis.lost_segment"] or frame["tcp.analysis.ack_lost_segment"]:
            self.lost.add(stream)
        if any(frame["tcp.analysis." + w] for w in ("retransmission", "spurious_retransmission", "out_of_order")):
            self.again.add(stream)


def reason(frame, theirs, ours, troubles):
    if frame["frame.encap_type"].split(",")[-1] not in FOLLOWED:
        return "its link type is not followed"
    if any(set(frame[f].split(",")) - {"", "0", "False"} for f in ("ip.flags.mf", "ip.frag_offset", "ipv6.fraghdr.offset")):
        return "a fragment"
    if troubles.other_headers:
        return "tshark guesses longer headers of records than the file's magic says"
    if frame["frame.len"] != frame["frame.cap_len"]:
        return "cut by the capture"
    if frame["_ws.malformed"]:
        return "tshark calls it malformed"
    if ours.endswith(":ssdp"):
        return "told by content, where tshark goes by the port"
    if any(w in frame["frame.protocols"] for w in ("gre:ip:gre", ":erspan", "geneve:ip:udp:vxlan")):
        return "a tunnel in a tunnel, of which skua looks through one, or the header of ERSPAN"
    if "bittorrent" in frame["frame.protocols"]:
        return "tshark names a protocol that skua does not know"
    if AJP & {frame["tcp.srcport"], frame["tcp.dstport"]}:
        return "on a port that tshark gives to AJP"
    if frame["tcp.stream"] in troubles.lost:
        return "in a stream of which a segment is not in the capture"
    if frame["tcp.stream"] in troubles.again:
        return "in a stream of which segments came again, or out of order"
    if troubles.fragments and frame["tcp.stream"]:
        return "behind fragments, which skua does not join"
    if ":http:data" in frame["frame.protocols"] and not ours.endswith("http"):
        return "data on port 80 that belongs to no head: tshark goes by the port"
    if ours.endswith(":http") and ":http" not in theirs:
        return "a request by a method that tshark has no name for"
    if ours.endswith("llc") and ":data" in frame["frame.protocols"]:
        return "a length of over 1,500 that is no ethertype, told as LLC"
    return None


def add(sums, path, length):
    parts = path.split(":") if path else []
    for i in range(len(parts)):
        sums[":".join(parts[:i + 1])][0] += 1
        sums[":".join(parts[:i + 1])][1] += length


def compare(skua, path, name, counts, reasons, shown):
    done = subprocess.run([skua, "hierarchy", "--frames", "--format", "json", path], capture_output=True)
    ours = {row["frame"]: row for row in map(json.loads, done.stdout.decode().splitlines())}
    done = subprocess.run([skua, "hierarchy", "--format", "json", path], capture_output=True)
    if done.returncode == 2:
        print("# %s: not compared: %s" % (name, done.stderr.decode().strip()[:120]))
        return
    our_sums = {row["path"]: (row["frames"], row["bytes"]) for row in map(json.loads, done.stdout.decode().splitlines())}
    all_frames = list(ours.values())
    sums, agreed = collections.defaultdict(lambda: [0, 0]), collections.defaultdict(lambda: [0, 0])
    troubles = Troubles()
    # tshark numbers blocks that hold no packet as well.
    for number, frame in enumerate((f for f in tshark(path) if f["frame.encap_type"]), 1):
        length = int(frame["frame.len"])
        theirs, mine = known(frame["frame.protocols"]), ours.pop(number, {"path": ""})["path"]
        troubles.note(frame)
        if number == 1 and frame["frame.protocols"].startswith("eth"):
            troubles.other_headers = first_address(path) not in ("", frame["eth.dst"].split(",")[0])
        add(sums, theirs, length)
        counts["frames"] += 1
        counts["equal frames"] += theirs == mine
        if theirs == mine:
            continue
        why = reason(frame, theirs, mine, troubles) or "no reason"
        reasons[why] += 1
        shown[why].append("%s frame %d: tshark %s, skua %s" % (name, number, frame["frame.protocols"][:70], mine))
    for row in all_frames:
        add(agreed, row["path"], row["length"])
    # What is said frame by frame must be what is summed up.
    if {k: tuple(v) for k, v in agreed.items()} != our_sums:
        counts["wrong sums"] += 1
        print("# %s: frame by frame %s, summed up %s" % (name, dict(agreed), our_sums))
    for key in sums.keys() | our_sums.keys():
        counts["rows"] += 1
        counts["equal rows"] += tuple(sums.get(key, ())) == our_sums.get(key, ())


def main():
    skua, corpus, names = sys.argv[1], sys.argv[2], [a for a in sys.argv[3:] if not a.startswith("--")]
    paths = sorted(p for p in glob.glob(corpus + "/**", recursive=True) if p.endswith((".pcap", ".pcapng", ".cap"))
                   and os.path.getsize(p) < 2_000_000 and (not names or any(n in p for n in names)))
    counts, reasons, shown = collections.Counter(), collections.Counter(), collections.defaultdict(list)
    for path in paths:
        compare(skua, path, os.path.relpath(path, corpus), counts, reasons, shown)
    for why, count in reasons.most_common():
        print("# %6d frames: %s" % (count, why))
        for line in shown[why][:60 if why == "no reason" else 3]:
            print("#        " + line)
    # One frame with a reason makes several paths differ.
    print("# %d of %d paths have tshark's frames and bytes" % (counts["equal rows"], counts["rows"]))
    good = [
        (counts["equal frames"] >= GOAL * counts["frames"],
         "%d of %d frames have tshark's protocols" % (counts["equal frames"], counts["frames"])),
        (not reasons["no reason"], "every difference has a reason"),
        (not counts["wrong sums"], "frames one by one and the sums say the same"),
        (len(paths) >= 60 or names, "%d captures were compared" % len(paths)),
    ]
    for n, (is_good, what) in enumerate(good, 1):
        print("%s %d - hierarchy: %s" % ("ok" if is_good else "not ok", n, what))
    print("1..%d" % len(good))
    return not all(is_good for is_good, _ in good)


sys.exit(main())
