#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A forger at work: edits published evidence in every way that helps a liar.

forge.py OUT EDITS: makes a vault, remembers its HEAD, then edits a snapshot, its JSON or the
manifest so often, each time beginning with the true vault.  Half of the edits are careless; the
other half are consistent: lengths, hashes, JSON, chain and HEAD are made to fit.  None may verify
against the HEAD or the public key taken before, and no careless one at all.
"""
import collections
import hashlib
import json
import os
import random
import shutil
import struct
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import finish, ok  # noqa: E402

OUT, EDITS = sys.argv[1], int(sys.argv[2])
SKUA, GEN, WORK = OUT + "/skua", OUT + "/skua-gen", OUT + "/evidence"
TRUE, FALSE = WORK + "/true", WORK + "/false"


def read(path):
    with open(path, "rb") as stream:
        return stream.read()


def write(path, data):
    with open(path, "wb") as stream:
        stream.write(data)


def blocks(data):
    at = 0
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        yield kind, bytearray(data[at:at + length])
        at += length


def packets_of(parts):
    return [i for i, (kind, _) in enumerate(parts) if kind == 6]


def join(parts):
    """Whole blocks again, the section's length made to fit."""
    data = bytearray(b"".join(bytes(block) for _, block in parts))
    struct.pack_into("<q", data, 16, len(data) - len(parts[0][1]))
    return bytes(data)


def remove_packet(rng, parts, _other):
    del parts[rng.choice(packets_of(parts))]


def shift_time(rng, parts, _other):
    block = parts[rng.choice(packets_of(parts))][1]
    high, low = struct.unpack_from("<II", block, 12)
    time_ns = (high << 32 | low) + rng.choice((-1, 1)) * rng.randrange(1, 10 ** 11)
    struct.pack_into("<II", block, 12, time_ns >> 32, time_ns & 0xffffffff)


def insert_packet(rng, parts, other):
    place = rng.choice(packets_of(parts))
    parts.insert(place, other[rng.choice(packets_of(other))])


def change_length(rng, parts, _other):
    block = parts[rng.choice(packets_of(parts))][1]
    length = struct.unpack_from("<I", block, 24)[0]
    struct.pack_into("<I", block, 24, length + rng.randrange(1, 1400))


def change_bytes(rng, parts, _other):
    block = parts[rng.choice(packets_of(parts))][1]
    captured = struct.unpack_from("<I", block, 20)[0]
    block[28 + rng.randrange(captured)] ^= 1 << rng.randrange(8)


def change_comment(rng, parts, _other):
    block = parts[0][1]
    places = [i for i in range(28, len(block) - 8) if chr(block[i]).isdigit()]
    place = rng.choice(places)
    block[place] = ord(str((block[place] - 47) % 10))


PACKET_EDITS = [remove_packet, shift_time, insert_packet, change_length, change_bytes, change_comment]


def manifest():
    return [json.loads(line) for line in read(FALSE + "/MANIFEST.jsonl").decode().splitlines()]


def rewrite_chain(lines):
    """What the vault does: the hash is that of the line up to its own name."""
    previous, out = "0" * 64, ""
    for number, line in enumerate(lines, 1):
        line = dict(line, seq=number, prev=previous)
        del line["hash"]
        text = json.dumps(line, separators=(",", ":"))[:-1] + ","
        previous = hashlib.sha256(text.encode()).hexdigest()
        out += text + '"hash":"' + previous + '"}\n'
    write(FALSE + "/MANIFEST.jsonl", out.encode())
    write(FALSE + "/HEAD", (json.dumps({"count": len(lines), "hash": previous}, separators=(",", ":")) + "\n").encode())


def edit_file(rng, lines, edit, consistent):
    line, other = rng.sample(lines, 2)
    path = os.path.join(FALSE, line["file"])
    parts = list(blocks(read(path)))
    edit(rng, parts, list(blocks(read(os.path.join(FALSE, other["file"])))))
    data = join(parts) if consistent else b"".join(bytes(block) for _, block in parts)
    if data == read(path):
        return False
    write(path, data)
    if consistent:
        about = path[:-len("pcapng")] + "json"
        digest = hashlib.sha256(data).hexdigest()
        text = read(about).decode().replace(line["sha256"], digest)
        text = text.replace('"bytes":%d,"pre' % line["bytes"], '"bytes":%d,"pre' % len(data))
        write(about, text.encode())
        line.update(sha256=digest, bytes=len(data), json_sha256=hashlib.sha256(text.encode()).hexdigest())
        if "json_bytes" in line:
            line["json_bytes"] = len(text)
        rewrite_chain(lines)
    return True


def edit_manifest(rng, lines, _edit, consistent):
    which = rng.randrange(3)
    if which == 0:
        gone = lines.pop(rng.randrange(len(lines)))
        if consistent:
            os.unlink(os.path.join(FALSE, gone["file"]))
            os.unlink(os.path.join(FALSE, gone["file"][:-len("pcapng")] + "json"))
    elif which == 1:
        line = rng.choice(lines)
        line["severity"] = line["severity"] % 4 + 1
    else:
        line = rng.choice(lines)
        line["time"] = "2020" + line["time"][4:]
    if consistent:
        rewrite_chain(lines)
    else:
        write(FALSE + "/MANIFEST.jsonl", "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines).encode())
    return True


def verify(*arguments):
    return subprocess.run([SKUA, "verify", FALSE, *arguments], capture_output=True, check=False).returncode


def restore():
    shutil.rmtree(FALSE, ignore_errors=True)
    shutil.copytree(TRUE, FALSE)


def main():
    rng = random.Random(20260105)
    os.makedirs(WORK, exist_ok=True)
    shutil.rmtree(TRUE, ignore_errors=True)
    capture = WORK + "/forge.pcap"
    subprocess.run([GEN, "tests/scenarios/beacons.scn", "-o", capture], check=True, capture_output=True)
    key = WORK + "/forge"
    subprocess.run(["minisign", "-G", "-f", "-W", "-p", key + ".pub", "-s", key + ".sec"], check=True, capture_output=True)
    subprocess.run([SKUA, "replay", "-q", "--snapshots", TRUE, "--sign", key + ".sec", capture], check=True, capture_output=True)
    head = json.loads(read(TRUE + "/HEAD"))["hash"]
    restore()
    ok(verify() == 0 and verify("--head", head) == 0 and verify("--key", key + ".pub") == 0,
       "the vault verifies before it is edited")
    passed, by_key, careless, consistent_alone = [], [], [], 0
    done = collections.Counter()
    while sum(done.values()) < EDITS:
        edit = rng.choice(PACKET_EDITS + [None])
        consistent = rng.random() < 0.5
        restore()
        if not (edit_file if edit else edit_manifest)(rng, manifest(), edit, consistent):
            continue
        name = (edit.__name__ if edit else "manifest") + (" consistent" if consistent else "")
        done[name] += 1
        if verify("--head", head) != 1:
            passed.append(name)
        if verify("--key", key + ".pub") != 1:
            by_key.append(name)
        if not consistent and verify() != 1:
            careless.append(name)
        consistent_alone += consistent and verify() == 0
    ok(not passed, "of %d edits none verifies against the HEAD taken before" % EDITS, collections.Counter(passed))
    ok(not by_key, "nor against the public key", collections.Counter(by_key))
    ok(not careless, "a careless one does not verify at all", collections.Counter(careless))
    ok(consistent_alone > EDITS // 4, "a consistent one does without that HEAD, as the manual says: %d" % consistent_alone)
    print("# figure: forged: %s" % ", ".join("%s %d" % item for item in sorted(done.items())))
    return finish()


sys.exit(main())
