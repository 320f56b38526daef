#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Seeds for fuzz harnesses, from generated captures: seed.py NAME CAPTURE DIRECTORY

NAME file: the capture's beginning, plain and compressed.  NAME frame: its packets in the form that
tests/fuzz/frame.c reads.  NAME scrub, file_parts: packets or files, with what to do with them before.
NAME journal: a journal of it, whole, and its records by the thousand, in the form that
tests/fuzz/journal.c reads.  NAME indicators: a list.  NAME config: the sample, and others.  NAME vault: a line, a head, a signature and
blocks, in the form that tests/fuzz/vault.c reads.  NAME state: what outlives a run.  NAME conversations:
conversations of TLS, HTTP, FTP, SMB and those that credentials are sent in, in the form that
tests/fuzz/conversations.c reads; NAME machine_*, analysts: the same for tests/fuzz/machine.c and analysts.c.  NAME datagrams,
segments: some of them.  NAME logs: conversations with hostile names.  NAME page: findings with such.
NAME pod_json: a page and events.  Other harnesses need none.
"""
import base64
import gzip
import hashlib
import os
import shutil
import struct
import subprocess
import sys
import tempfile

name, capture, directory = sys.argv[1:4]
with open(capture, "rb") as file:
    content = file.read()


def parts_of(seed):
    """Packets in the form of conversations.c, TCP's, in the form of machine.c."""
    parts, at = b"", 0
    while at + 6 <= len(seed):
        length = seed[at + 4] * 8
        parts += bytes([seed[at] & 1]) + struct.pack(">H", length) + seed[at + 6:at + 6 + length]
        at += 6 + length
    return b"\0" + parts


def frames_of(seed):
    """The same as frames of Ethernet, in the form of analysts.c; a seed for each of them."""
    frames, at = b"", 0
    while at + 6 <= len(seed):
        length, server, udp = seed[at + 4] * 8, seed[at] & 1, seed[at] & 0x40
        payload = seed[at + 6:at + 6 + length]
        at += 6 + length
        ports = (8000, 1000) if server else (1000, 8000)
        head = struct.pack(">HHHH", *ports, 8 + length, 0) if udp else struct.pack(
            ">HHIIBBHHH", *ports, int.from_bytes(seed[at - length - 4:at - length - 2], "big"), 0, 0x50, 0x10, 0, 0, 0)
        addresses = b"\x0a\0\0\2\x0a\0\0\1" if server else b"\x0a\0\0\1\x0a\0\0\2"
        packet = struct.pack(">BBHIBBH", 0x45, 0, 20 + len(head) + length, 0, 64, 17 if udp else 6, 0) + addresses + head + payload
        frames += struct.pack(">BH", 0, 14 + len(packet)) + bytes(12) + b"\x08\0" + packet
    return frames


def write(label, seed):
    if name.startswith("machine_"):
        seed = parts_of(seed)
    if name == "analysts":
        for analyst in range(12):
            with open(os.path.join(directory, "seed-%s-%d" % (label, analyst)), "wb") as out:
                out.write(bytes([analyst, analyst % 3 | 4]) + frames_of(seed))
        return
    with open(os.path.join(directory, "seed-" + label), "wb") as out:
        out.write(seed)


def packets():
    at = 24
    while at + 16 <= len(content):
        length = struct.unpack_from("<I", content, at + 8)[0]
        yield content[at + 16:at + 16 + length]
        at += 16 + length


if name == "file":
    head = content[:6000]
    write("pcap", head)
    write("gz", gzip.compress(head))
    for tool in ("zstd", "lz4"):
        if shutil.which(tool):
            write(tool, subprocess.run([tool, "-c", "-q"], input=head, capture_output=True, check=True).stdout)
elif name == "control":
    host = bytes(10) + b"\xff\xff\x0a\0\0\5"
    selector = host + bytes(16) + struct.pack("<QQHBBB3x", 10**9, 7, 0, 1, 0, 6)
    write("status", struct.pack("<IHH", 8, 1, 1))
    write("snapshot", struct.pack("<IHH", 64, 1, 2) + selector)
    write("arm", struct.pack("<IHH", 72, 1, 3) + host + bytes(34) + b"\1" + bytes(5) + struct.pack("<II", 300, 0))
    write("findings", struct.pack("<IHHQ", 16, 1, 4, 5))
    for number, word in enumerate((b"10.0.0.5:203.0.113.5:443", b"[2001:db8::5]:[::1]:53", b"fe80::1", b"10.0.0.5", b"366d")):
        write("word-%d" % number, word)
    section = struct.pack("<IIIIqI", 0x0A0D0D0A, 28, 0x1A2B3C4D, 1, -1, 28)
    interface = struct.pack("<IIIII", 1, 20, 1, 0, 20)
    packets = [struct.pack("<IIIIIII4sI", 6, 36, n % 2, 0, n, 4, 4, b"abcd", 36) for n in range(4)]
    part = section + interface + interface + b"".join(packets)
    write("snapshots", part + part)
elif name in ("conversations", "analysts") or name.startswith("machine_"):
    def message(kind, body):
        return bytes([kind]) + struct.pack(">I", len(body))[1:] + body

    def record(kind, body):
        return bytes([kind, 3, 3]) + struct.pack(">H", len(body)) + body

    def der(tag, *parts):
        body = b"".join(parts)
        return bytes([tag, len(body)]) + body

    def packet(flags, seq, payload):
        payload += bytes(-len(payload) % 8)
        return struct.pack(">BBHBB", flags, 0, seq, len(payload) // 8, 0) + payload

    hello = b"\3\3" + bytes(33) + b"\0\2\xc0\x2f\1\0"
    extensions = b"\0\0\0\x10\0\x0e\0\0\x0bexample.com\0\x10\0\5\0\3\2h2"
    person = der(0x30, der(0x31, der(0x30, b"\6\3\x55\4\3", der(12, b"host"))), der(0x31, der(0x30, b"\6\3\x55\4\x0a", der(12, b"org"))))
    times = der(0x30, der(0x17, b"260101000000Z"), der(0x17, b"270101000000Z"))
    signed = der(0x30, der(0xa0, der(2, b"\2")), der(2, b"\5"), der(0x30, b"\6\0"), person, times, person)
    chain = struct.pack(">I", len(signed) + 2)[1:] + der(0x30, signed)
    client = record(22, message(1, hello + struct.pack(">H", len(extensions)) + extensions))
    server = b"\3\3" + bytes(33) + b"\xc0\x2f\0\0\0"
    answer = record(22, message(2, server) + message(11, struct.pack(">I", len(chain))[1:] + chain) + message(14, b""))
    write("tls", packet(0, 0, client) + packet(1, 0, answer))
    write("tls-1", packet(0, 0, client) + packet(1, 0, answer[:40]) + packet(1, 40, answer[40:]))
    write("http", packet(0, 0, b"GET / HTTP/1.1\r\nHost: example\r\n\r\n") + packet(1, 0, b"HTTP/1.1 200 OK\r\n\r\nx"))
    write("ftp", packet(1, 0, b"220 ready\r\n".ljust(16)) + packet(0, 0, b"USER joe\r\nPASS secret\r\n"))
    write("mail", packet(1, 0, b"220 ready\r\n") + packet(0, 0, b"EHLO me\r\nAUTH PLAIN AGpvZQBzZWNyZXQ=\r\n") +
          packet(0, 48, b"AUTH LOGIN\r\nam9l\r\nc2VjcmV0\r\nSTARTTLS\r\n") + packet(1, 16, b"220 go\r\n"))
    write("imap", packet(1, 0, b"* OK ready\r\n") + packet(0, 0, b'a LOGIN "joe" secret\r\n'))
    write("telnet", packet(1, 0, b"\xff\xfd\x18\xff\xfa\x18\1\xff\xf0login: ") + packet(0, 0, b"joe\r\n") +
          packet(1, 24, b"Password:") + packet(0, 8, b"secret\r\n"))
    write("ldap", packet(0, 0, bytes.fromhex("3014020101600f0201030404636e3d788004") + b"word"))
    write("snmp", packet(0x40, 0, bytes.fromhex("300e02010104067075626c6963a0010000")))
    write("forms", packet(0, 0, b"POST / HTTP/1.1\r\nAuthorization: Basic am9lOnNlY3JldA==\r\nContent-Length: 16\r\n\r\nuser=a&pass=%41+"))

    def session():
        at = [0, 0]

        def segment(server, payload, connection=0):
            payload += b" " * (-len(payload) % 8)
            seq = at[server] if not connection else 0
            at[server] += 0 if connection else len(payload)
            return struct.pack(">BBHBB", server, connection, seq, len(payload) // 8, 0) + payload
        return segment

    def smb2(command, message, flags, body, next_command=0):
        return b"\xfeSMB" + struct.pack("<HHIHHIIQIIQ16x", 64, 0, 0, command, 1, flags, next_command, message, 0, 7, 9) + body

    def framed(*commands):
        whole = b"".join(commands)
        whole += bytes(-(len(whole) + 4) % 8)
        return struct.pack(">I", len(whole)) + whole
    say = session()
    file, same = struct.pack("<QQ", 5, 5), b"\xff" * 16
    create = struct.pack("<H42xHH", 57, 120, 8) + bytes(8) + "f.ex".encode("utf-16-le")
    opened = struct.pack("<H46xQII", 89, 3, 0, 0) + file + bytes(8)
    write("smb2", say(0, framed(smb2(3, 1, 0, struct.pack("<HHHH", 9, 0, 72, 8) + "\\\\s\\".encode("utf-16-le")))) +
          say(1, framed(smb2(3, 1, 1, bytes(16)))) + say(0, framed(smb2(5, 2, 0, create))) +
          say(1, framed(smb2(5, 2, 1, opened))) +
          say(0, framed(smb2(9, 3, 0, struct.pack("<HHIQ", 49, 112, 8, 0) + file + bytes(16) + b"MZ-bytes"))) +
          say(1, framed(smb2(9, 3, 1, struct.pack("<HHI", 17, 0, 8) + bytes(8)))) +
          say(0, framed(smb2(8, 4, 0, struct.pack("<HHIQ", 49, 0, 8, 8) + file + bytes(16)))) +
          say(1, framed(smb2(8, 4, 1, struct.pack("<HBBI", 17, 80, 0, 8) + bytes(8) + b"the-rest"))) +
          say(0, framed(smb2(6, 5, 0, bytes(8) + file))) + say(1, framed(smb2(6, 5, 1, bytes(60)))))
    def smb1(command, message, response, words, body=b""):
        return (b"\xffSMB" + struct.pack("<BIBHH8x2xHHHH", command, 0, response << 7, 0xc001, 0, 7, 1, 9, message) +
                bytes([len(words) // 2]) + words + struct.pack("<H", len(body)) + body)
    say = session()
    alone = struct.pack("<BBH", 0xff, 0, 0)
    login = struct.pack("<BBH22x", 0x75, 0, 64)[:26]
    share = b"\4" + alone + struct.pack("<HHH", 0, 1, 20) + b"\0\0" + "\\\\h\\C$".encode("utf-16-le") + b"\0\0?????\0"
    write("smb1", say(0, framed(smb1(0x73, 1, 0, login, b"\0" + share))) + say(1, framed(smb1(0x73, 1, 1, alone, b""))) +
          say(0, framed(smb1(0x75, 2, 0, alone + struct.pack("<HH", 0, 1), b"\0" + "\\\\h\\C$".encode("utf-16-le") + b"\0\0"))) +
          say(1, framed(smb1(0x75, 2, 1, alone + b"\0\0"))) +
          say(0, framed(smb1(0xa2, 3, 0, alone + struct.pack("<BH41x", 0, 10), b"\0" + "a.exe".encode("utf-16-le")))) +
          say(1, framed(smb1(0xa2, 3, 1, alone + struct.pack("<BH48xQ5x", 0, 5, 8)))) +
          say(0, framed(smb1(0x2f, 4, 0, alone + struct.pack("<HIIHHHHHI", 5, 0, 0, 0, 0, 0, 8, 64, 0), b"\0MZ-bytes"))) +
          say(1, framed(smb1(0x2f, 4, 1, alone + struct.pack("<HHHH", 8, 0, 0, 0)))) +
          say(0, framed(smb1(0x2e, 5, 0, alone + struct.pack("<HIHHIHI", 5, 8, 8, 8, 0, 0, 0)))) +
          say(1, framed(smb1(0x2e, 5, 1, alone + struct.pack("<HHHHHH8x", 0, 0, 0, 8, 60, 0), b"\0the-rest"))) +
          say(0, framed(smb1(4, 6, 0, struct.pack("<HI", 5, 0)))) + say(1, framed(smb1(4, 6, 1, b""))))
    say = session()
    write("compound", say(0, framed(smb2(5, 2, 0, create, 128), smb2(8, 3, 4, struct.pack("<HHIQ", 49, 0, 8, 0) + same + bytes(16), 112),
                                    smb2(6, 4, 4, bytes(8) + same))) +
          say(1, framed(smb2(5, 2, 1, opened, 152), smb2(8, 3, 5, struct.pack("<HBBI", 17, 80, 0, 8) + bytes(8) + b"the-file", 88),
                        smb2(6, 4, 5, bytes(60)))))
    say = session()
    write("ftp-data", say(1, b"220 hello \r\n    \r\n") + say(0, b"USER a\r\nPASV\r\n") +
          say(1, b"227 at (1,2,3,4,31,64)\r\n") + say(0, b"RETR /a/b\r\n") + say(1, b"some bytes of it", 1) +
          say(0, b"PORT 1,2,3,4,3,234\r\n") + say(1, b"229 at (|||8000|)\r\n"))
    say = session()
    body = gzip.compress(b"abc" * 50)
    write("http-gzip", say(0, b"GET /a/b.exe HTTP/1.1\r\nHost: h\r\n\r\n ") + say(1, b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
          b"Content-Length: %d\r\n\r\n" % len(body) + body))
elif name == "dissect_certificate":
    write("quic", bytes.fromhex("c000000001088394c8f03e515708000041") + bytes(400))
    write("frames", bytes.fromhex("000102070001060004") + b"abcd")
elif name == "datagrams":
    asked = [p[42:] for p in packets() if p[12:14] == b"\x08\0" and p[23] == 17 and 53 in struct.unpack(">HH", p[34:38])]
    for start in range(0, min(len(asked), 100), 10):
        write("dns-%d" % start, b"".join(struct.pack(">BH", n & 1, len(d)) + d for n, d in enumerate(asked[start:start + 10])))
    snmp = bytes.fromhex("300e02010104067075626c6963a0010000")
    write("snmp", struct.pack(">BH", 8, len(snmp)) + snmp)
    ssdp = b"M-SEARCH * HTTP/1.1\r\nHost: 239.255.255.250\r\n\r\n"
    write("ssdp", struct.pack(">BH", 12, len(ssdp)) + ssdp)
    quic = bytes.fromhex("c000000001088394c8f03e515708000041") + bytes(400)
    write("quic", struct.pack(">BH", 10, len(quic)) + quic)
elif name == "segments":
    write("order", b"\x0f" + bytes.fromhex("00000010ff" "00003010ff" "00001010ff" "0100400000" "40002020ff" "0000500800"))
elif name == "frame":
    frames = [struct.pack(">BH", 0, len(p)) + p for p in packets()]
    for start in range(0, min(len(frames), 3000), 150):
        write(str(start), b"".join(frames[start:start + 150]))
elif name == "state":  # two relations, a source, a destination; the harness seals them
    rows = struct.pack("<QQQ", 1, 5, 6) + struct.pack("<QQQ", 2, 5, 7)
    usual = struct.pack("<QQQQqqIiii", 500000, 6, 100, 1, 1 << 24, 1 << 22, 30, 1 << 24, 1 << 23, 1 << 22)
    source = bytes(10) + b"\xff\xff\x0a\0\0\5"
    rows += source + bytes(16) + usual + source + bytes(10) + b"\xff\xff\xcb\0\x71\x09" + usual
    write("four", b"\1" + struct.pack("<8sIIIIQQQ", b"skuastat", 1, 2, 1, 1, 7, 5, 8) + rows + bytes(32))
elif name == "indicators":
    write("list", b"\x80# a list\n203.0.113.5, a label\n2001:db8::/32\tanother\n*.example.org\n.example.com\n"
          b"sni:www.example.org\r\nt13d1516h2_8daaf6152771_e5627efa2ab1\nja4:q13d0310h3_55b375c5d22e_cd85d2d88918\n")
elif name == "scrub":
    for index, packet in enumerate(list(packets())[:400:4]):
        write(str(index), bytes([0, index % 4]) + packet)
elif name == "file_parts":
    for copy in range(16):
        write("pcap-%d" % copy, bytes([copy]) + content[:3000])
    sample = os.path.join(os.path.dirname(directory), "evidence", "sample")
    with tempfile.TemporaryDirectory() as kept:
        made = subprocess.run([sample, kept + "/sample"], check=False).returncode == 0 if os.path.exists(sample) else False
        for copy in range(16) if made else []:
            with open(kept + "/sample", "rb") as file:
                write("pcapng-%d" % copy, bytes([copy]) + file.read()[:3000])
elif name == "config":
    with open("deploy/skua.yaml", "rb") as file:
        write("sample", file.read())
    write("all", b'texts: [a, "b c"]\nlocal: [10.0.0.0/8, fd00::/8]\nhost: "x\\u202e"\nflows: 7\nring: 8\n'
          b"min-score: 0.25\nhook: tc\npin: true\n")
    write("flow", b'{"texts": ["a"], "pin": false, "flows": 5}')
    write("unwanted", b"%YAML 1.1\n--- &a\nhost: !!str *b\n...\n--- [[x]]\n")
elif name == "logs":
    def said(which, side, payload, flags=0x18):
        return bytes([which | side << 3, flags]) + struct.pack(">H", len(payload)) + payload

    def opened(which, *words):
        turns = b"".join(said(which, side, text) for side, text in words)
        return said(which, 0, b"", 2) + said(which, 1, b"", 0x12) + turns + said(which, 0, b"", 0x11) + \
            said(which, 1, b"", 0x11)

    question = b"\7\0\1\0\0\1\0\0\0\0\0\0\4a\xff\"b\3net\0\0\x10\0\1"
    answer = b"\7\0\x81\x80\0\1\0\1\0\0\0\0" + question[12:] + b"\xc0\x0c\0\x10\0\1\0\0\0\1\0\5\4\0\xff\n\\"
    dns = said(5, 0, question) + said(5, 1, answer) + said(6, 0, question) + said(5, 1, answer)
    http = opened(1, (0, b"GET /\xff\"\xe2\x80\xae HTTP/1.1\r\nHost: a\x1b[2J:80\r\nReferer: \\u\r\n\r\n"),
                  (1, b"HTTP/1.1 200 O\x9bK\r\nContent-Type: \xff/x; y\r\nContent-Length: 4\r\n\r\n\x89PNG"))
    ftp = opened(3, (1, b"220 x\r\n"), (0, b"USER a\xff\r\n"), (0, b"RETR \"b\xff\r\n"))
    lone = said(1, 1, b"HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\n") + said(1, 1, b"body")
    for form in (0, 1):
        for what, seed in (("dns", dns), ("http", http), ("ftp", ftp), ("lone", lone)):
            write(f"{what}-{form}", bytes([form]) + seed)
elif name == "page":
    hostile = b"\xff</script><b a='\"'>&amp;\xe2\x80\xae\x1b[2J" + b"\xfe<" * 112 + b">"  # 255, and 255 bytes
    for what in range(8):
        write(str(what), hostile * 2 + bytes([what]) + hostile * 3 + bytes([what + 8]) + b"\xff" * 768)
elif name == "pod_json":
    with open("tests/deploy/pod.json", "rb") as file:
        pod = b" ".join(file.read().split())
    page = b'{"metadata":{"resourceVersion":"7","continue":"%s"},"items":[%s,%s]}'
    write("page", b"\1" + page % (b"next", pod, pod))
    write("last", b"\1" + page % (b"", pod, b"{}"))
    lines = [b'{"type":"%s","object":%s}' % (kind, pod) for kind in (b"ADDED", b"MODIFIED", b"DELETED")]
    lines.append(b'{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9"}}}')
    lines.append(b'{"type":"ERROR","object":{"code":410}}')
    write("events", b"\0" + b"\n".join(lines))
    for i, line in enumerate(lines):
        write(f"event-{i}", b"\0" + line)
elif name == "journal":
    with tempfile.TemporaryDirectory() as kept:
        skua = os.path.join(os.path.dirname(directory), "skua")
        subprocess.run([skua, "replay", "-q", "--journal", kept, capture], stdout=subprocess.DEVNULL, check=True)
        with open(os.path.join(kept, os.listdir(kept)[0]), "rb") as file:
            packed = file.read()
    plain = packed
    if packed[:4] == b"\x28\xb5\x2f\xfd":
        plain = subprocess.run(["zstd", "-d", "-c", "-q"], input=packed, capture_output=True, check=True).stdout
    write("whole", b"\0" + packed[:20000])
    write("plain", b"\0" + plain[:8000])
    records, at = [], struct.unpack_from("<I", plain, 16)[0] + 7 & ~7
    while at + 24 <= len(plain):  # blocks, and the records in each
        end = at + 24 + struct.unpack_from("<I", plain, at + 4)[0]
        at += 24
        while at < end:
            size = 16 + (struct.unpack_from("<I", plain, at + 4)[0] + 7 & ~7)
            records.append(plain[at:at + size])
            at += size
    for start in range(0, len(records), max(1000, len(records) // 20)):
        write(str(start), b"\1" + b"".join(records[start:start + 200]))
    write("end", b"\1" + b"".join(records[-100:]))
elif name == "vault":
    line = ('{"seq":1,"time":"2026-11-21T08:00:00.000000000Z","action":"publish",'
            '"file":"2026/11/21/0a-2.pcapng","sha256":"%s","bytes":9,"json_sha256":"%s","json_bytes":7,'
            '"severity":3,"recovered":true,"prev":"%s",' % ("a" * 64, "b" * 64, "0" * 64)).encode()
    write("line", b"\0" + line + b'"hash":"%s"}' % hashlib.sha256(line).hexdigest().encode())
    write("head", b'\1{"count":12,"hash":"%s"}\n' % (b"a" * 64))
    write("signature", b"\2untrusted comment: skua vault\n%s\ntrusted comment: x\n%s\n" %
          (base64.b64encode(b"ED" + bytes(72)), base64.b64encode(bytes(64))))
    packet = struct.pack("<IIIIIII8sHHI", 6, 44, 0, 0, 0, 6, 6, b"packet\0\0", 0, 0, 44)
    statistics = struct.pack("<IIIIIHHI", 5, 28, 0, 0, 0, 0, 0, 28)
    names = struct.pack("<IIHH4s4sHHI", 4, 28, 1, 7, b"\x7f\0\0\1", b"ab\0\0", 0, 0, 28)
    write("blocks", b"\3" + packet + names + statistics)
