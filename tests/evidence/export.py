#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Copies captures with `skua export` and looks at the copies with other tools.

export.py OUT CAPTURE...: generated scenarios, then these captures; "-": the corpus is not there.
"""
import ipaddress
import json
import os
import random
import stat
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import finish, ok  # noqa: E402

OUT, CAPTURES = sys.argv[1], sys.argv[2:]
SKUA, GEN = OUT + "/skua", OUT + "/skua-gen"
LARGE = 3000000  # tshark takes long for those
# What cannot be compared this way, and why.
EXEMPT = {
    "gre-in-gre.pcap": "a tunnel in a tunnel: the inner one is payload",
}
CHECKED = ["ip", "tcp", "udp", "icmp", "icmpv6"]


def export(*arguments, **options):
    return subprocess.run([SKUA, "export", *arguments], capture_output=True, check=False, **options)


def info(path):
    return json.loads(subprocess.run([SKUA, "info", "--format=json", path], capture_output=True, check=False).stdout)


def fields(path, *names, options=()):
    """A list of rows; None when tshark complains of the file."""
    command = ["tshark", "-n", "-r", path, "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=,", *options]
    for name in names:
        command += ["-e", name]
    done = subprocess.run(command, capture_output=True, check=False)
    return None if done.returncode else [line.split("\t") for line in done.stdout.decode().splitlines()]


def shape(path):
    return fields(path, "frame.time_epoch", "frame.len")


def addresses(path):
    return fields(path, "ip.addr", "ipv6.addr", "arp.src.proto_ipv4", "arp.dst.proto_ipv4",
                  options=["-o", "ip.use_geoip:FALSE"])


def checksums(path):
    options = [word for name in ("ip", "tcp", "udp") for word in ("-o", "%s.check_checksum:TRUE" % name)]
    return fields(path, *[name + ".checksum.status" for name in CHECKED], options=options)


def capinfos(path):
    done = subprocess.run(["capinfos", "-T", "-M", "-r", "-c", "-d", path], capture_output=True, check=False)
    return done.returncode, done.stdout.decode().split("\t")[1:]


def check_formats(work, full):
    ok(export("-w", work + "/same.pcapng", full).returncode == 0, "a capture is copied")
    names = ["frame.time_epoch", "frame.len", "frame.cap_len", "frame.comment", "frame.packet_flags", "frame.packet_id",
             "frame.interface_queue", "frame.drop_count", "frame.interface_name", "frame.interface_description"]
    ok(fields(full, *names) == fields(work + "/same.pcapng", *names), "comments and all options of packets survive")
    before, after = info(full), info(work + "/same.pcapng")
    for each in (before, after):
        for name in ("file", "size", "sha256"):
            del each[name]
    ok(before == after, "so does all that the file tells of itself", (before, after))
    done = export("--format=pcap", "-w", work + "/plain.pcap", full)
    ok(done.returncode == 0 and info(work + "/plain.pcap")["format"] == "pcap", "it becomes pcap", done.stderr)
    ok(shape(full) == shape(work + "/plain.pcap"), "with all packets, to the nanosecond")
    done = subprocess.run(["tcpdump", "-nr", work + "/plain.pcap"], capture_output=True, check=False)
    ok(done.returncode == 0 and done.stdout.count(b"\n") == 100, "tcpdump reads it", done.stderr)
    done = export("--format=pcapng", "-w", work + "/again.pcapng", work + "/plain.pcap")
    ok(done.returncode == 0 and shape(full) == shape(work + "/again.pcapng"), "and pcapng again", done.stderr)
    ok(capinfos(work + "/again.pcapng")[0] == 0, "which capinfos reads")
    subprocess.run(["editcap", "-F", "pcap", full, work + "/micro.pcap"], check=True)
    export("-w", work + "/micro-copy.pcap", work + "/micro.pcap")
    with open(work + "/micro.pcap", "rb") as one, open(work + "/micro-copy.pcap", "rb") as other:
        ok(one.read()[24:] == other.read()[24:], "pcap to pcap gives the same packets, byte for byte")
    subprocess.run(["gzip", "-k", full], check=True)
    export("-w", work + "/unpacked.pcapng", full + ".gz")
    ok(shape(full) == shape(work + "/unpacked.pcapng"), "a compressed capture can be copied")
    with open(full, "rb") as file:
        content = file.read()
    done = export("-w", "-", "-", input=content)
    with open(work + "/same.pcapng", "rb") as file:
        ok(done.returncode == 0 and done.stdout == file.read(), "so can a pipe, to a pipe")
    done = export("-w", work + "/cut.pcapng", "-", input=content[:-100])
    ok(done.returncode == 4 and capinfos(work + "/cut.pcapng")[0] == 0, "of a cut file the copy is whole, and that is said",
       done.stderr)
    check_refusals(work, full)


def check_refusals(work, full):
    subprocess.run(["editcap", "-T", "rawip", full, work + "/raw.pcapng"], check=True)
    subprocess.run(["mergecap", "-a", "-w", work + "/mixed.pcapng", full, work + "/raw.pcapng"], check=True)
    done = export("--format=pcap", "-w", work + "/mixed.pcap", work + "/mixed.pcapng")
    ok(done.returncode == 1 and b"packet 101 has link type 101" in done.stderr,
       "two link types are no pcap file", done.stderr)
    ok(not [name for name in os.listdir(work) if name.startswith("mixed.pcap") and name != "mixed.pcapng"],
       "and nothing is left of it", os.listdir(work))
    for arguments in (["-w", "x"], [full], ["-w", "x", full, full], ["--keygen", "x", full],
                      ["--open", "k", "--seal", "k", "-w", "x", full], ["--anonymize", "/nowhere", "-w", "x", full],
                      ["-w", "x", "/nowhere.pcap"], ["--redact=all", "-w", "x", full]):
        done = export(*arguments)
        ok(done.returncode == 2 and done.stderr.startswith(b"skua: "),
           "is refused: export " + " ".join(arguments).replace(work, ""), done.stderr)
    full_disk = subprocess.run("%s export -w - %s > /dev/full" % (SKUA, full), shell=True, capture_output=True, check=False)
    ok(full_disk.returncode == 1, "a full disk is an error", full_disk.stderr)


def check_redact(work, path, label):
    copy = work + "/redacted"
    done = export("--redact=payload", "-w", copy, path)
    ok(done.returncode in (0, 4), "%s: payload is cut" % label, done.stderr)
    before, after = shape(path), shape(copy)
    ok(before == after, "%s: times and lengths on the wire stay" % label, (before and before[:3], after and after[:3]))
    # What a tunnel carries is payload to the one who counts, but it has headers of its own.
    apart = ["-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE"]
    left = fields(copy, "tcp.payload", "udp.payload", "dns.qry.name", "http.host", "tls.handshake.extensions_server_name",
                  options=apart + ["-Y", "not vxlan and not geneve and not gtp and not gre"])
    ok(left is not None and not [row for row in left if any(row)], "%s: tshark finds none" % label,
       [row for row in left or [] if any(row)][:3])
    raw = fields(copy, "data.data", "frame.protocols", options=apart)
    ok(not [row for row in raw if row[0] and ":icmp" not in row[1] and len(row[0]) > 16], "%s: nor anything it cannot name" % label,
       raw[:3])
    ports = ["ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "tcp.flags", "tcp.seq_raw", "tcp.port", "udp.port", "icmp.type"]
    # The flags of a segment that an ICMP error quotes lie behind what is kept of it.
    apart += ["-Y", "not (icmp and tcp) and not (icmpv6 and tcp)"]
    before, after = fields(path, *ports, options=apart), fields(copy, *ports, options=apart)
    ok(before == after, "%s: headers stay" % label, [pair for pair in zip(before, after) if pair[0] != pair[1]][:2])


def shared_bits(one, other):
    return one.max_prefixlen - (int(one) ^ int(other)).bit_length()


def is_known(address):
    """Everybody's, or nobody's."""
    return address.is_multicast or address.is_loopback or address.is_unspecified or str(address) == "255.255.255.255"


def preserved(mapping):
    """Pairs of addresses that share another number of bits afterwards."""
    wrong = []
    for version in (4, 6):
        pairs = [(before, after) for before, after in mapping.items()
                 if before.version == version and not is_known(before)]
        chosen = random.Random(1)
        for _ in range(2000 if len(pairs) > 1 else 0):
            (a, x), (b, y) = chosen.sample(pairs, 2)
            if shared_bits(a, b) != shared_bits(x, y):
                wrong.append((a, b, x, y))
    return wrong


def map_of(path, copy):
    """{address: what it became}; None: one address became two."""
    mapping = {}
    for before, after in zip(addresses(path), addresses(copy)):
        before, after = ",".join(filter(None, before)).split(","), ",".join(filter(None, after)).split(",")
        for one, other in zip(before, after):
            if not one or not other:
                continue
            one, other = ipaddress.ip_address(one), ipaddress.ip_address(other)
            if mapping.setdefault(one, other) != other:
                return None
    return mapping


def check_anonymize(work, path, label):
    copy, again, key = work + "/anonymous", work + "/again", work + "/key"
    done = export("--anonymize", key, "--redact=none", "-w", copy, path)
    ok(done.returncode in (0, 4), "%s: addresses are replaced" % label, done.stderr)
    ok(shape(path) == shape(copy), "%s: times and lengths stay" % label)
    sums = [pair for pair in zip(checksums(path), checksums(copy))
            if any(after.count("0") > before.count("0") for before, after in zip(*pair))]
    ok(not sums, "%s: no checksum breaks" % label, sums[:3])
    mapping = map_of(path, copy)
    ok(mapping is not None and len(set(mapping.values())) == len(mapping), "%s: each address has one, and its own" % label)
    ok(not preserved(mapping or {}), "%s: prefixes are preserved" % label, preserved(mapping or {})[:2])
    hosts = {one for one in mapping or {} if not is_known(one)}
    same = [one for one in hosts if mapping[one] == one]
    ok(len(same) <= len(hosts) // 50, "%s: hosts are not what they were" % label, same)
    export("--anonymize", key, "--redact=none", "-w", again, path)
    with open(copy, "rb") as one, open(again, "rb") as other:
        ok(one.read() == other.read(), "%s: the same key gives the same copy" % label)


def check_texts(work, full):
    """What a copy may not tell when its addresses are others."""
    done = export("--anonymize", work + "/key", "-w", work + "/quiet.pcapng", full)
    with open(work + "/quiet.pcapng", "rb") as file:
        content = file.read()
    secrets = (b"10.9.0.5", b"web.shop", b"pod web", b"skua.finding", b"beacon", b"\x0a\x09\x00\x05", b"xxxx")
    ok(done.returncode == 0 and not [text for text in secrets if text in content],
       "no name, no comment, no address, no payload is left", content[:400])
    told = info(work + "/quiet.pcapng")
    ok(told["packets"] == 100 and [i["name"] for i in told["interfaces"]] == ["eth0", "eth1"] and
       told["interfaces"][0]["dropped"] == 7 and told["sections"][0]["os"] == "Linux 6.1",
       "interfaces and statistics are", told)
    ok(capinfos(work + "/quiet.pcapng")[0] == 0 and len(shape(work + "/quiet.pcapng")) == 100,
       "capinfos and tshark read it")
    os.chmod(work + "/key", 0o600)
    with open(work + "/other", "wb") as file:
        file.write(b"k" * 32)
    export("--anonymize", work + "/other", "-w", work + "/other.pcapng", full)
    ok(addresses(work + "/other.pcapng") != addresses(work + "/quiet.pcapng"), "another key gives other addresses")


def taken_for(path):
    """Which tools take a file for pcap or pcapng.

    Not whether capinfos reads it at all: it guesses at formats without a magic number, and took 24 of 5,000 files
    of random bytes for one of Ixia's.
    """
    type_of = subprocess.run(["capinfos", "-T", "-M", "-r", "-t", path], capture_output=True, check=False).stdout.decode()
    found = ["capinfos" + type_of.strip()[len(path):]] if "pcap" in type_of[len(path):] else []
    read = subprocess.run(["tcpdump", "-nr", path], capture_output=True, check=False)
    return found + (["tcpdump"] if read.returncode == 0 or read.stdout else [])


def shared_windows(clear, sealed, size=16):
    """Places of the clear file whose bytes stand in the sealed one, too."""
    with open(clear, "rb") as one, open(sealed, "rb") as other:
        plain, hidden = one.read(), other.read()
    known = {hidden[at:at + size] for at in range(len(hidden) - size + 1)}
    return [at for at in range(len(plain) - size + 1) if plain[at:at + size] in known]


def check_seal(work, full):
    done = export("--keygen", work + "/pair")
    ok(done.returncode == 0 and stat.S_IMODE(os.stat(work + "/pair.sec").st_mode) == 0o600,
       "keys are made, the secret one 0600")
    ok(export("--keygen", work + "/pair").returncode == 2, "they are not overwritten")
    sealed, opened = work + "/for-you.sealed", work + "/opened.pcapng"
    ok(export("--seal", work + "/pair.pub", "-w", sealed, full).returncode == 0, "a copy is sealed")
    ok(not taken_for(sealed), "which no tool takes for pcap or pcapng", taken_for(sealed))
    shown = shared_windows(work + "/same.pcapng", sealed)
    ok(not shown, "and in which no 16 bytes of the open copy stand", shown[:3])
    ok(export("--open", work + "/pair.sec", "-w", opened, sealed).returncode == 0, "and opened")
    with open(opened, "rb") as one, open(work + "/same.pcapng", "rb") as other:
        ok(one.read() == other.read(), "it is what an open copy is")
    with open(sealed, "rb") as file:
        content = file.read()
    places = sorted(random.Random(2).sample(range(len(content)), 40)) + [0, 8, 15, 16, 47, 48, 71, 72, len(content) - 1]
    refused = 0
    for at in places:
        with open(sealed + ".bad", "wb") as file:
            file.write(content[:at] + bytes([content[at] ^ 0x40]) + content[at + 1:])
        done = export("--open", work + "/pair.sec", "-w", work + "/never", sealed + ".bad")
        left = os.path.exists(work + "/never") or os.path.exists(work + "/never.part")
        refused += done.returncode == 1 and not left
    ok(refused == len(places), "a flipped byte is refused, and nothing is left: %d of %d places" % (refused, len(places)))
    with open(sealed + ".bad", "wb") as file:
        file.write(content[:-1])
    done = export("--open", work + "/pair.sec", "-w", work + "/never", sealed + ".bad")
    ok(done.returncode == 1, "so is a cut file", done.stderr)
    export("--keygen", work + "/stranger")
    done = export("--open", work + "/stranger.sec", "-w", work + "/never", sealed)
    ok(done.returncode == 1 and b"sealed for another key" in done.stderr, "another key opens nothing", done.stderr)
    done = export("--open", work + "/pair.pub", "-w", work + "/never", sealed)
    ok(done.returncode == 2 and b"holds no secret key" in done.stderr, "nor does the public one", done.stderr)
    one = export("--seal", work + "/pair.pub", "--anonymize", work + "/key", "--format=pcap", "-w", sealed, full)
    other = export("--open", work + "/pair.sec", "-w", opened, sealed)
    ok(one.returncode == 0 and other.returncode == 0 and info(opened)["format"] == "pcap",
       "everything at once works, too", one.stderr)


def why_not(path):
    if os.path.basename(path) in EXEMPT:
        return EXEMPT[os.path.basename(path)]
    if "/malformed/" in path:
        return "contradicts itself, and what does so is cut away"
    if os.path.getsize(path) > LARGE:
        return "too large for tshark"
    if not shape(path) or capinfos(path)[0]:
        return "tshark cannot read it"
    told = info(path)
    if told["counts"]["custom"] or told["counts"]["other"]:
        return "has blocks that tshark takes for packets"
    if "packets_without_time" in told:
        return "has packets without a time"
    linktypes = {each["linktype"] for each in told["interfaces"] if each["packets"]}
    return "" if linktypes <= {0, 1, 101, 108, 113, 228, 229, 276} else "of a link type that is not followed"


def main():
    with tempfile.TemporaryDirectory() as work:
        full = work + "/full.pcapng"
        subprocess.run([OUT + "/evidence/sample", full], check=True)
        with open(work + "/key", "wb") as file:
            file.write(bytes(range(32)))
        check_formats(work, full)
        check_texts(work, full)
        check_seal(work, full)
        for name in ("odd", "tunnels"):
            capture = "%s/%s.pcap" % (work, name)
            subprocess.run([GEN, "tests/scenarios/%s.scn" % name, "-o", capture], check=True, capture_output=True)
            subprocess.run(["editcap", "-r", capture, capture + "ng", "1-2000"], check=True)
            check_redact(work, capture + "ng", name)
            check_anonymize(work, capture + "ng", name)
        for path in [] if CAPTURES == ["-"] else CAPTURES:
            label, reason = "/".join(path.split("/")[-2:]), why_not(path)
            if reason:
                ok(True, "%s is copied # SKIP %s" % (label, reason))
                continue
            check_redact(work, path, label)
            check_anonymize(work, path, label)
        if CAPTURES == ["-"]:
            ok(True, "captures of the corpus # SKIP no corpus (set SKUA_CORPUS)")
    return finish()


sys.exit(main())
