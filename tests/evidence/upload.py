#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Uploads vaults over lines that fail, kills who uploads, and fetches back: upload.py OUT."""
import base64
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from upload_stage import HOST, S3, Line, Lighttpd, Tls, Vault, differences, files_below, sha256, signature, wait_for

OUT = os.path.abspath(sys.argv[1])
SKUA = OUT + "/skua"
S3RVER = OUT + "/s3/node_modules/s3rver/bin/s3rver.js"
KILLS = 12
number = failures = 0


def ok(good, sentence, lines=()):
    global number, failures
    number += 1
    failures += not good
    print("%s %d - %s" % ("ok" if good else "not ok", number, sentence), flush=True)
    for line in [] if good else list(lines)[:12]:
        print("# " + str(line)[:300])


def skip(sentence, why):
    global number
    number += 1
    print("ok %d - %s # SKIP %s" % (number, sentence, why), flush=True)


def skua(*words, environment=None):
    done = subprocess.run([SKUA, *words], capture_output=True, timeout=600, check=False,
                          env={**os.environ, **(environment or {})})
    return done.returncode, done.stdout, done.stderr.decode().splitlines()


def upload(vault, url, *options, environment=None):
    status, _, said = skua("upload", vault.folder, "--to", url, "--once", *options, environment=environment)
    return status, said


def begin(vault, url, *options):
    return subprocess.Popen([SKUA, "upload", vault.folder, "--to", url, "--interval", "1", *options],
                            stderr=subprocess.PIPE)


def state(vault):
    try:
        with open(vault.folder + "/UPLOADED") as file:
            return json.load(file)["seq"]
    except FileNotFoundError:
        return 0


def written(server):
    """{path: when it was written}: what is put again is another file, be it of the same tick of the clock."""
    paths = [os.path.join(where, name) for where, _, names in os.walk(server.root) for name in names]
    return {path: (status.st_mtime_ns, status.st_ino) for path, status in zip(paths, map(os.stat, paths))}


def put_since(server, before):
    return sorted(path[len(server.root):] for path, when in written(server).items() if before.get(path) != when)


def faults(scratch, server):
    """One vault, everything that a line and a server do, one uploader that is killed once."""
    vault = Vault(scratch + "/faults", 7)
    for size in (0, 1, 500, 70000, 3000000, 20000):
        vault.publish(size)
    line = Line(server.port)
    url = "http://%s:%d/faults/" % (HOST, line.port)
    process = begin(vault, url)
    ok(wait_for(lambda: line.connections >= 2) and process.poll() is None and not state(vault),
       "a server that is down at the start is waited for", [line.connections, process.poll(), state(vault)])
    ok(server.start() and wait_for(lambda: state(vault) == 6), "and has everything once it is up", [state(vault)])
    line.rate = 500000
    vault.publish(2000000)
    ok(wait_for(lambda: state(vault) == 7), "a slow line is slow, and no more", [state(vault)])
    line.rate, line.mode = 0, "503"
    vault.publish(2000)
    ok(wait_for(lambda: line.refused >= 2), "a server that answers 503 is asked again", [line.refused])
    line.mode = "pass"
    ok(wait_for(lambda: state(vault) == 8), "until it takes what it refused", [state(vault)])
    line.mode = "break"
    vault.publish(1500000)
    ok(wait_for(lambda: line.broken >= 2) and state(vault) == 8, "a line that breaks in the middle is no success")
    ok(not os.path.exists(server.root + "/faults/" + vault.published[-1]), "and leaves nothing half on the server")
    line.mode = "pass"
    ok(wait_for(lambda: state(vault) == 9), "what was broken off arrives", [state(vault)])
    line.stand_still(1000000)
    vault.publish(4000000)
    middle = line.stands_still()
    server.kill()
    asked = line.connections
    line.go_on()
    ok(middle and wait_for(lambda: line.connections > asked) and server.start() and wait_for(lambda: state(vault) == 10),
       "a server killed in the middle and started again is no loss", [middle, line.connections - asked, state(vault)])
    line.stand_still(1000000)
    vault.publish(4000000)
    middle = line.stands_still()
    process.kill()
    process.communicate()
    before = state(vault)
    line.go_on()
    process = begin(vault, url)
    ok(middle and before == 10 and wait_for(lambda: state(vault) == 11), "nor is an uploader killed in the middle",
       [middle, before, state(vault)])
    end_in_the_middle(vault, line, process)
    upload(vault, url)
    names, text = server.there()
    names = {name[7:]: digest for name, digest in names.items() if name.startswith("faults/")}
    wrong = differences(vault, (names, lambda name: text("faults/" + name)))
    ok(not wrong, "after all this everything is there, once, intact, and nothing else", wrong)
    return vault, url


def end_in_the_middle(vault, line, process):
    """Whoever waits for the rest of the file waits for ever."""
    line.stand_still(1000000)
    vault.publish(4000000)
    middle = line.stands_still()
    begun = time.monotonic()
    process.terminate()
    try:
        said = process.communicate(timeout=60)[1]
    except subprocess.TimeoutExpired:
        process.kill()
        said = process.communicate()[1]
    took = time.monotonic() - begun
    ok(middle and took < 5 and process.returncode == 0, "SIGTERM ends it at once, in the middle of a file",
       [middle, "%.2f s, status %d" % (took, process.returncode), said.decode()])
    print("# figure: upload: %.2f s from SIGTERM in the middle of a file to the end" % took)
    line.go_on()


def kills(scratch, server):
    """kill -9 after a random number of bytes, and a moment; then what is there is compared."""
    vault = Vault(scratch + "/kills", 8)
    chance = random.Random(5)
    line = Line(server.port)
    line.rate = 3000000
    url = "http://%s:%d/kills/" % (HOST, line.port)
    moments, sizes = [], []
    while len(moments) < KILLS or len(set(moments)) < 4 and len(moments) < 4 * KILLS:
        for _ in range(4):
            sizes.append(chance.choice((100, 5000, 300000, 800000)))
            vault.publish(sizes[-1])
        enough = line.passed + chance.randrange(sum(sizes[state(vault):]) + 10000)
        process = begin(vault, url, "-q")
        wait_for(lambda: line.passed >= enough or state(vault) == vault.seq, pause=0.002)
        time.sleep(chance.uniform(0, 0.02))
        process.kill()
        process.communicate()
        moments.append(state(vault))

    def half():
        return [n for n, digest in server.there()[0].items() if n.startswith("kills/20") and
                digest != vault.expected().get(n[6:])]
    # The last may have sent all of a file, which the server is still writing.
    ok(wait_for(lambda: not half(), 20), "of %d uploaders killed at random, none left anything half" % len(moments), half())
    status, said = upload(vault, url)
    names, text = server.there()
    names = {name[6:]: digest for name, digest in names.items() if name.startswith("kills/")}
    wrong = differences(vault, (names, lambda name: text("kills/" + name)))
    ok(status == 0 and not wrong, "the last brings the rest: each once, intact", wrong + said)
    ok(len(set(moments)) > 3, "the kills came at different moments", moments)
    print("# figure: upload: killed %d times; lines there at each: %s" % (len(moments), " ".join(map(str, moments))))
    before = written(server)
    status, _ = upload(vault, url)
    ok(status == 0 and put_since(server, before) == ["/kills/HEAD"], "where all is there nothing but HEAD is sent again",
       put_since(server, before))


def hostile(scratch, server):
    """Lines and files that are not what they should be."""
    vault = Vault(scratch + "/hostile", 9)
    url = "http://%s:%d/hostile/" % (HOST, server.port)
    secret = scratch + "/secret.pcapng"
    data = b"a secret of somebody else"
    with open(secret, "wb") as file:
        file.write(data)
    good = vault.publish(1000)
    for name in ("../secret.pcapng", secret, "2026/11/../../../secret.pcapng", "2026/11/21/../secret.pcapng",
                 "2026/11/21/x\\u002f.pcapng", "2026/11/21/.pcapng", "2026/11/21/ab.pcapng.part"):
        vault.publish(0, name=name, data=data)
    linked = vault.publish(len(data), data=data)
    path = os.path.join(vault.folder, vault.path(linked))
    os.unlink(path)
    os.symlink(secret, path)
    damaged = vault.publish(5000)
    with open(os.path.join(vault.folder, vault.path(damaged)), "r+b") as file:
        file.seek(4000)
        file.write(b"?" if file.read(1) != b"?" else b"!")
    longer = vault.publish(100)
    with open(os.path.join(vault.folder, vault.path(longer)), "ab") as file:
        file.write(b"more")
    vault.write(vault.lines[0].strip().replace('"severity":1', '"severity":2'))
    vault.write("x" * 200000)
    vault.write("\0\1{}")
    gone = vault.publish(100)
    vault.remove(gone)
    last = vault.publish(3000)
    status, said = upload(vault, url)
    there = server.there()[0]
    have = sorted(n for n in there if n.startswith("hostile/20"))
    wanted = sorted("hostile/" + f[:-6] + e for f in map(vault.path, (good, last)) for e in ("pcapng", "json"))
    ok(status == 1 and have == wanted, "only what the manifest rightly names is uploaded", have + said)
    ok(sha256(data) not in there.values(), "no file outside the vault, and no link, is followed")
    counted = re.search(r"(\d+) removed before, (\d+) damaged, (\d+) refused", said[-1])
    ok(counted and counted.groups() == ("1", "3", "10"), "each is counted by its cause", said[-1:])
    ok(sum("names a file which is no snapshot" in s for s in said) == 7 and
       sum("is not what the manifest says" in s for s in said) == 3 and
       sum("was removed before it was uploaded" in s for s in said) == 1 and
       sum("too long" in s for s in said) == 1, "and named", said)


def segments(scratch, server):
    """A manifest in segments, of which old ones go; and one that is cut."""
    vault = Vault(scratch + "/segments", 10)
    url = "http://%s:%d/segments/" % (HOST, server.port)
    vault.publish(10)
    vault.publish(20)
    process = begin(vault, url)
    ok(wait_for(lambda: state(vault) == 2), "a manifest is followed")
    vault.publish(25)
    vault.rotate(1)
    vault.publish(30)
    vault.rotate(2)
    vault.publish(40)
    ok(wait_for(lambda: state(vault) == 5), "and its segments after another", [state(vault)])
    process.terminate()
    process.communicate()
    file = vault.published[0]
    with open(os.path.join(vault.folder, file), "rb") as kept:
        data = kept.read()
    vault.append("keep", file, sha256=sha256(data), bytes=len(data))
    vault.append("drop", "MANIFEST-000001.jsonl", sha256="0" * 64, bytes=1)
    os.unlink(vault.folder + "/MANIFEST-000001.jsonl")
    before = written(server)
    status, said = upload(vault, url)
    ok(status == 0 and len(put_since(server, before)) == 3, "a file that is listed again is not sent again", put_since(server, before) + said)
    status, said = upload(vault, url.replace("segments", "late"), "--state", scratch + "/late.state")
    late = {n[5:] for n in server.there()[0] if n.startswith("late/20")}
    ok(status == 0 and file in late and len(late) == 5 and
       os.path.exists(scratch + "/late.state"), "but is when the upload began after its first line was gone; its state is where --state says",
       sorted(late) + said)
    with open(vault.folder + "/MANIFEST.jsonl", "r+") as manifest:
        line = manifest.readline()
        manifest.truncate(len(line))
    lines = {n for n in server.there()[0] if n.startswith("segments/manifest/")}
    vault.seq, vault.hash = 5, json.loads(line)["hash"]
    status, said = upload(vault, url)
    ok(any("no longer has line 7" in s for s in said), "a manifest that was cut is told", said)
    vault.publish(50)
    vault.publish(50)
    status, said = upload(vault, url)
    after = {n for n in server.there()[0] if n.startswith("segments/manifest/")}
    ok(lines < after and len(after) == len(lines) + 2, "and what was cut stays on the server beside what came instead", sorted(after))
    vault.write(line.strip())
    status, said = upload(vault, url)
    ok(status == 1 and "repeats a number" in said[0], "a line that comes again is refused", said)


def fetch(scratch, vault, url, server):
    ident = os.path.basename(vault.published[3])[:-7]
    want = vault.expected()[vault.published[3]]
    for source in (("--vault", vault.folder), ("--from", url)):
        name = source[0][2:]
        target = "%s/fetched-%s" % (scratch, name)
        status, _, said = skua("fetch", ident, *source, "-w", target)
        ok(status == 0 and files_below(scratch).get("fetched-" + name) == want, "fetch %s brings a snapshot" % source[0], said)
        status, out, said = skua("fetch", *source, "-w", "-", ident[:12])
        ok(status == 0 and sha256(out) == want, "to a pipe, by the beginning of its ID", said)
        status, out, said = skua("fetch", vault.published[3], *source, "-w", "-")
        ok(status == 0 and sha256(out) == want, "or by the file that the finding names", said)
        status, out, said = skua("fetch", "0123456789abcdef0123456789abcdef", *source, "-w", "-")
        ok(status == 1 and not out and len(said) == 1 and "no snapshot" in said[0], "one that is not there is said", said)
    path = server.root + "/faults/" + vault.published[3]
    with open(path, "r+b") as file:
        file.seek(100)
        byte = file.read(1)[0] ^ 1
        file.seek(100)
        file.write(bytes([byte]))
    for what in (ident, vault.published[3]):
        status, _, said = skua("fetch", what, "--from", url, "-w", scratch + "/bad")
        ok(status == 1 and not os.path.exists(scratch + "/bad") and not os.path.exists(scratch + "/bad.part") and
           "somebody changed it" in said[0], "a byte that was changed on the server is found, and nothing is left", said)
    with open(os.path.join(vault.folder, vault.published[1]), "ab") as file:
        file.write(b"x")
    status, out, said = skua("fetch", os.path.basename(vault.published[1])[:-7], "--vault", vault.folder, "-w", "-")
    ok(status == 1 and not out and "skua verify" in said[0], "and so is one that grew in the vault", said)


def tls(scratch):
    vault = Vault(scratch + "/tls", 11)
    vault.publish(100000)
    server = Tls(scratch)
    url = "https://localhost:%d/v/" % server.port
    status, said = upload(vault, url)
    ok(status == 1 and not server.kept and "certificate" in said[0], "a certificate that nobody vouches for is refused", said)
    keys = scratch + "/keys"
    with open(keys, "w") as file:
        file.write("# of the sink\nHTTP_USER=node7\nHTTP_PASSWORD=pass\n")
    os.chmod(keys, 0o644)
    status, said = upload(vault, url, "--cacert", server.certificate, "--credentials", keys)
    ok(status == 2 and "chmod 600" in said[0], "keys that others may read are refused", said)
    os.chmod(keys, 0o600)
    status, said = upload(vault, url, "--cacert", server.certificate, "--credentials", keys)
    name = "/v/" + vault.published[0]
    headers = server.headers.get(name, {})
    digest = base64.b64encode(bytes.fromhex(sha256(server.kept.get(name, b"")))).decode()
    ok(status == 0 and len(server.kept) == 4 and sha256(server.kept[name]) == vault.expected()[name[3:]],
       "with --cacert it is trusted", said)
    ok(headers.get("Content-Digest") == "sha-256=:%s:" % digest, "each upload carries the sha256", [headers])
    ok(headers.get("Authorization") == "Basic " + base64.b64encode(b"node7:pass").decode(), "and the account's name and password")
    ok(all(type(p) is str and i > 1 for i, p in enumerate(server.kept, 2)) and list(server.kept)[0] == name and
       list(server.kept)[1].endswith(".json") and list(server.kept)[3] == "/v/HEAD", "packets, JSON, manifest, HEAD: in this order",
       list(server.kept))


def memory(scratch, server):
    vault = Vault(scratch + "/memory", 12)
    vault.publish(0, data=bytes(100 << 20))
    line = Line(server.port)
    line.rate = 60000000
    process = begin(vault, "http://%s:%d/memory/" % (HOST, line.port))
    peak = 0

    def done():
        nonlocal peak
        with open("/proc/%d/status" % process.pid) as file:
            peak = max(peak, int(re.search(r"VmHWM:\s+(\d+)", file.read()).group(1)))
        return state(vault) == 1
    good = wait_for(done)
    process.terminate()
    process.communicate()
    limit = 400000 if os.environ.get("SAN") else 30000
    ok(good and peak < limit, "a file of 100 MB is streamed in less than 30 MB of memory", ["%d kB" % peak])
    print("# figure: upload: %.1f MB of memory for a file of 105 MB" % (peak / 1e3))


def text_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def s3(scratch):
    program = shutil.which("node") and os.path.exists(OUT + "/s3/complete")
    if not program:
        skip("S3: everything arrives at a server of S3", "s3rver is not there: tools/setup.sh check-all")
        return
    server = S3(S3RVER, scratch)
    vault = Vault(scratch + "/to-s3", 13)
    for size in (0, 10, 40000, 2000000):
        ident = vault.publish(size)
    url = "s3+http://%s:%d/evidence/node7" % (HOST, server.port)
    keys = {"AWS_ACCESS_KEY_ID": "SOMEBODY", "AWS_SECRET_ACCESS_KEY": "S3RVER"}
    status, said = upload(vault, url, environment=keys)
    ok(status == 1 and "403 (InvalidAccessKeyId)" in said[0], "S3: a wrong key is refused, and that is said", said)
    keys["AWS_ACCESS_KEY_ID"] = "S3RVER"
    status, said = upload(vault, url, environment=keys)
    wrong = differences(vault, server.there("node7/"))
    ok(server.good and status == 0 and not wrong, "S3: everything arrives at a server of S3, signed, once, intact", wrong + said)
    status, out, said = skua("fetch", ident, "--from", url, "-w", "-", environment=keys)
    ok(status == 0 and sha256(out) == vault.expected()[vault.path(ident)], "S3: and is fetched back", said)
    server.stop()
    vault.publish(500000)
    with open(scratch + "/s3.said", "wb") as file:
        process = subprocess.Popen([SKUA, "upload", vault.folder, "--to", url, "--interval", "1"], stderr=file,
                                   env={**os.environ, **keys})
    tried = wait_for(lambda: "trying again" in text_of(scratch + "/s3.said"))
    again = subprocess.Popen(["node", S3RVER, "-d", server.root, "-a", HOST, "-p", str(server.port), "-s",
                              "--no-vhost-buckets"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    # HEAD follows the lines: it may be on its way when they are there.
    good = tried and wait_for(lambda: state(vault) == 5) and wait_for(lambda: not differences(vault, server.there("node7/")))
    process.terminate()
    process.wait()
    wrong = differences(vault, server.there("node7/"))
    again.terminate()
    again.wait()
    ok(good and not wrong, "S3: a server that was away for a while has everything", wrong)


def signatures(scratch):
    """s3rver checks no signature; so each is computed once more, as Amazon's manual has it."""
    known = signature("GET", "/test.txt", {
        "Range": "bytes=0-9", "Host": "examplebucket.s3.amazonaws.com", "x-amz-content-sha256": sha256(b""),
        "x-amz-date": "20130524T000000Z"}, "host;range;x-amz-content-sha256;x-amz-date",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1")
    ok(known == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
       "S3: the test computes the signature of the manual's example")
    vault = Vault(scratch + "/signed", 15)
    vault.publish(70000)
    server = Tls(scratch)
    keys = scratch + "/s3keys"
    with open(keys, "w") as file:
        file.write("AWS_ACCESS_KEY_ID=AKIA7\nAWS_SECRET_ACCESS_KEY=se/cr+et\nAWS_SESSION_TOKEN=to/ken==\nAWS_REGION=eu-west-3\n")
    os.chmod(keys, 0o600)
    status, said = upload(vault, "s3+https://localhost:%d/bucket/node-7" % server.port, "--cacert", server.certificate,
                          "--credentials", keys)
    wrong = []
    for path, headers in server.headers.items():
        parts = dict(part.strip().split("=", 1) for part in headers.get("Authorization", "").split(" ", 1)[-1].split(","))
        if parts.get("Signature") != signature("PUT", path, headers, parts["SignedHeaders"], "se/cr+et", "eu-west-3"):
            wrong.append("%s: %s" % (path, headers))
        if not {"x-amz-content-sha256", "x-amz-security-token"} <= set(parts["SignedHeaders"].split(";")):
            wrong.append(parts)
        if headers["x-amz-content-sha256"] != sha256(server.kept[path]):
            wrong.append("%s: not the hash of what was sent" % path)
    ok(status == 0 and len(server.headers) == 4 and not wrong,
       "S3: each upload is signed with its sha256 and the session's token", wrong + said)


def words(scratch):
    vault = Vault(scratch + "/words", 14)
    for url, why in (("ftp://h/", "begins with none"), ("http://u:p@h/", "names an account"), ("https:///x", "names no host"),
                     ("https://h/a b", "characters other"), ("s3+https://h", "names no bucket"), ("http://h/a/../b", "goes up")):
        status, said = upload(vault, url)
        ok(status == 2 and len(said) == 1 and why in said[0], "%s is no place to upload to, and why is said" % url, said)
    status, said = upload(vault, "s3+https://h/b", environment={"AWS_ACCESS_KEY_ID": ""})
    ok(status == 2 and "AWS_ACCESS_KEY_ID" in said[0], "S3 without keys is refused", said)


def main():
    scratch = tempfile.mkdtemp()
    server = Lighttpd(scratch)
    try:
        vault, url = faults(scratch, server)
        kills(scratch, server)
        hostile(scratch, server)
        segments(scratch, server)
        fetch(scratch, vault, url, server)
        memory(scratch, server)
        tls(scratch)
        signatures(scratch)
        s3(scratch)
        words(scratch)
    finally:
        server.stop()
        shutil.rmtree(scratch)
    print("1..%d" % number)
    return failures != 0


sys.exit(main())
