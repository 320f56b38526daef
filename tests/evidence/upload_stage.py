# SPDX-License-Identifier: BSD-2-Clause
"""What the tests of the upload play with: a vault, servers, a line that fails."""
import hashlib
import hmac
import http.server
import json
import os
import random
import socket
import ssl
import subprocess
import threading
import time

HOST = "127.0.0.1"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def signature(method, path, headers, signed, secret, region):
    """AWS Signature Version 4 of a request to S3 without a query."""
    lower = {name.lower(): value.strip() for name, value in headers.items()}
    request = "\n".join([method, path, ""] + ["%s:%s" % (n, lower[n]) for n in signed.split(";")] +
                        ["", signed, lower["x-amz-content-sha256"]])
    date = lower["x-amz-date"]
    scope = [date[:8], region, "s3", "aws4_request"]
    text = "\n".join(["AWS4-HMAC-SHA256", date, "/".join(scope), sha256(request.encode())])
    key = ("AWS4" + secret).encode()
    for word in scope + [text]:
        digest = hmac.new(key, word.encode(), hashlib.sha256)
        key = digest.digest()
    return digest.hexdigest()


def free_port():
    """Of a server that is not always there: below those that connections of others are given meanwhile."""
    with open("/proc/sys/net/ipv4/ip_local_port_range") as file:
        first = int(file.read().split()[0])
    for port in random.sample(range(1024, first), min(100, max(0, first - 1024))) + [0]:
        with socket.socket() as probe:
            if not probe.connect_ex((HOST, port)):
                continue
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise OSError("no port is free")


def wait_for(condition, seconds=120, pause=0.05):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True


def listens(port):
    with socket.socket() as probe:
        return not probe.connect_ex((HOST, port))


def files_below(folder):
    """{relative path: sha256}, without what goes while this looks"""
    found = {}
    for where, _, names in os.walk(folder):
        for name in names:
            try:
                with open(os.path.join(where, name), "rb") as file:
                    found[os.path.relpath(os.path.join(where, name), folder)] = sha256(file.read())
            except FileNotFoundError:
                pass
    return found


class Vault:
    """Writes what a vault holds, as its readers see it."""

    def __init__(self, folder, seed=1):
        self.folder, self.seq, self.hash = folder, 0, "0" * 64
        self.random = random.Random(seed)
        self.published = []
        self.lines = []
        os.makedirs(folder)

    def append(self, action, file, **more):
        self.seq += 1
        line = json.dumps({"seq": self.seq, "time": "2026-11-21T02:11:09.123456789Z", "action": action,
                           "file": file, **more, "severity": 1, "prev": self.hash}, separators=(",", ":"))
        line = line[:-1] + ","
        self.hash = sha256(line.encode())
        self.write(line + '"hash":"%s"}' % self.hash)

    def write(self, line):
        self.lines.append(line + "\n")
        with open(self.folder + "/MANIFEST.jsonl", "a") as file:
            file.write(line + "\n")
        with open(self.folder + "/HEAD.new", "w") as file:
            file.write('{"count":%d,"hash":"%s"}\n' % (self.seq, self.hash))
        os.rename(self.folder + "/HEAD.new", self.folder + "/HEAD")

    def publish(self, size, name=None, data=None):
        """Returns its ID."""
        ident = "%032x" % self.random.getrandbits(128)
        file = name or "2026/11/%02d/%s.pcapng" % (self.random.randrange(1, 29), ident)
        data = self.random.randbytes(size) if data is None else data
        text = json.dumps({"finding_id": ident, "event_type": "scan",
                           "snapshot": {"file": file, "sha256": sha256(data), "packets": 3,
                                        "bytes": len(data)}}, separators=(",", ":")).encode() + b"\n"
        if not name:
            path = os.path.join(self.folder, file)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            for where, what in ((path, data), (path[:-6] + "json", text)):
                with open(where, "wb") as out:
                    out.write(what)
            self.published.append(file)
        self.append("publish", file, sha256=sha256(data), bytes=len(data), json_sha256=sha256(text),
                    json_bytes=len(text))
        return ident

    def path(self, ident):
        return next(f for f in self.published if ident in f)

    def remove(self, ident):
        file = self.path(ident)
        self.append("remove", file, sha256="0" * 64, bytes=0)
        os.unlink(os.path.join(self.folder, file))
        os.unlink(os.path.join(self.folder, file[:-6] + "json"))
        self.published.remove(file)

    def rotate(self, number):
        os.rename(self.folder + "/MANIFEST.jsonl", self.folder + "/MANIFEST-%06d.jsonl" % number)

    def expected(self):
        """What must be there, apart from the manifest."""
        return {name: digest for name, digest in files_below(self.folder).items() if name.startswith("20")}


def differences(vault, there):
    """Between a vault and {name: sha256} of a server, where texts are in there["text"]."""
    names, texts = there
    wrong = []
    expected = vault.expected()
    for name in sorted(set(expected) | {n for n in names if n.startswith("20")}):
        if expected.get(name) != names.get(name):
            wrong.append("%s: %s" % (name, "missing" if name not in names else
                                     "not expected" if name not in expected else "differs"))
    chunks = "".join(texts(name) for name in sorted(n for n in names if n.startswith("manifest/")))
    if chunks != "".join(vault.lines):
        wrong.append("manifest: %d of %d lines" % (chunks.count("\n"), len(vault.lines)))
    with open(vault.folder + "/HEAD") as head:
        if "HEAD" not in names or texts("HEAD") != head.read():
            wrong.append("HEAD differs")
    other = [n for n in names if not n.startswith(("20", "manifest/")) and n != "HEAD"]
    return wrong + ["not expected: " + name for name in other]


class Lighttpd:
    """A web server with WebDAV."""

    def __init__(self, scratch):
        self.root, self.port, self.process = scratch + "/www", free_port(), None
        self.config = scratch + "/lighttpd.conf"
        os.makedirs(self.root)
        os.makedirs(scratch + "/spool")
        with open(self.config, "w") as file:
            file.write('server.modules = ("mod_webdav")\n'
                       'server.document-root = "%s"\nserver.bind = "%s"\nserver.port = %d\n'
                       'server.upload-dirs = ("%s")\nwebdav.activate = "enable"\n'
                       'server.stream-request-body = 0\n'
                       % (self.root, HOST, self.port, scratch + "/spool"))

    def start(self):
        """Again, when it ends at once: who was killed may hold the port for a moment yet."""
        def up():
            if not self.process or self.process.poll() is not None:
                self.process = subprocess.Popen(["lighttpd", "-D", "-f", self.config], stderr=subprocess.DEVNULL)
            return listens(self.port)
        return wait_for(up)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait()

    def there(self):
        def text(name):
            with open(os.path.join(self.root, name)) as file:
                return file.read()
        return files_below(self.root), text


class S3:
    """s3rver, from npm."""

    def __init__(self, program, scratch):
        self.root, self.port = scratch + "/s3", free_port()
        os.makedirs(self.root)
        self.process = subprocess.Popen(["node", program, "-d", self.root, "-a", HOST, "-p", str(self.port), "-s",
                                         "--no-vhost-buckets", "--configure-bucket", "evidence"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.good = wait_for(lambda: listens(self.port))

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def there(self, prefix):
        end, base = "._S3rver_object", self.root + "/evidence/" + prefix

        def text(name):
            with open(base + name + end) as file:
                return file.read()
        found = files_below(base)
        return {name[:-len(end)]: digest for name, digest in found.items() if name.endswith(end)}, text


class Line:
    """A proxy in front of a port that can be slow, answer 503, break off or stand still in the middle."""

    def __init__(self, to):
        self.to, self.mode, self.rate = to, "pass", 0
        self.listener = socket.create_server((HOST, 0))
        self.port = self.listener.getsockname()[1]
        self.connections = self.refused = self.broken = self.passed = 0
        self.still_at, self.still, self.goes_on = None, threading.Event(), threading.Event()
        threading.Thread(target=self.accept, daemon=True).start()

    def stand_still(self, after):
        """So many bytes from now on."""
        self.still.clear()
        self.goes_on.clear()
        self.still_at = self.passed + after

    def stands_still(self):
        return self.still.wait(120)

    def go_on(self):
        self.still_at = None
        self.goes_on.set()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            self.connections += 1
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        try:
            if self.mode == "503":
                client.recv(65536)
                self.refused += 1
                client.sendall(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                client.close()
                return
            server = socket.create_connection((HOST, self.to))
        except OSError:
            client.close()
            return
        threading.Thread(target=self.pump, args=(server, client, False), daemon=True).start()
        self.pump(client, server, True)

    def pump(self, source, sink, up):
        passed = 0
        try:
            while True:
                piece = source.recv(16384)
                if not piece:
                    break
                passed += len(piece)
                self.passed += up * len(piece)
                if up and self.still_at is not None and self.passed >= self.still_at:
                    self.still.set()
                    self.goes_on.wait()
                if up and self.mode == "break" and passed > 100000:
                    self.broken += 1
                    break
                if up and self.mode == "503":
                    break
                if self.rate:
                    time.sleep(len(piece) / self.rate)
                sink.sendall(piece)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()


class Tls:
    """A server with a certificate of its own, that keeps what is put in memory."""

    def __init__(self, scratch):
        self.certificate, key = scratch + "/tls.pem", scratch + "/tls.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                        "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out",
                        self.certificate], check=True, capture_output=True)
        kept = self.kept = {}
        headers = self.headers = {}

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_PUT(self):
                kept[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
                headers[self.path] = dict(self.headers)
                self.send_response(201)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        class Quiet(http.server.ThreadingHTTPServer):
            def handle_error(self, *_):
                pass
        self.server = Quiet((HOST, 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
