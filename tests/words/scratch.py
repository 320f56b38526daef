# SPDX-License-Identifier: BSD-2-Clause
"""Makes what the tables name: files that are wrong in one way each, a full disk, and who answers at sockets."""
import os
import re
import shutil
import socket
import struct
import subprocess

import liar


def _skua(folder, *words):
    subprocess.run(["./skua", *words], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _write(folder, texts):
    for name, text in texts.items():
        with open("%s/%s" % (folder, name), "wb") as file:
            file.write(text)


def _block(kind, body):
    """Of pcapng."""
    body += bytes(-len(body) % 4)
    size = struct.pack("<I", 12 + len(body))
    return struct.pack("<I", kind) + size + body + size


def _pcapng(links, seconds):
    """A packet of each link type, at this time."""
    stamp = seconds * 10**6
    blocks = [_block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))]
    blocks += [_block(1, struct.pack("<HHI", link, 0, 0)) for link in links]
    blocks += [_block(6, struct.pack("<IIIII", i, stamp >> 32, stamp & 0xFFFFFFFF, 20, 20) + bytes(20))
               for i in range(len(links))]
    return b"".join(blocks)


def _make_files(folder, good):
    """Captures, lists and keys."""
    texts = {"cut.pcap": good[:len(good) // 2], "secret.pcap": good, "empty": b"", "text": b"x y z\n",
             "big.yaml": 70000 * b"#", "nothing.pcap": good[:24], "oldstate": b"x y z\n", "mystate": b"x y z\n",
             "bad.yaml": b"interfaec: eth0\n", "short.key": b"x", "folder/capture": good, "mixed/a.pcap": good,
             "open.key": b"AWS_ACCESS_KEY_ID=x\n", "bad.key": b"x y z\n", "long.key": 300 * b"x",
             "some/finding.json": b"{}\n", "some/finding.pcapng": good,
             "full.rules": b"".join(b"kind=beacon src=10.%d.%d.1 until=forever reason=x\n" % (i // 256, i % 256)
                                    for i in range(1024)),
             "links.pcapng": _pcapng([1, 101], 1700000000), "late.pcapng": _pcapng([1], 9000000000),
             "lists/known-services.txt": b"x y z\n", "rules.txt": b"kind=beacon until=forever reason=test\n"}
    for made in ("folder", "lists", "bare", "closed", "mixed", "some", "nolist", "nolist/known-services.txt", "many",
                 "nomanifest", "nomanifest/MANIFEST.jsonl", "torn"):
        os.mkdir("%s/%s" % (folder, made))
    os.chmod(folder + "/closed", 0o700)
    for i in range(520):
        os.symlink("../some/finding.pcapng", "%s/many/%d.pcap" % (folder, i))
    _write(folder, texts)
    os.chmod(folder + "/secret.pcap", 0o600)
    os.chmod(folder + "/bad.key", 0o600)
    os.chmod(folder + "/long.key", 0o600)


def _make_kept(folder):
    """A journal, keys, sealed copies, and vaults that somebody changed."""
    _skua(folder, "export", "--keygen", "pair")
    _skua(folder, "export", "--seal", "pair.pub", "-w", "damaged.seal", "good.pcap")
    os.truncate(folder + "/damaged.seal", 5000)
    _skua(folder, "replay", "-q", "--journal", "journal", "good.pcap")
    for place, _, names in os.walk(folder + "/journal"):
        for name in names:
            with open(place + "/" + name, "rb") as file:
                _write(folder, {"torn/" + name: file.read(40) + 40 * b"x"})
    shutil.copytree(folder + "/journal", folder + "/mixed", dirs_exist_ok=True)
    found = subprocess.run(["./skua", "replay", "-q", "--debug-scores", "good.pcap"], cwd=folder, check=True,
                           stdout=subprocess.PIPE).stdout
    _write(folder, {"two.jsonl": re.sub(rb'("finding_id":")....', rb"\1abcd", found)})
    for vault in ("vault", "changed", "robbed"):
        _skua(folder, "replay", "-q", "--snapshots", vault, "good.pcap")
    for place, _, names in os.walk(folder + "/changed"):
        for name in names:
            if name.endswith(".pcapng"):
                with open(place + "/" + name, "r+b") as file:
                    file.seek(-8, os.SEEK_END)
                    file.write(b"changed!")
    for place, _, names in os.walk(folder + "/robbed"):
        for name in names:
            if name.endswith(".pcapng"):
                os.remove(place + "/" + name)


def _make_world(folder, out):
    """A disk of 64 kB, one that is full, somebody else's program for an interface, and who answers at sockets."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(folder + "/dead.sock")
    listener.close()
    os.mkdir(folder + "/small")
    os.mkdir(folder + "/none_left")
    if not os.geteuid() and os.environ.get("SKUA_MOUNTS"):
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k,mode=777", "none", folder + "/small"], check=False)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k,mode=777", "none", folder + "/none_left"], check=False)
        _write(folder, {"none_left/x": bytes(4096)})
    if os.path.exists(out + "/lab/foreign.bpf.o"):
        shutil.copy(out + "/lab/foreign.bpf.o", folder + "/other.o")
    liar.start(folder)


def make_scratch(folder, out):
    os.chmod(folder, 0o755)
    shutil.copy(out + "/skua", folder + "/skua")
    subprocess.run([out + "/skua-gen", "tests/scenarios/demo.scn", "-o", folder + "/good.pcap"],
                   check=True, stderr=subprocess.DEVNULL)
    with open(folder + "/good.pcap", "rb") as file:
        good = file.read()
    _make_files(folder, good)
    _make_kept(folder)
    _make_world(folder, out)


def end_scratch(folder):
    """What is mounted would be in the way of removing the rest."""
    for name in ("small", "none_left"):
        if os.path.ismount(folder + "/" + name):
            subprocess.run(["umount", "-l", folder + "/" + name], check=False)
